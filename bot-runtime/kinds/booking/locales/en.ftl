# Commands in Telegram's menu
command-start = Begin
command-book = Book a visit
command-mybookings = My bookings
command-language = Change the language
command-help = How this bot works
command-cancel = Stop what you began
command-admin = Manage the business

# Beginning
welcome =
    👋 Hello, { $name }!

    You can book a visit to <b>{ $company }</b> here, at any hour.
help =
    <b>{ $company }</b>

    /book – choose a service, a day and a time
    /mybookings – your bookings: move, cancel, repeat
    /language – change the language
    /cancel – stop what you began

    { $hours ->
        [0] A booking can be cancelled until it begins.
        [one] A booking can be cancelled until { $hours } hour before it begins.
       *[other] A booking can be cancelled until { $hours } hours before it begins.
    }
    Times are those of { $zone }.
help-admin = /admin – services, hours, today's bookings
not-understood = I work with buttons. What would you like to do?
nothing-to-cancel = There is nothing to stop. What would you like to do?
stopped = Stopped. What would you like to do?
private-only = Please talk to me in a private chat.
slow-down = One moment, please: a little slower 🙂
apology = Sorry, something went wrong on our side. Please try again in a minute.
button-old = This button is out of date. Please begin again with /start.
not-allowed = This is not yours to do: please ask the owner.

# Buttons
button-book = 📅 Book a visit
button-mine = 🗓 My bookings
button-language = 🌐 Language
button-help = ❓ Help
button-admin = ⚙️ Manage
button-back = ‹ Back
button-home = ‹ To the beginning
button-other-day = ‹ Another day
button-anyone = Anyone
button-confirm = ✅ Confirm
button-cancel-booking = ❌ Cancel this booking
button-cancel-yes = ❌ Yes, cancel it
button-cancel-no = No, keep it

# Booking
choose-service = What would you like to book?
no-services = There is nothing to book yet. Please come back later.
choose-staff = <b>{ $service }</b>
    With whom?
choose-day = <b>{ $service }</b>
    Choose a day:
no-days = <b>{ $service }</b>
    Unfortunately there is no free time in the coming days.
choose-time = <b>{ $service }</b>
    { $day }. Choose a time:
day-full = No free time is left on that day.
confirm-title = <b>Is everything right?</b>
booked-title = ✅ <b>You are booked!</b>
booked-note = We are looking forward to seeing you.
line-service = 💼 { $service }, { $duration }
line-staff = 👤 { $staff }
line-when = 🕒 { $day }, { $time }
line-price = 💳 { $price }
line-number = № { $id }
just-taken = Somebody was faster: this time has just been taken 😔
too-soon = This time is too close to be booked.
nearest-free = The nearest free times:
none-free-near = There is no free time near it. Please choose another day.
too-many =
    { $limit ->
        [one] You already have a booking. Cancel it first to make another one: /mybookings
       *[other] You already have { $limit } bookings, which is the most at one time. Cancel one first: /mybookings
    }
service-gone = This service cannot be booked any more. Please choose another one.
duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-both = { $hours } h { $minutes } min

# My bookings
mine-title = <b>Your bookings</b>
mine-empty = You have no bookings yet.
booking-unknown = There is no such booking.
booking-over = This booking is over.
status-pending = ⏳ Waiting for confirmation
status-confirmed = ✅ Confirmed
status-done = ☑️ Done
status-cancelled = ❌ Cancelled
status-no-show = Did not take place
ask-cancel = <b>Cancel this booking?</b>
cancelled-title = <b>Your booking is cancelled</b>
cancel-too-late =
    { $hours ->
        [0] This visit has begun, it cannot be cancelled any more.
        [one] A booking can be cancelled until { $hours } hour before it begins. Please contact us directly.
       *[other] A booking can be cancelled until { $hours } hours before it begins. Please contact us directly.
    }

# Moving, repeating, past visits
button-move = 🔁 Move to another time
button-with-anyone = 👥 Times with anyone
button-repeat = 🔂 Once more: { $visit }
button-past = 📜 Past visits
past-title = <b>Your past visits</b>
past-empty = There are no past visits yet.
move-confirm-title = <b>Move your booking to this time?</b>
moved-title = ✅ <b>Your booking is moved.</b>
move-too-late =
    { $hours ->
        [0] The visit has begun and cannot be moved any more.
        [one] A booking can be moved until { $hours } hour before it begins. Please contact us directly.
       *[other] A booking can be moved until { $hours } hours before it begins. Please contact us directly.
    }
rule-until = You can move or cancel it until { $day }, { $time }.
rule-over =
    { $hours ->
        [one] Less than { $hours } hour is left: to change something, please contact us directly.
       *[other] Less than { $hours } hours are left: to change something, please contact us directly.
    }

# Several services
button-more = ➕ Add a service
choose-more = <b>{ $service }</b>
    What else would you like in the same visit?
no-more-services = <b>{ $service }</b>
    Nothing else goes together with this in one visit.

# Contact
ask-contact =
    How can <b>{ $company }</b> reach you if something changes?

    You can share your number once, or go on without it.
button-share-contact = 📱 Share my number
button-skip-contact = Go on without a number
contact-send = 📱 Send my number
contact-later = Rather not
contact-how = Press the button below, or just write your number.
contact-thanks = 👍 Thank you, we have your number.
contact-skipped = All right, no number.
contact-strange = This is somebody else's contact. Please send your own with the button below, or write your number.
contact-unclear = This does not look like a phone number. Please write it like <code>+79161234567</code>, or press the button below.

# Waiting list
button-wait = 🔔 Waiting list
wait-choose-day = <b>{ $service }</b>
    These days are full. For which one shall we tell you when a time becomes free?
wait-no-days = <b>{ $service }</b>
    No day of this month is full: you can simply choose a time.
wait-joined =
    🔔 You are on the waiting list for <b>{ $day }</b>.

    { $minutes ->
        [one] When a time becomes free, we keep it for you for { $minutes } minute and write to you at once.
       *[other] When a time becomes free, we keep it for you for { $minutes } minutes and write to you at once.
    }
wait-too-many = You are already on { $limit } waiting lists. Please leave one of them first: /mybookings
wait-entry = 🔔 { $day } · { $service }
wait-shown = You are on the waiting list for <b>{ $day }</b>: { $service }.
wait-left = You have left the waiting list.
wait-over = You are not on this waiting list any more.
button-leave-line = Leave the waiting list
button-take-offer = ✅ I take it
button-refuse-offer = No, thank you
offer-title = 🎉 <b>A time has become free for you!</b>
offer-until = We keep it for you until { $time }.
offer-lapsed = The time that we kept for you has gone to the next in line. You are still on the waiting list.
offer-refused = All right. You are still on the waiting list for other times of that day.
offer-over = Sorry, this time is no longer kept for you.

# Taking along
button-calendar = 🗓 To my calendar
calendar-caption = Open the file to add the visit to your calendar.
calendar-zone = Time zone: { $zone }
button-location = 📍 How to find us
location-unknown = The address is not filled in yet.

# Reviews
review-ask = Thank you for your visit to <b>{ $company }</b>!
    { $service }: how was it?
review-thanks-words = Thank you! If you like, write a few words about it in one message.
review-thanks = Thank you for your review!

# Language
choose-language = Choose a language:
language-name = English
language-set = I speak English now.

# The owner's menu
admin-title = ⚙️ <b>{ $company }</b>
    What would you like to manage?
menu-as-customer = 👤 As a customer
admin-agenda = 📋 Today and tomorrow
admin-services = 💼 Services
admin-hours = 🕒 Working hours
admin-add-service = ➕ Add a service
admin-drop = ✖️ Stop
services-title = <b>Services</b>
    Press one to change it, hide it from customers or show it again.
services-none = There are no services yet.
service-shown = ✅ { $service }
service-hidden = 🚫 { $service }
service-now-shown = Customers see it again.
service-now-hidden = Customers do not see it any more.
ask-service-name = What is the service called? Write its name, up to { $max } characters.
ask-service-duration = <b>{ $service }</b>
    How long does it take? For example <code>45</code>, <code>1:30</code> or <code>1 h 30 min</code>.
ask-service-price = <b>{ $service }</b>, { $duration }
    What does it cost? For example <code>1500</code>. 0 if the price is not to be shown.
bad-service-name = Please send the name as text.
bad-duration = I could not read that. Please write minutes (<code>45</code>) or hours and minutes (<code>1:30</code>), from 5 minutes to 24 hours.
bad-price = I could not read that. Please write a number such as <code>1500</code>.
service-added = ✅ Customers can book it now:
service-name-taken = There already is a service with this name. Please write another name.
ask-hours =
    <b>Working hours now</b>
    { $hours }

    Write the new hours in one message, for example:
    <code>Mon-Fri 9:00-18:00, Sat 10-14</code>
    <code>Mon-Fri 9-13, 14-18; Sun closed</code>
hours-none = closed
bad-hours-empty = Please write the hours as text, for example <code>Mon-Fri 9:00-18:00, Sat 10-14</code>.
bad-hours-unreadable = I could not read this part: “{ $at }”. Example: <code>Mon-Fri 9:00-18:00, Sat 10-14</code>.
bad-hours-backwards = The end must come after the beginning: “{ $at }”.
bad-hours-overlap = These times overlap: “{ $at }”.
hours-preview = <b>The new hours</b>
hours-day = { $day }: { $hours }
button-save-hours = ✅ Save
hours-saved = ✅ The working hours are saved. Bookings that exist already stay.
question-lost = I have lost the thread. Please begin again:
agenda-title = <b>{ $day }</b>
agenda-empty = no bookings
admin-customers = 👥 Customers
customers-title = <b>Customers: { $count }</b>
customers-empty = Nobody has written to the bot yet.
customers-csv-caption = All customers, for a spreadsheet.
customers-column-name = Name
customers-column-phone = Phone
customers-column-telegram = Telegram id
customers-column-since = Since
customers-column-visits = Visits
customers-column-missed = Missed
customers-column-cancelled = Cancelled
button-customers-csv = ⬇️ All as a table
button-customer = 👤 { $customer }
button-customer-block = ⛔️ Block
button-customer-unblock = ✅ Unblock
customer-title = <b>{ $name }</b>
customer-phone = 📞 { $phone }
customer-figures = Visits: { $visits } · missed: { $missed } · cancelled: { $cancelled }
customer-blocked = ⛔️ Blocked: the bot does not answer them. What they have booked stays.
button-day = 📋 { $day }
button-came = ☑️ They came
button-no-show = 🚫 They did not come
desk-customer = 👤 { $customer }
desk-not-begun = This visit has not begun yet.
desk-ask-cancel = <b>Cancel this visit?</b>
desk-ask-reason = Write a reason in one message and they can read it, or cancel without one.
desk-cancelled-why = Reason: { $reason }
button-week = 🗓 Week
week-title = <b>{ $from } – { $to }</b>
    Visits: { $count }
week-day = { $day }: { $count }
desk-cancelled = <b>The visit is cancelled.</b>
desk-booked = ✅ <b>Booked.</b>
desk-moved = ✅ <b>Moved.</b>
desk-will-be-told = { $customer } gets a message at once.
desk-is-told = { $customer } gets a message now.
desk-tell-yourself = { $customer } has no Telegram here: please tell them yourself.
desk-asked-to-move = ❗️ They were asked to choose another time.
desk-booked-notice = 📅 <b>{ $company } has booked a visit for you.</b>
desk-moved-notice = 🔁 <b>{ $company } has moved your visit</b> from { $day }, { $time }. It takes place:
desk-ask-move-notice = 🙏 <b>{ $company } cannot keep this time.</b> We are sorry. Please choose another one:
rule-asked = We could not keep this time: please choose another one, or cancel.
desk-cancelled-notice = <b>{ $company } has to cancel your visit.</b> We are sorry. Please choose another time.
button-hand = ➕ New visit
button-hand-for = ➕ Book for them
button-hand-newcomer = ✍️ Somebody new
hand-for-whom = <b>A new visit</b>
    For whom?
hand-ask-newcomer = Write the name and, if you know it, the phone number, for example <code>Anna +79161234567</code>.
hand-bad-newcomer = Please write at least a name, for example <code>Anna +79161234567</code>.
button-customers-find = 🔎 Find
button-customer-note = 📝 Note
customer-ask-search = Write a part of the name or of the phone number.
customer-none-found = Nobody fits that. Try a shorter part.
customer-found = <b>Found</b>
customer-ask-note = What should your colleagues know about this customer? Write it in one message; a single <code>-</code> takes the note away. Customers do not see it.
customer-noted = 📝 { $note }
customer-by-hand = ✍️ Written down by hand: no Telegram.
button-away = 🚫 Away
away-title = <b>{ $day }: who is away?</b>
away-line = 🚫 { $who }: { $when } { $why }
away-all = everybody
away-everybody = 🚫 Everybody
away-whole-day = the whole day
away-ask = <b>{ $day }: { $who }</b>
    The whole day? Or write the hours, for example <code>13-15 dentist</code>, or the last day of a longer absence: <code>20.12 holidays</code>.
away-unclear = I could not read that. Write hours such as <code>13:00-15:00</code>, or the last day such as <code>20.12</code>.
away-noted = ✅ <b>This time cannot be booked any more.</b>
away-lifted = ✅ <b>This time can be booked again.</b>
away-visits =
    { $count ->
        [one] { $count } visit stands in it. What shall become of it?
       *[other] { $count } visits stand in it. What shall become of them?
    }
away-visit = • { $moment } · { $customer } · { $service }
away-ask-cancel =
    { $count ->
        [one] <b>Cancel { $count } visit?</b> The customer gets a message at once.
       *[other] <b>Cancel { $count } visits?</b> The customers get a message at once.
    }
away-settled = ✅ Given to others: { $moved } · asked for another time: { $asked } · cancelled: { $cancelled }
button-away-add = 🚫 Note an absence
button-away-day = 🚫 The whole day
button-away-lift = ✅ Lift: { $who }, { $when }
button-away-others = 🔁 Give to others, ask the rest
button-away-ask = 💬 Ask for another time
button-away-cancel = ❌ Cancel, with a message
button-away-cancel-yes = ❌ Yes, cancel
button-away-leave = Leave as it is
agenda-line = { $time } · { $service } · { $customer }

# The team
admin-staff = 👤 Team
admin-team = 🔑 Roles
staff-title = <b>Team</b>
    Whom can customers book?
button-staff-add = ➕ Add somebody
button-staff-hours = 🕒 Hours
button-staff-services = 💼 Services
button-staff-dates = 📅 Single days
button-staff-invite = 🔗 Link for their own calendar
staff-name = 👤 <b>{ $name }</b>
staff-does = 💼 { $what }
staff-everything = everything
staff-hours = 🕒 { $hours }
staff-linked = 🔗 Sees their own calendar in this bot.
staff-not-linked = 🔗 Has no access to this bot.
staff-hidden = 🚫 Cannot be booked.
staff-ask-name = What is the name? Up to { $max } characters.
staff-name-taken = Somebody of the team has this name already. Please write another one.
staff-added = ✅ Added: does everything, and works when the first of the team does.
staff-last = Somebody has to be there: this is the last one who can be booked.
staff-services = <b>{ $name }</b>
    What do they do? Press to change it.
staff-does-nothing = They have to do something: hide them from customers instead.
staff-dates = <b>{ $name }</b>
    Days that follow no week:
button-date-add = ➕ Add a day
button-date-drop = ✖️ { $day }: as usual
staff-ask-date = Write the day and its hours, for example <code>31.12 10-15</code> or <code>1.1 closed</code>.
staff-bad-date = I could not read that. Write for example <code>31.12 10-15</code> or <code>1.1 closed</code>.
team-title = <b>Who works with this bot</b>
    A link lets in whoever opens it first, once, within a week.
team-person = <b>{ $name }</b>
    { $role }
team-fixed = Nobody changes this here.
team-ask-remove = <b>Take all access from { $name }?</b> They will see the bot as a customer does.
team-removed = { $name } has no access any more.
button-team-remove = ❌ Take the access away
button-team-remove-yes = ❌ Yes, take it away
button-role = 🔑 Make: { $role }
button-invite = 🔗 Invite: { $role }
button-invite-revoke = ✖️ Open link: { $role }, until { $day }
invite-made = 🔗 <b>{ $role }</b>
    Send this link to one person. Whoever opens it first gets in, within a week:

    { $link }
invite-revoked = The link leads nowhere any more.
join-gone = This link leads nowhere any more: it was used, taken back, or is too old. Please ask for a new one.
join-welcome = 👋 Welcome to the team of <b>{ $company }</b>! You are: { $role }. Your menu is behind “Manage”.
role-owner = owner
role-manager = manager
role-staff = team member
right-calendar-own = own calendar
right-calendar-all = everybody's calendar
right-customers = customers
right-setup = services, team, hours
right-texts = texts
right-statistics = figures
right-broadcast = messages to customers
right-roles = roles
right-audit = log of changes

# Settings, texts, log
admin-settings = 🔧 Settings
admin-texts = ✏️ Texts
admin-log = 🧾 Log of changes
set-title = <b>Settings</b>
    Press one to change it.
set-now = <b>{ $name }</b>: { $value }
set-unclear = I could not read that.
set-yes = yes
set-no = no
set-never = never
set-unset = not set
set-there = set
button-set-default = ↩️ Back to the default
set-company = Name
set-ask-company = Write the name of the business.
set-time-zone = Time zone
set-ask-time-zone = Write your city, for example <code>London</code>. Visits that are booked keep their instant.
set-most = Most bookings per customer
set-ask-most = How many visits may a customer have ahead? 1 to 1000.
set-cancellation = Cancelling until
set-ask-cancellation = Until how many hours before a visit may customers cancel and move it? 0 to 720.
set-reminders = Reminders
set-ask-reminders = When are customers reminded? Up to five, for example <code>24h, 2h, 30m</code> or <code>1d, 2h</code>. A single <code>-</code>: never.
set-step = Times every
set-ask-step = How far apart do visits begin? 15 minutes to 4 hours.
set-lead = Notice before a visit
set-ask-lead = How long before it begins can a visit be booked at the latest? For example <code>1:30</code>, or 0.
set-horizon = Days ahead
set-ask-horizon = How many days ahead can be booked? 1 to 365.
set-contact = Ask for a phone number
set-ask-contact = Are new customers asked for a phone number? Write <code>yes</code> or <code>no</code>.
set-offer = Waiting list keeps a time for
set-ask-offer = How long is a time that became free kept for the next in line? 5 minutes to 24 hours.
set-review = Question after the visit
set-ask-review = How long after a visit is the customer asked how it was? For example <code>1:00</code>; 0: never.
set-digest = Morning summary
set-ask-digest = When shall the owner hear what the day brings? For example <code>8:00</code>; a single <code>-</code>: never.
set-address = Address
set-ask-address = Write the address as customers should see it.
set-place = Place on the map
set-ask-place = Send the place with the paper clip → Location.
set-message-pace = Seconds between messages
set-press-pace = Seconds between presses
set-ask-pace = How many seconds must lie between two from the same person? 0 to 10, for example <code>0.5</code>.
text-title = <b>Texts</b>
    Which one would you like to write yourself? ✏️: your own.
text-welcome = Greeting
text-choose-service = Question for the service
text-booked-title = Booked: title
text-booked-note = Booked: closing words
text-reminder = Reminder
text-will-come = Thanks for the promise to come
text-cancelled = Cancelled by the customer
text-desk-cancelled = Cancelled by you
text-desk-ask-move = You ask for another time
text-review = Question after the visit
text-review-thanks = Thanks for the review
text-now = <b>{ $name }</b> ({ $language }) reads now:
text-as-written = Written as: <code>{ $text }</code>
text-how = Write the new text in one message. <code>&lt;b&gt;bold&lt;/b&gt;</code>, <code>&lt;i&gt;…&lt;/i&gt;</code> and <code>&lt;u&gt;…&lt;/u&gt;</code> can stand in it.
text-facts = The bot fills in: { $facts }
text-preview = <b>It will read like this:</b>
text-saved = ✅ The text is saved.
text-reset = ✅ The bot's own text is back.
text-bad-fact = This text does not know “{ $at }”. Use only what the bot fills in.
text-bad-brace = There is a “{ $at }” that belongs to nothing. Braces are only for what the bot fills in.
text-bad-long = This is too long: up to { $at } characters.
text-bad-empty = Please write the text in one message.
text-bad-markup = Telegram would not understand the markup: every <code>&lt;b&gt;</code> needs its <code>&lt;/b&gt;</code>, and a single &lt; or &amp; is written <code>&amp;lt;</code>, <code>&amp;amp;</code>.
button-text-reset = ↩️ The bot's own text
button-text-language = 🌐 Other language
button-text-again = ✏️ Write anew
log-title = <b>Log of changes</b>
log-empty = Nothing was changed yet.
log-line = { $moment } · <b>{ $who }</b>: { $what }
audit-block-add = noted an absence
audit-block-cancel = cancelled the visits of an absence
audit-block-lift = lifted an absence
audit-booking-add = booked a visit
audit-booking-came = noted that somebody came
audit-booking-cancel = cancelled a visit
audit-booking-move = moved a visit
audit-booking-no-show = noted that somebody did not come
audit-broadcast-send = wrote to customers
audit-broadcast-stop = stopped a message to customers
audit-customer-add = wrote a customer down
audit-customer-block = blocked a customer
audit-customer-note = changed the note on a customer
audit-customer-unblock = unblocked a customer
audit-hours-set = changed the hours of all
audit-service-add = added a service
audit-service-change = changed a service
audit-service-hide = hid a service
audit-service-move = moved a service in the list
audit-service-show = showed a service
audit-setting-reset = put a setting back to its default
audit-setting-set = changed a setting
audit-staff-add = added somebody to the team
audit-staff-date = changed the hours of a day
audit-staff-hide = hid somebody of the team
audit-staff-hours = changed somebody's hours
audit-staff-rename = renamed somebody of the team
audit-staff-services = changed somebody's services
audit-staff-show = showed somebody of the team
audit-team-invite = made a link
audit-team-join = joined by a link
audit-team-remove = took somebody's access away
audit-team-revoke = took a link back
audit-team-right = changed a right
audit-team-role = changed a role
audit-text-reset = put a text back
audit-text-set = wrote a text

# Figures, messages to customers, the morning's summary
admin-statistics = 📊 Figures
admin-broadcasts = 📣 Write to customers
button-day-picture = 🖼 As a picture
button-refresh = 🔄 Refresh
period-week = 7 days
period-month = 30 days
period-quarter = 13 weeks
period-year = 12 months
statistics-title = Visits, { $period }
statistics-visits = 📅 Visits: <b>{ $visits }</b> (before: { $before })
statistics-income = 💳 Worth: <b>{ $income }</b> (before: { $before })
statistics-lost = 🚫 Missed: { $missed } · cancelled: { $cancelled }
statistics-customers = 👥 Customers: { $customers }, for the first time: { $newcomers }
statistics-stars = ⭐️ Stars on average: { $stars }
statistics-favourite = 💼 { $service }: { $count }
broadcasts-title =
    { $count ->
        [0] <b>Messages to customers</b>
        Nobody has agreed to news yet. Customers can do so after booking and under Help.
        [one] <b>Messages to customers</b>
        { $count } customer has agreed to news.
       *[other] <b>Messages to customers</b>
        { $count } customers have agreed to news.
    }
broadcast-ask = Send the message here as customers should get it: text, photo, video, with formatting. Nothing is sent before you have seen it and pressed the button. Do not delete your message until everyone has got it.
broadcast-preview =
    { $count ->
        [one] ☝️ This is what { $count } customer gets, with buttons to book and to unsubscribe.
       *[other] ☝️ This is what { $count } customers get, with buttons to book and to unsubscribe.
    }
broadcast-goes = 📣 <b>It is on its way.</b>
broadcast-done = ✅ <b>Everyone has got it.</b>
broadcast-stopped = ⏹ <b>Stopped.</b>
broadcast-figures = Sent: { $sent } of { $customers } · could not be reached: { $failed } · left: { $left }
button-broadcast-write = ✍️ Write a message
button-broadcast-send = 📣 Send ({ $count })
button-broadcast-stop = ⏹ Stop
button-news-on = 🔔 Tell me about news
button-news-off = 🔕 No more news
news-on = 🔔 You will hear about news and offers, and can end that at any time.
news-off = 🔕 All right: no more news. Reminders of your visits still come.
digest-title = ☀️ <b>{ $company }, { $day }</b>
digest-nothing = Nobody is booked for today yet.
digest-today = 📅 Today: { $visits }, the first one at { $time }, worth { $income }.
digest-yesterday = Yesterday: { $visits }, worth { $income }; missed: { $missed }, cancelled: { $cancelled }.

# What the bot says by itself
reminder-title = 🔔 <b>We are expecting you</b>
button-will-come = ✅ I will come
will-come-thanks = ✅ <b>Thank you, we are expecting you.</b>

# The first set-up
setup-zone =
    👋 Welcome! Let us make <b>{ $company }</b> bookable: three questions, a minute.

    <b>1 of 3. Where are you?</b> The time zone is { $zone }, where it is { $time } now. Choose another one, or write your city.
setup-zone-keep = ✅ { $zone }, that is right
setup-zone-how = Write your city, for example <code>London</code>.
setup-zone-unknown = I do not know this city. Write the nearest large one, for example <code>London</code>.
setup-zone-which = Which one is it?
setup-hours =
    <b>2 of 3. When are you open?</b>
    Now: { $hours }

    Choose, or write it in one message, for example <code>Mon-Fri 9-13, 14-18; Sat 10-14</code>.
setup-service =
    <b>3 of 3. What can be booked first?</b>

    Choose your trade, or simply write the name of a service.
setup-service-usual = Choose one, or write a name of your own. Name, time and price can be changed later.
setup-trade-barber = 💈 Barber
setup-trade-nails = 💅 Nails
setup-trade-massage = 💆 Massage
setup-skip = Skip ›
setup-later = Later
setup-end =
    🎉 <b>Your bot can be booked!</b>

    Give this link to your customers:
    { $link }

    Services, team, hours and texts are in the menu at any time.
setup-paused = All right. You can finish the set-up in the menu at any time.
setup-continue = 🧭 Finish the set-up

# Services
setup-saved = ✅ Saved.
setup-rename = ✏️ Name
setup-service-minutes = ⏱ Duration
setup-service-cost = 💳 Price
setup-service-before = ⏮ Time before
setup-service-after = ⏭ Time after
setup-service-seats = 👥 Places
setup-photo = 🖼 Photo
setup-drop-photo = Take the photo away
setup-up = ⬆️ Up
setup-down = ⬇️ Down
setup-moved-up = One place up.
setup-moved-down = One place down.
setup-hide = 🚫 Hide from customers
setup-show = ✅ Show to customers
setup-service-buffers = ⏳ Kept free: { $before } before, { $after } after
setup-service-capacity =
    { $seats ->
        [one] 👥 One customer at a time
       *[other] 👥 A group of up to { $seats }
    }
setup-is-shown = ✅ Customers see it
setup-is-hidden = 🚫 Hidden from customers
setup-ahead =
    { $count ->
        [one] 📅 { $count } visit lies ahead; it stays as it was booked.
       *[other] 📅 { $count } visits lie ahead; they stay as they were booked.
    }
setup-ask-name = <b>{ $name }</b>
    Write the new name, up to { $max } characters.
setup-ask-minutes = <b>{ $name }</b>
    How long does it take? For example <code>45</code> or <code>1:30</code>.
setup-ask-cost = <b>{ $name }</b>
    What does it cost? For example <code>1500</code>. 0 if the price is not to be shown.
setup-ask-before = <b>{ $name }</b>
    How many minutes are kept free before each visit? 0 to 240.
setup-ask-after = <b>{ $name }</b>
    How many minutes are kept free after each visit? 0 to 240.
setup-ask-seats = <b>{ $name }</b>
    How many customers come at the same time? 1, or up to 1000 for a group.
setup-ask-photo = <b>{ $name }</b>
    Send a photo.
setup-bad-buffer = Please write minutes from 0 to 240, for example <code>15</code>.
setup-bad-seats = Please write a number from 1 to 1000.
setup-bad-photo = Please send a photo, not as a file.
