-- Signals tell of rows that have changed. A trigger for each statement also fires for one that finds nothing to change, and
-- whoever looks because of a signal, and finds nothing, would signal to itself for ever.

DROP TRIGGER schedules_changed ON schedules;
CREATE TRIGGER schedules_changed AFTER INSERT OR DELETE OR UPDATE OF expression, zone, payload, overlap, paused_at,
  start_deadline_ms, catch_up, timeout_ms, retries, back_off_ms ON schedules
  FOR EACH ROW EXECUTE FUNCTION tell_schedules();

DROP TRIGGER runs_changed ON runs;
CREATE TRIGGER runs_changed AFTER INSERT OR UPDATE OF state ON runs
  FOR EACH ROW EXECUTE FUNCTION tell_schedules();

DROP TRIGGER alerts_changed ON alerts;
CREATE TRIGGER alerts_changed AFTER INSERT OR UPDATE OF resolved_at, acknowledged_at ON alerts
  FOR EACH ROW EXECUTE FUNCTION tell_alerts();
