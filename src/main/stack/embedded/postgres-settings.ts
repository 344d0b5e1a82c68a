/** The settings of the embedded PostgreSQL, as texts of its own files. Pure. */

/** What differs between a product's server and one for tests. */
export interface PostgresSettings {
  readonly port: number;
  /** False: the machine's crash may lose everything; for tests only. */
  readonly durable: boolean;
}

/** The text of `botpool.conf`, which the cluster's `postgresql.conf` includes last. */
export function postgresSettings({ port, durable }: PostgresSettings): string {
  const settings: Record<string, string> = {
    listen_addresses: "'127.0.0.1'",
    port: String(port),
    // Paths of Unix sockets are limited to 107 bytes and /tmp belongs to all: TCP on loopback alone.
    unix_socket_directories: "''",
    password_encryption: "'scram-sha-256'",
    max_connections: '400',
    // A schema per tenant: pg_dump locks every table of every schema in one transaction.
    max_locks_per_transaction: '512',
    shared_buffers: "'64MB'",
    dynamic_shared_memory_type: 'posix',
    timezone: "'GMT'",
    log_timezone: "'GMT'",
    jit: 'off',
    log_line_prefix: "''",
    logging_collector: 'off',
    log_destination: "'stderr'",
    ...(durable ? { fsync: 'on' } : NOT_DURABLE),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

// `synchronous_commit` stays on: a killed server must know what it has committed, which costs nothing without fsync.
const NOT_DURABLE = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: "'2GB'",
  autovacuum_naptime: "'5min'",
} as const;

/** The text of `pg_hba.conf`: passwords over loopback, nothing else. */
export function postgresHostRules(): string {
  return 'host all all 127.0.0.1/32 scram-sha-256\n';
}
