# Errors: what happened, what was expected, the next step. "-buyer" is what a buyer reads in Telegram.

error-token-malformed = This is not a bot token. Expected digits, a colon and at least 24 letters, such as 123456789:AAF… Copy the whole token from @BotFather.
error-token-malformed-buyer = This does not look like a bot token. Open @BotFather, copy the whole line that looks like 123456789:AAF… and send it here.
error-token-invalid = Telegram does not accept this token: it was revoked or its bot was deleted. Ask the owner for the current token from @BotFather and activate again.
error-token-invalid-buyer = Telegram does not know this token any more. Please send /token to @BotFather, choose your bot and send me the new token.
error-token-taken = The bot with this token already belongs to { $clientId }. Each client needs a bot of its own: use another token, or delete that client first.
error-token-taken-buyer = This bot is already in use. Please create another bot with /newbot in @BotFather and send me its token.
error-token-in-use = Another program is reading the messages of this bot. Stop it (or revoke the token in @BotFather), then activate again.
error-token-in-use-buyer = Your bot is being run by another program right now. Please stop it there, or get a new token from @BotFather with /revoke, and try again.
error-telegram-unreachable = Telegram does not answer. Check this machine's way to the internet and TELEGRAM_API_ROOT, then try again.
error-telegram-unreachable-buyer = Telegram is not answering us at the moment. Nothing is lost: we will try again in a minute.
error-storage-failed = The client's storage could not be opened in PostgreSQL. The cause is in the control plane's log; fix it and activate again.
error-storage-failed-buyer = We could not prepare a place for your data. Your payment is safe: we are on it and will try again.
error-bot-lost = The bot { $container } stopped while it was being activated. The client is given another one; see “npx botpool logs { $container }” for why.
error-bot-lost-buyer = Your bot is taking a moment longer than usual. Please try once more.
error-timeout = No bot confirmed the activation within { $seconds } s. Look at “npx botpool status” and at the logs of the pool, then activate again.
error-timeout-buyer = Your bot needs longer than { $seconds } seconds. Your payment is safe: we will try again and write to you.
error-pool-empty = No bot is free right now. The client stays in the queue and gets the next free bot by itself; nothing needs to be repeated.
error-pool-empty-buyer = All bots are taken this very moment. You are in the queue, and your bot starts by itself as soon as one is free.
error-pool-too-large = { $wanted } bots are more than the pool may have: MAX_TOTAL_BOTS is { $max }. Ask for fewer, or raise it and restart.
error-kind-unknown = There is no kind of bot called “{ $kind }”. Known kinds: { $known }.

error-client-id-malformed = “{ $clientId }” is not a client id. Expected client_ and three to six digits, such as client_001.
error-client-unknown = There is no client { $clientId }. “npx botpool tenants list” shows all of them.
error-client-not-active = { $clientId } is { $state }, so this cannot be done. A suspended client can be activated again; a deleted id is never used again.
error-subscription-none = Nobody has ever paid for { $clientId }, so there is no period to extend. It works until it is suspended.
error-client-busy = The last bot of { $clientId } is still on its way out. Try again in a moment.
error-client-other-token = { $clientId } already runs with another token. Deactivate it first, then activate it with the new token.
error-client-no-token = No token is kept for { $clientId }. Give it one: “New token” in the panel, or “npx botpool activate”.
error-input-invalid = { $field }: { $problem }. Correct it and try again.

error-plan-unknown = There is no plan “{ $planId }” on sale. “npx botpool plans list” shows all of them.
error-plan-unknown-buyer = This plan is not on sale any more. Please choose another one.
error-order-unknown = There is no order { $orderId }. “npx botpool orders list” shows all of them.
error-order-unknown-buyer = I cannot find this order any more. Please begin anew with /start.
error-order-closed = Order { $orderId } has gone on meanwhile, so this cannot be changed any more. Look at it with “npx botpool orders show { $orderId }”.
error-order-closed-buyer = This order has already gone on, so nothing in it can be changed. Your bots: /mybots
error-order-incomplete = Order { $orderId } lacks its plan, its company or its bot, so it cannot be paid yet.
error-order-incomplete-buyer = Something is still missing in this order. Please answer the open question first.
error-too-many-orders = This buyer has 20 orders that are not paid. Cancel some of them before another one is opened.
error-too-many-orders-buyer = You have many unpaid orders. Please pay or cancel one of them first.
error-not-subscribed = { $clientId } is not paid for. Let the buyer renew it, or add a period with an order.
error-not-subscribed-buyer = The paid time of this bot is over. Please renew it first; your data is kept.
error-no-saved-method = { $clientId } has no saved way to pay, so it cannot be renewed by itself.
error-no-saved-method-buyer = There is no saved card for this bot. Pay the next period with “save my card” and I can renew it by myself.
error-request-open = Something is being done with { $clientId } already. Try again when it is finished.
error-request-open-buyer = I am still busy with what you asked for before. Please wait a moment.
error-not-payable = No payments can be taken: YOOKASSA_SHOP_ID and YOOKASSA_SECRET_KEY are not set. Set both and start again.
error-not-payable-buyer = Payments are not possible at the moment. Please write to our support.
error-yookassa-unreachable = YooKassa does not answer ({ $detail }). Nothing is lost: it is asked again with the same key until it answers.
error-yookassa-unreachable-buyer = The payment service is not answering right now. Nothing is lost: I will send you the link as soon as it does.
error-yookassa-refused = YooKassa refused the request: { $detail }. Correct the shop's settings or the plan, then “npx botpool orders retry”.
error-yookassa-refused-buyer = The payment service did not accept this payment. Our support has been told and will write to you.
error-refund-impossible = Order { $order } cannot be refunded so: { $why }.

error-postgres-unreachable = PostgreSQL does not answer ({ $address }). Look at “npx botpool logs postgres”; the work goes on by itself when it is back.
error-redis-unreachable = Redis does not answer ({ $address }). Look at “npx botpool logs redis”; the work goes on by itself when it is back.
error-control-plane-unreachable = Botpool is not running here. Start it with “npx botpool up”, or with “npm start” to watch it.
error-already-running = Botpool already runs in { $folder } (process { $pid }). Look at it with “npx botpool status”, or stop it with “npx botpool down”.
error-migration-changed = The migration { $migration } of { $schema } was changed after it had been applied. Put the released file back and start again.
error-schema-newer = { $schema } has version { $version }, but this program knows { $known } at most. Start the newer program, or restore a backup of the older one.
error-config-invalid = The configuration is not valid: { $problems }. Correct .env or the environment and start again.
error-secret-unreadable = { $what } cannot be read: the key or password file of this installation is missing, empty or another one. Put back the file that belongs to this data.

error-container-unknown = There is no container { $name }. “npx botpool status” and “npx botpool logs --help” show what there is.
error-container-exists = A container { $name } exists already. Remove it, or choose another name.
error-container-foreign = A container { $name } exists already, but it does not belong to this installation, so it was left alone. Rename or remove it, or give this installation another project name.
error-engine-unreachable = No Docker engine answers. Tried: { $tried }. Start Docker, or name its address in DOCKER_HOST.
error-engine-incompatible = This Docker engine speaks API versions { $speaks }, but { $needed } is needed. Update Docker, or Botpool.
error-engine-full = Docker could not { $action }, because its disk is full: { $detail }. Make room, for instance with “docker system prune”, and try again.
error-engine-failed = Docker could not { $action }: { $detail }. Fix the cause and try again.
error-image-missing = The image { $image } is not there. “botpool images build” makes it.
error-image-refused = The registry refused to { $action } { $image }: { $detail }. Check the name and sign in, or build it with “botpool images build”.
error-program-missing = { $program } is missing on this machine. { $remedy }
error-program-failed = { $program } failed: { $detail }. Fix the cause and try again.
error-unsupported = { $what } is not possible with { $engine }.

error-schedule-unknown = There is no schedule “{ $name }”. “npx botpool schedule list” shows all of them.
error-schedule-exists = A schedule “{ $name }” with another job exists already. Choose another name, or remove that one first.
error-schedule-built-in = “{ $name }” belongs to Botpool and cannot be removed. “npx botpool schedule pause { $name }” stops it.
error-schedule-invalid = “{ $expression }” in { $zone } is not a schedule: { $problem }. Expected five fields (minute, hour, day, month, weekday) or six with seconds first, such as “0 2 * * *”.
error-job-unknown = There is no job “{ $job }”. Known jobs: { $known }.
error-run-exists = “{ $name }” runs or waits already. See “npx botpool schedule history { $name }”; ask again when that run has ended.
error-run-missed = “{ $name }” was due { $count } times while nobody could start it. The next run follows by itself; look why Botpool was not running.
error-run-overlapped = It was due while the run before it had not ended.
error-run-replaced = A newer run has taken its place.
error-run-timeout = It did not end within { $seconds } s and was stopped.
error-schedule-failed = A run of “{ $name }” ended in { $code }. “npx botpool schedule history { $name } --output” shows why.
error-scheduler-silent = No control plane has run the schedules for { $seconds } s: no backup, no renewal. Look at “npx botpool status” and restart the host.
error-clock-went-back = The clock of this machine has gone back, noticed at “{ $name }”. Turn on time synchronisation; no run is doubled.
error-bots-died-together = { $count } bots ended at the same moment, of { $bots }: they start again and their clients get other bots by themselves. If it comes again, look at the machine's memory (“npx botpool doctor”) and at the engine's log.
error-bot-flapping = { $container } ended { $restarts } times within minutes, and waits longer before each further start. Its client is served by another bot; “npx botpool logs { $container }” shows why it ends.
error-bot-stuck = { $container } does not come up: it is made anew from its image by itself, more rarely each time. “npx botpool logs { $container }” shows why; a broken image is the usual cause.
error-leader-silent = { $lapsed } gave no sign for { $seconds } s, so { $leader } leads now; what { $lapsed } still wants to change is refused. Look whether it slept, is overloaded, or has a clock that is wrong.
error-client-set-aside = { $clientId } is suspended, because its bot cannot start again ({ $code }). Its data stays; “npx botpool tenants show { $clientId }” tells more. { $code ->
    [token_invalid] Telegram refuses its token: ask the owner for the current one from @BotFather
   *[other] Remove the cause
} and activate it again.
error-run-lost = The control plane that ran it ended on the way.
error-backup-unknown = There is no backup { $id }. “npx botpool backup list” shows all of them.
error-backup-busy = Another backup, trial or restore is under way. Wait until it has ended (“npx botpool backup list”), then try again.
error-backup-interrupted = The control plane ended while this backup was made. Nothing of it was kept; make another one.
error-backup-cancelled = Somebody stopped this backup before it was whole. Nothing of it was kept; make another one.
error-backup-idle = Nothing is being done with backup { $id } that could be stopped. Look at its state in the list of backups.
error-backup-damaged = { $file } of this backup is damaged: { $problem }. Do not restore it; use another backup, and look at the disk.
error-backup-counts = { $table } has { $found } rows after a trial restore instead of { $expected }. Do not rely on this backup; make another one.
error-backup-implausible = The dump has { $bytes } bytes, and the last good one with fewer rows had { $before }. Look at it before you rely on it.
error-backup-key-missing = The key for this encrypted backup is missing or another one. Put back secrets/backup.agekey, or use your own key.
error-backup-locks = PostgreSQL has too few locks for so many tables. Raise max_locks_per_transaction (512 or more) and restart PostgreSQL.
error-backup-access = PostgreSQL refused the password of the backup. Put the file with the right password back, then try again.
error-backup-version = pg_dump or pg_restore is older than the server or the dump. Use the tools of the server's own version.
error-backup-incomplete = { $what } is missing, so this cannot be backed up or restored whole. Bring it back, or use another backup.
error-backup-timeout = { $tool } did not end within { $seconds } s and was stopped. Look at PostgreSQL's load, then try again.
error-backup-tool-failed = { $tool } failed: { $detail }. Fix the cause and try again.
error-backup-late = The newest verified backup of everything is { $hours } h old; { $promised } h are promised. Run “npx botpool backup create”.
error-backup-unproven = { $id } is not verified, and only proven backups are copied. Run “npx botpool backup verify { $id }” first.
error-backup-elsewhere = { $id } lies on the disk of another control plane of this installation. Run this where it was made, or set a target for copies.
error-target-none = No target for copies is set. Set BACKUP_S3_BUCKET and its keys in .env, and start again.
error-target-unreachable = The target { $target } does not answer: { $detail }. The backup is kept here and copied as soon as it does; look at its address and at the network.
error-target-refused = The target { $target } refuses: { $detail }. The backup is kept here; look at the bucket, at the keys and at what they may do.
error-target-damaged = { $file } at { $target } is not what was stored there: { $problem }. The backup is kept here and copied again; do not rely on this target before you have looked at it.
error-target-behind = { $id } is not at { $target } yet. It is copied within a quarter of an hour; “npx botpool schedule run offsite” does it now.
error-disk-full = There is no room for { $what }. Make room or remove old backups (“npx botpool backup prune”), then try again.
error-restore-taken = { $clientId } is taken: client ids are never used twice. Choose a new one for the copy.
error-table-large = { $table } is too large to be shown as one CSV. Restore the client as a copy, and export it there with psql.

error-signed-out = Nobody is signed in here, or the session is over. Sign in again: “npx botpool panel” prints a link, and what was typed stays.
error-forbidden = This needs the right to { $needed }, and you may { $granted }. Ask an administrator for another role or token.
error-sign-in-failed = Name and password do not belong together. Check both and try again; “npx botpool users list” shows the names.
error-sign-in-paused = Too many attempts to sign in. Wait { $seconds } s and try again.
error-ticket-used = This link was used already, or it is too old. “npx botpool panel” prints a new one.
error-request-foreign = The request was refused: { $problem }. Open the panel by the address that Botpool prints.
error-route-unknown = There is nothing at { $route }. The address of the panel is /, that of the API /api/v1.
error-panel-exposed = Botpool does not answer on { $address }, where others can reach it: { $missing }. Add that, or leave PANEL_ADDRESS out to answer on this machine only.
error-user-exists = There is a user { $name } already. Choose another name, or change that user with “npx botpool users set”.
error-user-unknown = There is no user { $name }. “npx botpool users list” shows all of them.
error-last-admin = { $name } is the last administrator. Make another user an administrator first.
error-password-weak = The password is too short. Expected at least { $least } characters.
error-settings-changed = Somebody else changed these settings meanwhile. Look at them again, then make your change.
error-token-unknown = There is no API token { $id }. “npx botpool tokens list” shows all of them.

error-internal = Something unforeseen happened. Its cause is in the control plane's log under the id { $id }: please report it with that line.
error-internal-buyer = Something went wrong on our side. We have noted it under number { $id } and are looking into it. Please try again a little later.

# Command line
cli-stopping = Stopping …
cli-stop-heard = Stopping as soon as the current step is over. Ctrl-C again stops at once.
cli-stopping-now = Stopping at once. PostgreSQL recovers by itself at the next start.
cli-stopped = Stopped. Data stays.
cli-ready =
    Botpool is ready after { $seconds }: { $total ->
        [one] { $waiting } of { $total } bot waits for a client
       *[other] { $waiting } of { $total } bots wait for clients
    }.
cli-ready-sandbox = Telegram   played by the built-in sandbox at { $url }: no account, no token is needed
cli-ready-telegram = Telegram   the real one
cli-ready-panel = Panel      { $url } (signs you in, once; “npx botpool panel” prints another link)
cli-ready-desktop = Desktop    the window opens now
cli-ready-no-desktop = Desktop    Electron is not on this machine; “npm run desktop -- open” tries to fetch it. The panel is the same in the browser.
cli-ready-places =
    Data       { $home }
      Log        { $log }
cli-ready-next =
    Try next, in another terminal:
      npx botpool status
      npx botpool activate --client client_001 --token-file token.txt --admin <your Telegram id> --company "My Salon"
cli-ready-next-sandbox =
    Try next, in another terminal:
      npx botpool status
      npx botpool sandbox person Anna                      a business owner
      npx botpool sandbox bot "Anna Nails" --owner Anna    her bot, with its token
      npx botpool sandbox person Olga                      her customer
    “sandbox bot” prints the command that activates the bot; then Olga can write to it:
      npx botpool sandbox start Olga "Anna Nails"
    Or buy a bot as a client would, by talking to the Sales Bot:
      npx botpool sandbox start Anna botpool_sales_bot
cli-ready-stop = Ctrl-C stops everything; data stays.
cli-ready-stop-docker = Ctrl-C ends this panel, and bots go on. “npx botpool down” stops everything; data stays.
cli-stopped-docker = Ended. Bots go on; “npx botpool down” stops them. Data stays.
cli-up = Botpool runs in the background (process { $pid }). Look at it with “npx botpool status”, stop it with “npx botpool down”.
cli-up-already = Botpool runs already (process { $pid }).
cli-up-repaired = { $bot } was missing and runs again.
cli-restarted = { $bot } was restarted.
cli-down-lost = All data of this installation is lost for good: { $clients } clients with their bookings and customers, the queue, the simulated world. Backups and the key in { $home }/secrets/master.key stay.
cli-down-ask = Type { $project } to delete it:
cli-down-confirm = add --confirm { $project } to go on
cli-down-emptied = Stopped, and all data is deleted.
cli-down-already = Botpool does not run here; nothing to stop.
cli-status-counts = total { $total }, waiting { $waiting }, activating { $activating }, active { $active }, failed { $failed }, draining { $draining }, queued { $queued }
cli-status-services = { $running } of { $total } services run ({ $engine })
cli-status-service-down = ! { $service } does not run ({ $state }). “npx botpool up” starts it, “npx botpool logs { $service }” says why it ended.
cli-status-fill = { $percent } % taken
cli-status-empty = The pool has no bots yet; clients in the queue: { $queued }. They appear a moment after the start: look again, or see “npx botpool logs”.
cli-column-bot = BOT
cli-column-state = STATE
cli-column-client = CLIENT
cli-column-since = SINCE
cli-column-username = USERNAME
cli-column-company = COMPANY
cli-column-id = ID
cli-column-name = NAME
cli-column-owner = OWNER
cli-column-image = IMAGE
cli-column-size = SIZE
cli-column-language = LANGUAGE
cli-token-once = expected the token once, by --token or by --token-file
cli-activate-delivered = { $bot } has the settings and is starting …
cli-activate-done = { $clientId } is active on { $bot } after { $ms } ms.
cli-activate-already = { $clientId } was active already, on { $bot }; nothing was changed.
cli-activate-sandbox = The bot lives in the sandbox. Talk to it: npx botpool sandbox start <person> { $username }
cli-activate-queued = { $clientId } is queued at place { $place } and gets the next free bot by itself. Watch it: npx botpool tenants show { $clientId }
cli-deactivate-done = { $clientId } is suspended; { $bot } goes back to the pool. Data stays.
cli-deactivate-forced = { $clientId } is suspended. { $bot } did not answer, so its rights were ended without it. Data stays.
cli-deactivate-idle = { $clientId } is suspended; it had no bot. Data stays.
cli-since-expected = expected ISO 8601 such as 2026-01-31T09:00:00Z, or a span such as 90s, 10m, 2h, 3d
cli-orders-none = There are no orders yet. Buyers place them with the Sales Bot.
cli-column-order = ORDER
cli-column-sum = SUM
cli-column-plan = PLAN
cli-column-months = MONTHS
cli-order-queued = waits for a bot, place { $place }
cli-order-facts = { $company }; plan { $plan }; buyer { $buyer }
cli-order-retried = Order { $order } is being tried again.
cli-order-refund-ask = { $sum } of order { $order } ({ $company }) go back to the buyer for good; when all went back, the bot stops. Type the order’s number:
cli-order-refunded = { $sum } of order { $order } are on their way back.
cli-plan-on = on sale
cli-plan-off = not sold
cli-tenants-none = There are no clients yet. Make the first one with “npx botpool activate”.
cli-tenant-queued = queued, place { $place }
cli-tenant-facts = { $company }; { $kind }, { $locale }, { $timeZone }; owner { $ownerId }
cli-tenant-bot = { $bot }, { $since }; stages of its activation:
cli-delete-choice = expected either --keep-data or --drop-data
cli-delete-ask-keep = This deletes { $clientId } ({ $company }) for good: its bot and its token. Its tables stay. Type { $clientId } to go on:
cli-delete-ask-drop = This deletes { $clientId } ({ $company }) for good, with all of its bookings, customers and settings. Type { $clientId } to go on:
cli-delete-confirm = expected { $clientId } once more
cli-delete-done-keep = { $clientId } is deleted; its tables stay.
cli-delete-done-drop = { $clientId } is deleted with all of its data.
cli-scale-same = The pool has { $total } bots already; nothing was changed.
cli-scale-grown = The pool has { $total } bots now: { $count } started. They wait for clients within moments; “npx botpool status” shows them.
cli-scale-shrunk = The pool has { $total } bots now: { $count } removed. All of them waited; no client noticed.
cli-scale-kept = Asked for { $wanted }, but { $total } remain: what serves a client, or is being given to one, is never removed. Deactivate clients first, then ask again.
scaling-below-line = { $missing } more free bots are needed: { $count } are being started.
scaling-enough = Enough bots are free: { $waiting } wait, { $needed } are needed.
scaling-limited = { $missing } more free bots are needed, and none can be started now.
scaling-surplus = { $count } bots wait without need and are being removed; nobody who serves is among them.
scaling-cooling = More bots wait than are needed; some will be removed if it stays so.
scaling-resting = More bots wait than are needed, but the pool has no more than its resting size (“npx botpool scale” changes it).
scaling-reserved = More bots wait than are needed; opened payment links keep them.
scaling-off = The autoscaler is switched off; the pool keeps its size. “npx botpool pool policy --set autoscaler=on” switches it on.
scaling-limit-maximum = The pool has { $total } bots and may not have more: raise max with “npx botpool pool policy --set max=…”, or deactivate clients.
scaling-limit-memory = The host's memory bears no more bots: give it more, or stop something else that runs there.
scaling-limit-engine = The engine says that it is full: look at “npx botpool logs” and at the engine's networks and disk; it is asked again by itself.
scaling-limit-back-off = Bots could not be started { $failures } times in a row, so starts wait longer each time: look at “npx botpool pool explain --all” for the engine's words.
scaling-limit-stuck = { $stuck } bots were started and do not come up, so no more are made of the same: look at “npx botpool status” and “npx botpool logs”; a broken image is the usual cause.
scaling-sum = { $stuck ->
    [0] { $waiting } waiting and { $starting } starting
   *[other] { $waiting } waiting and { $starting } starting, { $stuck } of them stuck
}; wanted: { $free } free ({ $rule ->
    [percentage] by percentage
    [schedule] by schedule
    [forecast] by forecast
   *[fixed] at any time
}){ $queued ->
    [0] {""}
    [one] {" "}and one for a client in the queue
   *[other] {" "}and { $queued } for clients in the queue
}
cli-scaling-none = The autoscaler has not decided anything yet.
cli-scaling-nobody = nobody
cli-scaling-policy = Policy: { $words }. Decided by { $leader }.
cli-scaling-result = started { $started }, removed { $removed }, failed { $failed }
cli-column-at = AT (UTC)
cli-column-decision = DECISION
cli-column-why = WHY
cli-column-result = RESULT
cli-policy-own = Set by an operator; “--set default” goes back to the variables.
cli-policy-variables = Set by the variables MIN_FREE_BOTS, SCALE_BATCH, MAX_TOTAL_BOTS, SCALE_DOWN_AFTER.
cli-simulate-head = { $hours } h with { $claims } activations, replayed with both policies ({ $decisions } stored decisions):
cli-simulate-present = PRESENT
cli-simulate-other = OTHER
cli-simulate-started = bots started
cli-simulate-removed = bots removed
cli-simulate-peak = most bots at once
cli-simulate-waited = clients that waited for a bot
cli-simulate-longest = longest wait, s
cli-simulate-below = fewer free than wanted, s
cli-simulate-empty = no bot free, s
cli-simulate-hours = bot hours
cli-simulate-same = Each stored decision would have been the same.
cli-alerts-none = Nothing needs you.
cli-alerts-open = [{ $since }]
cli-alerts-over = [over; began { $since }]
cli-alerts-seen = [{ $since }; { $by } looks after it]
cli-alerts-acknowledged = Alert { $id } is yours now; it ends by itself when its cause is gone.
cli-alerts-not-open = Alert { $id } is not open, or somebody looks after it already.
cli-check-none = Everything is as it is wanted.
divergence-container-missing = { $target } is wanted and was not there, as after a removal by hand: it is made again by itself.
divergence-container-stopped = { $target } is wanted and stands still: it is started by itself.
divergence-retirement-unfinished = { $target } is on its way out and still there: its removal is finished by itself.
divergence-orphan-serving = { $target } serves a client though nobody wanted it: it has become a part of the pool.
divergence-orphan-idle = { $target } was started by somebody else and serves nobody: it is removed by itself.
divergence-client-stranded = { $target } is wanted active, and no bot serves it: it gets one by itself; “npx botpool tenants show { $target }” tells more.
divergence-activation-stuck = The activation of { $target } on { $container } does not come to an end: it is given up and begun again by itself.
divergence-service-doubled = { $target } still believes that it serves { $clientId }, whose bot is another one: it can write nothing any more and is sent home by itself.
divergence-lease-foreign = The right to poll the token of { $target } is held by { $holder }, which is not its bot: if it stays so for a minute, restart { $holder }.
divergence-version-old = { $target } runs version { $version }, not { $current }: a release replaces it, or a restart.
divergence-bot-stuck = { $target } has not come up for { $seconds } s: it is made anew from its image by itself, more rarely each time; “npx botpool logs { $target }” shows why.
divergence-bot-flapping = { $target } ended { $restarts } times within minutes: look at “npx botpool logs { $target }”; its client is served by another bot meanwhile.
cli-sandbox-no-link = no button with a link fits: { $links }
cli-sandbox-paid = The payment page says: { $status }.
cli-sandbox-made = Telegram has made @{ $bot }.
cli-sandbox-silent = (@{ $bot } did not answer within { $seconds } s)
cli-sandbox-keyboard = Keyboard:
cli-sandbox-notice = (pops up: { $text })
cli-sandbox-chat-empty = (nothing was written yet)
cli-sandbox-person = { $name } is here: id { $id }, language { $language }.
cli-sandbox-bot = @{ $username } (“{ $name }”) belongs to { $owner }. Its token:
cli-sandbox-bot-next =
    Give it to a client:
      npx botpool activate --client client_001 --token { $token } --admin { $owner } --company "{ $name }" --lang-of-bot { $locale }
cli-sandbox-people = People: { $count }
cli-sandbox-bots = Bots: { $count }
cli-find-several = “{ $word }” means { $names }: say the id
cli-find-nobody = nobody is called “{ $word }”; known: { $names }
cli-find-none-yet = nobody is called “{ $word }”, because there is nobody yet
cli-button-several = “{ $word }” means several buttons: { $names }
cli-button-unknown = there is no button “{ $word }”; the chat has { $names }
cli-button-none = there is no button “{ $word }”: the chat has no buttons
cli-image-made = made from Debian packages
cli-image-pulled = pulled
cli-image-built = built from this code
cli-image-current = up to date
cli-image-kept = kept: it is not a stand-in
cli-images-ready = All images are here after { $seconds }.
cli-column-when = WHEN
cli-column-next = NEXT (UTC)
cli-column-last = LAST
cli-schedule-run = “{ $name }” runs. See “npx botpool schedule history { $name }”.
cli-schedule-resumed = “{ $name }” goes on.
cli-schedule-removed = “{ $name }” is removed.
cli-schedule-paused = “{ $name }” is paused. “npx botpool schedule resume { $name }” goes on.
cli-schedule-is-paused = paused
cli-schedule-added = “{ $name }” is there. Next: { $next }
cli-column-offsite = COPY
cli-column-backup = BACKUP
cli-column-rows = ROWS
cli-column-age = MADE
cli-backup-choice = expected --client client_001, or --all with the folder of a backup
cli-backup-ask-all = Everything becomes what it was in this backup; the database of now stays under another name. Type { $project }:
cli-backup-restored-all = Restored: { $clients } clients, { $rows } rows. The database of before: { $before }. “npx botpool up” goes on.
cli-backup-first = No backup yet: the first one is due at { $at }. “npx botpool backup create” makes one now.
cli-backup-fetched = { $id } lies here again. “npx botpool backup verify { $id }” proves it.
cli-backup-offsite-none = There is no whole backup on the target.
cli-backup-none = There are no backups yet. “npx botpool backup create” makes one.
cli-backup-progress = { $id }: { $phase }, { $size }, { $tables } of { $total } tables counted
cli-backup-facts = { $size }, { $schemas } schemas, { $tables } tables, { $rows } rows; proven by: { $depth }
cli-backup-same = Every table has as many rows now as in the backup.
cli-backup-ask = { $clientId } becomes what it was in { $id }; what was added since is lost (a backup of now is made first). Type { $clientId }:
cli-backup-restored = { $clientId } is restored: { $rows } rows. The backup of before: { $safety }
cli-backup-pruned = Removed backups: { $count }.
cli-backup-green = Good: { $id } was restored on trial and is { $hours } h old.
cli-backup-red = Not good: { $problems }. Newest verified: { $hours } h old, promised { $promised } h.
cli-schedule-no-runs = Nothing has run yet.
cli-users-none = There are no users. “npx botpool users add <name> --role admin” adds one; until then only links sign in.
cli-user-added = { $name } may sign in to the panel as { $role }.
cli-user-changed = { $name } is { $role }; all of its sessions are over.
cli-user-removed = { $name } is removed.
cli-user-password = Password, shown once: { $password }
cli-user-choice = expected either --disable or --enable
cli-tokens-none = There are no tokens. “npx botpool tokens create <name>” makes one.
cli-token-made = The token { $name } may { $scope }. It is shown once:
cli-token-revoked = The token { $name } is revoked.
cli-column-role = ROLE
cli-column-signed-in = SIGNED IN
cli-column-scope = SCOPE
cli-column-used = USED

# The check-list
check-secret-files = Files of secrets
check-secret-files-why = Keys and passwords lie in files. Whoever reads them can read every client's token.
check-secret-files-fix = Let only their owner read them: chmod 600.
check-home-folder = Folder of the installation
check-home-folder-why = Data, logs and keys of every client lie below it.
check-home-folder-fix = Let only its owner in: chmod 700.
check-environment-file = The file .env
check-environment-file-why = Tokens and payment keys stand in it.
check-environment-file-fix = Let only its owner read it: chmod 600.
check-panel-address = Where the panel answers
check-panel-address-why = Without TLS everybody on the way reads the session and can act as the operator.
check-panel-address-fix = Answer on 127.0.0.1 only, or set PANEL_TLS_CERT_FILE and PANEL_TLS_KEY_FILE.
check-api-tokens = Tokens of programs
check-api-tokens-why = A token that never ends and may do everything is a key that nobody misses when it is stolen.
check-api-tokens-fix = Revoke it and make one with a smaller scope or an end: npx botpool tokens create <name> --scope operate --days 90.
check-redis-password = Redis asks for a password
check-redis-password-why = Whoever reaches an open Redis reads and changes the state of every bot.
check-redis-password-fix = Start Botpool with a Redis of its own, or give yours a password (requirepass or ACL).
check-redis-address = Where Redis listens
check-redis-address-why = Only this machine needs it.
check-redis-address-fix = Let it listen on 127.0.0.1 (bind 127.0.0.1).
check-redis-eviction = Redis forgets nothing
check-redis-eviction-why = A Redis that evicts keys when memory is short drops statuses and dialogs of bots.
check-redis-eviction-fix = Set maxmemory-policy noeviction.
check-postgres-passwords = PostgreSQL asks for passwords
check-postgres-passwords-why = An address that is trusted lets everybody read every client.
check-postgres-passwords-fix = Use scram-sha-256 in pg_hba.conf and password_encryption.
check-postgres-address = Where PostgreSQL listens
check-postgres-address-why = Only this machine needs it.
check-postgres-address-fix = Set listen_addresses = 'localhost'.
check-postgres-connections = Connections to PostgreSQL
check-postgres-connections-why = When they run out, bots wait and customers with them.
check-postgres-connections-fix = Raise max_connections, or look for a client that holds many on the page of metrics.
check-isolation = Bots are kept apart
check-isolation-why = A bot that is broken into must not reach the machine and the others.
check-isolation-fix = Run on Docker for real clients.
check-telegram = Telegram
check-telegram-why = In the sandbox nobody real is served.
check-telegram-fix = Set TELEGRAM_API_ROOT=https://api.telegram.org when you are ready.
check-pool-free = Bots that wait for clients
check-pool-free-why = A buyer gets a bot in a moment only while one waits.
check-pool-free-fix = Make the pool larger: npx botpool scale <count>.
check-bot-problems = Bots without trouble
check-bot-problems-why = A bot with trouble does not answer its customers.
check-bot-problems-fix = See what is wrong: npx botpool status, npx botpool logs <bot>.
check-backups = Backups
check-backups-why = What was never restored on trial may not be a backup.
check-backups-fix = Make one and verify it: npx botpool backup create, npx botpool backup verify.
check-disk = Room on the disk
check-disk-why = PostgreSQL stops when the disk is full.
check-disk-fix = Make room, or move the installation to a larger disk.
check-memory = Memory
check-memory-why = Without memory the system ends processes, and bots are the largest group.
check-memory-fix = Make the pool smaller, or give the machine more memory.
check-clock = Clocks agree
check-clock-why = Leases and appointments are compared by time.
check-clock-fix = Turn on time synchronisation on this machine.
check-versions = Versions
check-versions-why = Older servers lack what Botpool relies on.
check-versions-fix = Use PostgreSQL 15 or newer and Redis 7 or newer.
found-secret-files-ok = only their owner reads them
found-files-open = others may read { $files }
found-mode = mode { $mode }
found-no-environment = there is none
found-panel-loopback = on { $address }, this machine only
found-panel-open = on { $address }, where others reach it
found-api-tokens = tokens that may do everything and never end: { $count }
found-unknown = nobody knows
found-redis-open = it answers strangers
found-redis-closed = strangers are refused
found-redis-policy = maxmemory-policy { $policy }
found-postgres-passwords = { $encryption }, trusted addresses: { $trusting }
found-listens = on { $address }
found-connections = { $connections } of { $most }
found-no-isolation = bots run as processes of this machine; nothing keeps them apart
found-isolation = containers of { $engine }
found-telegram-sandbox = played by the sandbox
found-telegram-real = the real one
found-pool-free = { $waiting } of { $total } wait
found-bot-problems = bots with trouble: { $count }
found-no-backup = there is none
found-backup = { $hours } h old, not verified
found-backup-verified = { $hours } h old, verified
found-disk = { $gib } GiB free ({ $percent } %)
found-memory = { $gib } GiB free ({ $percent } %)
found-clock = { $ms } ms apart
found-versions = PostgreSQL { $postgres }, Redis { $redis }
cli-doctor-fixed = Mended: { $title }.
cli-doctor-sum = { $ok } good, { $warn } to know, { $fail } to mend, { $unknown } unknown
cli-doctor-fix-hint = Botpool can mend some of it: npx botpool doctor --fix

# The desktop program: tray, menus, notifications.
desktop-open = Open Botpool
desktop-checks = Checks
desktop-settings = Settings …
desktop-quit = Quit Botpool
desktop-about = About Botpool
desktop-keep-in-tray = Keep running in the tray when the window is closed
desktop-hide = Hide Botpool
desktop-hide-others = Hide others
desktop-unhide = Show all
desktop-edit = Edit
desktop-undo = Undo
desktop-redo = Redo
desktop-cut = Cut
desktop-copy = Copy
desktop-paste = Paste
desktop-select-all = Select all
desktop-view = View
desktop-reload = Reload
desktop-zoom-reset = Actual size
desktop-zoom-in = Zoom in
desktop-zoom-out = Zoom out
desktop-full-screen = Full screen
desktop-developer = Developer tools
desktop-window = Window
desktop-minimize = Minimise
desktop-close = Close
desktop-away = Botpool does not answer
desktop-tooltip = { $waiting } of { $total } bots free, { $active } serving, { $queued } clients wait
desktop-alert-queued = { $count ->
    [one] A client waits for a free bot.
   *[other] { $count } clients wait for a free bot.
}
desktop-alert-failed = { $count ->
    [one] An activation failed.
   *[other] { $count } activations failed.
}
desktop-alert-full = No bot is free: all { $count } serve clients.
