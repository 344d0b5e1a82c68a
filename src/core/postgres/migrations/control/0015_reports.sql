-- What the Master Bot tells its operators once a day, and whom it has told.

CREATE TABLE master_bot.reports (
  day date PRIMARY KEY,
  facts jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE master_bot.report_readers (
  day date NOT NULL REFERENCES master_bot.reports ON DELETE CASCADE,
  telegram_id bigint NOT NULL,
  PRIMARY KEY (day, telegram_id)
);
