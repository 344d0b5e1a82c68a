-- What the business writes to all customers who agreed: a message in its own chat with the bot, copied to each of them. The
-- copies are rows in `notices`; the same message is sent once, however often its button is pressed.
CREATE TABLE broadcasts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chat_id bigint NOT NULL,
  message_id bigint NOT NULL,
  customers integer NOT NULL DEFAULT 0 CHECK (customers >= 0),
  created_at timestamptz NOT NULL,
  stopped_at timestamptz,
  UNIQUE (chat_id, message_id)
);
