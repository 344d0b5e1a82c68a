-- The operator's truth about tenants, their activations and what was done to them.

CREATE TABLE tenants (
  client_id text PRIMARY KEY CHECK (client_id ~ '^client_[0-9]{3,6}$'),
  company text NOT NULL CHECK (char_length(company) BETWEEN 1 AND 200),
  kind text NOT NULL,
  locale text NOT NULL CHECK (locale IN ('ru', 'en')),
  time_zone text NOT NULL,
  owner_id bigint NOT NULL CHECK (owner_id > 0),
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'deleted')),
  fence bigint NOT NULL DEFAULT 0,
  token_sealed text,
  token_fingerprint text,
  bot_id bigint,
  bot_username text,
  storage text NOT NULL DEFAULT 'schema' CHECK (storage IN ('schema', 'shared')),
  -- Waits for a free bot since then: first come, first served.
  queued_at timestamptz,
  -- The first time that its bot answered; pending updates are dropped only before it.
  first_active_at timestamptz,
  -- Of a deleted tenant: whether its data is to stay, and since when nothing else of it is left.
  keep_data boolean NOT NULL DEFAULT false,
  erased_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tenants_token ON tenants (token_fingerprint) WHERE state <> 'deleted';
CREATE INDEX tenants_queue ON tenants (queued_at) WHERE queued_at IS NOT NULL;

CREATE TABLE activations (
  id uuid PRIMARY KEY,
  client_id text NOT NULL,
  fence bigint NOT NULL,
  container text NOT NULL,
  boot_id text NOT NULL,
  public_key text NOT NULL,
  state text NOT NULL CHECK (state IN ('claimed', 'active', 'ended', 'failed')),
  -- How it failed, or why it ended.
  outcome text,
  stages jsonb NOT NULL DEFAULT '{}',
  -- Credentials of this fence, sealed, so that any control plane can deliver again.
  credentials_sealed text,
  drop_pending_updates boolean NOT NULL DEFAULT false,
  deliveries integer NOT NULL DEFAULT 0,
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  delivered_at timestamptz,
  acknowledged_at timestamptz,
  ended_at timestamptz,
  UNIQUE (client_id, fence)
);
-- One open activation per tenant, and one ever per process.
CREATE UNIQUE INDEX activations_open ON activations (client_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX activations_process ON activations (container, boot_id);
CREATE INDEX activations_container ON activations (container) WHERE ended_at IS NULL;
CREATE INDEX activations_client ON activations (client_id, claimed_at);

-- Prepared schemas: an activation renames one instead of creating twelve tables.
CREATE TABLE spares (
  name text PRIMARY KEY,
  kind text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE spare_numbers;

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  before jsonb,
  after jsonb
);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TABLE settings (
  key text NOT NULL,
  version integer NOT NULL,
  value jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  PRIMARY KEY (key, version)
);
