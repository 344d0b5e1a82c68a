-- The team: who was invited, who works here no longer, and what the owner has set up so far.

-- Whoever is removed keeps the row, because what they did points at it. `name` is what the owner reads.
ALTER TABLE admins
  ADD COLUMN name text CHECK (length(name) BETWEEN 1 AND 128),
  ADD COLUMN removed_at timestamptz;

-- A link lets in whoever opens it first, once, until it expires. The link's secret is kept as its SHA-256 only. With
-- `staff_id` the account that opens it is that member's. The update that asked for a link made one link.
CREATE TABLE invitations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
  role text NOT NULL CHECK (role IN ('owner', 'manager', 'staff')),
  staff_id bigint REFERENCES staff,
  expires_at timestamptz NOT NULL,
  used_by bigint,
  used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL,
  CHECK ((used_by IS NULL) = (used_at IS NULL))
);
