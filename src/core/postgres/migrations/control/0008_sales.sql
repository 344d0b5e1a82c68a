-- Sales: plans, orders, payments, refunds, paid periods, what buyers ask for, and what they are told.
-- States only move forward, here as in the code; every change leaves an audit row and a notification.

CREATE TABLE plans (
  id text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{0,31}$'),
  name_ru text NOT NULL CHECK (char_length(name_ru) BETWEEN 1 AND 60),
  name_en text NOT NULL CHECK (char_length(name_en) BETWEEN 1 AND 60),
  -- Kopecks (the hundredth part of the currency); a bank card pays 1 to 350,000 roubles at once.
  price bigint NOT NULL CHECK (price BETWEEN 100 AND 35000000),
  currency text NOT NULL DEFAULT 'RUB' CHECK (currency ~ '^[A-Z]{3}$'),
  months integer NOT NULL CHECK (months BETWEEN 1 AND 36),
  kinds text[] NOT NULL DEFAULT '{booking}' CHECK (cardinality(kinds) > 0),
  limits jsonb NOT NULL DEFAULT '{}',
  position integer NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO plans (id, name_ru, name_en, price, months, position) VALUES
  ('start', 'Старт: 1 месяц', 'Start: 1 month', 99000, 1, 1),
  ('pro', 'Про: 3 месяца', 'Pro: 3 months', 269000, 3, 2),
  ('year', 'Год', 'Year', 990000, 12, 3);

CREATE SEQUENCE client_numbers;

-- One sale or renewal: a durable job. `next_at`: when the worker looks at it again.
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  purpose text NOT NULL CHECK (purpose IN ('new', 'renewal')),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'awaiting_token', 'awaiting_payment', 'paid',
    'activating', 'active', 'failed', 'refunded', 'cancelled')),
  -- Why it is where it is: a code of the error table, or a word such as 'buyer', 'expired', 'pool_empty'.
  reason text,
  buyer_id bigint NOT NULL CHECK (buyer_id > 0),
  chat_id bigint NOT NULL,
  buyer_name text,
  locale text NOT NULL CHECK (locale IN ('ru', 'en')),
  kind text NOT NULL DEFAULT 'booking',
  company text CHECK (char_length(company) BETWEEN 1 AND 200),
  time_zone text NOT NULL DEFAULT 'Europe/Moscow',
  referral text,
  plan_id text REFERENCES plans (id),
  -- As agreed when the payment was asked for: a later change of the plan does not change it.
  amount bigint CHECK (amount > 0),
  currency text,
  months integer,
  -- An e-mail address or 11 digits of a phone: where the receipt goes.
  receipt_contact text,
  save_method boolean NOT NULL DEFAULT false,
  -- Set when it is paid from a saved method without anybody pressing anything.
  automatic boolean NOT NULL DEFAULT false,
  client_id text CHECK (client_id ~ '^client_[0-9]{3,6}$'),
  -- Sealed to the control plane's box: whoever writes it cannot read it again.
  token_boxed text,
  token_fingerprint text,
  bot_id bigint,
  bot_username text,
  -- Made through Telegram's managed bots.
  managed boolean NOT NULL DEFAULT false,
  -- Place among the orders that wait for a bot, and when the bot is expected; both are kept up to date.
  place integer,
  expected_at timestamptz,
  -- The message in the buyer's chat that follows this order.
  message_id bigint,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  asked_at timestamptz,
  paid_at timestamptz,
  activating_at timestamptz,
  active_at timestamptz,
  CHECK (state IN ('draft', 'awaiting_token', 'cancelled') OR (plan_id IS NOT NULL AND amount IS NOT NULL
    AND currency IS NOT NULL AND months IS NOT NULL))
);
CREATE INDEX orders_due ON orders (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX orders_buyer ON orders (buyer_id, created_at);
CREATE INDEX orders_client ON orders (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (paid_at) WHERE state IN ('paid', 'activating', 'failed');
CREATE INDEX orders_created ON orders (created_at);
-- Nobody sells one bot twice.
CREATE UNIQUE INDEX orders_token ON orders (token_fingerprint)
  WHERE purpose = 'new' AND state IN ('awaiting_payment', 'paid', 'activating', 'failed');
-- A tenant is sold once; a later order about it is a renewal.
CREATE UNIQUE INDEX orders_new_client ON orders (client_id) WHERE purpose = 'new';

CREATE TABLE order_moves (from_state text NOT NULL, to_state text NOT NULL, PRIMARY KEY (from_state, to_state));
INSERT INTO order_moves VALUES
  ('draft', 'awaiting_token'), ('draft', 'awaiting_payment'), ('draft', 'cancelled'),
  ('awaiting_token', 'awaiting_payment'), ('awaiting_token', 'cancelled'),
  ('awaiting_payment', 'paid'), ('awaiting_payment', 'cancelled'),
  ('paid', 'activating'), ('paid', 'active'), ('paid', 'failed'), ('paid', 'refunded'),
  ('activating', 'active'), ('activating', 'failed'), ('activating', 'refunded'),
  ('failed', 'activating'), ('failed', 'active'), ('failed', 'refunded'),
  ('active', 'refunded'),
  ('cancelled', 'refunded');

-- One attempt to have an order paid. Its key and body are stored before anything is sent, so that a repetition is one.
CREATE TABLE payments (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders (id),
  provider text NOT NULL DEFAULT 'yookassa',
  idempotence_key text NOT NULL UNIQUE CHECK (char_length(idempotence_key) BETWEEN 1 AND 64),
  request jsonb NOT NULL,
  provider_id text,
  -- 'creating': asked for, and nobody knows yet what came of it. 'abandoned': the key grew too old, and nothing is there.
  status text NOT NULL DEFAULT 'creating'
    CHECK (status IN ('creating', 'pending', 'waiting_for_capture', 'succeeded', 'canceled', 'abandoned')),
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  automatic boolean NOT NULL DEFAULT false,
  confirmation_url text,
  cancel_reason text,
  -- The method as YooKassa knows it, once it may be used again.
  method_id text,
  method_title text,
  -- The newest object that was fetched, without what is nobody's business.
  raw jsonb,
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  tries integer NOT NULL DEFAULT 0,
  first_try_at timestamptz,
  checked_at timestamptz,
  next_at timestamptz DEFAULT clock_timestamp(),
  -- What a success came to: 'paid', 'surplus' (the order had been paid already), 'mismatch' (not what was agreed).
  effect text CHECK (effect IN ('paid', 'surplus', 'mismatch')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((status IN ('creating', 'abandoned')) = (provider_id IS NULL) OR status = 'canceled')
);
CREATE UNIQUE INDEX payments_provider ON payments (provider, provider_id);
CREATE INDEX payments_order ON payments (order_id, created_at);
CREATE INDEX payments_due ON payments (next_at) WHERE next_at IS NOT NULL;
-- One link at a time, and one payment that pays.
CREATE UNIQUE INDEX payments_open ON payments (order_id)
  WHERE status IN ('creating', 'pending', 'waiting_for_capture');
CREATE UNIQUE INDEX payments_paying ON payments (order_id) WHERE effect = 'paid';

CREATE TABLE payment_moves (from_status text NOT NULL, to_status text NOT NULL, PRIMARY KEY (from_status, to_status));
INSERT INTO payment_moves VALUES
  ('creating', 'pending'), ('creating', 'waiting_for_capture'), ('creating', 'succeeded'), ('creating', 'canceled'),
  ('creating', 'abandoned'),
  ('pending', 'waiting_for_capture'), ('pending', 'succeeded'), ('pending', 'canceled'),
  ('waiting_for_capture', 'succeeded'), ('waiting_for_capture', 'canceled'),
  ('abandoned', 'pending'), ('abandoned', 'waiting_for_capture'), ('abandoned', 'succeeded'), ('abandoned', 'canceled');

CREATE TABLE refunds (
  id uuid PRIMARY KEY,
  payment_id uuid NOT NULL REFERENCES payments (id),
  idempotence_key text NOT NULL UNIQUE CHECK (char_length(idempotence_key) BETWEEN 1 AND 64),
  request jsonb NOT NULL,
  provider_id text,
  status text NOT NULL DEFAULT 'creating' CHECK (status IN ('creating', 'pending', 'succeeded', 'canceled')),
  amount bigint NOT NULL CHECK (amount > 0),
  reason text NOT NULL,
  cancel_reason text,
  actor text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  first_try_at timestamptz,
  next_at timestamptz DEFAULT clock_timestamp(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX refunds_provider ON refunds (provider_id);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (next_at) WHERE next_at IS NOT NULL;

-- What providers said happened. A hint only: it says where to look, and nothing that it says is believed.
CREATE TABLE payment_hints (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  event text NOT NULL CHECK (char_length(event) <= 64),
  object_id text NOT NULL CHECK (char_length(object_id) <= 64),
  source inet,
  seen integer NOT NULL DEFAULT 1,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz DEFAULT clock_timestamp(),
  outcome text,
  handled_at timestamptz
);
CREATE UNIQUE INDEX payment_hints_once ON payment_hints (provider, event, object_id);
CREATE INDEX payment_hints_due ON payment_hints (next_at) WHERE next_at IS NOT NULL;

-- Paid periods. The newest of a tenant says whether and how it is renewed.
CREATE TABLE subscriptions (
  id uuid PRIMARY KEY,
  client_id text NOT NULL,
  plan_id text NOT NULL REFERENCES plans (id),
  order_id uuid NOT NULL UNIQUE REFERENCES orders (id),
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
  grace_until timestamptz NOT NULL,
  auto_renew boolean NOT NULL DEFAULT false,
  method_id text,
  method_title text,
  -- Its money went back: it counts for nothing any more.
  voided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (grace_until >= upper(during)),
  EXCLUDE USING gist (client_id WITH =, during WITH &&) WHERE (voided_at IS NULL)
);
CREATE INDEX subscriptions_end ON subscriptions (upper(during)) WHERE voided_at IS NULL;

-- What a buyer asks for about a bot of theirs; the control plane does it.
CREATE TABLE buyer_requests (
  id uuid PRIMARY KEY,
  client_id text NOT NULL,
  buyer_id bigint NOT NULL,
  chat_id bigint NOT NULL,
  action text NOT NULL CHECK (action IN ('suspend', 'resume', 'new_token', 'export', 'delete')),
  token_boxed text,
  token_fingerprint text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
  outcome text,
  -- Of an export: the file.
  result bytea,
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz DEFAULT clock_timestamp(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz
);
CREATE UNIQUE INDEX buyer_requests_open ON buyer_requests (client_id) WHERE state = 'open';
CREATE INDEX buyer_requests_due ON buyer_requests (next_at) WHERE next_at IS NOT NULL;

-- What buyers are to be told by the Sales Bot, each once.
CREATE TABLE notices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- What makes it the same one, such as 'reminder:<subscription>:7'.
  once text NOT NULL UNIQUE,
  buyer_id bigint NOT NULL,
  chat_id bigint NOT NULL,
  kind text NOT NULL,
  order_id uuid,
  client_id text,
  data jsonb NOT NULL DEFAULT '{}',
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimed_until timestamptz,
  tries integer NOT NULL DEFAULT 0,
  outcome text,
  settled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notices_due ON notices (due_at) WHERE settled_at IS NULL;

-- Where buyers' secrets are sealed to: the public half of a key that the control plane alone can make again.
CREATE TABLE boxes (name text PRIMARY KEY, public_key text NOT NULL);

CREATE FUNCTION acting() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('botpool.actor', true), ''), session_user::text)
$$;

CREATE FUNCTION keep_order() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state <> OLD.state AND NOT EXISTS (
      SELECT FROM order_moves WHERE from_state = OLD.state AND to_state = NEW.state) THEN
      RAISE EXCEPTION 'an order does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'BP003';
    END IF;
    IF OLD.state NOT IN ('draft', 'awaiting_token') AND (NEW.amount, NEW.currency, NEW.months, NEW.plan_id)
      IS DISTINCT FROM (OLD.amount, OLD.currency, OLD.months, OLD.plan_id) THEN
      RAISE EXCEPTION 'what was agreed for order % does not change', OLD.number USING ERRCODE = 'BP003';
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.updated_at := clock_timestamp();
  END IF;
  IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
    NEW.asked_at := CASE WHEN NEW.state = 'awaiting_payment' THEN clock_timestamp() ELSE NEW.asked_at END;
    NEW.paid_at := CASE WHEN NEW.state = 'paid' THEN clock_timestamp() ELSE NEW.paid_at END;
    NEW.activating_at := CASE WHEN NEW.state = 'activating' THEN clock_timestamp() ELSE NEW.activating_at END;
    NEW.active_at := CASE WHEN NEW.state = 'active' THEN clock_timestamp() ELSE NEW.active_at END;
    INSERT INTO audit (actor, action, target, before, after) VALUES (acting(), 'order.' || NEW.state, NEW.id::text,
      CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('state', OLD.state) END,
      jsonb_strip_nulls(jsonb_build_object('state', NEW.state, 'reason', NEW.reason, 'number', NEW.number,
        'buyer', NEW.buyer_id, 'client', NEW.client_id, 'amount', NEW.amount, 'currency', NEW.currency)));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_order BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep_order();

CREATE FUNCTION tell_order() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM pg_notify('sales_orders', json_build_object('id', NEW.id, 'buyer', NEW.buyer_id, 'state', NEW.state,
    'revision', NEW.revision)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_order AFTER INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION tell_order();

CREATE FUNCTION keep_payment() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF NEW.status <> OLD.status AND NOT EXISTS (
    SELECT FROM payment_moves WHERE from_status = OLD.status AND to_status = NEW.status) THEN
    RAISE EXCEPTION 'a payment does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'BP003';
  END IF;
  IF (NEW.order_id, NEW.idempotence_key, NEW.request, NEW.amount, NEW.currency)
      IS DISTINCT FROM (OLD.order_id, OLD.idempotence_key, OLD.request, OLD.amount, OLD.currency)
    OR (OLD.provider_id IS NOT NULL AND NEW.provider_id IS DISTINCT FROM OLD.provider_id)
    OR (OLD.effect IS NOT NULL AND NEW.effect IS DISTINCT FROM OLD.effect)
    OR (OLD.first_try_at IS NOT NULL AND NEW.first_try_at IS DISTINCT FROM OLD.first_try_at)
    OR NEW.refunded < OLD.refunded THEN
    RAISE EXCEPTION 'what is known of payment % does not change', OLD.id USING ERRCODE = 'BP003';
  END IF;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER keep_payment BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION keep_payment();

CREATE FUNCTION note_payment() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (NEW.status, NEW.refunded, NEW.effect) IS DISTINCT FROM (OLD.status, OLD.refunded, OLD.effect)
  THEN
    INSERT INTO audit (actor, action, target, before, after) VALUES (acting(), 'payment.' || NEW.status, NEW.id::text,
      CASE WHEN TG_OP = 'UPDATE' THEN
        jsonb_build_object('status', OLD.status, 'refunded', OLD.refunded, 'effect', OLD.effect) END,
      jsonb_strip_nulls(jsonb_build_object('status', NEW.status, 'refunded', NEW.refunded, 'effect', NEW.effect,
        'order', NEW.order_id, 'provider_id', NEW.provider_id, 'amount', NEW.amount, 'currency', NEW.currency,
        'reason', NEW.cancel_reason)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_payment AFTER INSERT OR UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION note_payment();

CREATE FUNCTION note_refund() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.status IN ('succeeded', 'canceled') AND NEW.status <> OLD.status THEN
      RAISE EXCEPTION 'a refund does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'BP003';
    END IF;
    IF NEW.status = OLD.status THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO audit (actor, action, target, before, after) VALUES (
    CASE WHEN TG_OP = 'INSERT' THEN NEW.actor ELSE acting() END, 'refund.' || NEW.status, NEW.id::text, NULL,
    jsonb_strip_nulls(jsonb_build_object('payment', NEW.payment_id, 'amount', NEW.amount, 'reason', NEW.reason,
      'provider_id', NEW.provider_id, 'why_not', NEW.cancel_reason)));
  RETURN NULL;
END $$;
CREATE TRIGGER note_refund AFTER INSERT OR UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION note_refund();

CREATE FUNCTION note_subscription() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  INSERT INTO audit (actor, action, target, before, after) VALUES (acting(), 'subscription.' || lower(TG_OP),
    NEW.client_id, CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('auto_renew', OLD.auto_renew, 'until',
      upper(OLD.during), 'voided', OLD.voided_at) END,
    jsonb_strip_nulls(jsonb_build_object('plan', NEW.plan_id, 'from', lower(NEW.during), 'until', upper(NEW.during),
      'auto_renew', NEW.auto_renew, 'order', NEW.order_id, 'voided', NEW.voided_at)));
  RETURN NULL;
END $$;
CREATE TRIGGER note_subscription AFTER INSERT OR UPDATE ON subscriptions
  FOR EACH ROW EXECUTE FUNCTION note_subscription();

CREATE FUNCTION note_plan() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  INSERT INTO audit (actor, action, target, before, after) VALUES (acting(), 'plan.' || lower(TG_OP), NEW.id,
    CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END, to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER note_plan AFTER INSERT OR UPDATE ON plans FOR EACH ROW EXECUTE FUNCTION note_plan();

CREATE FUNCTION note_request() RETURNS trigger LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
    INSERT INTO audit (actor, action, target, before, after) VALUES (
      CASE WHEN TG_OP = 'INSERT' THEN 'buyer:' || NEW.buyer_id ELSE acting() END,
      'request.' || NEW.action || '.' || NEW.state, NEW.client_id, NULL,
      jsonb_strip_nulls(jsonb_build_object('request', NEW.id, 'outcome', NEW.outcome)));
  END IF;
  PERFORM pg_notify('sales_requests', json_build_object('id', NEW.id, 'buyer', NEW.buyer_id, 'state', NEW.state)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER note_request AFTER INSERT OR UPDATE ON buyer_requests FOR EACH ROW EXECUTE FUNCTION note_request();

CREATE FUNCTION tell_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sales_notices', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_notice AFTER INSERT ON notices FOR EACH ROW EXECUTE FUNCTION tell_notice();
