# Ошибки: что случилось, что ожидалось, что делать. «-buyer» читает покупатель в Telegram.

error-token-malformed = Это не токен бота. Ожидаются цифры, двоеточие и не меньше 24 букв, например 123456789:AAF… Скопируйте токен из @BotFather целиком.
error-token-malformed-buyer = Это не похоже на токен бота. Откройте @BotFather, скопируйте всю строку вида 123456789:AAF… и пришлите её сюда.
error-token-invalid = Telegram не принимает этот токен: он отозван, или бот удалён. Возьмите у владельца действующий токен из @BotFather и активируйте снова.
error-token-invalid-buyer = Telegram больше не знает этот токен. Отправьте /token в @BotFather, выберите своего бота и пришлите мне новый токен.
error-token-taken = Бот с этим токеном уже принадлежит клиенту { $clientId }. Каждому клиенту нужен свой бот: возьмите другой токен или сначала удалите того клиента.
error-token-taken-buyer = Этот бот уже используется. Создайте другого командой /newbot в @BotFather и пришлите мне его токен.
error-token-in-use = Сообщения этого бота читает другая программа. Остановите её (или отзовите токен в @BotFather) и активируйте снова.
error-token-in-use-buyer = Вашим ботом сейчас управляет другая программа. Остановите её или получите новый токен командой /revoke в @BotFather и попробуйте снова.
error-telegram-unreachable = Telegram не отвечает. Проверьте выход этой машины в интернет и TELEGRAM_API_ROOT, затем попробуйте снова.
error-telegram-unreachable-buyer = Telegram нам сейчас не отвечает. Ничего не потеряно: через минуту попробуем ещё раз.
error-storage-failed = Не удалось открыть хранилище клиента в PostgreSQL. Причина в журнале панели управления; устраните её и активируйте снова.
error-storage-failed-buyer = Не получилось подготовить место для ваших данных. Оплата не пропадёт: мы уже разбираемся и попробуем снова.
error-bot-lost = Бот { $container } остановился во время активации. Клиент получит другого; причину покажет «npx botpool logs { $container }».
error-bot-lost-buyer = Вашему боту нужно чуть больше времени, чем обычно. Пожалуйста, попробуйте ещё раз.
error-timeout = Ни один бот не подтвердил активацию за { $seconds } с. Посмотрите «npx botpool status» и журналы пула, затем активируйте снова.
error-timeout-buyer = Вашему боту нужно больше { $seconds } секунд. Оплата не пропадёт: мы попробуем снова и напишем вам.
error-pool-empty = Свободных ботов сейчас нет. Клиент остаётся в очереди и получит ближайшего свободного бота сам; повторять ничего не нужно.
error-pool-empty-buyer = Прямо сейчас все боты заняты. Вы в очереди, и ваш бот запустится сам, как только один освободится.
error-pool-too-large = { $wanted } ботов — больше, чем пулу разрешено: MAX_TOTAL_BOTS = { $max }. Запросите меньше или увеличьте эту переменную и перезапустите.
error-kind-unknown = Нет вида ботов «{ $kind }». Известные виды: { $known }.

error-client-id-malformed = «{ $clientId }» — не номер клиента. Ожидается client_ и от трёх до шести цифр, например client_001.
error-client-unknown = Клиента { $clientId } нет. Всех клиентов покажет «npx botpool tenants list».
error-client-not-active = Клиент { $clientId } в состоянии { $state }, поэтому так сделать нельзя. Приостановленного (suspended) можно активировать снова; номер удалённого (deleted) больше не используется.
error-subscription-none = За { $clientId } никто ещё не платил, поэтому продлевать нечего. Клиент работает, пока его не приостановят.
error-client-busy = Прежний бот клиента { $clientId } ещё не закончил работу. Попробуйте через мгновение.
error-client-other-token = Клиент { $clientId } уже работает с другим токеном. Сначала деактивируйте его, затем активируйте с новым токеном.
error-client-no-token = Для клиента { $clientId } токен не сохранён. Задайте его: «Новый токен» в панели или «npx botpool activate».
error-input-invalid = { $field }: { $problem }. Исправьте и попробуйте снова.

error-plan-unknown = Тарифа «{ $planId }» нет в продаже. Все тарифы показывает «npx botpool plans list».
error-plan-unknown-buyer = Этот тариф больше не продаётся. Пожалуйста, выберите другой.
error-order-unknown = Заказа { $orderId } нет. Все заказы показывает «npx botpool orders list».
error-order-unknown-buyer = Я больше не нахожу этот заказ. Пожалуйста, начните заново: /start
error-order-closed = Заказ { $orderId } уже продвинулся дальше, изменить это нельзя. Посмотрите: «npx botpool orders show { $orderId }».
error-order-closed-buyer = Этот заказ уже продвинулся дальше, изменить в нём ничего нельзя. Ваши боты: /mybots
error-order-incomplete = В заказе { $orderId } не хватает тарифа, названия или бота, поэтому оплатить его пока нельзя.
error-order-incomplete-buyer = В заказе пока не хватает данных. Пожалуйста, ответьте сначала на открытый вопрос.
error-too-many-orders = У этого покупателя 20 неоплаченных заказов. Отмените часть из них, прежде чем открывать новый.
error-too-many-orders-buyer = У вас много неоплаченных заказов. Пожалуйста, сначала оплатите или отмените один из них.
error-not-subscribed = { $clientId } не оплачен. Пусть покупатель продлит подписку, или добавьте период заказом.
error-not-subscribed-buyer = Оплаченное время этого бота закончилось. Пожалуйста, сначала продлите его; ваши данные сохранены.
error-no-saved-method = У { $clientId } нет сохранённого способа оплаты, поэтому автоматически продлить его нельзя.
error-no-saved-method-buyer = Для этого бота нет сохранённой карты. Оплатите следующий период с «сохранить карту», и я буду продлевать его сам.
error-request-open = С { $clientId } уже что-то делается. Попробуйте, когда это закончится.
error-request-open-buyer = Я ещё занят тем, о чём вы просили раньше. Пожалуйста, подождите немного.
error-not-payable = Платежи принимать нельзя: не заданы YOOKASSA_SHOP_ID и YOOKASSA_SECRET_KEY. Задайте оба и запустите снова.
error-not-payable-buyer = Сейчас оплата невозможна. Пожалуйста, напишите в нашу поддержку.
error-yookassa-unreachable = ЮKassa не отвечает ({ $detail }). Ничего не потеряно: запрос повторяется с тем же ключом, пока не придёт ответ.
error-yookassa-unreachable-buyer = Платёжный сервис сейчас не отвечает. Ничего не потеряно: я пришлю ссылку, как только он ответит.
error-yookassa-refused = ЮKassa отклонила запрос: { $detail }. Исправьте настройки магазина или тариф, затем «npx botpool orders retry».
error-yookassa-refused-buyer = Платёжный сервис не принял этот платёж. Наша поддержка уже знает и напишет вам.
error-refund-impossible = Так вернуть деньги по заказу { $order } нельзя: { $why }.

error-postgres-unreachable = PostgreSQL не отвечает ({ $address }). Посмотрите «npx botpool logs postgres»; когда он вернётся, работа продолжится сама.
error-redis-unreachable = Redis не отвечает ({ $address }). Посмотрите «npx botpool logs redis»; когда он вернётся, работа продолжится сама.
error-control-plane-unreachable = Botpool здесь не запущен. Запустите его командой «npx botpool up» или «npm start», чтобы видеть его работу.
error-already-running = Botpool уже работает в { $folder } (процесс { $pid }). Посмотрите на него командой «npx botpool status» или остановите командой «npx botpool down».
error-migration-changed = Миграцию { $migration } схемы { $schema } изменили после того, как она была применена. Верните выпущенный файл и запустите снова.
error-schema-newer = У { $schema } версия { $version }, а эта программа знает самое большее { $known }. Запустите более новую программу или восстановите резервную копию старой.
error-config-invalid = Ошибка в настройках: { $problems }. Исправьте .env или переменные окружения и запустите снова.
error-secret-unreadable = { $what }: не читается — файл ключа или пароля этой установки отсутствует, пуст или не тот. Верните файл, который относится к этим данным.

error-container-unknown = Контейнера { $name } нет. Что есть, покажут «npx botpool status» и «npx botpool logs --help».
error-container-exists = Контейнер { $name } уже есть. Удалите его или выберите другое имя.
error-container-foreign = Контейнер { $name } уже есть, но он не принадлежит этой установке, поэтому не тронут. Переименуйте или удалите его либо дайте установке другое имя проекта.
error-engine-unreachable = Docker не отвечает. Проверено: { $tried }. Запустите Docker или укажите его адрес в DOCKER_HOST.
error-engine-incompatible = Этот Docker понимает версии API { $speaks }, а нужна { $needed }. Обновите Docker или Botpool.
error-engine-full = Docker не смог выполнить «{ $action }»: на его диске нет места ({ $detail }). Освободите место, например командой «docker system prune», и попробуйте снова.
error-engine-failed = Docker не смог выполнить «{ $action }»: { $detail }. Устраните причину и попробуйте снова.
error-image-missing = Образа { $image } нет. Его соберёт «botpool images build».
error-image-refused = Реестр отказал: { $action } { $image }: { $detail }. Проверьте имя и вход или соберите образ: «botpool images build».
error-program-missing = На этой машине нет программы { $program }. { $remedy }
error-program-failed = Сбой программы { $program }: { $detail }. Устраните причину и попробуйте снова.
error-unsupported = { $what }: невозможно с { $engine }.

error-schedule-unknown = Расписания «{ $name }» нет. Все расписания показывает «npx botpool schedule list».
error-schedule-exists = Расписание «{ $name }» с другой задачей уже есть. Выберите другое имя или сначала удалите то.
error-schedule-built-in = «{ $name }» принадлежит самому Botpool, удалить его нельзя. Остановить: «npx botpool schedule pause { $name }».
error-schedule-invalid = «{ $expression }» в поясе { $zone } — не расписание: { $problem }. Ожидались пять полей (минута, час, день, месяц, день недели) или шесть с секундами впереди, например «0 2 * * *».
error-job-unknown = Задачи «{ $job }» нет. Известные задачи: { $known }.
error-run-exists = «{ $name }» уже выполняется или ждёт. Посмотрите «npx botpool schedule history { $name }» и повторите, когда тот запуск закончится.
error-run-missed = Для «{ $name }» подошёл срок ({ $count } раз), а запустить было некому. Следующий запуск придёт сам; посмотрите, почему Botpool не работал.
error-run-overlapped = Срок подошёл, когда предыдущий запуск ещё не закончился.
error-run-replaced = Его место занял более новый запуск.
error-run-timeout = Не уложился в { $seconds } с и был остановлен.
error-schedule-failed = Запуск «{ $name }» закончился так: { $code }. Почему — показывает «npx botpool schedule history { $name } --output».
error-scheduler-silent = Расписания не выполняются уже { $seconds } с: ни копий, ни продлений. Посмотрите «npx botpool status» и перезапустите панель управления.
error-clock-went-back = Часы этой машины ушли назад, замечено на «{ $name }». Включите синхронизацию времени; ни один запуск не удвоится.
error-bots-died-together = Ботов, завершившихся в один миг: { $count } из { $bots }. Они запускаются снова, а их клиенты получают других ботов сами. Если это повторится, посмотрите на память машины («npx botpool doctor») и журнал движка.
error-bot-flapping = { $container } завершился { $restarts } раз за несколько минут и перед каждым новым запуском ждёт дольше. Его клиента обслуживает другой бот; причину покажет «npx botpool logs { $container }».
error-bot-stuck = { $container } не поднимается: он создаётся из образа заново сам, с каждым разом реже. Причину покажет «npx botpool logs { $container }»; обычно это испорченный образ.
error-leader-silent = { $lapsed } молчала { $seconds } с, поэтому теперь главная { $leader }; всё, что { $lapsed } ещё захочет изменить, будет отклонено. Проверьте, не спала ли она, не перегружена ли и верны ли её часы.
error-client-set-aside = { $clientId } приостановлен: его бот не может запуститься снова ({ $code }). Данные целы; подробнее: «npx botpool tenants show { $clientId }». { $code ->
    [token_invalid] Telegram не принимает токен: возьмите у владельца новый из @BotFather
   *[other] Устраните причину
} и активируйте клиента ещё раз.
error-run-lost = Панель управления, которая его выполняла, завершилась на полпути.
error-backup-unknown = Резервной копии { $id } нет. Все копии показывает «npx botpool backup list».
error-backup-busy = Сейчас идёт другое копирование, проверка или восстановление. Дождитесь конца («npx botpool backup list») и повторите.
error-backup-interrupted = Панель управления завершилась, пока делалась эта копия. От неё ничего не осталось; сделайте новую.
error-backup-cancelled = Эту копию остановили, пока она не была готова. От неё ничего не осталось; сделайте новую.
error-backup-idle = С копией { $id } сейчас не делается ничего, что можно остановить. Посмотрите её состояние в списке копий.
error-backup-damaged = Файл { $file } этой копии повреждён: { $problem }. Не восстанавливайте её; возьмите другую и проверьте диск.
error-backup-counts = В { $table } после пробного восстановления строк { $found } вместо { $expected }. Не полагайтесь на эту копию; сделайте новую.
error-backup-implausible = В копии { $bytes } байт, а в последней хорошей, где строк не больше, было { $before }. Посмотрите на неё, прежде чем полагаться.
error-backup-key-missing = Ключа этой зашифрованной копии нет, или он другой. Верните secrets/backup.agekey или возьмите свой ключ.
error-backup-locks = PostgreSQL не хватает блокировок на столько таблиц. Увеличьте max_locks_per_transaction (512 или больше) и перезапустите PostgreSQL.
error-backup-access = PostgreSQL не принял пароль копирования. Верните файл с правильным паролем и повторите.
error-backup-version = pg_dump или pg_restore старше сервера или копии. Возьмите программы той же версии, что сервер.
error-backup-incomplete = Не хватает: { $what }, поэтому целиком скопировать или восстановить нельзя. Верните недостающее или возьмите другую копию.
error-backup-timeout = { $tool } не уложился в { $seconds } с и был остановлен. Посмотрите на нагрузку PostgreSQL и повторите.
error-backup-tool-failed = Сбой { $tool }: { $detail }. Устраните причину и повторите.
error-backup-late = Последней проверенной полной копии { $hours } ч, а обещано не больше { $promised } ч. Выполните «npx botpool backup create».
error-backup-unproven = { $id } не проверена, а копируются только проверенные. Сначала выполните «npx botpool backup verify { $id }».
error-backup-elsewhere = { $id } лежит на диске другой панели управления этой установки. Выполните это там, где она сделана, или задайте хранилище для копий.
error-target-none = Хранилище для копий не задано. Укажите BACKUP_S3_BUCKET и его ключи в .env и запустите снова.
error-target-unreachable = Хранилище { $target } не отвечает: { $detail }. Копия сохранена здесь и уйдёт туда, как только оно ответит; проверьте адрес и сеть.
error-target-refused = Хранилище { $target } отказывает: { $detail }. Копия сохранена здесь; проверьте имя хранилища, ключи и их права.
error-target-damaged = { $file } в { $target } не то, что туда положили: { $problem }. Копия сохранена здесь и уйдёт туда снова; не полагайтесь на это хранилище, пока не проверите его.
error-target-behind = { $id } ещё нет в { $target }. Она уйдёт туда в течение четверти часа; сразу — «npx botpool schedule run offsite».
error-disk-full = Нет места: { $what }. Освободите место или удалите старые копии («npx botpool backup prune») и повторите.
error-restore-taken = Имя { $clientId } занято: имена клиентов не повторяются. Выберите для копии новое.
error-table-large = Таблица { $table } слишком велика для одного CSV. Восстановите клиента копией и выгрузите оттуда через psql.

error-signed-out = Здесь никто не вошёл, или сеанс закончился. Войдите снова: «npx botpool panel» печатает ссылку, а набранное остаётся.
error-forbidden = Для этого нужно право { $needed }, а у вас { $granted }. Попросите у администратора другую роль или другой токен.
error-sign-in-failed = Имя и пароль не подходят друг к другу. Проверьте оба и попробуйте снова; «npx botpool users list» показывает имена.
error-sign-in-paused = Слишком много попыток войти. Подождите { $seconds } с и попробуйте снова.
error-ticket-used = Эта ссылка уже использована или устарела. «npx botpool panel» печатает новую.
error-request-foreign = Запрос отклонён: { $problem }. Откройте панель по адресу, который печатает Botpool.
error-route-unknown = По адресу { $route } ничего нет. Адрес панели — /, адрес API — /api/v1.
error-panel-exposed = Botpool не отвечает на { $address }, где его могут достать другие: { $missing }. Добавьте это или уберите PANEL_ADDRESS, чтобы отвечать только на этой машине.
error-user-exists = Пользователь { $name } уже есть. Выберите другое имя или измените его командой «npx botpool users set».
error-user-unknown = Пользователя { $name } нет. «npx botpool users list» показывает всех.
error-last-admin = { $name } — последний администратор. Сначала сделайте администратором другого пользователя.
error-password-weak = Пароль слишком короткий. Ожидается не меньше { $least } символов.
error-settings-changed = Эти настройки тем временем изменил кто-то другой. Посмотрите на них снова и внесите своё изменение.
error-token-unknown = Токена API { $id } нет. «npx botpool tokens list» показывает все.

error-internal = Случилось непредвиденное. Причина записана в журнале панели управления под номером { $id }: сообщите о ней вместе с этой строкой.
error-internal-buyer = У нас что-то пошло не так. Мы записали это под номером { $id } и разбираемся. Пожалуйста, попробуйте чуть позже.

# Командная строка
cli-stopping = Останавливаю …
cli-stop-heard = Остановлю, как только закончится текущий шаг. Ещё раз Ctrl-C — сразу.
cli-stopping-now = Останавливаю немедленно. PostgreSQL восстановится сам при следующем запуске.
cli-stopped = Остановлено. Данные на месте.
cli-ready = Botpool готов через { $seconds }: ждут клиентов { $waiting } из { $total } ботов.
cli-ready-sandbox = Telegram   его играет встроенная песочница: { $url }; ни аккаунт, ни токен не нужны
cli-ready-telegram = Telegram   настоящий
cli-ready-panel = Панель     { $url } (ссылка входит один раз; новую печатает «npx botpool panel»)
cli-ready-desktop = Окно       сейчас откроется
cli-ready-no-desktop = Окно       на этой машине нет Electron; «npm run desktop -- open» попробует его получить. В браузере та же панель.
cli-ready-places =
    Данные     { $home }
      Журнал     { $log }
cli-ready-next =
    Попробуйте дальше, в другом терминале:
      npx botpool status
      npx botpool activate --client client_001 --token-file token.txt --admin <ваш id в Telegram> --company "Мой салон"
cli-ready-next-sandbox =
    Попробуйте дальше, в другом терминале:
      npx botpool status
      npx botpool sandbox person Анна                         владелица
      npx botpool sandbox bot "Маникюр у Анны" --owner Анна   её бот и его токен
      npx botpool sandbox person Ольга                        её клиентка
    «sandbox bot» напечатает, как активировать бота; потом Ольга сможет ему написать:
      npx botpool sandbox start Ольга "Маникюр у Анны"
    Или купите бота, как это сделал бы клиент, — в разговоре с ботом продаж:
      npx botpool sandbox start Анна botpool_sales_bot
cli-ready-stop-docker = Ctrl-C закрывает эту панель, боты продолжают работать. «npx botpool down» останавливает всё; данные остаются.
cli-stopped-docker = Панель закрыта. Боты продолжают работать; их остановит «npx botpool down». Данные остаются.
cli-ready-stop = Ctrl-C остановит всё; данные останутся.
cli-up = Botpool работает в фоне (процесс { $pid }). Посмотреть: «npx botpool status», остановить: «npx botpool down».
cli-up-already = Botpool уже работает (процесс { $pid }).
cli-up-repaired = { $bot } отсутствовал и снова работает.
cli-restarted = { $bot } перезапущен.
cli-down-lost = Все данные этой установки будут потеряны навсегда: клиенты ({ $clients }) с их записями и посетителями, очередь, песочница. Резервные копии и ключ в { $home }/secrets/master.key останутся.
cli-down-ask = Чтобы удалить их, введите { $project }:
cli-down-confirm = добавьте --confirm { $project }, чтобы продолжить
cli-down-emptied = Всё остановлено, все данные удалены.
cli-down-already = Botpool здесь не работает; останавливать нечего.
cli-status-counts = всего { $total }, ждут { $waiting }, активируются { $activating }, работают { $active }, сбой { $failed }, завершаются { $draining }, в очереди { $queued }
cli-status-services = служб работает: { $running } из { $total } ({ $engine })
cli-status-service-down = ! { $service } не работает ({ $state }). «npx botpool up» запустит, «npx botpool logs { $service }» покажет, почему остановилась.
cli-status-fill = занято { $percent } %
cli-status-empty = В пуле ещё нет ботов; клиентов в очереди: { $queued }. Боты появляются через мгновение после запуска: посмотрите ещё раз или загляните в «npx botpool logs».
cli-column-bot = БОТ
cli-column-state = СОСТОЯНИЕ
cli-column-client = КЛИЕНТ
cli-column-since = С КАКИХ ПОР
cli-column-username = ИМЯ В TELEGRAM
cli-column-company = КОМПАНИЯ
cli-column-id = ID
cli-column-name = ИМЯ
cli-column-owner = ВЛАДЕЛЕЦ
cli-column-image = ОБРАЗ
cli-column-size = РАЗМЕР
cli-column-language = ЯЗЫК
cli-token-once = ожидается токен один раз: через --token или --token-file
cli-activate-delivered = { $bot } получил настройки и запускается …
cli-activate-done = { $clientId } работает на { $bot }, готово за { $ms } мс.
cli-activate-already = { $clientId } уже работал на { $bot }; ничего не изменено.
cli-activate-sandbox = Бот живёт в песочнице. Написать ему: npx botpool sandbox start <человек> { $username }
cli-activate-queued = { $clientId } в очереди, место { $place }, и получит ближайшего свободного бота сам. Следить: npx botpool tenants show { $clientId }
cli-deactivate-done = { $clientId } приостановлен; { $bot } возвращается в пул. Данные на месте.
cli-deactivate-forced = { $clientId } приостановлен. { $bot } не ответил, поэтому лишён прав без своего участия. Данные на месте.
cli-deactivate-idle = { $clientId } приостановлен; бота у него не было. Данные на месте.
cli-since-expected = ожидается ISO 8601, например 2026-01-31T09:00:00Z, или срок: 90s, 10m, 2h, 3d
cli-orders-none = Заказов ещё нет. Покупатели делают их в боте продаж.
cli-column-order = ЗАКАЗ
cli-column-sum = СУММА
cli-column-plan = ТАРИФ
cli-column-months = МЕСЯЦЕВ
cli-order-queued = ждёт бота, место { $place }
cli-order-facts = { $company }; тариф { $plan }; покупатель { $buyer }
cli-order-retried = Заказ { $order } выполняется снова.
cli-order-refund-ask = { $sum } по заказу { $order } ({ $company }) вернутся покупателю безвозвратно; когда вернётся всё, бот остановится. Введите номер заказа:
cli-order-refunded = { $sum } по заказу { $order } возвращаются.
cli-plan-on = продаётся
cli-plan-off = не продаётся
cli-tenants-none = Клиентов ещё нет. Первого создаст «npx botpool activate».
cli-tenant-queued = в очереди, место { $place }
cli-tenant-facts = { $company }; { $kind }, { $locale }, { $timeZone }; владелец { $ownerId }
cli-tenant-bot = { $bot }, { $since }; этапы активации:
cli-delete-choice = ожидается либо --keep-data, либо --drop-data
cli-delete-ask-keep = Клиент { $clientId } ({ $company }) будет удалён навсегда: бот и токен. Таблицы останутся. Введите { $clientId }, чтобы продолжить:
cli-delete-ask-drop = Клиент { $clientId } ({ $company }) будет удалён навсегда, вместе со всеми записями, посетителями и настройками. Введите { $clientId }, чтобы продолжить:
cli-delete-confirm = ожидается { $clientId } ещё раз
cli-delete-done-keep = { $clientId } удалён; его таблицы остались.
cli-delete-done-drop = { $clientId } удалён вместе со всеми данными.
cli-scale-same = В пуле уже { $total } ботов; ничего не изменено.
cli-scale-grown = Теперь в пуле { $total } ботов: запущено { $count }. Через мгновение они ждут клиентов; их покажет «npx botpool status».
cli-scale-shrunk = Теперь в пуле { $total } ботов: убрано { $count }. Все они ждали; ни один клиент этого не заметил.
cli-scale-kept = Запрошено { $wanted }, но осталось { $total }: бот, который обслуживает клиента или передаётся клиенту, никогда не убирается. Сначала деактивируйте клиентов, затем повторите.
scaling-below-line = Не хватает свободных ботов: { $missing }. Запускается: { $count }.
scaling-enough = Свободных ботов достаточно: ждут { $waiting }, нужно { $needed }.
scaling-limited = Не хватает свободных ботов: { $missing }, и сейчас запустить нельзя ни одного.
scaling-surplus = Лишние ждущие боты убираются: { $count }; среди них нет ни одного, кто обслуживает клиента.
scaling-cooling = Ждёт больше ботов, чем нужно; если так и останется, часть будет убрана.
scaling-resting = Ждёт больше ботов, чем нужно, но в пуле не больше обычного размера (его меняет «npx botpool scale»).
scaling-reserved = Ждёт больше ботов, чем нужно; их держат открытые ссылки на оплату.
scaling-off = Автомасштабирование выключено; пул сохраняет размер. Включить: «npx botpool pool policy --set autoscaler=on».
scaling-limit-maximum = В пуле { $total } ботов, больше нельзя: увеличьте max командой «npx botpool pool policy --set max=…» или деактивируйте клиентов.
scaling-limit-memory = Памяти хоста на новых ботов не хватает: добавьте памяти или остановите там что-нибудь ещё.
scaling-limit-engine = Движок сообщает, что он заполнен: посмотрите «npx botpool logs», сети и диск движка; запрос повторится сам.
scaling-limit-back-off = Боты не запустились { $failures } раз подряд, поэтому паузы между попытками растут: слова движка покажет «npx botpool pool explain --all».
scaling-limit-stuck = Запущены, но не поднимаются боты: { $stuck }, поэтому новых таких же не делается: посмотрите «npx botpool status» и «npx botpool logs»; обычная причина — испорченный образ.
scaling-sum = { $stuck ->
    [0] ждут { $waiting }, запускаются { $starting }
   *[other] ждут { $waiting }, запускаются { $starting }, из них зависли { $stuck }
}; нужно свободных: { $free } ({ $rule ->
    [percentage] по проценту
    [schedule] по расписанию
    [forecast] по прогнозу
   *[fixed] всегда
}){ $queued ->
    [0] {""}
   *[other] {" "}и { $queued } для клиентов в очереди
}
cli-scaling-none = Автомасштабирование ещё ничего не решало.
cli-scaling-nobody = никто
cli-scaling-policy = Политика: { $words }. Решает { $leader }.
cli-scaling-result = запущено { $started }, убрано { $removed }, не удалось { $failed }
cli-column-at = КОГДА (UTC)
cli-column-decision = РЕШЕНИЕ
cli-column-why = ПОЧЕМУ
cli-column-result = ИТОГ
cli-policy-own = Задана оператором; «--set default» возвращает к переменным.
cli-policy-variables = Задана переменными MIN_FREE_BOTS, SCALE_BATCH, MAX_TOTAL_BOTS, SCALE_DOWN_AFTER.
cli-simulate-head = { $hours } ч, активаций: { $claims }; проиграны обе политики (сохранённых решений: { $decisions }):
cli-simulate-present = СЕЙЧАС
cli-simulate-other = ДРУГАЯ
cli-simulate-started = запущено ботов
cli-simulate-removed = убрано ботов
cli-simulate-peak = больше всего ботов сразу
cli-simulate-waited = клиенты, которые ждали бота
cli-simulate-longest = самое долгое ожидание, с
cli-simulate-below = свободных меньше нужного, с
cli-simulate-empty = ни одного свободного, с
cli-simulate-hours = бото-часы
cli-simulate-same = Каждое сохранённое решение было бы таким же.
cli-alerts-none = Ничего не требует вашего внимания.
cli-alerts-open = [{ $since }]
cli-alerts-over = [позади; началось { $since }]
cli-alerts-seen = [{ $since }; занимается { $by }]
cli-alerts-acknowledged = Тревога { $id } теперь за вами; она закончится сама, когда исчезнет причина.
cli-alerts-not-open = Тревоги { $id } нет среди открытых, или ею уже занимаются.
cli-check-none = Всё так, как должно быть.
divergence-container-missing = { $target } должен быть, но его нет, как после удаления вручную: он создаётся заново сам.
divergence-container-stopped = { $target } должен работать, но стоит: он запускается сам.
divergence-retirement-unfinished = { $target } выводится из пула, но ещё на месте: удаление завершится само.
divergence-orphan-serving = { $target } обслуживает клиента, хотя его никто не заказывал: он принят в пул.
divergence-orphan-idle = { $target } запустил кто-то другой, и он никого не обслуживает: он убирается сам.
divergence-client-stranded = { $target } должен быть активен, но его не обслуживает ни один бот: бот найдётся сам; подробнее — «npx botpool tenants show { $target }».
divergence-activation-stuck = Активация { $target } на { $container } не заканчивается: она прекращается и начинается заново сама.
divergence-service-doubled = { $target } всё ещё считает, что обслуживает { $clientId }, хотя бот у клиента другой: записать он уже ничего не может и отправляется домой сам.
divergence-lease-foreign = Право опрашивать токен { $target } держит { $holder }, а это не его бот: если так останется минуту, перезапустите { $holder }.
divergence-version-old = { $target } работает на версии { $version }, а не { $current }: его заменит выпуск или перезапуск.
divergence-bot-stuck = { $target } не поднимается уже { $seconds } с: он создаётся из образа заново сам, с каждым разом реже; причину покажет «npx botpool logs { $target }».
divergence-bot-flapping = { $target } завершился { $restarts } раз за несколько минут: посмотрите «npx botpool logs { $target }»; клиента тем временем обслуживает другой бот.
cli-sandbox-no-link = подходящей кнопки со ссылкой нет: { $links }
cli-sandbox-paid = Страница оплаты отвечает: { $status }.
cli-sandbox-made = Telegram создал @{ $bot }.
cli-sandbox-silent = (@{ $bot } не ответил за { $seconds } с)
cli-sandbox-keyboard = Клавиатура:
cli-sandbox-notice = (всплывает: { $text })
cli-sandbox-chat-empty = (здесь ещё ничего не написано)
cli-sandbox-person = { $name } здесь: id { $id }, язык { $language }.
cli-sandbox-bot = @{ $username } («{ $name }»), владелец { $owner }. Токен:
cli-sandbox-bot-next =
    Отдать его клиенту:
      npx botpool activate --client client_001 --token { $token } --admin { $owner } --company "{ $name }" --lang-of-bot { $locale }
cli-sandbox-people = Люди: { $count }
cli-sandbox-bots = Боты: { $count }
cli-find-several = «{ $word }» — это { $names }: назовите id
cli-find-nobody = никого не зовут «{ $word }»; известны: { $names }
cli-find-none-yet = никого не зовут «{ $word }»: здесь ещё никого нет
cli-button-several = «{ $word }» подходит к нескольким кнопкам: { $names }
cli-button-unknown = нет кнопки «{ $word }»; в чате есть { $names }
cli-button-none = нет кнопки «{ $word }»: в чате нет кнопок
cli-image-made = собран из пакетов Debian
cli-image-pulled = загружен
cli-image-built = собран из этого кода
cli-image-current = без изменений
cli-image-kept = оставлен как есть: не наша замена
cli-images-ready = Все образы готовы через { $seconds }.
cli-column-when = КОГДА
cli-column-next = СЛЕДУЮЩИЙ (UTC)
cli-column-last = ПОСЛЕДНИЙ
cli-schedule-run = «{ $name }» запущено. Смотрите «npx botpool schedule history { $name }».
cli-schedule-resumed = «{ $name }» снова действует.
cli-schedule-removed = «{ $name }» удалено.
cli-schedule-paused = «{ $name }» остановлено. Продолжить: «npx botpool schedule resume { $name }».
cli-schedule-is-paused = остановлено
cli-schedule-added = «{ $name }» создано. Ближайшие запуски: { $next }
cli-column-offsite = КОПИЯ В ХРАНИЛИЩЕ
cli-column-backup = КОПИЯ
cli-column-rows = СТРОК
cli-column-age = СДЕЛАНА
cli-backup-choice = ожидается --client client_001 или --all с папкой копии
cli-backup-ask-all = Всё станет таким, как в этой копии; нынешняя база останется под другим именем. Введите { $project }:
cli-backup-restored-all = Восстановлено: клиентов { $clients }, строк { $rows }. Прежняя база: { $before }. Продолжить: «npx botpool up».
cli-backup-first = Копий ещё нет: первая будет в { $at }. Сделать сейчас: «npx botpool backup create».
cli-backup-fetched = { $id } снова здесь. Проверить: «npx botpool backup verify { $id }».
cli-backup-offsite-none = В хранилище нет ни одной целой копии.
cli-backup-none = Копий ещё нет. Первую сделает «npx botpool backup create».
cli-backup-progress = { $id }: { $phase }, { $size }, посчитано таблиц { $tables } из { $total }
cli-backup-facts = { $size }, схем { $schemas }, таблиц { $tables }, строк { $rows }; проверка: { $depth }
cli-backup-same = Во всех таблицах сейчас столько же строк, сколько в копии.
cli-backup-ask = { $clientId } станет таким, как в { $id }; добавленное позже пропадёт (сначала делается копия нынешнего). Введите { $clientId }:
cli-backup-restored = { $clientId } восстановлен, строк: { $rows }. Копия прежнего: { $safety }
cli-backup-pruned = Удалено копий: { $count }.
cli-backup-green = Хорошо: { $id } пробно восстановлена, ей { $hours } ч.
cli-backup-red = Нехорошо: { $problems }. Последней проверенной { $hours } ч, обещано { $promised } ч.
cli-schedule-no-runs = Запусков ещё не было.
cli-users-none = Пользователей нет. «npx botpool users add <имя> --role admin» добавит; до тех пор впускают только ссылки.
cli-user-added = { $name } может входить в панель с ролью { $role }.
cli-user-changed = У { $name } роль { $role }; все сеансы закончены.
cli-user-removed = { $name } удалён.
cli-user-password = Пароль, показан один раз: { $password }
cli-user-choice = ожидается либо --disable, либо --enable
cli-tokens-none = Токенов нет. «npx botpool tokens create <имя>» сделает токен.
cli-token-made = Токен { $name } с правом { $scope }. Он показан один раз:
cli-token-revoked = Токен { $name } отозван.
cli-column-role = РОЛЬ
cli-column-signed-in = ВХОДИЛ
cli-column-scope = ПРАВО
cli-column-used = ИСПОЛЬЗОВАН

# The check-list
check-secret-files = Файлы секретов
check-secret-files-why = Ключи и пароли лежат в файлах. Кто их прочтёт, прочтёт и токены клиентов.
check-secret-files-fix = Разрешите читать их только владельцу: chmod 600.
check-home-folder = Папка установки
check-home-folder-why = В ней лежат данные, журналы и ключи всех клиентов.
check-home-folder-fix = Пускайте в неё только владельца: chmod 700.
check-environment-file = Файл .env
check-environment-file-why = В нём стоят токены и ключи оплаты.
check-environment-file-fix = Разрешите читать его только владельцу: chmod 600.
check-panel-address = Где отвечает панель
check-panel-address-why = Без TLS любой на пути прочтёт сеанс и сможет действовать от имени оператора.
check-panel-address-fix = Отвечайте только на 127.0.0.1 или задайте PANEL_TLS_CERT_FILE и PANEL_TLS_KEY_FILE.
check-api-tokens = Токены программ
check-api-tokens-why = Бессрочный токен со всеми правами — ключ, пропажи которого никто не заметит.
check-api-tokens-fix = Отзовите его и сделайте токен с меньшим правом или сроком: npx botpool tokens create <имя> --scope operate --days 90.
check-redis-password = Redis спрашивает пароль
check-redis-password-why = Кто дотянется до открытого Redis, прочтёт и изменит состояние всех ботов.
check-redis-password-fix = Запускайте Botpool со своим Redis или задайте пароль вашему (requirepass или ACL).
check-redis-address = Где слушает Redis
check-redis-address-why = Он нужен только этой машине.
check-redis-address-fix = Пусть слушает на 127.0.0.1 (bind 127.0.0.1).
check-redis-eviction = Redis ничего не забывает
check-redis-eviction-why = Redis, который вытесняет ключи при нехватке памяти, теряет состояния ботов и диалоги.
check-redis-eviction-fix = Задайте maxmemory-policy noeviction.
check-postgres-passwords = PostgreSQL спрашивает пароли
check-postgres-passwords-why = Доверенный адрес пускает любого к данным всех клиентов.
check-postgres-passwords-fix = Используйте scram-sha-256 в pg_hba.conf и password_encryption.
check-postgres-address = Где слушает PostgreSQL
check-postgres-address-why = Он нужен только этой машине.
check-postgres-address-fix = Задайте listen_addresses = 'localhost'.
check-postgres-connections = Соединения с PostgreSQL
check-postgres-connections-why = Когда они кончаются, ждут боты, а с ними и посетители.
check-postgres-connections-fix = Увеличьте max_connections или найдите на странице показателей клиента, который держит много.
check-isolation = Боты отделены друг от друга
check-isolation-why = Взломанный бот не должен дотянуться до машины и до других ботов.
check-isolation-fix = Для настоящих клиентов запускайте на Docker.
check-telegram = Telegram
check-telegram-why = В песочнице не обслуживаются настоящие люди.
check-telegram-fix = Когда будете готовы, задайте TELEGRAM_API_ROOT=https://api.telegram.org.
check-pool-free = Боты ждут клиентов
check-pool-free-why = Покупатель получает бота сразу, только пока какой-то бот ждёт.
check-pool-free-fix = Увеличьте пул: npx botpool scale <число>.
check-bot-problems = Боты без неполадок
check-bot-problems-why = Бот с неполадкой не отвечает посетителям.
check-bot-problems-fix = Посмотрите, что не так: npx botpool status, npx botpool logs <бот>.
check-backups = Резервные копии
check-backups-why = Непроверенная копия может оказаться не копией.
check-backups-fix = Сделайте копию и проверьте её: npx botpool backup create, npx botpool backup verify.
check-disk = Место на диске
check-disk-why = PostgreSQL останавливается, когда диск полон.
check-disk-fix = Освободите место или перенесите установку на больший диск.
check-memory = Память
check-memory-why = Без памяти система завершает процессы, а ботов больше всего.
check-memory-fix = Уменьшите пул или добавьте машине памяти.
check-clock = Часы согласны
check-clock-why = Аренды и записи сравниваются по времени.
check-clock-fix = Включите синхронизацию времени на этой машине.
check-versions = Версии
check-versions-why = В старых серверах нет того, на что опирается Botpool.
check-versions-fix = Используйте PostgreSQL 15 или новее и Redis 7 или новее.
found-secret-files-ok = их читает только владелец
found-files-open = другие могут читать { $files }
found-mode = права { $mode }
found-no-environment = его нет
found-panel-loopback = на { $address }, только эта машина
found-panel-open = на { $address }, где его достают другие
found-api-tokens = бессрочных токенов со всеми правами: { $count }
found-unknown = неизвестно
found-redis-open = отвечает посторонним
found-redis-closed = посторонним отказано
found-redis-policy = maxmemory-policy { $policy }
found-postgres-passwords = { $encryption }, доверенных адресов: { $trusting }
found-listens = на { $address }
found-connections = { $connections } из { $most }
found-no-isolation = боты работают процессами этой машины, их ничто не разделяет
found-isolation = контейнеры { $engine }
found-telegram-sandbox = его играет песочница
found-telegram-real = настоящий
found-pool-free = ждут { $waiting } из { $total }
found-bot-problems = ботов с неполадками: { $count }
found-no-backup = копий нет
found-backup = возраст { $hours } ч, не проверена
found-backup-verified = возраст { $hours } ч, проверена
found-disk = свободно { $gib } ГиБ ({ $percent } %)
found-memory = свободно { $gib } ГиБ ({ $percent } %)
found-clock = расходятся на { $ms } мс
found-versions = PostgreSQL { $postgres }, Redis { $redis }
cli-doctor-fixed = Исправлено: { $title }.
cli-doctor-sum = хорошо { $ok }, к сведению { $warn }, исправить { $fail }, неизвестно { $unknown }
cli-doctor-fix-hint = Часть Botpool может исправить: npx botpool doctor --fix

# Настольная программа: значок, меню, уведомления.
desktop-open = Открыть Botpool
desktop-checks = Проверки
desktop-settings = Настройки …
desktop-quit = Завершить Botpool
desktop-about = О программе
desktop-keep-in-tray = Закрытое окно оставляет программу в трее
desktop-hide = Скрыть Botpool
desktop-hide-others = Скрыть остальные
desktop-unhide = Показать все
desktop-edit = Правка
desktop-undo = Отменить
desktop-redo = Повторить
desktop-cut = Вырезать
desktop-copy = Копировать
desktop-paste = Вставить
desktop-select-all = Выделить всё
desktop-view = Вид
desktop-reload = Обновить
desktop-zoom-reset = Обычный размер
desktop-zoom-in = Увеличить
desktop-zoom-out = Уменьшить
desktop-full-screen = Во весь экран
desktop-developer = Инструменты разработчика
desktop-window = Окно
desktop-minimize = Свернуть
desktop-close = Закрыть
desktop-away = Botpool не отвечает
desktop-tooltip = Свободно { $waiting } из { $total }, работает { $active }, ждут { $queued }
desktop-alert-queued = { $count ->
    [one] Клиент ждёт свободного бота: { $count }.
   *[other] Клиенты ждут свободного бота: { $count }.
}
desktop-alert-failed = { $count ->
    [one] Не удался { $count } запуск.
    [few] Не удались { $count } запуска.
   *[other] Не удались { $count } запусков.
}
desktop-alert-full = Свободных ботов нет: заняты все { $count }.
