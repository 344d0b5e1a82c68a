hero-label = How the business is
hero-queued = waiting clients
hero-free = free bots
hero-serving = serving clients
hero-fill = taken
verdict-good = Everything is fine
verdict-attention = Worth a look
verdict-trouble = Something needs you
verdict-empty = The pool is empty
verdict-good-text = { $active ->
    [0] Free bots wait for the first client.
    [one] One bot serves its client; others are ready.
   *[other] { $active } bots serve their clients; others are ready.
}
verdict-empty-text = No bot has reported yet.
concern-queued = { $count ->
    [one] A client waits for a free bot.
   *[other] { $count } clients wait for a free bot.
}
concern-problem = { $count ->
    [one] One bot cannot reach its customers.
   *[other] { $count } bots cannot reach their customers.
}
concern-failed = { $count ->
    [one] One activation failed.
   *[other] { $count } activations failed.
}
concern-no-free = No bot is free for the next client.
concern-few-free = { $count ->
    [one] Only one bot is free.
   *[other] Only { $count } bots are free.
}
pool-bots = Bots
pool-search = Number, client, company …
pool-group = Group by
pool-group-none = All
pool-group-state = State
pool-group-version = Version
pool-empty = No bots yet
pool-empty-text = They appear a moment after the start. If they do not, the logs say why.
pool-empty-offline = They appear when the connection is back.
pool-nothing-found = No bot like that
alerts-title = Needs a look
reason-title = Why this many bots
reason-rules = The rules, and what others would have done
forecast-free = { $claims ->
    [one] One activation
   *[other] { $claims } activations
} in the last { $window }: at this pace the bots that are free now are taken in { $free }.
forecast-dry = { $claims ->
    [one] One activation
   *[other] { $claims } activations
} in the last { $window }, and no free bot is left.
forecast-room = New ones can be made for { $room }.
concern-alert = { $count ->
    [one] One thing needs a look.
   *[other] { $count } things need a look.
}
alerts-take = I look after it
alerts-taking = Noting it …
alerts-taken = It is yours; it goes away by itself when its cause is gone.
alerts-seen = { $by } looks after it.
alerts-none = Nothing. All bots answer.
guide-title = First steps
guide-hide = Put the guide away
guide-done = done
guide-pool = Warm bots are ready
guide-pool-text = They were started before anybody needs them.
guide-activate = Give the first client a bot
guide-activate-text = A token, a company, and a moment later it answers.
guide-talk = Talk to it as a customer
guide-talk-text = In the sandbox, which plays Telegram here.
guide-telegram = Write to it in Telegram
guide-telegram-text = The client's page shows its address.

bot-container = Container
bot-since = In this state
bot-version = Version
bot-client = Client
bot-restart = Restart
bot-restarting = Restarting bot { $number } …
bot-restarted = Bot { $number } was restarted.
bot-restart-lost = This bot serves { $client }. While it restarts, its customers wait a few seconds; another bot takes over. Nothing is lost.
bot-activation = Last activation
bot-log = Log
bot-cpu = CPU
bot-memory = Memory
bot-updates = Updates per minute

scale-open = Size …
scale-title = How many bots
scale-bots = Bots in the pool
scale-more = New bots wait for clients within seconds. The autoscaler goes on from there.
scale-fewer = Only bots that wait are removed, the youngest first. Nobody's bot is touched.
scale-do = Change
scale-doing = The pool is on its way to { $bots } bots.
scale-done = The pool has { $total } bots: { $started } came, { $removed } went.
verdict-old = Not known right now
verdict-old-text = These are the last figures that came.
