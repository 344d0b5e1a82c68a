-- Backups that were made here, and what is known of each. What is inside stands in its own manifest.

CREATE TABLE backups (
  id text PRIMARY KEY CHECK (id ~ '^b[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$'),
  -- 'all', or a client.
  scope text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'stored', 'verified', 'suspect', 'failed')),
  cause text NOT NULL CHECK (cause IN ('manual', 'schedule', 'safety', 'found')),
  -- Why it failed, or why it is suspect: a code of the error table with its facts.
  code text,
  facts jsonb NOT NULL DEFAULT '{}',
  requested_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  bytes bigint NOT NULL DEFAULT 0,
  schemas integer NOT NULL DEFAULT 0,
  tables integer NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  encrypted boolean NOT NULL DEFAULT false,
  depth text NOT NULL DEFAULT 'none' CHECK (depth IN ('none', 'checksum', 'restore')),
  verified_at timestamptz,
  offsite text NOT NULL DEFAULT 'none' CHECK (offsite IN ('none', 'pending', 'stored', 'failed')),
  pinned boolean NOT NULL DEFAULT false,
  CHECK ((state = 'running') = (finished_at IS NULL)),
  CHECK (state <> 'verified' OR depth = 'restore')
);
CREATE INDEX backups_started ON backups (started_at DESC);
