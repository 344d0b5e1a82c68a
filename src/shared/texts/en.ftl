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
error-kind-unknown = There is no kind of bot called “{ $kind }”. Known kinds: { $known }.

error-client-id-malformed = “{ $clientId }” is not a client id. Expected client_ and three to six digits, such as client_001.
error-client-unknown = There is no client { $clientId }. “npx botpool tenants list” shows all of them.
error-client-not-active = { $clientId } is { $state }, so this cannot be done. A suspended client can be activated again; a deleted id is never used again.
error-client-busy = The last bot of { $clientId } is still on its way out. Try again in a moment.
error-client-other-token = { $clientId } already runs with another token. Deactivate it first, then activate it with the new token.
error-input-invalid = { $field }: { $problem }. Correct it and try again.

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
error-run-lost = The control plane that ran it ended on the way.

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
cli-ready-stop = Ctrl-C stops everything; data stays.
cli-up = Botpool runs in the background (process { $pid }). Look at it with “npx botpool status”, stop it with “npx botpool down”.
cli-up-already = Botpool runs already (process { $pid }).
cli-down-already = Botpool does not run here; nothing to stop.
cli-status-counts = total { $total }, waiting { $waiting }, activating { $activating }, active { $active }, failed { $failed }, draining { $draining }, queued { $queued }
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
cli-schedule-no-runs = Nothing has run yet.
