-- The sales desk: all that the Sales Bot and the gateway may do. They read what strangers write, so they hold no rights
-- on tables. Every function checks that the order or the tenant is the buyer's own. Refusals are codes, not exceptions.

DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['botpool_sales', 'botpool_gateway'] LOOP
    -- Roles are the whole server's: another database of it may be making this one right now.
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
    EXECUTE format('GRANT USAGE ON SCHEMA control TO %I', role_name);
  END LOOP;
END $$;

CREATE VIEW desk_plans AS
  SELECT id, name_ru, name_en, price, currency, months, kinds, limits, position FROM plans WHERE active;

-- An order as its buyer may see it; the newest payment stands beside it.
CREATE VIEW desk_orders AS
  SELECT o.id, o.number, o.purpose, o.state, o.reason, o.buyer_id, o.chat_id, o.buyer_name, o.locale, o.kind, o.company,
    o.time_zone, o.plan_id, o.amount, o.currency, o.months, o.receipt_contact, o.save_method, o.automatic, o.client_id,
    o.token_fingerprint IS NOT NULL AS has_token, o.bot_username, o.managed, o.place, o.expected_at, o.message_id,
    o.revision, o.created_at, o.updated_at, o.asked_at, o.paid_at, o.active_at,
    p.status AS payment_status, p.cancel_reason AS payment_reason,
    CASE WHEN p.status = 'pending' AND o.state = 'awaiting_payment' THEN p.confirmation_url END AS confirmation_url,
    coalesce((SELECT sum(refunded) FROM payments r WHERE r.order_id = o.id), 0)::bigint AS refunded
  FROM orders o LEFT JOIN LATERAL (
    SELECT status, cancel_reason, confirmation_url FROM payments WHERE order_id = o.id
    ORDER BY (status NOT IN ('canceled', 'abandoned')) DESC, created_at DESC LIMIT 1) p ON true;

-- The bots of buyers: what is wanted of them, whether they serve, and until when they are paid.
CREATE VIEW desk_bots AS
  SELECT t.client_id, t.owner_id AS buyer_id, t.company, t.kind, t.locale, t.time_zone, t.state, t.bot_username,
    EXISTS (SELECT FROM activations a WHERE a.client_id = t.client_id AND a.state = 'active' AND a.ended_at IS NULL)
      AS serving,
    t.queued_at IS NOT NULL AS queued, t.created_at,
    s.plan_id, s.paid_from, s.paid_until, s.grace_until, s.auto_renew, s.method_title
  FROM tenants t LEFT JOIN LATERAL (
    SELECT plan_id, min(lower(during)) OVER () AS paid_from, upper(during) AS paid_until, grace_until, auto_renew,
      method_title
    FROM subscriptions WHERE client_id = t.client_id AND voided_at IS NULL ORDER BY upper(during) DESC LIMIT 1) s ON true
  WHERE t.state <> 'deleted';

CREATE VIEW desk_requests AS
  SELECT id, client_id, buyer_id, chat_id, action, state, outcome, result, created_at, done_at FROM buyer_requests;

-- Who else holds this bot: 'tenant', 'order', or NULL.
CREATE FUNCTION desk_token_holder(p_order uuid, p_client text, p_fingerprint text, p_bot bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = control, pg_temp AS $$
  SELECT CASE
    WHEN EXISTS (SELECT FROM tenants t WHERE t.state <> 'deleted' AND t.client_id IS DISTINCT FROM p_client
      AND (t.token_fingerprint = p_fingerprint OR t.bot_id = p_bot)) THEN 'tenant'
    WHEN EXISTS (SELECT FROM orders o WHERE o.id IS DISTINCT FROM p_order AND o.purpose = 'new'
      AND o.state IN ('awaiting_payment', 'paid', 'activating', 'failed')
      AND (o.token_fingerprint = p_fingerprint OR o.bot_id = p_bot)) THEN 'order' END
$$;

-- Opens an order of a buyer; an id that is known already is that order. Returns 'ok' or a code.
CREATE FUNCTION desk_open_order(p_id uuid, p_buyer bigint, p_chat bigint, p_name text, p_locale text, p_plan text,
  p_referral text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  PERFORM pg_advisory_xact_lock(hashtextextended('buyer ' || p_buyer, 3));
  IF p_plan IS NOT NULL AND NOT EXISTS (SELECT FROM plans WHERE id = p_plan AND active) THEN RETURN 'plan_unknown'; END IF;
  -- Somebody who opens orders without end is not a buyer.
  IF (SELECT count(*) FROM orders WHERE buyer_id = p_buyer AND state IN ('draft', 'awaiting_token', 'awaiting_payment')
      AND id <> p_id) >= 20 THEN RETURN 'too_many_orders'; END IF;
  INSERT INTO orders (id, purpose, buyer_id, chat_id, buyer_name, locale, plan_id, referral)
    VALUES (p_id, 'new', p_buyer, p_chat, left(p_name, 200), p_locale, p_plan, left(p_referral, 64))
    ON CONFLICT (id) DO NOTHING;
  RETURN CASE WHEN EXISTS (SELECT FROM orders WHERE id = p_id AND buyer_id = p_buyer) THEN 'ok' ELSE 'order_unknown' END;
END $$;

-- Changes what the buyer has said so far: kind, company, time_zone, plan_id, locale, receipt_contact, save_method.
CREATE FUNCTION desk_change_order(p_order uuid, p_buyer bigint, p_change jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE o orders;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  SELECT * INTO o FROM orders WHERE id = p_order AND buyer_id = p_buyer FOR UPDATE;
  IF NOT FOUND THEN RETURN 'order_unknown'; END IF;
  IF o.state NOT IN ('draft', 'awaiting_token') THEN RETURN 'order_closed'; END IF;
  IF p_change ? 'plan_id' AND NOT EXISTS (SELECT FROM plans WHERE id = p_change->>'plan_id' AND active) THEN
    RETURN 'plan_unknown';
  END IF;
  UPDATE orders SET
    kind = coalesce(p_change->>'kind', kind), company = coalesce(p_change->>'company', company),
    time_zone = coalesce(p_change->>'time_zone', time_zone), plan_id = coalesce(p_change->>'plan_id', plan_id),
    locale = coalesce(p_change->>'locale', locale),
    receipt_contact = coalesce(p_change->>'receipt_contact', receipt_contact),
    save_method = coalesce((p_change->>'save_method')::boolean, save_method),
    state = CASE WHEN state = 'draft' AND coalesce(p_change->>'company', company) IS NOT NULL
      AND coalesce(p_change->>'plan_id', plan_id) IS NOT NULL THEN 'awaiting_token' ELSE state END
  WHERE id = p_order;
  RETURN 'ok';
END $$;

-- The message in the buyer's chat that follows this order, in any state.
CREATE FUNCTION desk_set_message(p_order uuid, p_message bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = control, pg_temp AS $$
  UPDATE orders SET message_id = p_message WHERE id = p_order AND message_id IS DISTINCT FROM p_message
$$;

-- The bot of an order. A paid order whose token failed may have another one, and is tried again with it at once.
CREATE FUNCTION desk_set_token(p_order uuid, p_buyer bigint, p_boxed text, p_fingerprint text, p_bot bigint,
  p_username text, p_managed boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE
  o orders;
  holder text;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  PERFORM pg_advisory_xact_lock(hashtextextended('token ' || p_fingerprint, 2));
  SELECT * INTO o FROM orders WHERE id = p_order AND buyer_id = p_buyer FOR UPDATE;
  IF NOT FOUND THEN RETURN 'order_unknown'; END IF;
  IF o.purpose <> 'new' OR o.state NOT IN ('draft', 'awaiting_token', 'failed') THEN RETURN 'order_closed'; END IF;
  holder := desk_token_holder(o.id, o.client_id, p_fingerprint, p_bot);
  IF holder IS NOT NULL THEN RETURN 'token_taken'; END IF;
  UPDATE orders SET token_boxed = p_boxed, token_fingerprint = p_fingerprint, bot_id = p_bot,
    bot_username = p_username, managed = p_managed,
    next_at = CASE WHEN state = 'failed' THEN clock_timestamp() ELSE next_at END,
    attempts = CASE WHEN state = 'failed' THEN 0 ELSE attempts END
  WHERE id = p_order;
  RETURN 'ok';
EXCEPTION WHEN unique_violation THEN RETURN 'token_taken';
END $$;

-- The buyer wants to pay: price and period are agreed now, and the control plane makes the payment.
-- Asked again, it sees to it that there is a link that can be used.
CREATE FUNCTION desk_ask_payment(p_order uuid, p_buyer bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE
  o orders;
  plan plans;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  SELECT * INTO o FROM orders WHERE id = p_order AND buyer_id = p_buyer FOR UPDATE;
  IF NOT FOUND THEN RETURN 'order_unknown'; END IF;
  IF o.state = 'awaiting_payment' THEN
    UPDATE orders SET next_at = clock_timestamp() WHERE id = p_order;
    RETURN 'ok';
  END IF;
  IF o.state NOT IN ('draft', 'awaiting_token') THEN RETURN 'order_closed'; END IF;
  SELECT * INTO plan FROM plans WHERE id = o.plan_id AND active;
  IF NOT FOUND THEN RETURN 'plan_unknown'; END IF;
  IF NOT o.kind = ANY (plan.kinds) THEN RETURN 'plan_unknown'; END IF;
  IF o.purpose = 'new' THEN
    IF o.company IS NULL OR o.token_fingerprint IS NULL THEN RETURN 'order_incomplete'; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('token ' || o.token_fingerprint, 2));
    IF desk_token_holder(o.id, NULL, o.token_fingerprint, o.bot_id) IS NOT NULL THEN RETURN 'token_taken'; END IF;
  END IF;
  UPDATE orders SET state = 'awaiting_payment', amount = plan.price, currency = plan.currency, months = plan.months,
    next_at = clock_timestamp() WHERE id = p_order;
  RETURN 'ok';
EXCEPTION WHEN unique_violation THEN RETURN 'token_taken';
END $$;

-- The buyer wants no bot after all. What is paid cannot be cancelled by a button: that is a refund.
CREATE FUNCTION desk_cancel_order(p_order uuid, p_buyer bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE o orders;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  SELECT * INTO o FROM orders WHERE id = p_order AND buyer_id = p_buyer FOR UPDATE;
  IF NOT FOUND THEN RETURN 'order_unknown'; END IF;
  IF o.state = 'cancelled' THEN RETURN 'ok'; END IF;
  IF o.state NOT IN ('draft', 'awaiting_token', 'awaiting_payment') THEN RETURN 'order_closed'; END IF;
  UPDATE orders SET state = 'cancelled', reason = 'buyer', next_at = NULL, token_boxed = NULL WHERE id = p_order;
  RETURN 'ok';
END $$;

-- Opens a renewal of a bot of the buyer's, or finds the one that is open. Returns the order's id, or a code.
CREATE FUNCTION desk_open_renewal(p_id uuid, p_buyer bigint, p_chat bigint, p_locale text, p_client text, p_plan text,
  p_save boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE
  tenant tenants;
  plan plans;
  known uuid;
  contact text;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  PERFORM pg_advisory_xact_lock(hashtextextended('renewal ' || p_client, 3));
  SELECT * INTO tenant FROM tenants WHERE client_id = p_client AND owner_id = p_buyer AND state <> 'deleted';
  IF NOT FOUND THEN RETURN 'client_unknown'; END IF;
  SELECT * INTO plan FROM plans WHERE id = p_plan AND active AND tenant.kind = ANY (kinds);
  IF NOT FOUND THEN RETURN 'plan_unknown'; END IF;
  SELECT id INTO known FROM orders WHERE client_id = p_client AND purpose = 'renewal' AND plan_id = p_plan
    AND state = 'awaiting_payment' AND NOT automatic AND save_method = p_save AND amount = plan.price
    ORDER BY created_at DESC LIMIT 1;
  IF FOUND THEN
    UPDATE orders SET next_at = clock_timestamp() WHERE id = known;
    RETURN known::text;
  END IF;
  SELECT receipt_contact INTO contact FROM orders WHERE client_id = p_client AND receipt_contact IS NOT NULL
    ORDER BY created_at DESC LIMIT 1;
  INSERT INTO orders (id, purpose, state, buyer_id, chat_id, locale, kind, company, time_zone, plan_id, amount, currency,
      months, save_method, client_id, bot_username, receipt_contact, next_at)
    VALUES (p_id, 'renewal', 'awaiting_payment', p_buyer, p_chat, p_locale, tenant.kind, tenant.company,
      tenant.time_zone, p_plan, plan.price, plan.currency, plan.months, p_save, p_client, tenant.bot_username, contact,
      clock_timestamp())
    ON CONFLICT (id) DO NOTHING;
  RETURN p_id::text;
END $$;

-- Switches automatic renewal of the newest period; it needs a saved method.
CREATE FUNCTION desk_set_auto_renew(p_buyer bigint, p_client text, p_on boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE newest subscriptions;
BEGIN
  PERFORM set_config('botpool.actor', 'buyer:' || p_buyer, true);
  PERFORM 1 FROM tenants WHERE client_id = p_client AND owner_id = p_buyer AND state <> 'deleted';
  IF NOT FOUND THEN RETURN 'client_unknown'; END IF;
  SELECT * INTO newest FROM subscriptions WHERE client_id = p_client AND voided_at IS NULL
    ORDER BY upper(during) DESC LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_subscribed'; END IF;
  IF p_on AND newest.method_id IS NULL THEN RETURN 'no_saved_method'; END IF;
  IF newest.auto_renew IS DISTINCT FROM p_on THEN
    -- A method that may not be used any more is forgotten, not kept for later.
    UPDATE subscriptions SET auto_renew = p_on, method_id = CASE WHEN p_on THEN method_id END,
      method_title = CASE WHEN p_on THEN method_title END WHERE id = newest.id;
  END IF;
  RETURN 'ok';
END $$;

-- Asks the control plane for something about a bot of the buyer's.
CREATE FUNCTION desk_request(p_id uuid, p_buyer bigint, p_chat bigint, p_client text, p_action text, p_boxed text,
  p_fingerprint text, p_bot bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
DECLARE tenant tenants;
BEGIN
  SELECT * INTO tenant FROM tenants WHERE client_id = p_client AND owner_id = p_buyer AND state <> 'deleted';
  IF NOT FOUND THEN RETURN 'client_unknown'; END IF;
  IF p_action IN ('resume', 'new_token') AND NOT EXISTS (SELECT FROM subscriptions WHERE client_id = p_client
      AND voided_at IS NULL AND grace_until > now()) THEN RETURN 'not_subscribed'; END IF;
  IF p_action = 'new_token' AND desk_token_holder(NULL, p_client, p_fingerprint, p_bot) IS NOT NULL THEN
    RETURN 'token_taken';
  END IF;
  INSERT INTO buyer_requests (id, client_id, buyer_id, chat_id, action, token_boxed, token_fingerprint)
    VALUES (p_id, p_client, p_buyer, p_chat, p_action, p_boxed, p_fingerprint) ON CONFLICT (id) DO NOTHING;
  RETURN 'ok';
EXCEPTION WHEN unique_violation THEN RETURN 'request_open';
END $$;

-- Gives out what is due to be told, each to one caller for so long; what was not settled by then is given out again.
CREATE FUNCTION desk_claim_notices(p_limit integer, p_seconds integer)
RETURNS TABLE (id bigint, buyer_id bigint, chat_id bigint, kind text, order_id uuid, client_id text, data jsonb,
  tries integer)
LANGUAGE sql SECURITY DEFINER SET search_path = control, pg_temp AS $$
  UPDATE notices n SET claimed_until = clock_timestamp() + p_seconds * interval '1 second', tries = n.tries + 1
  WHERE n.id IN (
    SELECT d.id FROM notices d WHERE d.settled_at IS NULL AND d.due_at <= clock_timestamp()
      AND (d.claimed_until IS NULL OR d.claimed_until <= clock_timestamp())
    ORDER BY d.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  RETURNING n.id, n.buyer_id, n.chat_id, n.kind, n.order_id, n.client_id, n.data, n.tries
$$;

-- 'sent', 'blocked' (the buyer wants to hear nothing) or another end; p_again: not ended, to be tried after so long.
CREATE FUNCTION desk_settle_notice(p_id bigint, p_outcome text, p_again integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = control, pg_temp AS $$
  UPDATE notices SET outcome = p_outcome,
    settled_at = CASE WHEN p_again IS NULL THEN clock_timestamp() END,
    due_at = CASE WHEN p_again IS NULL THEN due_at ELSE clock_timestamp() + p_again * interval '1 second' END,
    claimed_until = NULL
  WHERE id = p_id AND settled_at IS NULL
$$;

CREATE FUNCTION desk_box(p_name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = control, pg_temp AS $$
  SELECT public_key FROM boxes WHERE name = p_name
$$;

-- What the gateway does: one hint into the inbox. One that was heard before and did not end anything counts anew.
CREATE FUNCTION gateway_take_hint(p_provider text, p_event text, p_object text, p_source inet) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = control, pg_temp AS $$
BEGIN
  INSERT INTO payment_hints AS h (provider, event, object_id, source)
    VALUES (p_provider, p_event, p_object, p_source)
    ON CONFLICT (provider, event, object_id) DO UPDATE SET seen = h.seen + 1, received_at = clock_timestamp(),
      next_at = CASE WHEN h.outcome IN ('applied', 'known') THEN h.next_at ELSE clock_timestamp() END;
  PERFORM pg_notify('payment_hints', p_object);
END $$;

-- Whether the inbox can be reached, for the gateway's health.
CREATE FUNCTION gateway_ready() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = control, pg_temp AS $$
  SELECT NOT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_class WHERE oid = 'control.payment_hints'::regclass)
$$;

-- Makes or renews the login of a service; its rights are those of one of the two roles above and nothing else.
CREATE FUNCTION open_service_login(p_login text, p_role text, p_verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) THEN
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20 IN ROLE %I PASSWORD %L',
                   p_login, p_role, p_verifier);
  ELSE
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', p_login, p_verifier);
    EXECUTE format('GRANT %I TO %I', p_role, p_login);
  END IF;
  EXECUTE format('ALTER ROLE %I SET search_path = control', p_login);
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA control FROM PUBLIC;
GRANT SELECT ON desk_plans, desk_orders, desk_bots, desk_requests TO botpool_sales;
GRANT EXECUTE ON FUNCTION desk_open_order, desk_change_order, desk_set_message, desk_set_token, desk_ask_payment,
  desk_cancel_order, desk_open_renewal, desk_set_auto_renew, desk_request, desk_claim_notices, desk_settle_notice,
  desk_box TO botpool_sales;
GRANT EXECUTE ON FUNCTION gateway_take_hint, gateway_ready TO botpool_gateway;
