-- Which bots the pool is wanted to have, and which of them are on their way out; who leads the control planes.

-- The one control plane that runs the loops. Every change of leader raises the epoch; what an earlier one still writes
-- is refused.
CREATE TABLE leadership (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch bigint NOT NULL DEFAULT 0,
  holder text,
  since timestamptz
);
INSERT INTO leadership DEFAULT VALUES;

CREATE TABLE roster (
  pool_id integer PRIMARY KEY CHECK (pool_id BETWEEN 1 AND 9999),
  container text NOT NULL UNIQUE,
  -- 'wanted': its container is made again when it is missing. 'retiring': nobody can claim it any more, and its
  -- container is being removed.
  state text NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'retiring')),
  -- Tells one stay of a container in the roster from a later one of the same name.
  stay bigint GENERATED ALWAYS AS IDENTITY,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Refuses what a former leader wants. NULL: an operator's word, which needs no leader. Holds off the next change of
-- leader until the caller's transaction is over.
CREATE FUNCTION check_epoch(p_epoch bigint) RETURNS void
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
BEGIN
  IF p_epoch IS NULL THEN RETURN; END IF;
  PERFORM 1 FROM leadership l WHERE l.epoch = p_epoch FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'epoch % of the leadership is over', p_epoch USING ERRCODE = 'BP003'; END IF;
END $$;

-- Changes of the roster follow one another.
CREATE FUNCTION lock_roster() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('roster', 1))
$$;

-- Wants so many more bots, never more than p_max in all: lowest free pool ids first. Returns the new ids.
CREATE FUNCTION want_bots(p_prefix text, p_count integer, p_max integer, p_epoch bigint) RETURNS SETOF integer
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE room integer;
BEGIN
  PERFORM lock_roster();
  PERFORM check_epoch(p_epoch);
  SELECT greatest(0, least(p_count, p_max - count(*)))::integer INTO room FROM roster;
  RETURN QUERY
    INSERT INTO roster (pool_id, container)
    SELECT free.id, p_prefix || free.id
    FROM (SELECT n AS id FROM generate_series(1, 9999) AS n
          WHERE NOT EXISTS (SELECT FROM roster r WHERE r.pool_id = n) ORDER BY n LIMIT room) AS free
    RETURNING roster.pool_id;
END $$;

-- Sets at most p_most bots aside, in the order given, while more than p_keep are wanted: from the end of this
-- transaction on nobody can claim them. A bot that is claimed, or about which a claim is deciding, is passed over.
CREATE FUNCTION retire_bots(p_containers text[], p_most integer, p_keep integer, p_epoch bigint)
RETURNS TABLE (container text, stay bigint) LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE
  wanted integer;
  set_aside integer := 0;
BEGIN
  PERFORM lock_roster();
  PERFORM check_epoch(p_epoch);
  SELECT count(*) INTO wanted FROM roster r WHERE r.state = 'wanted';
  FOR i IN 1 .. coalesce(array_length(p_containers, 1), 0) LOOP
    EXIT WHEN set_aside >= p_most OR wanted <= p_keep;
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended(p_containers[i], 2));
    CONTINUE WHEN EXISTS (SELECT FROM activations a WHERE a.container = p_containers[i] AND a.ended_at IS NULL);
    UPDATE roster r SET state = 'retiring', changed_at = clock_timestamp()
      WHERE r.container = p_containers[i] AND r.state = 'wanted' RETURNING r.container, r.stay INTO container, stay;
    CONTINUE WHEN NOT FOUND;
    set_aside := set_aside + 1;
    wanted := wanted - 1;
    RETURN NEXT;
  END LOOP;
END $$;
