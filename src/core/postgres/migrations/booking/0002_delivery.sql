-- Reminders are sent. `outcome` stays empty while one is to be sent; `claimed_until` says until when a process is at it, or
-- from when it may be tried again.

ALTER TABLE reminders
  ADD COLUMN claimed_until timestamptz,
  ADD COLUMN outcome text CHECK (outcome IN ('sent', 'superseded', 'too_late', 'unwelcome', 'failed'));
DROP INDEX reminders_due;
CREATE INDEX reminders_due ON reminders (due_at) WHERE outcome IS NULL;

-- When the customer said, asked by a reminder, that they will come.
ALTER TABLE bookings ADD COLUMN customer_confirmed_at timestamptz;
