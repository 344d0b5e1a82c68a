nav-checks = Checks
checks-counts = { $fail } to mend, { $warn } to know, { $ok } fine. Looked at
checks-again = Look again
checks-fix = Mend it
checks-fixing = Mending …
check-state-ok = fine
check-state-warn = know it
check-state-fail = mend it
check-state-unknown = unknown
nav-stack = Stack
stack-engine-process = Engine “process”: child processes of Botpool. It isolates nothing.
stack-engine-docker = Engine “docker”: containers of this host.
stack-engine-swarm = Engine “swarm”: services on many hosts.
stack-configuration = Configuration
stack-configuration-text = What Compose runs the stack by, with all files and variables taken together. Secrets are masked.
stack-no-compose = No Compose here
stack-no-compose-text = Everything runs as child processes of Botpool, or where Compose is out of reach. The variables stand in the settings.
stack-repair = Bring back what is missing
stack-repairing = Looking for what is missing …
stack-repaired = { $count ->
    [0] Nothing was missing.
    [one] One bot was started again.
   *[other] { $count } bots were started again.
}
stack-stop = Stop everything
stack-stop-lost = All bots stop answering, and this panel goes away. Data stays; “npm start” brings everything back.
stack-stop-word = stop
stack-stopping = Stopping …
stack-stopped = Everything is being stopped.
stack-container = Container
stack-image = Image
stack-started = Started
stack-restarts = Restarts
stack-state-created = created
stack-state-running = running
stack-state-restarting = restarting
stack-state-exited = ended
stack-restarting = Restarting { $name } …
stack-restarted = { $name } was restarted.
stack-logs-of = Logs of { $name }
stack-restart-of = Restart { $name }
feed-title = What happened
feed-empty = Nothing yet.
stack-do = Actions
