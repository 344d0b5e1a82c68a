-- What the operator should look at now. One open row per cause; it ends by itself when the cause is gone.
CREATE TABLE alerts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- What it is about: the same key is raised once until it is resolved.
  key text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('warning', 'critical')),
  -- A code of the error table with its facts: texts in every language come from there.
  code text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  times integer NOT NULL DEFAULT 1,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz
);
CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE resolved_at IS NULL;
CREATE INDEX alerts_raised ON alerts (raised_at DESC);

CREATE FUNCTION tell_alerts() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM pg_notify('botpool_alerts', '');
  RETURN NULL;
END $$;
CREATE TRIGGER alerts_changed AFTER INSERT OR UPDATE OF resolved_at, acknowledged_at ON alerts
  FOR EACH STATEMENT EXECUTE FUNCTION tell_alerts();
