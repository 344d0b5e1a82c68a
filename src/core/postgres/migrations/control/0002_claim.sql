-- The claim: PostgreSQL decides who gets which process, in one short transaction.

-- Takes the first free candidate for a tenant. Candidates are parallel arrays, longest waiting first.
-- Outcomes: 'claimed', 'already' (this tenant has an open activation: that one is returned), 'none' (no candidate was
-- free; without any candidate the tenant is queued), 'not_active' (the tenant is unknown or not wanted active), 'behind'
-- (others have waited longer, and it is not said that this tenant's turn has come: it is queued behind them).
CREATE FUNCTION claim_bot(
  p_activation uuid, p_client text, p_containers text[], p_boots text[], p_keys text[], p_drop text, p_in_turn boolean
) RETURNS TABLE (outcome text, activation_id uuid, fence bigint, container text, boot_id text, public_key text,
                 drop_pending boolean)
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE
  tenant tenants%ROWTYPE;
  running activations%ROWTYPE;
  drop_now boolean;
BEGIN
  SELECT * INTO tenant FROM tenants t WHERE t.client_id = p_client FOR UPDATE;
  IF NOT FOUND OR tenant.state <> 'active' THEN
    RETURN QUERY SELECT 'not_active', NULL::uuid, NULL::bigint, NULL, NULL, NULL, NULL::boolean;
    RETURN;
  END IF;
  SELECT * INTO running FROM activations a WHERE a.client_id = p_client AND a.ended_at IS NULL;
  IF FOUND THEN
    RETURN QUERY SELECT 'already', running.id, running.fence, running.container, running.boot_id, running.public_key,
                        running.drop_pending_updates;
    RETURN;
  END IF;
  IF NOT p_in_turn AND EXISTS (
    SELECT FROM tenants t
    WHERE t.queued_at <= clock_timestamp() AND t.queued_at < coalesce(tenant.queued_at, 'infinity')
      AND t.client_id <> p_client AND t.state = 'active'
      AND NOT EXISTS (SELECT FROM activations a WHERE a.client_id = t.client_id AND a.ended_at IS NULL)
  ) THEN
    UPDATE tenants t SET queued_at = coalesce(t.queued_at, clock_timestamp()) WHERE t.client_id = p_client;
    RETURN QUERY SELECT 'behind', NULL::uuid, NULL::bigint, NULL, NULL, NULL, NULL::boolean;
    RETURN;
  END IF;
  drop_now := p_drop = 'always' OR (p_drop = 'first-start' AND tenant.first_active_at IS NULL);
  FOR i IN 1 .. coalesce(array_length(p_containers, 1), 0) LOOP
    -- Another claim, or a retirement, that is deciding about this container holds its lock: look at the next one
    -- instead of waiting.
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended(p_containers[i], 2));
    CONTINUE WHEN EXISTS (SELECT FROM roster r WHERE r.container = p_containers[i] AND r.state = 'retiring');
    CONTINUE WHEN EXISTS (
      SELECT FROM activations a WHERE a.container = p_containers[i] AND a.boot_id = p_boots[i]);
    PERFORM disable_logins(p_client, NULL);
    UPDATE tenants t SET fence = t.fence + 1, queued_at = NULL, updated_at = now()
      WHERE t.client_id = p_client RETURNING t.fence INTO tenant.fence;
    INSERT INTO activations (id, client_id, fence, container, boot_id, public_key, state, drop_pending_updates)
      VALUES (p_activation, p_client, tenant.fence, p_containers[i], p_boots[i], p_keys[i], 'claimed', drop_now);
    RETURN QUERY SELECT 'claimed', p_activation, tenant.fence, p_containers[i], p_boots[i], p_keys[i], drop_now;
    RETURN;
  END LOOP;
  -- Whoever comes with no candidate at all has looked everywhere.
  IF coalesce(array_length(p_containers, 1), 0) = 0 THEN
    UPDATE tenants t SET queued_at = coalesce(t.queued_at, clock_timestamp()) WHERE t.client_id = p_client;
  END IF;
  RETURN QUERY SELECT 'none', NULL::uuid, NULL::bigint, NULL, NULL, NULL, NULL::boolean;
END $$;

-- Prepares a tenant's schema and its login for one fence, in the caller's transaction. Safe to repeat.
-- Every earlier login of the tenant, which the claim has disabled, is ended with its sessions before this returns:
-- nothing that an earlier process believes can reach the tables any more. Returns where the schema came from:
-- 'existing', 'spare' or 'created'; or 'behind', and has done nothing, when the existing schema had other files than
-- these: open_migration first.
CREATE FUNCTION open_storage(
  p_client text, p_kind text, p_version integer, p_checksums text[], p_fence bigint, p_verifier text
) RETURNS text LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE
  origin text := 'existing';
  spare text;
BEGIN
  PERFORM lock_fence(p_client, p_fence);
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = p_client) THEN
    IF applied_files(p_client) <> p_checksums THEN RETURN 'behind'; END IF;
  ELSE
    -- A tenant may have dropped its own schema, and what is left of it bars the way.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = p_client) THEN PERFORM drop_storage(p_client); END IF;
    DELETE FROM spares s WHERE s.name = (
      SELECT name FROM spares WHERE kind = p_kind AND version = p_version
      ORDER BY name LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING s.name INTO spare;
    DELETE FROM schema_versions v WHERE v.schema = p_client;
    IF spare IS NULL THEN
      origin := 'created';
      PERFORM create_owned_schema(p_client);
    ELSE
      origin := 'spare';
      EXECUTE format('ALTER SCHEMA %I RENAME TO %I', spare, p_client);
      EXECUTE format('ALTER ROLE %I RENAME TO %I', spare, p_client);
      UPDATE schema_versions v SET schema = p_client WHERE v.schema = spare;
    END IF;
  END IF;
  PERFORM drop_logins(p_client, p_fence);
  PERFORM make_login(p_client, p_fence, p_verifier);
  RETURN origin;
END $$;

-- Lets one session of this fence's login bring an existing schema forward: nothing that the tenant has put there runs
-- in a session that may do more than the tenant. Ends everybody else's sessions, an earlier attempt's too. Returns the
-- name of this attempt; only the latest one can enter what it has done. To be committed before the session begins.
CREATE FUNCTION open_migration(p_client text, p_kind text, p_fence bigint, p_verifier text)
RETURNS uuid LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE attempt_name uuid := gen_random_uuid();
BEGIN
  PERFORM lock_fence(p_client, p_fence);
  PERFORM drop_logins(p_client, NULL);
  PERFORM make_login(p_client, p_fence, p_verifier);
  -- An earlier attempt is over now: whether it has succeeded is known.
  INSERT INTO schema_versions AS v (schema, set, checksums, attempt) VALUES (p_client, p_kind, '{}', attempt_name)
    ON CONFLICT (schema) DO UPDATE
    SET checksums = applied_files(p_client), pending = NULL, pending_xid = NULL, attempt = attempt_name;
  RETURN attempt_name;
END $$;

-- Who changes a tenant's storage holds its row, and only the newest fence may.
CREATE FUNCTION lock_fence(p_client text, p_fence bigint) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM 1 FROM tenants t WHERE t.client_id = p_client AND t.fence = p_fence FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'fence % of % is over', p_fence, p_client USING ERRCODE = 'BP001'; END IF;
END $$;

-- Makes the login of one fence, or gives it another password.
CREATE FUNCTION make_login(p_client text, p_fence bigint, p_verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE login text := p_client || '_' || p_fence;
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
    EXECUTE format('ALTER ROLE %I PASSWORD %L', login, p_verifier);
    RETURN;
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10 IN ROLE %I PASSWORD %L',
                 login, p_client, p_verifier);
  -- Every session of this login works as the schema's owner, and finds its tables through "$user".
  EXECUTE format('ALTER ROLE %I SET role = %L', login, p_client);
END $$;

-- A schema that belongs to a role of the same name, which may connect and sees nothing else.
CREATE FUNCTION create_owned_schema(p_name text) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_name) THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE IN ROLE botpool_tenants', p_name);
  END IF;
  EXECUTE format('CREATE SCHEMA %I AUTHORIZATION %I', p_name, p_name);
END $$;

-- The logins of a tenant, but not the one of this fence (NULL: all of them). '`' is the character after '_'.
CREATE FUNCTION tenant_logins(p_client text, p_but_fence bigint) RETURNS SETOF name
LANGUAGE sql STABLE AS $$
  SELECT rolname FROM pg_authid
  WHERE rolname >= (p_client || '_')::name AND rolname < (p_client || '`')::name
    AND (p_but_fence IS NULL OR rolname <> (p_client || '_' || p_but_fence)::name)
$$;

-- First step of a revocation, to be committed before the second: nobody can log in any more.
CREATE FUNCTION disable_logins(p_client text, p_but_fence bigint) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE login text;
BEGIN
  FOR login IN SELECT tenant_logins(p_client, p_but_fence) LOOP
    EXECUTE format('ALTER ROLE %I NOLOGIN', login);
  END LOOP;
END $$;

-- Ends all sessions of these logins. Fails with BP002 when one still works after 5 seconds: its role must stay.
CREATE FUNCTION end_sessions(p_logins name[]) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE
  deadline timestamptz := clock_timestamp() + interval '5 seconds';
  remaining integer;
BEGIN
  IF cardinality(p_logins) = 0 THEN RETURN; END IF;
  LOOP
    -- A transaction sees the sessions as they were when it first looked.
    PERFORM pg_stat_clear_snapshot();
    SELECT count(pg_terminate_backend(pid)) INTO remaining FROM pg_stat_activity WHERE usename = ANY (p_logins);
    EXIT WHEN remaining = 0;
    IF clock_timestamp() > deadline THEN
      RAISE EXCEPTION '% sessions of % do not end', remaining, p_logins USING ERRCODE = 'BP002',
        HINT = 'The logins stay, disabled. Try again, or end the processes of these sessions.';
    END IF;
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$;

-- Ends these logins of a tenant. What they own, because a session has worked as its login, becomes the tenant's.
CREATE FUNCTION forget_logins(p_client text, p_logins name[]) RETURNS integer
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE login name;
BEGIN
  PERFORM end_sessions(p_logins);
  FOREACH login IN ARRAY p_logins LOOP
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = p_client) THEN
      EXECUTE format('REASSIGN OWNED BY %I TO %I', login, p_client);
    END IF;
    EXECUTE format('DROP OWNED BY %I CASCADE', login);
    EXECUTE format('DROP ROLE %I', login);
  END LOOP;
  RETURN cardinality(p_logins);
END $$;

-- Second step: the sessions that are still open are ended, and waited for, before the logins are forgotten.
CREATE FUNCTION drop_logins(p_client text, p_but_fence bigint) RETURNS integer
LANGUAGE sql SET search_path = control, pg_temp AS $$
  SELECT forget_logins(p_client, ARRAY(SELECT tenant_logins(p_client, p_but_fence)))
$$;

-- Removes a tenant's schema and roles with everything in them, after disable_logins. Safe to repeat.
CREATE FUNCTION drop_storage(p_client text) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM drop_logins(p_client, NULL);
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = p_client) THEN
    EXECUTE format('DROP SCHEMA %I CASCADE', p_client);
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = p_client) THEN
    -- What stands outside of its schema, and its rights in the schemas of others.
    EXECUTE format('DROP OWNED BY %I CASCADE', p_client);
    EXECUTE format('DROP ROLE %I', p_client);
  END IF;
  DELETE FROM schema_versions v WHERE v.schema = p_client;
END $$;
