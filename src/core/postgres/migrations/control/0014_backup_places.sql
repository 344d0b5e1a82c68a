-- On which disk a backup lies. Control planes of one installation may have several: what is missing on one is no loss.

ALTER TABLE backups ADD COLUMN place text NOT NULL DEFAULT '';
-- Why the newest try to copy it elsewhere failed stands in code and facts, as every other trouble does.
ALTER TABLE backups ADD COLUMN offsite_at timestamptz;
CREATE INDEX backups_offsite ON backups (started_at) WHERE offsite <> 'stored';
