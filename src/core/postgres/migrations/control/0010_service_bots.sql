-- The installation's own bots, and what they ask of the control plane.

-- Each holds its token as a tenant does: one process at a time, under a fence of its own.
CREATE TABLE service_bots (
  name text PRIMARY KEY CHECK (name IN ('sales_bot', 'master_bot')),
  fence bigint NOT NULL DEFAULT 0,
  token_sealed text,
  token_fingerprint text,
  bot_id bigint,
  bot_username text,
  -- Whom the newest fence was given to, and how that went.
  activation_id uuid,
  container text,
  boot_id text,
  credentials_sealed text,
  state text NOT NULL DEFAULT 'idle' CHECK (state IN ('idle', 'claimed', 'active', 'failed')),
  outcome text,
  first_active_at timestamptz,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO service_bots (name) VALUES ('sales_bot'), ('master_bot');

-- Gives the next fence to a process; nobody can log in under an earlier one from the commit on.
CREATE FUNCTION claim_service(p_name text, p_activation uuid, p_container text, p_boot text) RETURNS bigint
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE next_fence bigint;
BEGIN
  UPDATE service_bots s SET fence = s.fence + 1, activation_id = p_activation, container = p_container, boot_id = p_boot,
      credentials_sealed = NULL, state = 'claimed', outcome = NULL, changed_at = clock_timestamp()
    WHERE s.name = p_name AND s.boot_id IS DISTINCT FROM p_boot RETURNING s.fence INTO next_fence;
  IF next_fence IS NOT NULL THEN PERFORM disable_logins(p_name, NULL); END IF;
  RETURN next_fence;
END $$;

-- Makes the login of this fence and ends all earlier ones with their sessions. Safe to repeat.
CREATE FUNCTION open_service(p_name text, p_fence bigint, p_verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM 1 FROM service_bots s WHERE s.name = p_name AND s.fence = p_fence FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'fence % of % is over', p_fence, p_name USING ERRCODE = 'BP001'; END IF;
  PERFORM drop_logins(p_name, p_fence);
  PERFORM make_login(p_name, p_fence, p_verifier);
END $$;

-- What they may do: read and write the rows of their own schema, and call the functions that are granted by name. The
-- tables are not theirs, so that nothing which a stolen process plants runs in a session that may do more.
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['botpool_tenants', 'sales_bot', 'master_bot'] LOOP
    -- Roles are the whole server's: another database of it may have made this one, or may be making it right now.
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  FOREACH role_name IN ARRAY ARRAY['sales_bot', 'master_bot'] LOOP
    BEGIN
      EXECUTE format('GRANT botpool_tenants TO %I', role_name);
    EXCEPTION WHEN unique_violation OR OTHERS THEN
      IF NOT pg_has_role(role_name, 'botpool_tenants', 'MEMBER') THEN RAISE; END IF;
    END;
    EXECUTE format('CREATE SCHEMA %I', role_name);
    EXECUTE format('GRANT USAGE ON SCHEMA control, %I TO %I', role_name, role_name);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
                   role_name, role_name);
  END LOOP;
END $$;

-- The Sales Bot stands at the sales desk.
GRANT botpool_sales TO sales_bot;

-- The check that a runtime makes of its storage; settings of the dialogs.
CREATE TABLE sales_bot.settings (key text PRIMARY KEY, value jsonb NOT NULL);
CREATE TABLE master_bot.settings (key text PRIMARY KEY, value jsonb NOT NULL);

-- Who has talked to the Sales Bot.
CREATE TABLE sales_bot.people (
  telegram_id bigint PRIMARY KEY,
  name text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('ru', 'en')),
  -- They do not want to hear the bot.
  blocked boolean NOT NULL DEFAULT false,
  -- Who has sent them, and which plan their link named.
  referral text,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- The open dialog of a person: what has been chosen so far and what they were asked.
CREATE TABLE sales_bot.dialogs (
  telegram_id bigint PRIMARY KEY,
  state jsonb NOT NULL,
  update_id bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What has been told once and is not to be told again.
CREATE TABLE sales_bot.told (
  subject text NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject, kind)
);

-- Bots that were made by one tap for an order.
CREATE TABLE sales_bot.managed (order_id uuid PRIMARY KEY, bot_id bigint NOT NULL);

-- Requests of buyers whose end is to be told to them.
CREATE TABLE sales_bot.followed (
  id uuid PRIMARY KEY,
  buyer_id bigint NOT NULL,
  chat_id bigint NOT NULL,
  -- What comes after it: a deletion after its export.
  and_then text,
  since timestamptz NOT NULL DEFAULT now()
);

-- A message to all buyers, prepared by an operator and sent by the Sales Bot: resumable, one row per addressee.
CREATE TABLE sales_bot.broadcasts (
  id uuid PRIMARY KEY,
  text text NOT NULL,
  actor text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  cancelled boolean NOT NULL DEFAULT false
);
CREATE TABLE sales_bot.addressees (
  broadcast_id uuid NOT NULL REFERENCES sales_bot.broadcasts,
  telegram_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'failed')),
  at timestamptz,
  PRIMARY KEY (broadcast_id, telegram_id)
);
CREATE INDEX addressees_waiting ON sales_bot.addressees (broadcast_id) WHERE state IN ('waiting', 'sending');

-- Operators who want to hear alerts, and until when they do not.
CREATE TABLE master_bot.subscribers (
  telegram_id bigint PRIMARY KEY,
  locale text NOT NULL CHECK (locale IN ('ru', 'en')),
  muted_until timestamptz
);

-- What an operator is asked that only text can answer.
CREATE TABLE master_bot.dialogs (
  telegram_id bigint PRIMARY KEY,
  state jsonb NOT NULL,
  update_id bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Alerts that stand, so that each is told once.
CREATE TABLE master_bot.alerts (
  name text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now()
);

-- What the service bots ask of the control plane, which alone may do it.
CREATE TABLE commands (
  id uuid PRIMARY KEY,
  -- The bot that asks, by its login, and the person for whom it asks.
  asked_by text NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  input jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  result jsonb,
  code text,
  data jsonb,
  attempts integer NOT NULL DEFAULT 0,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  begun_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX commands_open ON commands (asked_at) WHERE state IN ('waiting', 'running');

-- The bot that this session belongs to: `sales_bot_7` works for `sales_bot`.
CREATE FUNCTION asking_bot() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT regexp_replace(session_user::text, '_[0-9]+$', '')
$$;

-- Writes a command down and wakes who carries it out. Safe to repeat with the same id.
CREATE FUNCTION ask_command(p_id uuid, p_actor text, p_kind text, p_input jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
BEGIN
  INSERT INTO commands (id, asked_by, actor, kind, input)
    VALUES (p_id, control.asking_bot(), p_actor, p_kind, p_input) ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN PERFORM pg_notify('commands', p_id::text); END IF;
END $$;

-- How a command of this bot's own went.
CREATE FUNCTION command_outcome(p_id uuid) RETURNS TABLE (state text, result jsonb, code text, data jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = control, pg_temp AS $$
  SELECT c.state, c.result, c.code, c.data FROM commands c WHERE c.id = p_id AND c.asked_by = control.asking_bot()
$$;

-- Something that a bot must tell the audit, such as a stranger at the operators' door.
CREATE FUNCTION tell_audit(p_actor text, p_action text, p_target text, p_after jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = control, pg_temp AS $$
  INSERT INTO audit (actor, action, target, after)
    VALUES (p_actor, control.asking_bot() || '.' || p_action, p_target, p_after)
$$;

GRANT EXECUTE ON FUNCTION ask_command(uuid, text, text, jsonb), command_outcome(uuid),
  tell_audit(text, text, text, jsonb) TO sales_bot, master_bot;
