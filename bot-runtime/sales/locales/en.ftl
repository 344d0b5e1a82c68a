# What the Sales Bot says. Telegram's HTML is allowed in messages, not on buttons and in pop-ups.
language-name = English

command-start = Begin
command-plans = Plans and prices
command-mybots = My bots
command-language = Language
command-help = How it works
command-support = Ask a human
command-cancel = Stop the open question

button-buy = 🛒 Get a bot
button-mybots = 🤖 My bots
button-help = ❓ How it works
button-language = 🌐 Language
button-support = 💬 Write to support
button-home = ‹ To the beginning
button-back = ‹ Back
button-drop = ✖️ Cancel this order
button-go-on = Go on
button-plan = { $plan } · { $price }
button-one-tap = ✨ Create my bot in one tap
button-by-token = 🔑 I have a bot: paste its token
button-other-token = 🔑 Send another token
button-pay = 💳 Pay { $price }
button-pay-again = 🔄 New payment link
button-receipt = 🧾 Where to send the receipt
button-renew-on = 🔁 Renew automatically: switch on
button-renew-off = 🔁 Renew automatically: switch off
button-renew-saving = 🔁 Pay and renew automatically from then on
button-change-company = ✏️ Name
button-change-bot = ✏️ Bot
button-open = 🚀 Open the bot
button-renew = 💳 Pay, or change the plan
button-suspend = ⏸ Suspend
button-suspend-yes = ⏸ Yes, suspend it
button-resume = ▶️ Resume
button-new-token = 🔑 New token
button-export = 📦 Export data
button-delete = 🗑 Delete
button-delete-yes = 🗑 Send me my data and delete everything
button-old = This button is out of date. Please begin again with /start.

welcome =
    👋 Hello, { $name }!

    I make booking bots for your business: customers book, move and cancel visits right in Telegram, day and night.

    Choose a plan, give your bot a name, pay. A few seconds later your bot answers its first customer.
not-understood = I work with buttons. What would you like to do?
apology = Something went wrong on our side. Nothing is lost; please try again in a moment.
stopped = Stopped. What would you like to do?
nothing-to-stop = There is nothing to stop. What would you like to do?
choose-language = Which language shall I speak?
language-set = I speak English now.
help =
    <b>How it works</b>

    1. Choose a plan and say how your business is called.
    2. Make the bot in one tap, or paste the token of a bot from @BotFather. I delete the message with the token at once.
    3. Pay by card. I see the payment by myself; you need not press anything.
    4. Your bot starts within seconds.

    Later you find everything in /mybots: paying, another plan, suspending, a new token, your data.
support = Write to our support, and mention your number <code>{ $id }</code>: we find your orders by it.
support-none = Our support has no chat of its own yet. Please answer to whoever sent you here, and mention your number <code>{ $id }</code>.

plans = <b>Plans</b>
plan-line =
    • <b>{ $plan }</b>: { $price }{ $months ->
        [1] {""}
       *[other] , that is { $monthly } a month
    }
plans-none = Nothing is on sale right now. Please come back a little later.
plan-gone = This plan is not on sale any more. Please choose another one.
kind-booking = 🗓 Booking of visits
kind-other = { $kind }
ask-kind = What shall the bot do?
ask-company =
    <b>How is your business called?</b>

    Your customers see this name. Write it as one message, for example: <i>Anna Nails</i>
company-wrong = Please write the name as text, 1 to 64 characters long.
ask-bot =
    <b>The bot for “{ $company }”</b>

    ✨ <b>One tap</b>: Telegram makes a bot of your own, and I set it up. Until it is paid it answers nobody but you.

    🔑 Or use a bot that you have: press the second button and paste its token.
ask-token =
    <b>The token of the bot for “{ $company }”</b>

    1. Open @BotFather and send <code>/newbot</code>.
    2. Choose a name, then a username that ends in <code>bot</code>.
    3. BotFather answers with a token like <code>123456789:AAF…</code>
    4. Copy that line and send it here.

    I delete your message with the token at once, and keep the token sealed.
ask-new-token =
    <b>A new token for “{ $company }”</b>

    Send <code>/revoke</code> (or <code>/token</code>) to @BotFather, choose @{ $bot } and send me the new token. I delete your message at once. The bot moves over within seconds; its data stays.
token-none = I need the token as text: a line like <code>123456789:AAF…</code> from @BotFather. Pictures and other messages do not help me.
token-malformed = This looks like a token, but a part is missing. Please copy the whole line from @BotFather: digits, a colon and about 35 letters. I have deleted your message.
token-unknown = Telegram does not know this token: it was revoked, or its bot was deleted. Send <code>/token</code> to @BotFather, choose your bot and send me the current token.
token-served = This bot is being run by another service right now ({ $host }). Switch it off there, or send <code>/revoke</code> to @BotFather and give me the new token.
token-own = This is my own token. Please make a bot of your own with <code>/newbot</code> in @BotFather.
token-later = Telegram is not answering me right now. Please send the token once more in a minute.
token-taken = @{ $bot } already belongs to another order or client here. Please make another bot with <code>/newbot</code> in @BotFather and send me its token.
token-unasked = I have deleted your message: a token must not lie about in a chat. Begin an order first, and I ask for it when it is time.
token-again = Thank you, I try again with @{ $bot } …

summary =
    <b>Everything right?</b>

    📦 Plan: <b>{ $plan }</b>
    🏢 Name: <b>{ $company }</b>
    🤖 Bot: <b>@{ $bot }</b>
    🧾 Receipt to: { $receipt }
    🔁 Renew automatically: { $renew }

    To pay: <b>{ $price }</b>
receipt-none = not given
renew-yes = yes, the card is saved
renew-no = no
ask-contact = Send an e-mail address or a phone number: the receipt goes there.
contact-wrong = I need an e-mail address such as <code>anna@example.com</code>, or a phone number of eleven digits.

order-label = 📄 Order { $number }: { $company }
order-open = 📄 Order { $number } is not finished yet.
order-dropped = The order is cancelled. Nothing was charged.
order-link =
    📄 Order { $number } · { $price }

    I am making the payment link …
order-waiting =
    📄 Order { $number } · <b>{ $price }</b>

    ⏳ Waiting for your payment. Pay by the button; this message changes by itself as soon as the money is there.
order-declined =
    📄 Order { $number } · { $price }

    ❌ The payment did not go through. Nothing was charged. Try again, or with another card.
order-paid =
    📄 Order { $number } · { $price }

    ✅ Paid, thank you!
order-active =
    📄 Order { $number } · { $price }

    ✅ Paid
    ✅ @{ $bot } is live
order-renewed =
    📄 Order { $number } · { $price }

    ✅ Paid. “{ $company }” goes on.
order-cancelled = 📄 Order { $number } is cancelled. Nothing was charged.
order-expired = 📄 Order { $number } was not paid in time and is closed. You can begin a new one at any time.
order-refunded = 📄 Order { $number }: { $back } went back to you.
progress-taking = ⏳ Taking a bot from the pool …
progress-starting = ⏳ Starting your bot …
progress-renewal = ⏳ Adding the paid time …
progress-queued = ⏳ All bots are taken this very moment. You are number { $place } in the queue; yours starts by itself as soon as one is free, and I tell you at once.
progress-expected = ⏳ All bots are taken this very moment. You are number { $place } in the queue; your bot is expected within { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }, about { $time }.
failed-token-invalid =
    📄 Order { $number }: paid, and your payment is safe.

    ❗️ Telegram does not accept the token of @{ $bot } any more. Send me the current one: <code>/token</code> in @BotFather.
failed-token-in-use =
    📄 Order { $number }: paid, and your payment is safe.

    ❗️ Another program is running @{ $bot }. Stop it there, or send <code>/revoke</code> to @BotFather and give me the new token.
failed-token-taken =
    📄 Order { $number }: paid, and your payment is safe.

    ❗️ @{ $bot } belongs to somebody else here by now. Make another bot in @BotFather and send me its token.
failed-other =
    📄 Order { $number }: paid, and your payment is safe.

    ❗️ Your bot could not be started. Our operators see it and are on it.

ready =
    🎉 <b>Your bot is ready: @{ $bot }</b>

    What to do now:
    ☐ Open it and press Start: as the owner you find “Manage” there
    ☐ Set your opening hours
    ☐ Add your services with their prices
    ☐ Send the link t.me/{ $bot } to your customers
mybots = <b>Your bots</b>
mybots-none = You have no bots yet.
bot-title = <b>{ $company }</b> · @{ $bot }
bot-serving = 🟢 works
bot-starting = 🟡 is being started
bot-suspended = ⏸ suspended; its data is kept
bot-plan = Plan: { $plan }
bot-paid = Paid until { $date }: { $days ->
        [one] one day
       *[other] { $days } days
    } left
bot-grace = ❗️ The paid time is over. It works on until { $date }; please pay before.
bot-over = ❗️ The paid time ended on { $date }. Pay, and it goes on where it stopped.
bot-unpaid = Not paid for yet
bot-renews = 🔁 Renews by itself ({ $method })
bot-renews-not = 🔁 Does not renew by itself
choose-period = <b>“{ $company }”</b>: which plan shall the next period have? It is added to what is already paid.
ask-suspend = Suspend “{ $company }”? Its customers get no answers until you resume it. The data stays, and the paid time goes on.
ask-delete = <b>Delete “{ $company }” for good?</b> Bookings, customers, services and settings are lost, the paid time is not refunded. Before that I send you all data as a file.
request-begun = ⏳ I am on it …
request-failed = This did not work: { $reason }
export-done = Your data as it stands now.
done-suspend = ⏸ Suspended. The data is kept; resume at any time in /mybots.
done-resume = ▶️ It works again.
done-new_token = 🔑 The bot works with the new token.
done-delete = 🗑 Deleted, with all of its data.
managed-later = @{ $bot } is made, but Telegram does not hand it over just now. Open @BotFather, send <code>/token</code>, choose @{ $bot }, and send me what it says.
managed-spare = @{ $bot } is made, but no order of yours waits for a bot, so nothing has been connected to it. Press “Get a bot” and give me its token (<code>/token</code> in @BotFather) if it shall have a business of its own.
bot-gone = This bot is not there any more.

notice-reminder = ⏰ “{ $company }” is paid for { $days ->
        [one] one more day
       *[other] { $days } more days
    }. Pay in time, and nothing stops.
notice-grace = ❗️ The paid time of “{ $company }” is over. It works on until { $until }; please pay before.
notice-suspended = ⏸ “{ $company }” is suspended, because it is not paid. Your data is kept: pay, and it goes on by itself.
notice-renewed = 🔁 “{ $company }” was renewed by itself.
notice-extended = 🎁 “{ $company }” goes on until { $until }: we have added { $days ->
        [one] one day
       *[other] { $days } days
    } for you.
notice-renewal_failed = ❗️ “{ $company }” could not be renewed by itself: the card was not charged. Please pay by hand.
notice-refunded = 💸 { $amount } went back to you.
notice-paid_twice = You have paid twice. The second payment ({ $amount }) goes back to you by itself; you need not do anything.
notice-paid_cancelled = The order that you have paid was cancelled before. Your money ({ $amount }) goes back to you by itself.
