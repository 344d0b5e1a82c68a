# Backups: made, proven, put back, thrown away.
nav-backups = Backups
backups-sub = Each one is proven by restoring it on trial.
backups-now = Back up now
backups-more = Other backups
backups-one-client = One client only
backups-beginning = Beginning a backup …
backups-begun = A backup has begun. How far it is stands on this screen.
backups-good = You can rely on your backups
backups-bad = Your backups need you
backups-none-yet = There is no backup yet
backups-newest = Newest proven one
backups-never = none
backups-promised = Promised at least every
backups-target = Copy off this machine
backups-no-target = none: copy the folder yourself
backups-free = Free on the disk
backups-next = Next by schedule
backups-paused = paused
backups-empty = No backup yet
backups-empty-text = One click makes the first. It is restored on trial before it counts, and nothing stops meanwhile.
backups-list = All backups
backups-taken = Taken
backups-scope = What
backups-everything = Everything
backups-size = Size
backups-rows = Rows
backups-where = Where
backups-offsite-none = this machine
backups-offsite-pending = this machine, being copied
backups-offsite-stored = here and elsewhere
backups-offsite-failed = this machine; copying failed
backups-why = Made by
backups-cause-manual = a person
backups-cause-schedule = the schedule
backups-cause-safety = a restore, before it
backups-cause-found = found in the folder
backups-pinned = kept for ever
backup-state-running = being made
backup-state-stored = not yet proven
backup-state-verified = proven
backup-state-suspect = suspect
backup-state-failed = failed
backup-phase-dump = Writing
backup-phase-download = Bringing it here
backup-phase-upload = Copying off this machine
backup-phase-checksum = Comparing checksums
backup-phase-restore = Restoring and counting
backup-phase-done = Finishing
backup-progress-bytes = { $size } so far
backup-progress-tables = { $tables } of { $total } tables counted
backup-stop = Stop
backup-stop-one = Stop backup { $id }
backup-stopping = Stopping …
backup-stopped = It was stopped. Nothing of it was kept.
backup-proof-stopped = The trial was stopped. The backup is as it was.
backup-one = Backup
backup-id = Name
backup-requested = Asked for by
backup-proven = Proven
backup-proven-never = never
backup-encrypted = Encrypted
backup-yes = yes
backup-no = no
backup-postgres = PostgreSQL
backup-folder = Folder
backup-files = Files
backup-clients = Clients in it
backup-no-clients = None: it was made before the first client.
backup-client-rows = { $rows ->
    [one] one row
   *[other] { $rows } rows
}
backup-verify = Prove it
backup-verifying = Beginning the trial …
backup-verify-begun = The trial restore has begun.
backup-pin = Keep for ever
backup-unpin = Let the rules decide
backup-pinning = Noting it …
backup-pin-done = It stays whatever the rules say.
backup-unpin-done = The rules decide about it again.
backup-restore = Restore …
backup-restore-one = Restore { $client } …
restore-title = Restore from the backup of { $time }
restore-client = Which client
restore-how = How
restore-how-back = Put it back as it was
restore-how-copy = Make a copy as another client
restore-how-table = Take one table as a file
restore-back-text = Its bot stops for a moment and resumes by itself. How it is now is backed up and proven first. Other clients notice nothing.
restore-copy-text = Nothing that runs changes. The copy is suspended and has no token until you activate it.
restore-table-text = Nothing changes. You get a CSV file with a line of names.
restore-copy-id = Number of the copy
restore-copy-taken = There is a client of this number already.
restore-copy-malformed = Expected a number such as client_012.
restore-table = Table
restore-look = Look at what would change
restore-back = Back
restore-dry = This is what would change. Nothing has been done yet.
restore-same = Nothing: every table has as many rows as in the backup. Rows may differ all the same.
restore-col-table = Table
restore-col-now = Now
restore-col-backup = In the backup
restore-col-change = Change
restore-missing = not there
restore-unchanged = { $count ->
    [one] One more table has as many rows as in the backup.
   *[other] { $count } more tables have as many rows as in the backup.
}
restore-lost = Whatever { $client } stored since the backup is taken away. To get it back, restore the safety backup that is made now.
restore-do-back = Restore { $client }
restore-do-copy = Make the copy
restore-do-table = Save the file
restore-doing = Restoring { $client } …
restore-done = { $client } is as it was in the backup: { $rows } rows.
restore-copied = The copy is there as { $client }: { $rows } rows.
restore-saving = Reading the table …
restore-saved = { $rows } rows are in the file.
restore-undo = Restore how it was before
retention-title = What is kept
retention-text = Counted for everything and for each client by itself. Only proven backups count, and the newest of them always stays.
retention-last = Newest
retention-hourly = Hourly
retention-daily = Daily
retention-weekly = Weekly
retention-monthly = Monthly
retention-yearly = Yearly
retention-save = Save the rules
retention-saving = Saving the rules …
retention-saved = The rules are saved. Nothing was removed.
retention-would = { $count ->
    [0] Nothing would be removed now.
    [one] One backup would be removed now:
   *[other] { $count } backups would be removed now:
}
retention-held = { $count ->
    [one] One backup stays.
   *[other] { $count } backups stay.
}
retention-prune = Remove them now
retention-prune-lost = { $count ->
    [one] One backup goes for good, with its files.
   *[other] { $count } backups go for good, with their files.
}
retention-prune-word = remove
retention-pruning = Removing …
retention-pruned = { $count ->
    [0] Nothing was removed.
    [one] One backup was removed.
   *[other] { $count } backups were removed.
}
retention-rule-last = one of the newest
retention-rule-hourly = of this hour
retention-rule-daily = of its day
retention-rule-weekly = of its week
retention-rule-monthly = of its month
retention-rule-yearly = of its year
retention-rule-newest = the newest proven one
retention-rule-running = being made
retention-rule-pinned = kept for ever
retention-rule-safety = made before a restore
retention-rule-failed = says why it failed
retention-rule-unproven = no newer proven one
backup-held-by = Stays because it is
