# Что мастер-бот говорит операторам. В сообщениях можно HTML Telegram, на кнопках и во всплывающих окнах — нельзя.
command-pool = Пул: свободные и занятые боты
command-clients = Клиенты; со словом: поиск
command-orders = Заказы
command-revenue = Выручка картинкой
command-health = Всё ли в порядке?
command-alerts = Оповещения: слышать, заглушить
command-backups = Резервные копии: как с ними дела
command-backup = Сделать копию сейчас и пробно восстановить её
command-scale = Изменить размер пула
command-broadcast = Написать всем покупателям
command-help = Все команды

button-refresh = 🔄 Обновить
button-pool = 📊 Пул
button-clients = 👥 Клиенты
button-client = ‹ Клиент
button-no = ‹ Нет
button-scale-yes = ✅ Да, уменьшить пул
button-suspend = ⏸ Приостановить
button-suspend-yes = ⏸ Да, приостановить
button-resume = ▶️ Возобновить
button-restart = 🔄 Перезапустить
button-restart-yes = 🔄 Да, перезапустить
button-move = 🔀 Другой бот
button-move-yes = 🔀 Да, перенести
button-extend = 🎁 Продлить
button-extend-7 = + 7 дней
button-extend-30 = + 30 дней
button-extend-90 = + 90 дней
button-logs = 📜 Журнал
button-delete = 🗑 Удалить
button-delete-yes = 🗑 Да, удалить со всеми данными
button-orders-open = Только открытые
button-orders-all = Все заказы
button-subscribe = 🔔 Сообщать мне
button-unsubscribe = 🔕 Ничего не сообщать
button-mute = 😴 Заглушить на 8 часов
button-unmute = 🔔 Снова сообщать
button-health = ❤️ Здоровье
button-backup = 💾 Сделать копию
button-backups = 💾 Копии
button-verify = 🔍 Пробно восстановить
button-send = 📣 Отправить всем покупателям
button-stop = ✋ Остановить
button-old = Эта кнопка устарела. Смотрите /help.

apology = Что-то пошло не так, как никто не предвидел. Причина в журнале booking-bot-master.
dropped = Ничего не изменено.
help =
    <b>Команды</b>

    /pool: свободные и занятые боты
    /scale 15: изменить размер пула
    /clients, /clients анна: список, поиск
    /client 003: один клиент, с кнопками
    /activate 003, /deactivate 003
    /orders, /orders open
    /revenue: выручка картинкой
    /health: всё ли в порядке?
    /alerts: слышать оповещения, заглушить
    /backups: как с копиями дела
    /backup, /backup 003: сделать копию сейчас
    /broadcast Текст: написать всем покупателям
pool =
    📊 <b>Пул</b>

    Всего: { $total }
    🟢 Свободно: { $free }
    🔴 Занято: { $busy }
    { $bar } { $percent } %
pool-queue = ⏳ Ждут бота: { $queued }
pool-nearly-full = ⚠️ Пул заполнен больше чем на 80 %. Увеличьте его: /scale.
scale-usage = Скажите, сколько ботов должно быть в пуле, от 0 до 500: <code>/scale 15</code>
ask-scale = Уменьшить пул с { $containers } до { $bots } ботов? Удаляются только те, что ждут; кто обслуживает клиента, останется.
scaled = В пуле теперь ботов: { $total }. Запущено { $started }, удалено { $removed }.
clients = 👥 Клиенты: { $total } · страница { $page } из { $pages }
clients-none = Клиентов ещё нет.
clients-not-found = Под «{ $search }» никто не подходит. Попробуйте часть номера, названия или имени бота.
client-usage = Скажите, какой клиент: <code>/client 003</code>
client-title = <b>{ $client }</b> · { $company }
client-state = { $state } · { $container }
client-bot = Бот: @{ $bot } · владелец <code>{ $owner }</code>
client-since = С: { $since }
client-work = Записей впереди: { $bookings } · обновлений: { $updates } · ошибок: { $errors }
client-subscription = Тариф: { $plan } · оплачен до { $until }
client-problem = ❗️ { $problem }
state-serving = 🟢 работает
state-starting = 🟡 ждёт бота
state-suspended = ⏸ приостановлен
ask-suspend = Приостановить <b>{ $client }</b> ({ $company })? Клиенты не получат ответов, пока его не возобновят; записи впереди ({ $bookings }) останутся. Данные не пропадут.
ask-restart = Перезапустить бота <b>{ $client }</b> ({ $company })? Клиенты подождут несколько секунд. Данные не пропадут.
ask-move = Дать <b>{ $client }</b> ({ $company }) другого бота? Клиенты немного подождут. Данные не пропадут.
ask-delete = <b>Удалить { $client } ({ $company }) навсегда?</b> Пропадут записи впереди ({ $bookings }), все прошлые, клиенты, услуги и настройки. Отменить это нельзя.
ask-extend = Дать <b>{ $client }</b> ({ $company }) больше времени без оплаты? Оплачено до { $until }; покупатель узнает.
extended = 🎁 { $client } теперь оплачен до { $until }. Покупатель узнает об этом.
activated = ▶️ { $client } работает на { $container }, готово за { $ms } мс: @{ $bot }
suspended = ⏸ { $client } приостановлен. Данные на месте.
restarted = 🔄 { $container } перезапущен; { $client } получит бота сам.
moved = 🔀 { $client } уходит с { $from } и получит другого бота сам.
deleted = 🗑 { $client } удалён вместе со всеми данными.
logs-none = Бот ещё ничего не написал.
orders = 📄 Заказы: { $total } · страница { $page } из { $pages }
orders-none = Заказов нет.
order-line = <b>{ $number }</b> { $state } · { $company } · { $plan } · { $amount } { $reason }
revenue =
    <b>Этот месяц: { $month }</b>
    Двенадцать месяцев: { $year } (платежей { $payments }, возвращено { $refunded })
    Платящих клиентов: { $clients }
revenue-title = Выручка по месяцам, { $currency }
health = <b>Здоровье</b>
check-line = { $name }: { $value }
check-postgres = PostgreSQL
check-connections = Соединения
check-redis = Redis
check-pool = Свободные боты
check-queue = Клиенты в очереди
check-containers = Контейнеры работают
report-title = ☀️ <b>Отчёт за { $day }</b>
report-clients = 👥 Активных клиентов: { $clients }, приостановлено { $suspended }, ждут бота { $queued }
report-payments = 💰 Оплачено за сутки: { $money } ({ $payments })
report-calm = 🟢 Открытых тревог нет
report-alerts = 🚨 Открытых тревог: { $alerts }
report-backup = 💾 Последней хорошей копии { $hours } ч
report-backup-bad = 🔴 На копии полагаться нельзя; последней хорошей { $hours } ч
check-backups = Резервные копии
backup-usage = Без слов — копия всего, или назовите клиента: <code>/backup 003</code>
backups-green = 🟢 <b>С копиями всё хорошо.</b> Последней хорошей { $hours } ч.
backups-first = ⏳ <b>Копий ещё нет.</b> Первая будет в { $at } UTC.
backups-red = 🔴 <b>На копии полагаться нельзя.</b> Последней хорошей { $hours } ч. { $problems }
backups-page = Копий: { $total } · страница { $page } из { $pages }
backup-title = { $sign } <b>Копия</b>: { $scope }, <code>{ $id }</code>
backup-counting =
    { $phase }: { $mib } МиБ
    { $bar } таблиц { $tables } из { $total }
backup-going = { $phase }: { $mib } МиБ
backup-size = { $mib } МиБ, строк: { $rows }
backup-stored = Записана, но ещё не проверена.
backup-verified = Пробно восстановлена, все строки на месте.
backup-suspect = С ней что-то не так. Не полагайтесь на неё.
backup-failed = Не удалась: копии нет.
backup-why = ❗️ { $why }
copy-pending = Копия в хранилище отправляется.
copy-stored = Копия в хранилище есть и прочитана обратно.
copy-failed = Копии в хранилище нет.
scope-all = всё
phase-dump = Выгрузка
phase-upload = Отправка в хранилище
phase-download = Получение из хранилища
phase-checksum = Сверка
phase-restore = Пробное восстановление
phase-done = Готово
alerts-on = 🔔 Вы слышите оповещения: пул почти полон, клиенты ждут, службам нехорошо.
alerts-muted = 😴 Оповещения для вас заглушены. Они вернутся сами.
alerts-off = 🔕 Оповещения для вас выключены.
alert = 🚨 <b>Внимание</b>
alert-over = ✅ <b>Снова в порядке</b>
broadcast-usage = Напишите сообщение после команды, не больше 3500 символов: <code>/broadcast В понедельник не работаем</code>
ask-broadcast = <b>Это получит каждый покупатель, у которого есть бот и который не заблокировал бота продаж:</b>
broadcast-gone = Это сообщение заменено более новым. Напишите его снова: /broadcast.
broadcast-progress =
    📣 Отправляется
    { $bar } { $sent } из { $total }
broadcast-over =
    📣 Готово
    { $bar } доставлено { $sent } из { $total }, заблокировали { $refused }, не вышло { $failed }
