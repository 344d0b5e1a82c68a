clients-count = { $count ->
    [one] { $count } клиент
    [few] { $count } клиента
   *[other] { $count } клиентов
}
clients-search = Компания, номер, бот …
clients-shown = Какие клиенты
clients-shown-all = Все
clients-shown-active = Работают
clients-shown-waiting = Ждут
clients-shown-suspended = На паузе
clients-empty = Клиентов пока нет
clients-empty-text = Клиент — это салон, клиника, репетитор. Дайте первому бота: это минутное дело.
clients-nothing-found = Такого клиента нет
clients-company = Компания
clients-id = Клиент
clients-state = Состояние
clients-bot = Бот
clients-container = Контейнер
clients-since = С какого времени
clients-left = Осталось дней
clients-left-over = просрочено { $days }
clients-today = Сегодня
clients-errors = Ошибки
clients-size = Хранит
clients-backup = Копия
client-tab-sales = Оплата
client-tab-backups = Копии
client-tab-audit = Журнал
client-sales-none = За него никто не платил
client-sales-none-text = Он запущен вручную и работает, пока его не приостановят.
client-periods = Оплаченные периоды
client-period = Период
client-period-note = Примечание
client-period-voided = деньги возвращены
client-period-renews = продлевается сам
client-paid = Оплачено до { $day }, { $days ->
    [0] заканчивается сегодня
    [one] остался { $days } день
    [few] осталось { $days } дня
   *[other] осталось { $days } дней
}
client-paid-over = Было оплачено до { $day }
client-backup-make = Сделать копию этого клиента
client-backups-none = Ни одной копии с ним ещё нет
audit-when = Когда
audit-what = Что
audit-who = Кто
audit-details = Подробности
audit-more = Показать раньше
client-resuming = { $client } снова получает бота …
client-resumed = { $client } снова работает на { $container }.
client-move = Перенести на другого бота
client-move-lost = Его бот перезапустится, и сразу подхватит другой. На всё, что напишут клиенты за это время, ответит он.
client-moving = Переносим { $client } …
client-moved = { $client } переходит на другого бота.
client-token = Новый токен
client-token-do = Сменить токен
client-token-lost = Бот со старым токеном вернётся в пул, другой запустится с новым. Данные останутся.
client-token-changing = { $client } получает новый токен …
client-token-changed = { $client } работает с новым токеном.
client-export = Выгрузить все данные
client-exporting = Читаем все данные { $client } …
client-exported = Все данные { $client } в файле.
client-mode-active = работает
client-mode-activating = запускается
client-mode-waiting = ждёт бота
client-mode-suspended = на паузе
client-mode-deleted = удалён
client-unknown = Такого клиента нет
client-open = Открыть клиента
client-tab-overview = Обзор
client-tab-logs = Журнал
client-tab-data = Данные
client-facts = Что известно
client-queue = Место в очереди
client-created = Зарегистрирован
client-first-active = Впервые заработал
client-no-activation = Сейчас у него нет бота, поэтому показать нечего.
client-no-bot = Нет бота, нет журнала
client-no-bot-text = Журнал пишет контейнер, который обслуживает клиента. Сейчас такого нет.
client-suspend = Поставить на паузу
client-suspend-lost = Бот перестанет отвечать и вернётся в пул. Данные останутся; на то, что напишут посетители, бот ответит после следующего запуска.
client-suspending = Ставим { $client } на паузу …
client-suspended = { $client } на паузе; данные на месте.
client-resume = Возобновить
client-more = Ещё
client-delete = Удалить клиента
client-delete-keep = Удалить, таблицы оставить
client-delete-drop = Удалить со всеми данными
client-delete-keep-lost = { $company } навсегда теряет бота и токен, а его номер больше никому не достанется. Таблицы останутся.
client-delete-drop-lost = { $company } удаляется навсегда со всеми записями, посетителями и настройками. Вернуть это нельзя.
client-deleting = Удаляем { $client } …
client-deleted-keep = { $client } удалён; таблицы остались.
client-deleted-drop = { $client } удалён со всеми данными.
data-tables = Таблицы, { $size }
data-reload = Пересчитать
data-table = Таблица
data-rows = Строк
data-size = Размер
data-none = Таблиц пока нет
data-keys = Ключи в Redis
data-no-keys = Их нет: ничего не происходит.
data-more-keys = Их больше, чем сосчитано.

activate-sub = { $free ->
    [0] Свободных ботов сейчас нет: клиент встанет в очередь и получит следующего.
    [one] Ждёт { $free } свободный бот. От нажатия до первого ответа пройдёт мгновение.
    [few] Ждут { $free } свободных бота. От нажатия до первого ответа пройдёт мгновение.
   *[other] Ждут { $free } свободных ботов. От нажатия до первого ответа пройдёт мгновение.
}
activate-what = Кому бот
activate-progress = Запуск
activate-idle = Здесь будет видна каждая ступень и её время.
activate-token = Токен бота
activate-token-hint = От @BotFather. Хранится запечатанным и нигде не показывается.
activate-token-checking = Спрашиваем Telegram …
activate-token-is = Это { $name }, @{ $username }.
activate-token-taken = Он уже у { $client }.
activate-company = Компания
activate-owner = Telegram id владельца
activate-owner-hint = Кто управляет ботом прямо из Telegram.
activate-client = Номер клиента
activate-kind = Вид
activate-language = Язык
activate-zone = Часовой пояс
activate-do = Запустить
activate-again = Запустить снова
activate-already = { $client } уже работал на { $container }. Ничего не изменилось.
activate-done = { $client } работает на { $container }: готово за { $time }.
activate-qr = QR-код { $link }
activate-talk = Поговорить с ним
activate-next = Запустить ещё одного
activate-sandbox-text = Это песочница: владельца и бота с токеном можно создать прямо здесь.
activate-sandbox-name = Название компании для примера
activate-sandbox-example = Маникюр у Анны
activate-sandbox-owner = Анна
activate-sandbox-make = Создать
activate-sandbox-making = Создаём владельца и бота …
activate-sandbox-made = У «{ $company }» есть бот в песочнице; токен подставлен.
