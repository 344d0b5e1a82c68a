nav-metrics = Metrics
metrics-sub = A look every few seconds, for as long as this machine remembers.
metrics-updates = Updates per second
metrics-errors = Errors per second
metrics-fill = Pool taken
metrics-queued = Clients that wait
metrics-p50 = Activation, half of them within
metrics-p95 = Activation, 95 % of them within
metrics-cpu = CPU of all bots
metrics-memory = Memory of all bots
metrics-lag = Slowest event loop
metrics-postgres = PostgreSQL by client
metrics-connections = { $now } of { $most } connections; the database holds { $size }.
metrics-redis = Redis by prefix
metrics-keys = { $keys } keys in { $size }.
nav-settings = Settings
settings-tab-look = Appearance
settings-tab-users = Users
settings-tab-tokens = Tokens
settings-tab-environment = Variables
settings-tab-pool = Pool
settings-tab-plans = Plans
settings-language = Language
settings-admins = For administrators
settings-admins-text = Sign in as one to see this.
policy-title = How the pool fills itself
policy-text = The rule that asks for the most free bots counts. Changes count at once.
policy-text-variables = These are the values of the variables. Once you save others, those count instead, at once.
policy-enabled = Fill the pool by itself
policy-minFree = Always free
policy-minFree-text = So many wait at any time.
policy-percentage = Percent of those serving
policy-percentage-text = Free beside them; 0: not asked.
policy-batch = Started together
policy-batch-text = New bots come in such batches.
policy-maxTotal = Never more than
policy-maxTotal-text = All bots together.
policy-coolDown = Patience, minutes
policy-coolDown-text = Too many for so long: some go.
policy-forecast = Look ahead
policy-forecast-text = As many free bots as the last 15 minutes ask for while new ones start.
policy-schedules = Times of the week with more free bots
policy-schedule-add = Add a time
policy-schedule-remove = Remove time { $number }
policy-schedule-from = From
policy-schedule-until = Until
policy-schedule-free = Free bots
policy-schedule-zone = Time zone
policy-save = Save
policy-saving = Saving the rules …
policy-saved = The pool follows the new rules.
policy-default = As the variables say
simulator-title = What these rules would have done
simulator-span = How far back
simulator-day = Day
simulator-week = Week
simulator-month = Month
simulator-nothing = Nothing to replay yet: the autoscaler has decided nothing in that time.
simulator-text = { $claims ->
    [one] One activation
   *[other] { $claims } activations
} in { $span }, replayed from the { $decisions ->
    [one] one decision that is stored
   *[other] { $decisions } decisions that are stored
}.
simulator-what = Replayed
simulator-present = Present rules
simulator-other = These rules
simulator-clientsWaited = Clients that waited for a bot
simulator-longestWaitMs = Longest wait
simulator-emptyMs = No bot free
simulator-belowLineMs = Fewer free than asked for
simulator-peakBots = Most bots at once
simulator-botHours = Bot hours
simulator-botsStarted = Bots started
simulator-botsRemoved = Bots removed
simulator-unchanged = Change a rule on the left, and see here what it would have changed.
simulator-differ = { $count ->
    [0] Each stored decision would have been the same.
    [one] One stored decision would have been another:
   *[other] Of the stored decisions these would have been others, newest first:
}
simulator-act-grow = start { $count }
simulator-act-shrink = remove { $count }
simulator-act-hold = leave it
plans-add = New plan
plans-change = Change
plans-change-one = Change plan { $plan }
plans-hidden = not sold
plans-months = { $count ->
    [one] one month
   *[other] { $count } months
}
plans-id = Short name
plans-id-hint = Small letters, digits and _; it cannot be changed later.
plans-nameRu = Name in Russian
plans-nameEn = Name in English
plans-price = Price, roubles
plans-length = Months
plans-position = Place in the list
plans-active = Sold now
plans-save = Save the plan
plans-saving = Saving the plan …
plans-saved = { $plan } is saved. Agreed orders keep their price.
users-none = Nobody yet: only sign-in links of this machine let people in.
users-add = Add user
users-role = Rights
users-name-hint = Small letters, digits, dots and dashes.
users-password-hint = At least 10 characters.
users-last = last seen
users-never = has never signed in
users-disabled = locked
users-disable = Lock
users-enable = Unlock
users-disable-one = Lock { $name }
users-enable-one = Unlock { $name }
users-remove = Remove
users-remove-one = Remove { $name }
users-remove-lost = { $name } is signed out everywhere and can never sign in again.
users-changing = Changing { $name } …
users-changed = { $name } is changed; all their sessions have ended.
users-added = { $name } can sign in now.
users-removed = { $name } is removed.
tokens-none = None. A token lets a program use the API.
tokens-make = Make a token
tokens-name = What it is for
tokens-days = Days
tokens-days-hint = Empty: until it is revoked.
tokens-making = Making a token …
tokens-made = The token “{ $name }” is made.
tokens-once = Copy it now: it is shown only this once.
tokens-unused = never used
tokens-used = last used
tokens-ended = revoked
tokens-revoke = Revoke
tokens-revoke-one = Revoke { $name }
tokens-revoking = Revoking { $name } …
tokens-revoked = { $name } lets nobody in any more.
env-title = Variables of .env
env-save = { $count ->
    [0] Save
    [one] Save one change
   *[other] Save { $count } changes
}
env-saving = Checking and saving …
env-saved = Saved. It counts from the next start on.
env-restart = Something was changed after the start. Restart Botpool for it to count.
env-source-file = in the file
env-source-environment = fixed at the start
env-source-default = as delivered
env-changed = not saved yet
act-tenant-activate = Client started
act-tenant-token = Client has another token
act-tenant-deactivate = Client suspended
act-tenant-delete = Client deleted
act-activation-failed = Activation failed
act-pool-scaled = Pool resized
act-pool-policy = Pool policy changed
act-user = Users changed
act-token = Tokens changed
act-settings = Settings changed
act-session-refuse = Sign-in refused
act-payments-swept = Payments compared
act-stack-restart = Container restarted
act-tenant-restore = Client restored
act-backups = Backups
act-schedules = Schedule changed
act-alert = Alert taken
act-stack = Stack repaired or stopped
act-plans = Plans changed
act-sandbox = Sandbox
act-orders = Order handled
act-session-begin = Signed in
act-session-link = Sign-in link made
act-session-end = Signed out
