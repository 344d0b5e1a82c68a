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
    /mybookings – ваши записи и их отмена
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
not-allowed = Это может делать только владелец.

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

# Язык
choose-language = Выберите язык:
language-name = Русский
language-set = Теперь я говорю по-русски.

# Меню владельца
admin-title = ⚙️ <b>{ $company }</b>
    Чем хотите управлять?
admin-agenda = 📋 Сегодня и завтра
admin-services = 💼 Услуги
admin-hours = 🕒 Часы работы
admin-add-service = ➕ Добавить услугу
admin-drop = ✖️ Прервать
services-title = <b>Услуги</b>
    Нажмите на услугу, чтобы скрыть её от клиентов или показать снова.
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
agenda-line = { $time } · { $service } · { $customer }

# Что бот говорит сам
reminder-title = 🔔 <b>Напоминаем о вашей записи</b>
button-will-come = ✅ Я приду
will-come-thanks = ✅ <b>Спасибо, ждём вас.</b>
