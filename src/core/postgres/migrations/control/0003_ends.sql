-- How an activation ends: in one step with the right to log in of its fence and all earlier ones, and of no later one.
-- Whoever changes an activation locks its tenant's row first, so that ends, claims and openings follow one another.

-- Whose lease the process of this activation may hold: the tenant's own may be another one by the time it is over.
ALTER TABLE activations ADD COLUMN token_fingerprint text;

-- The logins of a tenant up to this fence.
CREATE FUNCTION logins_to_fence(p_client text, p_fence bigint) RETURNS SETOF name
LANGUAGE sql STABLE SET search_path = control, pg_temp AS $$
  SELECT login FROM tenant_logins(p_client, NULL) AS login
  WHERE substring(login::text FROM '_([0-9]+)$')::bigint <= p_fence
$$;

-- Ends an open activation and what its fence may do in new sessions. False when it had ended before (by anybody).
CREATE FUNCTION end_activation(p_id uuid, p_state text, p_outcome text) RETURNS boolean
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE
  ended activations%ROWTYPE;
  login text;
BEGIN
  PERFORM 1 FROM tenants t WHERE t.client_id = (SELECT a.client_id FROM activations a WHERE a.id = p_id) FOR UPDATE;
  UPDATE activations a SET state = p_state, outcome = p_outcome, ended_at = clock_timestamp(), credentials_sealed = NULL
    WHERE a.id = p_id AND a.ended_at IS NULL RETURNING * INTO ended;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR login IN SELECT logins_to_fence(ended.client_id, ended.fence) LOOP
    EXECUTE format('ALTER ROLE %I NOLOGIN', login);
  END LOOP;
  RETURN true;
END $$;

-- Ends the open sessions of a tenant's logins up to this fence, then forgets the logins. After end_activation.
CREATE FUNCTION end_logins(p_client text, p_fence bigint) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM 1 FROM tenants t WHERE t.client_id = p_client FOR UPDATE;
  PERFORM forget_logins(p_client, ARRAY(SELECT logins_to_fence(p_client, p_fence)));
END $$;

-- The newest fence of each tenant that still has a login though its activation is over: somebody died on the way.
CREATE FUNCTION stray_logins() RETURNS TABLE (client_id text, fence bigint)
LANGUAGE sql STABLE SET search_path = control, pg_temp AS $$
  SELECT t.client_id, max(substring(login::text FROM '_([0-9]+)$')::bigint)
  FROM tenants t CROSS JOIN LATERAL tenant_logins(t.client_id, NULL) AS login
  WHERE NOT EXISTS (
    SELECT FROM activations a
    WHERE a.client_id = t.client_id AND a.ended_at IS NULL
      AND a.fence <= substring(login::text FROM '_([0-9]+)$')::bigint)
  GROUP BY t.client_id
$$;

-- A claimed activation serves its tenant. 'settled': by this call; 'active': by an earlier one; 'over': it has ended.
CREATE FUNCTION settle_active(p_id uuid, p_stages jsonb, p_username text, p_bot_id bigint) RETURNS text
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE served activations%ROWTYPE;
BEGIN
  PERFORM 1 FROM tenants t WHERE t.client_id = (SELECT a.client_id FROM activations a WHERE a.id = p_id) FOR UPDATE;
  UPDATE activations a SET state = 'active', outcome = 'active', acknowledged_at = clock_timestamp(),
      stages = a.stages || p_stages
    WHERE a.id = p_id AND a.state = 'claimed' AND a.ended_at IS NULL RETURNING * INTO served;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM activations a WHERE a.id = p_id AND a.ended_at IS NULL) THEN RETURN 'active'; END IF;
    RETURN 'over';
  END IF;
  UPDATE tenants t SET first_active_at = coalesce(t.first_active_at, now()), queued_at = NULL, updated_at = now(),
      bot_username = coalesce(p_username, t.bot_username), bot_id = coalesce(p_bot_id, t.bot_id)
    WHERE t.client_id = served.client_id;
  RETURN 'settled';
END $$;
