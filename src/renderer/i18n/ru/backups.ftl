# Резервные копии: создать, проверить, вернуть, удалить.
nav-backups = Копии
backups-sub = Каждая проверяется пробным восстановлением.
backups-now = Сделать копию
backups-more = Другие копии
backups-one-client = Только один клиент
backups-beginning = Начинаем копию …
backups-begun = Копия делается. Ход работы виден на этом экране.
backups-good = На копии можно положиться
backups-bad = Копии требуют внимания
backups-none-yet = Копий пока нет
backups-newest = Последняя проверенная
backups-never = нет
backups-promised = Обещано не реже чем раз в
backups-target = Копия вне этой машины
backups-no-target = нет: копируйте папку сами
backups-free = Свободно на диске
backups-next = Следующая по расписанию
backups-paused = приостановлена
backups-empty = Копий пока нет
backups-empty-text = Первая делается одним нажатием. Прежде чем считаться, она восстанавливается на пробу; работа при этом не прерывается.
backups-list = Все копии
backups-taken = Сделана
backups-scope = Что
backups-everything = Всё
backups-size = Размер
backups-rows = Строк
backups-where = Где
backups-offsite-none = эта машина
backups-offsite-pending = эта машина, копируется дальше
backups-offsite-stored = здесь и снаружи
backups-offsite-failed = эта машина; выгрузка не удалась
backups-why = Кем
backups-cause-manual = человеком
backups-cause-schedule = по расписанию
backups-cause-safety = перед восстановлением
backups-cause-found = найдена в папке
backups-pinned = хранится всегда
backup-state-running = делается
backup-state-stored = не проверена
backup-state-verified = проверена
backup-state-suspect = под вопросом
backup-state-failed = не удалась
backup-phase-dump = Запись
backup-phase-download = Загрузка из хранилища
backup-phase-upload = Выгрузка за пределы машины
backup-phase-checksum = Сверка контрольных сумм
backup-phase-restore = Восстановление и подсчёт
backup-phase-done = Завершение
backup-progress-bytes = уже { $size }
backup-progress-tables = таблиц посчитано: { $tables } из { $total }
backup-stop = Остановить
backup-stop-one = Остановить копию { $id }
backup-stopping = Останавливаем …
backup-stopped = Остановлено. От копии ничего не осталось.
backup-proof-stopped = Проверка остановлена. Копия осталась как была.
backup-one = Копия
backup-id = Имя
backup-requested = Кто просил
backup-proven = Проверена
backup-proven-never = никогда
backup-encrypted = Зашифрована
backup-yes = да
backup-no = нет
backup-postgres = PostgreSQL
backup-folder = Папка
backup-files = Файлы
backup-clients = Клиенты в ней
backup-no-clients = Никого: она сделана до первого клиента.
backup-client-rows = { $rows ->
    [one] { $rows } строка
    [few] { $rows } строки
   *[other] { $rows } строк
}
backup-verify = Проверить
backup-verifying = Начинаем проверку …
backup-verify-begun = Пробное восстановление началось.
backup-pin = Хранить всегда
backup-unpin = Решать по правилам
backup-pinning = Записываем …
backup-pin-done = Она останется, что бы ни говорили правила.
backup-unpin-done = Её судьбу снова решают правила.
backup-restore = Восстановить …
backup-restore-one = Восстановить { $client } …
restore-title = Восстановление из копии от { $time }
restore-client = Какой клиент
restore-how = Как
restore-how-back = Вернуть как было
restore-how-copy = Сделать копию другим клиентом
restore-how-table = Взять одну таблицу файлом
restore-back-text = Бот ненадолго остановится и продолжит сам. Сначала нынешнее состояние сохраняется отдельной проверенной копией. Другие клиенты ничего не заметят.
restore-copy-text = В работающем ничего не меняется. Новый клиент приостановлен и без токена, пока вы его не запустите.
restore-table-text = Ничего не меняется. Вы получите файл CSV со строкой имён.
restore-copy-id = Номер нового клиента
restore-copy-taken = Клиент с таким номером уже есть.
restore-copy-malformed = Нужен номер вида client_012.
restore-table = Таблица
restore-look = Посмотреть, что изменится
restore-back = Назад
restore-dry = Вот что изменится. Пока не сделано ничего.
restore-same = Ничего: во всех таблицах столько же строк, сколько в копии. Сами строки всё же могут отличаться.
restore-col-table = Таблица
restore-col-now = Сейчас
restore-col-backup = В копии
restore-col-change = Разница
restore-missing = нет
restore-unchanged = { $count ->
    [one] Ещё в { $count } таблице строк столько же, сколько в копии.
   *[other] Ещё в { $count } таблицах строк столько же, сколько в копии.
}
restore-lost = Всё, что { $client } сохранил после копии, исчезнет. Вернуть это можно из страховочной копии, которая делается сейчас.
restore-do-back = Восстановить { $client }
restore-do-copy = Сделать копию
restore-do-table = Сохранить файл
restore-doing = Восстанавливаем { $client } …
restore-done = { $client } снова как в копии, строк: { $rows }.
restore-copied = Копия готова: { $client }, строк: { $rows }.
restore-saving = Читаем таблицу …
restore-saved = Строк в файле: { $rows }.
restore-undo = Вернуть, как было до этого
retention-title = Что хранится
retention-text = Считается для всего целиком и для каждого клиента отдельно. В счёт идут только проверенные копии; последняя из них остаётся всегда.
retention-last = Последние
retention-hourly = По часам
retention-daily = По дням
retention-weekly = По неделям
retention-monthly = По месяцам
retention-yearly = По годам
retention-save = Сохранить правила
retention-saving = Сохраняем правила …
retention-saved = Правила сохранены. Ничего не удалено.
retention-would = { $count ->
    [0] Сейчас ничего бы не удалилось.
    [one] Сейчас удалилась бы { $count } копия:
    [few] Сейчас удалились бы { $count } копии:
   *[other] Сейчас удалилось бы { $count } копий:
}
retention-held = { $count ->
    [one] Остаётся { $count } копия.
    [few] Остаются { $count } копии.
   *[other] Остаётся { $count } копий.
}
retention-prune = Удалить сейчас
retention-prune-lost = { $count ->
    [one] { $count } копия исчезнет навсегда вместе с файлами.
    [few] { $count } копии исчезнут навсегда вместе с файлами.
   *[other] { $count } копий исчезнут навсегда вместе с файлами.
}
retention-prune-word = удалить
retention-pruning = Удаляем …
retention-pruned = { $count ->
    [0] Ничего не удалено.
    [one] Удалена { $count } копия.
    [few] Удалены { $count } копии.
   *[other] Удалено { $count } копий.
}
retention-rule-last = одна из последних
retention-rule-hourly = своего часа
retention-rule-daily = своего дня
retention-rule-weekly = своей недели
retention-rule-monthly = своего месяца
retention-rule-yearly = своего года
retention-rule-newest = последняя проверенная
retention-rule-running = делается
retention-rule-pinned = хранится всегда
retention-rule-safety = сделана перед восстановлением
retention-rule-failed = объясняет сбой
retention-rule-unproven = новее проверенной нет
backup-held-by = Остаётся, потому что она
