# Команды в меню Telegram
command-start = Начать
command-book = Записаться
command-mybookings = Мои записи
command-language = Сменить язык
command-help = Как пользоваться ботом
command-cancel = Прервать начатое
command-admin = Управление

# Начало
welcome =
    👋 Здравствуйте, { $name }!

    Здесь можно записаться в <b>{ $company }</b> в любое время суток.
help =
    <b>{ $company }</b>

    /book – выбрать услугу, день и время
    /mybookings – ваши записи: перенести, отменить, повторить
    /language – сменить язык
    /cancel – прервать начатое

    { $hours ->
        [0] Запись можно отменить до её начала.
        [one] Запись можно отменить не позднее чем за { $hours } час до начала.
        [few] Запись можно отменить не позднее чем за { $hours } часа до начала.
       *[other] Запись можно отменить не позднее чем за { $hours } часов до начала.
    }
    Время указано по часовому поясу { $zone }.
help-admin = /admin – услуги, часы работы, записи на сегодня
not-understood = Я понимаю кнопки. Что вы хотите сделать?
nothing-to-cancel = Прерывать нечего. Что вы хотите сделать?
stopped = Остановлено. Что вы хотите сделать?
private-only = Пожалуйста, напишите мне в личный чат.
slow-down = Секунду, пожалуйста: чуть медленнее 🙂
apology = Простите, у нас что-то пошло не так. Попробуйте ещё раз через минуту.
button-old = Эта кнопка устарела. Начните, пожалуйста, заново: /start
not-allowed = Это вам не поручено: спросите, пожалуйста, владельца.

# Кнопки
button-book = 📅 Записаться
button-mine = 🗓 Мои записи
button-language = 🌐 Язык
button-help = ❓ Помощь
button-admin = ⚙️ Управление
button-back = ‹ Назад
button-home = ‹ В начало
button-other-day = ‹ Другой день
button-anyone = Любой мастер
button-confirm = ✅ Подтвердить
button-cancel-booking = ❌ Отменить запись
button-cancel-yes = ❌ Да, отменить
button-cancel-no = Нет, оставить

# Запись
choose-service = На что вас записать?
no-services = Пока записаться не на что. Загляните, пожалуйста, позже.
choose-staff = <b>{ $service }</b>
    К кому?
choose-day = <b>{ $service }</b>
    Выберите день:
no-days = <b>{ $service }</b>
    К сожалению, в ближайшие дни свободного времени нет.
choose-time = <b>{ $service }</b>
    { $day }. Выберите время:
day-full = На этот день свободного времени не осталось.
confirm-title = <b>Всё верно?</b>
booked-title = ✅ <b>Вы записаны!</b>
booked-note = Ждём вас.
line-service = 💼 { $service }, { $duration }
line-staff = 👤 { $staff }
line-when = 🕒 { $day }, { $time }
line-price = 💳 { $price }
line-number = № { $id }
just-taken = Кто-то оказался быстрее: это время только что заняли 😔
too-soon = До этого времени осталось слишком мало, записаться уже нельзя.
nearest-free = Ближайшее свободное время:
none-free-near = Рядом свободного времени нет. Выберите, пожалуйста, другой день.
too-many =
    { $limit ->
        [one] У вас уже есть запись. Чтобы записаться снова, сначала отмените её: /mybookings
        [few] У вас уже { $limit } записи, больше одновременно нельзя. Сначала отмените одну из них: /mybookings
       *[other] У вас уже { $limit } записей, больше одновременно нельзя. Сначала отмените одну из них: /mybookings
    }
service-gone = На эту услугу записаться уже нельзя. Выберите, пожалуйста, другую.
duration-minutes = { $minutes } мин
duration-hours = { $hours } ч
duration-both = { $hours } ч { $minutes } мин

# Мои записи
mine-title = <b>Ваши записи</b>
mine-empty = У вас пока нет записей.
booking-unknown = Такой записи нет.
booking-over = Эта запись уже завершена.
status-pending = ⏳ Ждёт подтверждения
status-confirmed = ✅ Подтверждена
status-done = ☑️ Состоялась
status-cancelled = ❌ Отменена
status-no-show = Не состоялась
ask-cancel = <b>Отменить эту запись?</b>
cancelled-title = <b>Запись отменена</b>
cancel-too-late =
    { $hours ->
        [0] Визит уже начался, отменить его нельзя.
        [one] Отменить запись можно не позднее чем за { $hours } час до начала. Свяжитесь с нами напрямую.
        [few] Отменить запись можно не позднее чем за { $hours } часа до начала. Свяжитесь с нами напрямую.
       *[other] Отменить запись можно не позднее чем за { $hours } часов до начала. Свяжитесь с нами напрямую.
    }

# Перенос, повтор, прошлые визиты
button-move = 🔁 Перенести
button-with-anyone = 👥 Время у любого мастера
button-repeat = 🔂 Ещё раз: { $visit }
button-past = 📜 Прошлые визиты
past-title = <b>Ваши прошлые визиты</b>
past-empty = Прошлых визитов пока нет.
move-confirm-title = <b>Перенести запись на это время?</b>
moved-title = ✅ <b>Запись перенесена.</b>
move-too-late =
    { $hours ->
        [0] Визит уже начался, перенести его нельзя.
        [one] Перенести запись можно не позднее чем за { $hours } час до начала. Свяжитесь с нами напрямую.
        [few] Перенести запись можно не позднее чем за { $hours } часа до начала. Свяжитесь с нами напрямую.
       *[other] Перенести запись можно не позднее чем за { $hours } часов до начала. Свяжитесь с нами напрямую.
    }
rule-until = Перенести или отменить можно до { $day }, { $time }.
rule-over =
    { $hours ->
        [one] До визита меньше { $hours } часа: чтобы что-то изменить, свяжитесь с нами напрямую.
       *[other] До визита меньше { $hours } часов: чтобы что-то изменить, свяжитесь с нами напрямую.
    }

# Несколько услуг
button-more = ➕ Добавить услугу
choose-more = <b>{ $service }</b>
    Что ещё сделаем за тот же визит?
no-more-services = <b>{ $service }</b>
    С этим за один визит больше ничего не совместить.

# Контакт
ask-contact =
    Как <b>{ $company }</b> связаться с вами, если что-то изменится?

    Можно один раз поделиться номером или продолжить без него.
button-share-contact = 📱 Поделиться номером
button-skip-contact = Продолжить без номера
contact-send = 📱 Отправить мой номер
contact-later = Не сейчас
contact-how = Нажмите кнопку ниже или просто напишите номер.
contact-thanks = 👍 Спасибо, номер записали.
contact-skipped = Хорошо, без номера.
contact-strange = Это контакт другого человека. Отправьте, пожалуйста, свой кнопкой ниже или напишите номер.
contact-unclear = Это не похоже на номер телефона. Напишите, пожалуйста, так: <code>+79161234567</code>, или нажмите кнопку ниже.

# Лист ожидания
button-wait = 🔔 Лист ожидания
wait-choose-day = <b>{ $service }</b>
    Эти дни заняты. На какой сообщить, когда освободится время?
wait-no-days = <b>{ $service }</b>
    В этом месяце занятых дней нет: можно просто выбрать время.
wait-joined =
    🔔 Вы в листе ожидания на <b>{ $day }</b>.

    { $minutes ->
        [one] Когда время освободится, мы придержим его для вас на { $minutes } минуту и сразу напишем.
        [few] Когда время освободится, мы придержим его для вас на { $minutes } минуты и сразу напишем.
       *[other] Когда время освободится, мы придержим его для вас на { $minutes } минут и сразу напишем.
    }
wait-too-many = Вы уже в { $limit } листах ожидания. Сначала выйдите из одного: /mybookings
wait-entry = 🔔 { $day } · { $service }
wait-shown = Вы в листе ожидания на <b>{ $day }</b>: { $service }.
wait-left = Вы вышли из листа ожидания.
wait-over = Вы больше не в этом листе ожидания.
button-leave-line = Выйти из листа ожидания
button-take-offer = ✅ Беру
button-refuse-offer = Спасибо, не нужно
offer-title = 🎉 <b>Для вас освободилось время!</b>
offer-until = Держим его для вас до { $time }.
offer-lapsed = Время, которое мы держали для вас, ушло следующему. Вы по-прежнему в листе ожидания.
offer-refused = Хорошо. Вы остаётесь в листе ожидания на другое время этого дня.
offer-over = К сожалению, это время мы для вас уже не держим.

# С собой
button-calendar = 🗓 В мой календарь
calendar-caption = Откройте файл, чтобы добавить визит в календарь.
calendar-zone = Часовой пояс: { $zone }
button-location = 📍 Как нас найти
location-unknown = Адрес пока не указан.

# Отзывы
review-ask = Спасибо, что были в <b>{ $company }</b>!
    { $service }: как всё прошло?
review-thanks-words = Спасибо! Если хотите, напишите пару слов одним сообщением.
review-thanks = Спасибо за отзыв!

# Язык
choose-language = Выберите язык:
language-name = Русский
language-set = Теперь я говорю по-русски.

# Меню владельца
admin-title = ⚙️ <b>{ $company }</b>
    Чем хотите управлять?
menu-as-customer = 👤 Как клиент
admin-agenda = 📋 Сегодня и завтра
admin-services = 💼 Услуги
admin-hours = 🕒 Часы работы
admin-add-service = ➕ Добавить услугу
admin-drop = ✖️ Прервать
services-title = <b>Услуги</b>
    Нажмите на услугу, чтобы изменить её, скрыть от клиентов или показать снова.
services-none = Услуг пока нет.
service-shown = ✅ { $service }
service-hidden = 🚫 { $service }
service-now-shown = Клиенты снова её видят.
service-now-hidden = Клиенты её больше не видят.
ask-service-name = Как называется услуга? Напишите название, до { $max } символов.
ask-service-duration = <b>{ $service }</b>
    Сколько она длится? Например, <code>45</code>, <code>1:30</code> или <code>1 ч 30 мин</code>.
ask-service-price = <b>{ $service }</b>, { $duration }
    Сколько она стоит? Например, <code>1500</code>. 0, если цену показывать не нужно.
bad-service-name = Пришлите, пожалуйста, название текстом.
bad-duration = Не получилось прочитать. Напишите минуты (<code>45</code>) или часы и минуты (<code>1:30</code>), от 5 минут до 24 часов.
bad-price = Не получилось прочитать. Напишите число, например <code>1500</code>.
service-added = ✅ Теперь на неё можно записаться:
service-name-taken = Услуга с таким названием уже есть. Напишите другое название.
ask-hours =
    <b>Часы работы сейчас</b>
    { $hours }

    Напишите новые часы одним сообщением, например:
    <code>Пн-Пт 9:00-18:00, Сб 10-14</code>
    <code>Пн-Пт 9-13, 14-18; Вс выходной</code>
hours-none = выходной
bad-hours-empty = Напишите часы текстом, например <code>Пн-Пт 9:00-18:00, Сб 10-14</code>.
bad-hours-unreadable = Не получилось прочитать эту часть: «{ $at }». Пример: <code>Пн-Пт 9:00-18:00, Сб 10-14</code>.
bad-hours-backwards = Конец должен быть позже начала: «{ $at }».
bad-hours-overlap = Это время пересекается: «{ $at }».
hours-preview = <b>Новые часы работы</b>
hours-day = { $day }: { $hours }
button-save-hours = ✅ Сохранить
hours-saved = ✅ Часы работы сохранены. Уже сделанные записи остаются.
question-lost = Нить разговора потеряна. Начните, пожалуйста, заново:
agenda-title = <b>{ $day }</b>
agenda-empty = записей нет
admin-customers = 👥 Клиенты
customers-title = <b>Клиентов: { $count }</b>
customers-empty = Боту ещё никто не писал.
customers-csv-caption = Все клиенты, для таблицы.
customers-column-name = Имя
customers-column-phone = Телефон
customers-column-telegram = Telegram id
customers-column-since = С какого дня
customers-column-visits = Визитов
customers-column-missed = Не пришли
customers-column-cancelled = Отменили
button-customers-csv = ⬇️ Все таблицей
button-customer = 👤 { $customer }
button-customer-block = ⛔️ Заблокировать
button-customer-unblock = ✅ Разблокировать
customer-title = <b>{ $name }</b>
customer-phone = 📞 { $phone }
customer-figures = Визитов: { $visits } · не пришли: { $missed } · отменили: { $cancelled }
customer-blocked = ⛔️ Заблокирован: бот ему не отвечает. Записи остаются.
button-day = 📋 { $day }
button-came = ☑️ Визит состоялся
button-no-show = 🚫 Клиент не пришёл
desk-customer = 👤 { $customer }
desk-not-begun = Этот визит ещё не начался.
desk-ask-cancel = <b>Отменить этот визит?</b>
desk-ask-reason = Напишите причину одним сообщением, клиент её прочитает, или отмените без неё.
desk-cancelled-why = Причина: { $reason }
button-week = 🗓 Неделя
week-title = <b>{ $from } – { $to }</b>
    Визитов: { $count }
week-day = { $day }: { $count }
desk-cancelled = <b>Визит отменён.</b>
desk-booked = ✅ <b>Записано.</b>
desk-moved = ✅ <b>Перенесено.</b>
desk-will-be-told = { $customer } сразу получит сообщение.
desk-is-told = { $customer } сейчас получит сообщение.
desk-tell-yourself = { $customer }: в боте нет Telegram этого клиента, сообщите сами.
desk-asked-to-move = ❗️ Клиента попросили выбрать другое время.
desk-booked-notice = 📅 <b>{ $company }: вы записаны.</b>
desk-moved-notice = 🔁 <b>{ $company } переносит ваш визит</b>, который был { $day }, { $time }. Теперь он состоится:
desk-ask-move-notice = 🙏 <b>{ $company } не сможет принять вас в это время.</b> Извините. Пожалуйста, выберите другое:
rule-asked = Мы не сможем принять вас в это время: выберите, пожалуйста, другое или отмените визит.
desk-cancelled-notice = <b>{ $company } вынуждены отменить ваш визит.</b> Просим прощения. Пожалуйста, выберите другое время.
button-hand = ➕ Новый визит
button-hand-for = ➕ Записать
button-hand-newcomer = ✍️ Новый человек
hand-for-whom = <b>Новый визит</b>
    Кого записать?
hand-ask-newcomer = Напишите имя и, если знаете, телефон, например <code>Анна +79161234567</code>.
hand-bad-newcomer = Напишите хотя бы имя, например <code>Анна +79161234567</code>.
button-customers-find = 🔎 Найти
button-customer-note = 📝 Заметка
customer-ask-search = Напишите часть имени или телефона.
customer-none-found = Никого не нашлось. Попробуйте часть короче.
customer-found = <b>Нашлось</b>
customer-ask-note = Что коллегам нужно знать об этом клиенте? Напишите одним сообщением; одиночный <code>-</code> убирает заметку. Клиенты её не видят.
customer-noted = 📝 { $note }
customer-by-hand = ✍️ Записан вручную: без Telegram.
button-away = 🚫 Отсутствие
away-title = <b>{ $day }: кого нет?</b>
away-line = 🚫 { $who }: { $when } { $why }
away-all = все
away-everybody = 🚫 Все
away-whole-day = весь день
away-ask = <b>{ $day }: { $who }</b>
    Весь день? Или напишите часы, например <code>13-15 врач</code>, или последний день долгого отсутствия: <code>20.12 отпуск</code>.
away-unclear = Не получилось прочитать. Напишите часы вроде <code>13:00-15:00</code> или последний день вроде <code>20.12</code>.
away-noted = ✅ <b>На это время больше нельзя записаться.</b>
away-lifted = ✅ <b>На это время снова можно записаться.</b>
away-visits =
    { $count ->
        [one] На это время записан { $count } визит. Что с ним сделать?
        [few] На это время записаны { $count } визита. Что с ними сделать?
       *[other] На это время записано { $count } визитов. Что с ними сделать?
    }
away-visit = • { $moment } · { $customer } · { $service }
away-ask-cancel =
    { $count ->
        [one] <b>Отменить { $count } визит?</b> Клиент сразу получит сообщение.
        [few] <b>Отменить { $count } визита?</b> Клиенты сразу получат сообщение.
       *[other] <b>Отменить { $count } визитов?</b> Клиенты сразу получат сообщение.
    }
away-settled = ✅ Передано другим: { $moved } · попросили выбрать другое время: { $asked } · отменено: { $cancelled }
button-away-add = 🚫 Отметить отсутствие
button-away-day = 🚫 Весь день
button-away-lift = ✅ Снять: { $who }, { $when }
button-away-others = 🔁 Передать другим, остальных попросить
button-away-ask = 💬 Попросить выбрать другое время
button-away-cancel = ❌ Отменить с сообщением
button-away-cancel-yes = ❌ Да, отменить
button-away-leave = Оставить как есть
agenda-line = { $time } · { $service } · { $customer }

# Команда
admin-staff = 👤 Команда
admin-team = 🔑 Роли
staff-title = <b>Команда</b>
    К кому можно записаться?
button-staff-add = ➕ Добавить
button-staff-hours = 🕒 Часы
button-staff-services = 💼 Услуги
button-staff-dates = 📅 Особые дни
button-staff-invite = 🔗 Ссылка на свой календарь
staff-name = 👤 <b>{ $name }</b>
staff-does = 💼 { $what }
staff-everything = все услуги
staff-hours = 🕒 { $hours }
staff-linked = 🔗 Видит свой календарь в этом боте.
staff-not-linked = 🔗 Доступа к боту нет.
staff-hidden = 🚫 Записаться нельзя.
staff-ask-name = Как зовут? До { $max } символов.
staff-name-taken = В команде уже есть такое имя. Напишите другое.
staff-added = ✅ Добавлено: все услуги, часы как у первого в команде.
staff-last = Кто-то должен остаться: это последний, к кому можно записаться.
staff-services = <b>{ $name }</b>
    Какие услуги делает? Нажмите, чтобы изменить.
staff-does-nothing = Хотя бы одна услуга нужна: лучше скройте от клиентов.
staff-dates = <b>{ $name }</b>
    Дни не по обычному расписанию:
button-date-add = ➕ Добавить день
button-date-drop = ✖️ { $day }: как обычно
staff-ask-date = Напишите день и часы, например <code>31.12 10-15</code> или <code>1.1 выходной</code>.
staff-bad-date = Не получилось прочитать. Напишите, например, <code>31.12 10-15</code> или <code>1.1 выходной</code>.
team-title = <b>Кто работает с ботом</b>
    Ссылка впускает того, кто откроет её первым, один раз, в течение недели.
team-person = <b>{ $name }</b>
    { $role }
team-fixed = Здесь это изменить нельзя.
team-ask-remove = <b>Забрать доступ: { $name }?</b> Бот станет таким, каким его видят клиенты.
team-removed = { $name }: доступа больше нет.
button-team-remove = ❌ Забрать доступ
button-team-remove-yes = ❌ Да, забрать
button-role = 🔑 Сделать: { $role }
button-invite = 🔗 Пригласить: { $role }
button-invite-revoke = ✖️ Открытая ссылка: { $role }, до { $day }
invite-made = 🔗 <b>{ $role }</b>
    Отправьте эту ссылку одному человеку. Впустит того, кто откроет её первым, в течение недели:

    { $link }
invite-revoked = Ссылка больше не действует.
join-gone = Ссылка больше не действует: её использовали, отозвали или она устарела. Попросите новую.
join-welcome = 👋 Добро пожаловать в команду <b>{ $company }</b>! Ваша роль: { $role }. Меню — за кнопкой «Управление».
role-owner = владелец
role-manager = администратор
role-staff = мастер
right-calendar-own = свой календарь
right-calendar-all = календарь всех
right-customers = клиенты
right-setup = услуги, команда, часы
right-texts = тексты
right-statistics = показатели
right-broadcast = рассылки клиентам
right-roles = роли
right-audit = журнал изменений

# Настройки, тексты, журнал
admin-settings = 🔧 Настройки
admin-texts = ✏️ Тексты
admin-log = 🧾 Журнал изменений
set-title = <b>Настройки</b>
    Нажмите, чтобы изменить.
set-now = <b>{ $name }</b>: { $value }
set-unclear = Не получилось прочитать.
set-yes = да
set-no = нет
set-never = никогда
set-unset = не задано
set-there = задано
button-set-default = ↩️ Вернуть как было
set-company = Название
set-ask-company = Напишите название.
set-time-zone = Часовой пояс
set-ask-time-zone = Напишите свой город, например <code>Москва</code>. Уже записанные визиты останутся в тот же момент.
set-most = Записей на клиента
set-ask-most = Сколько предстоящих визитов может быть у клиента? От 1 до 1000.
set-cancellation = Отмена не позже чем за
set-ask-cancellation = За сколько часов до визита клиент ещё может отменить или перенести его? От 0 до 720.
set-reminders = Напоминания
set-ask-reminders = Когда напоминать клиентам? До пяти раз, например <code>24ч, 2ч, 30м</code> или <code>1д, 2ч</code>. Одиночный <code>-</code>: никогда.
set-step = Время каждые
set-ask-step = С каким шагом начинаются визиты? От 15 минут до 4 часов.
set-lead = Записаться не позже чем за
set-ask-lead = За сколько до начала ещё можно записаться? Например <code>1:30</code> или 0.
set-horizon = Дней вперёд
set-ask-horizon = На сколько дней вперёд можно записаться? От 1 до 365.
set-contact = Спрашивать телефон
set-ask-contact = Спрашивать телефон у новых клиентов? Напишите <code>да</code> или <code>нет</code>.
set-offer = Лист ожидания держит время
set-ask-offer = Сколько освободившееся время держится для следующего в очереди? От 5 минут до 24 часов.
set-review = Вопрос после визита
set-ask-review = Через сколько после визита спросить, как всё прошло? Например <code>1:00</code>; 0: никогда.
set-digest = Утренняя сводка
set-ask-digest = Когда рассказать владельцу о предстоящем дне? Например <code>8:00</code>; одиночный <code>-</code>: никогда.
set-address = Адрес
set-ask-address = Напишите адрес так, как его должны видеть клиенты.
set-place = Место на карте
set-ask-place = Отправьте место через скрепку → Геопозиция.
set-message-pace = Секунд между сообщениями
set-press-pace = Секунд между нажатиями
set-ask-pace = Сколько секунд должно пройти между двумя от одного человека? От 0 до 10, например <code>0,5</code>.
text-title = <b>Тексты</b>
    Какой хотите написать по-своему? ✏️: уже свой.
text-welcome = Приветствие
text-choose-service = Вопрос об услуге
text-booked-title = Запись: заголовок
text-booked-note = Запись: последние слова
text-reminder = Напоминание
text-will-come = Спасибо за обещание прийти
text-cancelled = Отменил клиент
text-desk-cancelled = Отменили вы
text-desk-ask-move = Вы просите другое время
text-review = Вопрос после визита
text-review-thanks = Спасибо за отзыв
text-now = <b>{ $name }</b> ({ $language }) сейчас:
text-as-written = Написано так: <code>{ $text }</code>
text-how = Напишите новый текст одним сообщением. В нём могут быть <code>&lt;b&gt;жирный&lt;/b&gt;</code>, <code>&lt;i&gt;…&lt;/i&gt;</code> и <code>&lt;u&gt;…&lt;/u&gt;</code>.
text-facts = Бот подставит: { $facts }
text-preview = <b>Будет выглядеть так:</b>
text-saved = ✅ Текст сохранён.
text-reset = ✅ Вернулся текст бота.
text-bad-fact = Этот текст не знает «{ $at }». Можно только то, что бот подставит.
text-bad-brace = Скобка «{ $at }» ни к чему не относится. Фигурные скобки только для того, что бот подставит.
text-bad-long = Слишком длинно: до { $at } символов.
text-bad-empty = Напишите текст одним сообщением.
text-bad-markup = Telegram не поймёт разметку: у каждого <code>&lt;b&gt;</code> должен быть <code>&lt;/b&gt;</code>, а одиночные &lt; и &amp; пишутся <code>&amp;lt;</code>, <code>&amp;amp;</code>.
button-text-reset = ↩️ Текст бота
button-text-language = 🌐 Другой язык
button-text-again = ✏️ Написать заново
log-title = <b>Журнал изменений</b>
log-empty = Пока ничего не меняли.
log-line = { $moment } · <b>{ $who }</b>: { $what }
audit-block-add = отсутствие отмечено
audit-block-cancel = визиты из-за отсутствия отменены
audit-block-lift = отсутствие снято
audit-booking-add = визит записан
audit-booking-came = отмечено, что клиент пришёл
audit-booking-cancel = визит отменён
audit-booking-move = визит перенесён
audit-booking-no-show = отмечено, что клиент не пришёл
audit-broadcast-send = рассылка отправлена
audit-broadcast-stop = рассылка остановлена
audit-customer-add = клиент записан вручную
audit-customer-block = клиент заблокирован
audit-customer-note = заметка о клиенте изменена
audit-customer-unblock = клиент разблокирован
audit-hours-set = часы всех изменены
audit-service-add = услуга добавлена
audit-service-change = услуга изменена
audit-service-hide = услуга скрыта
audit-service-move = услуга передвинута в списке
audit-service-show = услуга показана
audit-setting-reset = настройка возвращена
audit-setting-set = настройка изменена
audit-staff-add = человек добавлен в команду
audit-staff-date = часы дня изменены
audit-staff-hide = человек из команды скрыт
audit-staff-hours = часы изменены
audit-staff-rename = имя в команде изменено
audit-staff-services = услуги человека изменены
audit-staff-show = человек из команды показан
audit-team-invite = ссылка создана
audit-team-join = вход по ссылке
audit-team-remove = доступ забран
audit-team-revoke = ссылка отозвана
audit-team-right = право изменено
audit-team-role = роль изменена
audit-text-reset = текст возвращён
audit-text-set = текст написан

# Показатели, рассылки, утренняя сводка
admin-statistics = 📊 Показатели
admin-broadcasts = 📣 Написать клиентам
button-day-picture = 🖼 Картинкой
button-refresh = 🔄 Обновить
period-week = 7 дней
period-month = 30 дней
period-quarter = 13 недель
period-year = 12 месяцев
statistics-title = Визиты, { $period }
statistics-visits = 📅 Визитов: <b>{ $visits }</b> (до этого: { $before })
statistics-income = 💳 На сумму: <b>{ $income }</b> (до этого: { $before })
statistics-lost = 🚫 Не пришли: { $missed } · отменено: { $cancelled }
statistics-customers = 👥 Клиентов: { $customers }, впервые: { $newcomers }
statistics-stars = ⭐️ Звёзд в среднем: { $stars }
statistics-favourite = 💼 { $service }: { $count }
broadcasts-title =
    { $count ->
        [0] <b>Рассылки клиентам</b>
        На новости пока никто не согласился. Клиенты могут сделать это после записи и в помощи.
        [one] <b>Рассылки клиентам</b>
        На новости согласился { $count } клиент.
        [few] <b>Рассылки клиентам</b>
        На новости согласились { $count } клиента.
       *[other] <b>Рассылки клиентам</b>
        На новости согласились { $count } клиентов.
    }
broadcast-ask = Отправьте сюда сообщение так, как его должны получить клиенты: текст, фото, видео, с оформлением. Ничего не уйдёт, пока вы не посмотрите и не нажмёте кнопку. Не удаляйте своё сообщение, пока его не получат все.
broadcast-preview =
    { $count ->
        [one] ☝️ Это получит { $count } клиент, с кнопками «записаться» и «отписаться».
        [few] ☝️ Это получат { $count } клиента, с кнопками «записаться» и «отписаться».
       *[other] ☝️ Это получат { $count } клиентов, с кнопками «записаться» и «отписаться».
    }
broadcast-goes = 📣 <b>Рассылка идёт.</b>
broadcast-done = ✅ <b>Получили все.</b>
broadcast-stopped = ⏹ <b>Остановлено.</b>
broadcast-figures = Отправлено: { $sent } из { $customers } · не удалось доставить: { $failed } · осталось: { $left }
button-broadcast-write = ✍️ Написать сообщение
button-broadcast-send = 📣 Отправить ({ $count })
button-broadcast-stop = ⏹ Остановить
button-news-on = 🔔 Сообщать о новостях
button-news-off = 🔕 Больше не надо новостей
news-on = 🔔 Будем рассказывать о новостях и предложениях. Отказаться можно в любой момент.
news-off = 🔕 Хорошо, новостей больше не будет. Напоминания о визитах останутся.
digest-title = ☀️ <b>{ $company }, { $day }</b>
digest-nothing = На сегодня пока никто не записан.
digest-today = 📅 Сегодня: { $visits }, первый визит в { $time }, на { $income }.
digest-yesterday = Вчера: { $visits }, на { $income }; не пришли: { $missed }, отменено: { $cancelled }.

# Что бот говорит сам
reminder-title = 🔔 <b>Напоминаем о вашей записи</b>
button-will-come = ✅ Я приду
will-come-thanks = ✅ <b>Спасибо, ждём вас.</b>

# Первая настройка
setup-zone =
    👋 Добро пожаловать! Сделаем так, чтобы в <b>{ $company }</b> можно было записаться: три вопроса, одна минута.

    <b>1 из 3. Где вы?</b> Часовой пояс: { $zone }, там сейчас { $time }. Выберите другой или напишите свой город.
setup-zone-keep = ✅ { $zone }, верно
setup-zone-how = Напишите свой город, например <code>Казань</code>.
setup-zone-unknown = Такого города не знаю. Напишите ближайший крупный, например <code>Казань</code>.
setup-zone-which = Какой из них?
setup-hours =
    <b>2 из 3. Когда вы работаете?</b>
    Сейчас: { $hours }

    Выберите или напишите одним сообщением, например <code>Пн-Пт 9-13, 14-18; Сб 10-14</code>.
setup-service =
    <b>3 из 3. На что можно записаться?</b>

    Выберите своё дело или просто напишите название услуги.
setup-service-usual = Выберите или напишите своё название. Название, время и цену можно изменить потом.
setup-trade-barber = 💈 Барбершоп
setup-trade-nails = 💅 Ногти
setup-trade-massage = 💆 Массаж
setup-skip = Пропустить ›
setup-later = Позже
setup-end =
    🎉 <b>К вам можно записаться!</b>

    Дайте клиентам эту ссылку:
    { $link }

    Услуги, команда, часы и тексты всегда в меню.
setup-paused = Хорошо. Закончить настройку можно в любой момент в меню.
setup-continue = 🧭 Закончить настройку

# Услуги
setup-saved = ✅ Сохранено.
setup-rename = ✏️ Название
setup-service-minutes = ⏱ Длительность
setup-service-cost = 💳 Цена
setup-service-before = ⏮ Время до
setup-service-after = ⏭ Время после
setup-service-seats = 👥 Места
setup-photo = 🖼 Фото
setup-drop-photo = Убрать фото
setup-up = ⬆️ Выше
setup-down = ⬇️ Ниже
setup-moved-up = На место выше.
setup-moved-down = На место ниже.
setup-hide = 🚫 Скрыть от клиентов
setup-show = ✅ Показать клиентам
setup-service-buffers = ⏳ Остаётся свободным: { $before } до, { $after } после
setup-service-capacity =
    { $seats ->
        [1] 👥 По одному клиенту
        [one] 👥 Группа до { $seats } человека
       *[other] 👥 Группа до { $seats } человек
    }
setup-is-shown = ✅ Видно клиентам
setup-is-hidden = 🚫 Скрыто от клиентов
setup-ahead =
    { $count ->
        [one] 📅 Впереди { $count } запись; она остаётся как есть.
        [few] 📅 Впереди { $count } записи; они остаются как есть.
       *[other] 📅 Впереди { $count } записей; они остаются как есть.
    }
setup-ask-name = <b>{ $name }</b>
    Напишите новое название, до { $max } символов.
setup-ask-minutes = <b>{ $name }</b>
    Сколько это длится? Например, <code>45</code> или <code>1:30</code>.
setup-ask-cost = <b>{ $name }</b>
    Сколько это стоит? Например, <code>1500</code>. 0, если цену показывать не нужно.
setup-ask-before = <b>{ $name }</b>
    Сколько минут оставлять свободными перед каждым визитом? От 0 до 240.
setup-ask-after = <b>{ $name }</b>
    Сколько минут оставлять свободными после каждого визита? От 0 до 240.
setup-ask-seats = <b>{ $name }</b>
    Сколько клиентов приходит одновременно? 1 или до 1000 для группы.
setup-ask-photo = <b>{ $name }</b>
    Пришлите фотографию.
setup-bad-buffer = Напишите минуты от 0 до 240, например <code>15</code>.
setup-bad-seats = Напишите число от 1 до 1000.
setup-bad-photo = Пришлите, пожалуйста, фотографию, не файлом.
