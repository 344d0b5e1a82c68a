-- How a control plane comes to lead, and how long it does without a sign. All times are PostgreSQL's own.

ALTER TABLE leadership DROP COLUMN since;
-- The last sign of the leader; NULL when it has given the leadership up.
ALTER TABLE leadership ADD COLUMN sign_at timestamptz;

-- Keeps the leadership (p_epoch: the caller's epoch) or takes it (NULL) from a leader that has given no sign for p_lease
-- ms. Returns the caller's epoch, or NULL when another one leads.
CREATE FUNCTION hold_leadership(p_holder text, p_epoch bigint, p_lease integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = control, pg_temp AS $$
DECLARE led leadership%ROWTYPE;
BEGIN
  SELECT * INTO led FROM leadership FOR UPDATE;
  IF led.epoch = p_epoch THEN
    UPDATE leadership SET sign_at = clock_timestamp();
    RETURN p_epoch;
  END IF;
  IF led.sign_at > clock_timestamp() - p_lease * interval '1 millisecond' AND led.sign_at <= clock_timestamp() THEN
    RETURN NULL;
  END IF;
  UPDATE leadership SET epoch = led.epoch + 1, holder = p_holder, sign_at = clock_timestamp();
  RETURN led.epoch + 1;
END $$;
