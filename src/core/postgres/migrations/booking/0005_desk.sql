-- The desk: visits booked by hand, members who are away, and what is known of customers.

-- Who was written down by hand has no Telegram account (yet): nothing can be said to them by the bot.
ALTER TABLE users
  ALTER COLUMN telegram_id DROP NOT NULL,
  ADD COLUMN note text CHECK (length(note) BETWEEN 1 AND 1024);

-- The business cannot keep the time and has asked the customer for another one: until the visit begins they may move or
-- cancel it, whatever the rule says. A deposit is what somebody who did not come before has to pay ahead.
ALTER TABLE bookings
  ADD COLUMN asked_to_move_at timestamptz,
  ADD COLUMN deposit_kopecks bigint NOT NULL DEFAULT 0 CHECK (deposit_kopecks BETWEEN 0 AND price_kopecks),
  ADD COLUMN deposit_paid_at timestamptz;
