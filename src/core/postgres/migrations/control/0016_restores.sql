-- Clients whose bot was drained for a restore and has not resumed yet: whoever dies in between, the next one goes on.

CREATE TABLE restores (
  client_id text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  actor text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
