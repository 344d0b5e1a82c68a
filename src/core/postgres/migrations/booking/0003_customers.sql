-- The customers' side: several services in one visit, the contact step, the waiting list, messages that are due, reviews.

-- A visit may consist of several services that one member does one after another. The first one stays in `service_id`;
-- duration, buffers and price of the row are those of the whole visit, and nobody shares it.
ALTER TABLE bookings
  ADD COLUMN more_service_ids bigint[] NOT NULL DEFAULT '{}' CHECK (cardinality(more_service_ids) <= 3),
  ADD CONSTRAINT bookings_visit_is_single CHECK (cardinality(more_service_ids) = 0 OR capacity = 1);
CREATE INDEX bookings_by_user ON bookings (user_id, id);

-- When the customer was asked how to reach them: nobody is asked twice.
ALTER TABLE users ADD COLUMN contact_asked_at timestamptz;

-- Who waits for a time on a day that is full. An offer is a booking of state `pending`, so that the database itself keeps
-- the offered time; `offered_starts` holds what was offered before, so that nobody is offered the same time twice.
CREATE TABLE waiting_list (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users,
  service_ids bigint[] NOT NULL CHECK (cardinality(service_ids) BETWEEN 1 AND 4),
  staff_id bigint REFERENCES staff,
  on_date date NOT NULL CHECK (isfinite(on_date)),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'offered', 'booked', 'left', 'over')),
  booking_id bigint REFERENCES bookings ON DELETE SET NULL,
  offered_until timestamptz,
  offered_starts timestamptz[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  CHECK ((state = 'offered') = (offered_until IS NOT NULL))
);
CREATE UNIQUE INDEX waiting_list_once ON waiting_list (user_id, on_date, service_ids) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_list_in_line ON waiting_list (on_date, id) WHERE state IN ('waiting', 'offered');

-- What the bot has to say by itself, beside reminders: one row, one message. `unique_key` makes saying it twice impossible.
-- `outcome` stays empty while it is to be sent; `claimed_until` is as in `reminders`.
CREATE TABLE notices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,31}$'),
  booking_id bigint REFERENCES bookings ON DELETE CASCADE,
  details jsonb NOT NULL DEFAULT '{}',
  unique_key text UNIQUE CHECK (length(unique_key) BETWEEN 1 AND 128),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  claimed_until timestamptz,
  outcome text CHECK (outcome IN ('sent', 'superseded', 'too_late', 'unwelcome', 'failed')),
  sent_at timestamptz
);
CREATE INDEX notices_due ON notices (due_at) WHERE outcome IS NULL;
CREATE INDEX notices_of_booking ON notices (booking_id) WHERE outcome IS NULL;

CREATE TABLE reviews (
  booking_id bigint PRIMARY KEY REFERENCES bookings,
  stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
  words text CHECK (length(words) BETWEEN 1 AND 1024),
  at timestamptz NOT NULL
);
