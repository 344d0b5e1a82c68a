-- The whole storage of one tenant of kind `booking`: 12 tables, 16 indexes beside the primary keys.
-- Names are unqualified: the runner sets search_path to the tenant's schema. Money is integer kopecks + ISO 4217,
-- instants are timestamptz, wall-clock rules are local time in the zone that `settings` holds under `time_zone`.

CREATE TABLE settings (
  key text PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_]{0,63}$'),
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE text_templates (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9-]{0,63}$'),
  locale text NOT NULL CHECK (locale IN ('en', 'ru')),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4096),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (key, locale)
);

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  telegram_id bigint NOT NULL UNIQUE CHECK (telegram_id > 0),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  phone text CHECK (phone ~ '^\+?[0-9]{5,16}$'),
  locale text NOT NULL CHECK (locale IN ('en', 'ru')),
  blocked boolean NOT NULL DEFAULT false,
  consent_at timestamptz,
  no_shows integer NOT NULL DEFAULT 0 CHECK (no_shows >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE admins (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  telegram_id bigint NOT NULL UNIQUE CHECK (telegram_id > 0),
  role text NOT NULL CHECK (role IN ('owner', 'manager', 'staff')),
  rights text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The unique update id makes a redelivered update write nothing a second time.
CREATE TABLE admin_actions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  admin_id bigint NOT NULL REFERENCES admins,
  action text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
  details jsonb NOT NULL DEFAULT '{}',
  source_update_id bigint UNIQUE,
  at timestamptz NOT NULL
);
CREATE INDEX admin_actions_at ON admin_actions (at);

CREATE TABLE services (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
  buffer_before_minutes integer NOT NULL DEFAULT 0 CHECK (buffer_before_minutes BETWEEN 0 AND 240),
  buffer_after_minutes integer NOT NULL DEFAULT 0 CHECK (buffer_after_minutes BETWEEN 0 AND 240),
  price_kopecks bigint NOT NULL DEFAULT 0 CHECK (price_kopecks >= 0),
  currency text NOT NULL DEFAULT 'RUB' CHECK (currency ~ '^[A-Z]{3}$'),
  capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 1000),
  active boolean NOT NULL DEFAULT true,
  position integer NOT NULL DEFAULT 0,
  photo_file_id text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX services_active_name ON services (name) WHERE active;

-- `service_ids` says which services a member does; NULL means all of them, those added later, too.
CREATE TABLE staff (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  telegram_id bigint UNIQUE CHECK (telegram_id > 0),
  service_ids bigint[],
  active boolean NOT NULL DEFAULT true,
  position integer NOT NULL DEFAULT 0,
  photo_file_id text,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Either an interval of every such weekday (1 = Monday … 7 = Sunday), or of one date. Rows of a date replace the
-- weekday's rows on that date; a row of a date without times says "closed".
CREATE TABLE working_hours (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_id bigint NOT NULL REFERENCES staff,
  weekday smallint CHECK (weekday BETWEEN 1 AND 7),
  on_date date CHECK (isfinite(on_date)),
  opens_at time,
  closes_at time,
  CHECK ((weekday IS NULL) <> (on_date IS NULL)),
  CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
  CHECK (on_date IS NOT NULL OR opens_at IS NOT NULL),
  CHECK (opens_at < closes_at),
  UNIQUE NULLS NOT DISTINCT (staff_id, weekday, on_date, opens_at)
);

-- Without a member it blocks everybody.
CREATE TABLE blocked_slots (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_id bigint REFERENCES staff,
  during tstzrange NOT NULL,
  reason text CHECK (length(reason) <= 512),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)
    AND isfinite(lower(during)) AND isfinite(upper(during)))
);
CREATE INDEX blocked_slots_during ON blocked_slots USING gist (during);

-- `during` is the visit; `held` is the visit with its buffers, as they were when it was booked: the time that nobody
-- else may have. `seat_key` is equal for the seats of one group visit and different for everything else, so that one
-- exclusion constraint forbids a second booking of a capacity-1 service as well as two different visits at once.
-- How many seats a group visit has is counted by the code that books, under a lock on the member's row.
-- (The detour through UTC makes the expressions immutable.)
CREATE TABLE bookings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users,
  service_id bigint NOT NULL REFERENCES services,
  staff_id bigint NOT NULL REFERENCES staff,
  during tstzrange NOT NULL,
  status text NOT NULL DEFAULT 'confirmed' CHECK (status IN ('pending', 'confirmed', 'done', 'cancelled', 'no_show')),
  capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 1000),
  buffer_before_minutes integer NOT NULL DEFAULT 0 CHECK (buffer_before_minutes BETWEEN 0 AND 240),
  buffer_after_minutes integer NOT NULL DEFAULT 0 CHECK (buffer_after_minutes BETWEEN 0 AND 240),
  held tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(
    ((lower(during) AT TIME ZONE 'UTC') - make_interval(mins => buffer_before_minutes)) AT TIME ZONE 'UTC',
    ((upper(during) AT TIME ZONE 'UTC') + make_interval(mins => buffer_after_minutes)) AT TIME ZONE 'UTC')) STORED,
  seat_key bigint NOT NULL GENERATED ALWAYS AS (CASE WHEN capacity = 1 THEN id
    ELSE -(service_id * 100000000000 + extract(epoch FROM lower(during) AT TIME ZONE 'UTC')::bigint) END) STORED,
  price_kopecks bigint NOT NULL DEFAULT 0 CHECK (price_kopecks >= 0),
  currency text NOT NULL DEFAULT 'RUB' CHECK (currency ~ '^[A-Z]{3}$'),
  note text CHECK (length(note) <= 1024),
  source_update_id bigint UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)
    AND isfinite(lower(during)) AND isfinite(upper(during))
    AND lower_inc(during) AND NOT upper_inc(during)),
  CONSTRAINT bookings_no_overlap EXCLUDE USING gist (staff_id WITH =, held WITH &&, seat_key WITH <>)
    WHERE (status IN ('pending', 'confirmed', 'done'))
);
CREATE INDEX bookings_of_user ON bookings (user_id) WHERE status IN ('pending', 'confirmed');
CREATE INDEX bookings_begin ON bookings (lower(during));

CREATE TABLE booking_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id bigint NOT NULL REFERENCES bookings,
  from_status text,
  to_status text NOT NULL,
  actor text NOT NULL CHECK (actor IN ('customer', 'admin', 'system')),
  actor_telegram_id bigint,
  details jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL
);
CREATE INDEX booking_history_of_booking ON booking_history (booking_id, id);

CREATE TABLE reminders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id bigint NOT NULL REFERENCES bookings,
  kind text NOT NULL CHECK (kind ~ '^[0-9]{1,5}[mhd]$'),
  due_at timestamptz NOT NULL,
  sent_at timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  UNIQUE (booking_id, kind)
);
CREATE INDEX reminders_due ON reminders (due_at) WHERE sent_at IS NULL;
