-- Why the present leader leads: an operator is told when it took the place of one that had fallen silent.

-- Whose place was taken without being given up, and how long that one had been silent; NULL after an orderly change.
ALTER TABLE leadership ADD COLUMN lapsed_holder text;
ALTER TABLE leadership ADD COLUMN lapsed_ms bigint;

-- As before, and notes whose place was taken.
CREATE OR REPLACE FUNCTION hold_leadership(p_holder text, p_epoch bigint, p_lease integer) RETURNS bigint
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
  UPDATE leadership SET
    epoch = led.epoch + 1,
    holder = p_holder,
    sign_at = clock_timestamp(),
    lapsed_holder = led.holder,
    lapsed_ms = greatest(0, extract(epoch FROM clock_timestamp() - led.sign_at) * 1000);
  RETURN led.epoch + 1;
END $$;
