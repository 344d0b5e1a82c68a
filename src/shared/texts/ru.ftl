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
error-kind-unknown = Нет вида ботов «{ $kind }». Известные виды: { $known }.

error-client-id-malformed = «{ $clientId }» — не номер клиента. Ожидается client_ и от трёх до шести цифр, например client_001.
error-client-unknown = Клиента { $clientId } нет. Всех клиентов покажет «npx botpool tenants list».
error-client-not-active = Клиент { $clientId } в состоянии { $state }, поэтому так сделать нельзя. Приостановленного (suspended) можно активировать снова; номер удалённого (deleted) больше не используется.
error-client-busy = Прежний бот клиента { $clientId } ещё не закончил работу. Попробуйте через мгновение.
error-client-other-token = Клиент { $clientId } уже работает с другим токеном. Сначала деактивируйте его, затем активируйте с новым токеном.
error-input-invalid = { $field }: { $problem }. Исправьте и попробуйте снова.

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
error-run-lost = Панель управления, которая его выполняла, завершилась на полпути.

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
cli-ready-stop = Ctrl-C остановит всё; данные останутся.
cli-up = Botpool работает в фоне (процесс { $pid }). Посмотреть: «npx botpool status», остановить: «npx botpool down».
cli-up-already = Botpool уже работает (процесс { $pid }).
cli-down-already = Botpool здесь не работает; останавливать нечего.
cli-status-counts = всего { $total }, ждут { $waiting }, активируются { $activating }, работают { $active }, сбой { $failed }, завершаются { $draining }, в очереди { $queued }
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
cli-schedule-no-runs = Запусков ещё не было.
