-- What the autoscaler saw, decided and did; and the bots that opened payment links protect from scale-down.

CREATE TABLE scaling_decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The same was seen and decided so often, the last time then.
  times integer NOT NULL DEFAULT 1,
  last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  epoch bigint NOT NULL,
  snapshot jsonb NOT NULL,
  policy jsonb NOT NULL,
  history jsonb NOT NULL,
  decision jsonb NOT NULL,
  -- What came of it; NULL until it is known.
  result jsonb
);
CREATE INDEX scaling_decisions_at ON scaling_decisions (at);

CREATE TABLE reservations (
  key text PRIMARY KEY,
  until timestamptz NOT NULL
);
