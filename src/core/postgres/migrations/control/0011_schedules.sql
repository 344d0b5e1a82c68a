-- What is to be done when, and what became of it.

CREATE TABLE schedules (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{1,39}$'),
  -- Which job of the control plane, and what it is told.
  job text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  expression text NOT NULL,
  zone text NOT NULL,
  overlap text NOT NULL DEFAULT 'forbid' CHECK (overlap IN ('forbid', 'queue', 'replace')),
  -- A run that could not begin this long after it was due is missed.
  start_deadline_ms bigint NOT NULL DEFAULT 300000 CHECK (start_deadline_ms > 0),
  -- What was missed is made up for by one run.
  catch_up boolean NOT NULL DEFAULT true,
  timeout_ms bigint NOT NULL DEFAULT 3600000 CHECK (timeout_ms > 0),
  retries integer NOT NULL DEFAULT 0 CHECK (retries BETWEEN 0 AND 20),
  back_off_ms bigint NOT NULL DEFAULT 60000 CHECK (back_off_ms > 0),
  built_in boolean NOT NULL DEFAULT false,
  paused_at timestamptz,
  paused_by text,
  pause_reason text,
  -- Everything that was due up to this instant has been decided.
  decided_to timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  schedule text NOT NULL REFERENCES schedules ON DELETE CASCADE,
  due_at timestamptz NOT NULL,
  cause text NOT NULL CHECK (cause IN ('schedule', 'catch-up', 'manual')),
  state text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'missed', 'skipped', 'replaced')),
  attempt integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  -- How many due instants a missed run stands for.
  missed integer NOT NULL DEFAULT 0,
  requested_by text,
  runner text,
  lease_until timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  -- Why it did not succeed: a code of the error table with its facts.
  code text,
  facts jsonb NOT NULL DEFAULT '{}',
  output text NOT NULL DEFAULT '',
  CHECK ((state IN ('queued', 'running')) = (ended_at IS NULL))
);
-- One run for each due instant, whoever leads.
CREATE UNIQUE INDEX runs_due ON runs (schedule, due_at) WHERE cause <> 'manual';
-- One run of a schedule at a time.
CREATE UNIQUE INDEX runs_running ON runs (schedule) WHERE state = 'running';
CREATE INDEX runs_open ON runs (not_before) WHERE state IN ('queued', 'running');
CREATE INDEX runs_history ON runs (schedule, due_at DESC);

-- When the scheduler last looked: a silent one is noticed.
CREATE TABLE scheduler_beat (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  at timestamptz NOT NULL,
  runner text NOT NULL
);

CREATE FUNCTION tell_schedules() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM pg_notify('botpool_schedules', '');
  RETURN NULL;
END $$;
CREATE TRIGGER schedules_changed AFTER INSERT OR DELETE OR UPDATE OF expression, zone, payload, overlap, paused_at,
  start_deadline_ms, catch_up, timeout_ms, retries, back_off_ms ON schedules
  FOR EACH STATEMENT EXECUTE FUNCTION tell_schedules();
CREATE TRIGGER runs_changed AFTER INSERT OR UPDATE OF state ON runs
  FOR EACH STATEMENT EXECUTE FUNCTION tell_schedules();
