# Расписания: что и когда делается и чем закончилось.
nav-schedules = Расписания
schedules-sub = Что Botpool делает сам и когда.
schedules-add = Новое расписание
schedules-empty = Расписаний нет
schedules-empty-text = Свои Botpool заводит при запуске. Если здесь пусто, причина есть в журналах.
schedules-timeline = Двенадцать часов назад и вперёд
schedules-now = сейчас
schedules-list = Все расписания
schedule-track = { $name }: за двенадцать часов { $runs ->
    [0] запусков не было
    [one] { $runs } запуск
    [few] { $runs } запуска
   *[other] { $runs } запусков
}, со сбоем { $troubled }; впереди за двенадцать часов { $due }.
schedule-next = Следующий
schedule-last = Последний
schedule-never = ещё не запускалось
schedule-paused = пауза
schedule-paused-by = Пауза, { $by }: { $reason }
schedule-built-in = часть Botpool
schedule-run = Запустить
schedule-running = Просим запустить …
schedule-started = { $name } запустится сейчас же.
schedule-pause = Пауза …
schedule-pause-title = Пауза: { $name }
schedule-pause-text = Пока стоит пауза, ничего не запускается и потом не навёрстывается.
schedule-pause-reason = Почему
schedule-pausing = Ставим паузу: { $name } …
schedule-pause-done = { $name } на паузе.
schedule-pause-do = Поставить паузу
schedule-resume = Продолжить
schedule-resuming = Снимаем паузу: { $name } …
schedule-resumed = { $name } снова работает.
schedule-history = История
schedule-history-of = История: { $name }
schedule-edit = Изменить …
schedule-edit-of = Изменить { $name }
schedule-run-of = Запустить { $name }
schedule-pause-of = Пауза: { $name }
schedule-resume-of = Продолжить { $name }
schedule-remove = Удалить
schedule-remove-of = Удалить { $name }
schedule-remove-lost = Расписание исчезнет вместе с историей запусков. Что запуски сделали, останется.
schedule-removing = Удаляем { $name } …
schedule-removed = { $name } удалено.
schedule-name = Имя
schedule-name-hint = Строчные латинские буквы, цифры и дефис, например backup-hourly.
schedule-job = Что делать
schedule-scope = С чем
schedule-expression = Когда
schedule-expression-hint = Пять полей: минута, час, день, месяц, день недели. Шесть, если первыми секунды.
schedule-examples = Частые случаи
schedule-zone = Часовой пояс
schedule-preview = Запустится
schedule-preview-zone = Время пояса { $zone }
schedule-preview-local = у вас { $time }
schedule-overlap = Если прошлый запуск не закончился
schedule-overlap-forbid = пропустить этот
schedule-overlap-queue = подождать и запустить
schedule-overlap-replace = прервать тот, запустить этот
schedule-catch-up = После простоя наверстать пропущенное один раз
schedule-deadline = Начать не позже чем через (с)
schedule-timeout = Прервать через (с)
schedule-retries = Повторов после сбоя
schedule-back-off = Между повторами (с)
schedule-rules = Ещё правила
schedule-save = Сохранить
schedule-saving = Сохраняем { $name } …
schedule-saved = { $name } сохранено.
schedule-unknown = Такого расписания нет
run-state-queued = вот-вот начнётся
run-state-running = идёт
run-state-succeeded = готово
run-state-failed = сбой
run-state-missed = пропущен
run-state-skipped = не начат
run-state-replaced = заменён
run-cause-schedule = по часам
run-cause-catch-up = навёрстан
run-cause-manual = просил { $by }
run-took = занял { $time }
run-attempt = попытка { $attempt }
run-missed = { $count ->
    [one] вместо { $count } запуска
   *[other] вместо { $count } запусков
}
run-output = Что сообщил
run-only-trouble = Только неудачи
run-none = Ещё не запускалось.
run-none-trouble = Всё прошло хорошо.
cron-second = Каждые { $n } с
cron-minute = Каждую минуту
cron-minutes = { $n ->
    [one] Каждую { $n } минуту
    [few] Каждые { $n } минуты
   *[other] Каждые { $n } минут
}
cron-hour = Каждый час в { $minute } минут
cron-hours = { $n ->
    [one] Каждый { $n } час в { $minute } минут
    [few] Каждые { $n } часа в { $minute } минут
   *[other] Каждые { $n } часов в { $minute } минут
}
cron-day = Каждый день в { $time }
cron-week = { $days } в { $time }
cron-month = { $day }-го числа каждого месяца в { $time }
cron-other = По правилу { $expression }
job-backup = делает копию и проверяет её
job-verify = восстанавливает последнюю копию на пробу
job-retention = удаляет копии, которые ничем не удержаны
job-offsite = выгружает проверенные копии за пределы машины
job-report = рассказывает операторам, как прошёл день
job-images = удаляет неиспользуемые образы
job-backup-watch = смотрит, хороши ли копии
job-renewals = просит клиентов оплатить следующий месяц
job-payments = ищет платежи, о которых не сообщили
