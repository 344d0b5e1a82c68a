-- Who may come in: named users, their sessions in browsers, and tokens of programs. Nothing here can be shown back.

CREATE TABLE users (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  -- scrypt with its cost and salt.
  password text NOT NULL,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_sign_in_at timestamptz
);

CREATE TABLE sessions (
  -- SHA-256 of what the browser holds.
  hash text PRIMARY KEY,
  -- NULL: the operator of this machine, who has come in by a one-time link.
  user_name text REFERENCES users (name) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  source text NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_name);

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  -- SHA-256 of the token: it is 256 random bits, so that nothing slower is needed.
  hash text NOT NULL UNIQUE,
  scope text NOT NULL CHECK (scope IN ('read', 'operate', 'admin')),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- From where a change was made: the address and the face of the caller. NULL: by the system itself.
ALTER TABLE audit ADD COLUMN source text;
CREATE INDEX audit_target ON audit (target, id);
