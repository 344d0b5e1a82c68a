# What the Master Bot says to operators. Telegram's HTML is allowed in messages, not on buttons and in pop-ups.
command-pool = The pool: free and busy bots
command-clients = Clients; with words: search
command-orders = Orders
command-revenue = What came in, as a picture
command-health = Is everything well?
command-alerts = Alerts: hear them, mute them
command-backups = Backups: how they stand
command-backup = Make a backup now, proven by a trial restore
command-scale = Change the size of the pool
command-broadcast = Write to all buyers
command-help = All commands

button-refresh = 🔄 Refresh
button-pool = 📊 Pool
button-clients = 👥 Clients
button-client = ‹ Client
button-no = ‹ No
button-scale-yes = ✅ Yes, shrink the pool
button-suspend = ⏸ Suspend
button-suspend-yes = ⏸ Yes, suspend
button-resume = ▶️ Resume
button-restart = 🔄 Restart
button-restart-yes = 🔄 Yes, restart
button-move = 🔀 Another bot
button-move-yes = 🔀 Yes, move
button-extend = 🎁 More time
button-extend-7 = + 7 days
button-extend-30 = + 30 days
button-extend-90 = + 90 days
button-logs = 📜 Logs
button-delete = 🗑 Delete
button-delete-yes = 🗑 Yes, delete with all data
button-orders-open = Only open ones
button-orders-all = All orders
button-subscribe = 🔔 Tell me
button-unsubscribe = 🔕 Tell me nothing
button-mute = 😴 Mute for 8 hours
button-unmute = 🔔 Tell me again
button-health = ❤️ Health
button-backup = 💾 Back up now
button-backups = 💾 Backups
button-verify = 🔍 Restore on trial
button-send = 📣 Send to all buyers
button-stop = ✋ Stop
button-old = This button is out of date. See /help.

apology = That went wrong in a way that nobody foresaw. The cause is in the log of booking-bot-master.
dropped = Nothing was changed.
help =
    <b>Commands</b>

    /pool: free and busy bots
    /scale 15: change the size of the pool
    /clients, /clients anna: list, search
    /client 003: one client, with buttons
    /activate 003, /deactivate 003
    /orders, /orders open
    /revenue: what came in, as a picture
    /health: is everything well?
    /alerts: hear them, mute them
    /backups: how they stand
    /backup, /backup 003: make one now
    /broadcast Text: write to all buyers
pool =
    📊 <b>Pool</b>

    Total: { $total }
    🟢 Free: { $free }
    🔴 Busy: { $busy }
    { $bar } { $percent } %
pool-queue = ⏳ Waiting for a bot: { $queued }
pool-nearly-full = ⚠️ The pool is more than 80 % full. Make it larger with /scale.
scale-usage = Say how many bots the pool shall have, 0 to 500: <code>/scale 15</code>
ask-scale = Shrink the pool from { $containers } to { $bots } bots? Only bots that wait are removed; whoever serves a client stays.
scaled = The pool has { $total } bots now: { $started } started, { $removed } removed.
clients = 👥 Clients: { $total } · page { $page } of { $pages }
clients-none = There are no clients yet.
clients-not-found = No client fits “{ $search }”. Try a part of the number, the name or the bot's username.
client-usage = Say which client: <code>/client 003</code>
client-title = <b>{ $client }</b> · { $company }
client-state = { $state } · { $container }
client-bot = Bot: @{ $bot } · owner <code>{ $owner }</code>
client-since = Since: { $since }
client-work = Bookings ahead: { $bookings } · updates: { $updates } · errors: { $errors }
client-subscription = Plan: { $plan } · paid until { $until }
client-problem = ❗️ { $problem }
state-serving = 🟢 serves
state-starting = 🟡 waits for a bot
state-suspended = ⏸ suspended
ask-suspend = Suspend <b>{ $client }</b> ({ $company })? Its customers get no answers until it is resumed; { $bookings } bookings ahead stay. No data is lost.
ask-restart = Restart the bot of <b>{ $client }</b> ({ $company })? Customers wait a few seconds. No data is lost.
ask-move = Give <b>{ $client }</b> ({ $company }) another bot? Customers wait a moment. No data is lost.
ask-delete = <b>Delete { $client } ({ $company }) for good?</b> Its { $bookings } bookings ahead, all past ones, customers, services and settings are lost. This cannot be undone.
ask-extend = Give <b>{ $client }</b> ({ $company }) more time without payment? Paid until { $until }; the buyer is told.
extended = 🎁 { $client } is paid until { $until } now. The buyer has been told.
activated = ▶️ { $client } is active on { $container } after { $ms } ms: @{ $bot }
suspended = ⏸ { $client } is suspended. Its data stays.
restarted = 🔄 { $container } is restarted; { $client } gets a bot by itself.
moved = 🔀 { $client } leaves { $from } and gets another bot by itself.
deleted = 🗑 { $client } is deleted with all of its data.
logs-none = The bot has written nothing yet.
orders = 📄 Orders: { $total } · page { $page } of { $pages }
orders-none = There are no orders.
order-line = <b>{ $number }</b> { $state } · { $company } · { $plan } · { $amount } { $reason }
revenue =
    <b>This month: { $month }</b>
    Twelve months: { $year } ({ $payments } payments, { $refunded } refunded)
    Paying clients: { $clients }
revenue-title = Revenue by month, { $currency }
health = <b>Health</b>
check-line = { $name }: { $value }
check-postgres = PostgreSQL
check-connections = Connections
check-redis = Redis
check-pool = Free bots
check-queue = Clients in the queue
check-containers = Containers that run
report-title = ☀️ <b>Report of { $day }</b>
report-clients = 👥 Active clients: { $clients }, suspended { $suspended }, waiting for a bot { $queued }
report-payments = 💰 Paid in a day: { $money } ({ $payments })
report-calm = 🟢 No open alerts
report-alerts = 🚨 Open alerts: { $alerts }
report-backup = 💾 The newest good backup is { $hours } h old
report-backup-bad = 🔴 Do not rely on the backups; the newest good one: { $hours } h old
check-backups = Backups
backup-usage = Say nothing for everything, or which client: <code>/backup 003</code>
backups-green = 🟢 <b>Backups are well.</b> The newest good one is { $hours } h old.
backups-first = ⏳ <b>No backup yet.</b> The first one is due at { $at } UTC.
backups-red = 🔴 <b>Do not rely on the backups.</b> The newest good one: { $hours } h old. { $problems }
backups-page = { $total } backups · page { $page } of { $pages }
backup-title = { $sign } <b>Backup</b> of { $scope }: <code>{ $id }</code>
backup-counting =
    { $phase }: { $mib } MiB
    { $bar } { $tables } of { $total } tables
backup-going = { $phase }: { $mib } MiB
backup-size = { $mib } MiB, { $rows } rows
backup-stored = Stored, not yet proven.
backup-verified = Restored on trial, and every row was there.
backup-suspect = Something is wrong with it. Do not rely on it.
backup-failed = It failed: there is no backup.
backup-why = ❗️ { $why }
copy-pending = The copy is on its way.
copy-stored = The copy off this machine is there and was read back.
copy-failed = There is no copy off this machine.
scope-all = everything
phase-dump = Dumping
phase-upload = Copying
phase-download = Fetching
phase-checksum = Comparing
phase-restore = Restoring on trial
phase-done = Done
alerts-on = 🔔 You hear alerts: a pool that is nearly full, clients that wait, services that are unwell.
alerts-muted = 😴 Alerts are muted for you. They come back by themselves.
alerts-off = 🔕 You hear no alerts.
alert = 🚨 <b>Alert</b>
alert-over = ✅ <b>Well again</b>
broadcast-usage = Write the message behind the command, at most 3,500 characters: <code>/broadcast We are closed on Monday</code>
ask-broadcast = <b>This goes to every buyer who has a bot and has not blocked the Sales Bot:</b>
broadcast-gone = This message was replaced by a newer one. Write it again with /broadcast.
broadcast-progress =
    📣 On its way
    { $bar } { $sent } of { $total }
broadcast-over =
    📣 Done
    { $bar } delivered { $sent } of { $total }, blocked { $refused }, failed { $failed }
