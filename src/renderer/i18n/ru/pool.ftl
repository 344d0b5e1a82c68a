hero-label = Как идут дела
hero-queued = клиентов ждут
hero-free = свободных ботов
hero-serving = работают у клиентов
hero-fill = занято
verdict-good = Всё хорошо
verdict-attention = Стоит взглянуть
verdict-trouble = Нужны вы
verdict-empty = Пул пуст
verdict-good-text = { $active ->
    [0] Свободные боты ждут первого клиента.
    [one] { $active } бот работает у клиента, остальные готовы.
    [few] { $active } бота работают у клиентов, остальные готовы.
   *[other] { $active } ботов работают у клиентов, остальные готовы.
}
verdict-empty-text = Ни один бот ещё не откликнулся.
concern-queued = { $count ->
    [one] { $count } клиент ждёт свободного бота.
    [few] { $count } клиента ждут свободного бота.
   *[other] { $count } клиентов ждут свободного бота.
}
concern-problem = { $count ->
    [one] { $count } бот не может ответить своим посетителям.
    [few] { $count } бота не могут ответить своим посетителям.
   *[other] { $count } ботов не могут ответить своим посетителям.
}
concern-failed = { $count ->
    [one] { $count } запуск не удался.
    [few] { $count } запуска не удались.
   *[other] { $count } запусков не удались.
}
concern-no-free = Для следующего клиента нет свободного бота.
concern-few-free = { $count ->
    [one] Свободен только { $count } бот.
    [few] Свободны только { $count } бота.
   *[other] Свободны только { $count } ботов.
}
pool-bots = Боты
pool-search = Номер, клиент, компания …
pool-group = Группировать
pool-group-none = Все
pool-group-state = Состояние
pool-group-version = Версия
pool-empty = Ботов пока нет
pool-empty-text = Они появляются сразу после запуска. Если нет, причина в журналах.
pool-empty-offline = Они появятся, когда вернётся связь.
pool-nothing-found = Такого бота нет
alerts-title = Требует внимания
reason-title = Почему столько ботов
reason-rules = Правила и что сделали бы другие
forecast-free = Запусков за последние { $window }: { $claims }. С такой скоростью нынешние свободные боты закончатся через { $free }.
forecast-dry = Запусков за последние { $window }: { $claims }, и свободных ботов больше нет.
forecast-room = Новых хватит на { $room }.
concern-alert = { $count ->
    [one] Кое-что требует внимания.
    [few] { $count } тревоги требуют внимания.
   *[other] { $count } тревог требуют внимания.
}
alerts-take = Я займусь
alerts-taking = Записываем …
alerts-taken = Теперь это за вами; пропадёт само, когда исчезнет причина.
alerts-seen = Этим занимается { $by }.
alerts-none = Ничего. Все боты отвечают.
guide-title = Первые шаги
guide-hide = Убрать подсказки
guide-done = сделано
guide-pool = Тёплые боты готовы
guide-pool-text = Они запущены заранее, пока никому не нужны.
guide-activate = Дайте бота первому клиенту
guide-activate-text = Токен, название, и через мгновение он отвечает.
guide-talk = Поговорите с ним как посетитель
guide-talk-text = В песочнице: здесь она вместо Telegram.
guide-telegram = Напишите ему в Telegram
guide-telegram-text = Адрес на странице клиента.

bot-container = Контейнер
bot-since = В этом состоянии
bot-version = Версия
bot-client = Клиент
bot-restart = Перезапустить
bot-restarting = Перезапускаем бота { $number } …
bot-restarted = Бот { $number } перезапущен.
bot-restart-lost = Этот бот работает у { $client }. Пока он перезапускается, посетители подождут несколько секунд: подхватит другой бот. Ничего не потеряется.
bot-activation = Последний запуск
bot-log = Журнал
bot-cpu = Процессор
bot-memory = Память
bot-updates = Обновлений в минуту

scale-open = Размер …
scale-title = Сколько ботов
scale-bots = Ботов в пуле
scale-more = Новые боты ждут клиентов через несколько секунд. Дальше размером займётся автомасштаб.
scale-fewer = Убираются только свободные боты, сначала самые новые. Занятых это не касается.
scale-do = Изменить
scale-doing = Пул идёт к размеру { $bots }.
scale-done = Ботов в пуле: { $total }. Пришло: { $started }, ушло: { $removed }.
verdict-old = Сейчас неизвестно
verdict-old-text = Показано то, что пришло последним.
