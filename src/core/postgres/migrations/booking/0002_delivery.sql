-- What the bot says by itself. `outcome` stays empty while a message is to be sent; `claimed_until` says who is at it, or
-- from when it may be tried again. Reminders belong to a visit's time; notices are everything else, told once.

ALTER TABLE reminders
  ADD COLUMN claimed_until timestamptz,
  ADD COLUMN outcome text CHECK (outcome IN ('sent', 'superseded', 'too_late', 'unwelcome', 'failed'));
DROP INDEX reminders_due;
CREATE INDEX reminders_due ON reminders (due_at) WHERE outcome IS NULL;

-- When the customer said, asked by a reminder, that they will come.
ALTER TABLE bookings ADD COLUMN customer_confirmed_at timestamptz;

-- A customer whom the owner wrote down by hand may have no Telegram.
ALTER TABLE users ALTER COLUMN telegram_id DROP NOT NULL;
ALTER TABLE users ADD COLUMN note text CHECK (length(note) <= 1024);

-- `once` is equal for what must not be told twice.
CREATE TABLE notices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  telegram_id bigint NOT NULL CHECK (telegram_id > 0),
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,32}$'),
  booking_id bigint REFERENCES bookings,
  details jsonb NOT NULL DEFAULT '{}',
  once text UNIQUE CHECK (length(once) BETWEEN 1 AND 128),
  due_at timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  sent_at timestamptz,
  outcome text CHECK (outcome IN ('sent', 'superseded', 'too_late', 'unwelcome', 'failed'))
);
CREATE INDEX notices_due ON notices (due_at) WHERE outcome IS NULL;
