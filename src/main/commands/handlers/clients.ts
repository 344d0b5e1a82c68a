/** Commands about one client, and the list of all. */
import { findOpen, listOpen } from '#core/pool/activations.ts';
import { readStatuses } from '#core/pool/presence.ts';
import type { Database } from '#core/postgres/database.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { getTenant, listTenants, type Tenant, tokenPlace } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { keys } from '#shared/redis/keys.ts';
import type { CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import { parseClientId } from '#shared/schemas/tenant.ts';
import type { CommandServices } from '../services.ts';

const PER_PAGE = 8;
const LOG_LINES = 15;

type Row = CommandResult<'clients.list'>['rows'][number];

/** One page of the clients whose number, company or bot contains the words. */
export async function listClients(
  { database }: CommandServices,
  { page, search }: CommandRequest<'clients.list'>,
): Promise<CommandResult<'clients.list'>> {
  const [tenants, open] = await Promise.all([listTenants(database), listOpen(database)]);
  const serving = new Set(open.filter(({ state }) => state === 'active').map(({ clientId }) => clientId));
  const word = search.trim().replace(/^@/, '').toLowerCase();
  const found = tenants.filter(({ clientId, company, botUsername }) =>
    [clientId, company, botUsername ?? ''].some((text) => text.toLowerCase().includes(word)),
  );
  const rows = found.slice(page * PER_PAGE, (page + 1) * PER_PAGE).map((tenant) => rowOf(tenant, serving));
  return { rows, total: found.length, pages: Math.max(1, Math.ceil(found.length / PER_PAGE)) };
}

function rowOf({ clientId, company, state, botUsername, queuedAt }: Tenant, serving: ReadonlySet<string>): Row {
  return { clientId, company, state, botUsername, serving: serving.has(clientId), queued: queuedAt !== null };
}

/** Everything that an operator asks about one client. */
export async function showClient(
  services: CommandServices,
  input: CommandRequest<'clients.show'>,
): Promise<CommandResult<'clients.show'>> {
  const { database, redis } = services;
  const tenant = await getTenant(database, parseClientId(input.clientId));
  const activation = await findOpen(database, tenant.clientId);
  const [status] = activation === undefined ? [] : await readStatuses(redis, [activation.container]);
  const health = status?.boot_id === activation?.bootId ? status?.health : undefined;
  const serving = new Set(activation?.state === 'active' ? [tenant.clientId] : []);
  return {
    ...rowOf(tenant, serving),
    kind: tenant.kind,
    ownerId: tenant.ownerId,
    container: activation?.container ?? null,
    since: (activation?.acknowledgedAt ?? activation?.claimedAt)?.getTime() ?? null,
    updates: health?.updates ?? null,
    errors: health?.errors ?? null,
    problem: health?.problem ?? null,
    bookings: await countBookings(database, tenant.clientId),
    ...(await subscriptionOf(database, tenant.clientId)),
  };
}

/** Bookings that lie ahead; null for a client without tables. */
async function countBookings(database: Database, clientId: string): Promise<number | null> {
  const { rows: found } = await database.query('SELECT to_regclass($1) AS table', [`${clientId}.bookings`]);
  if (found[0]?.['table'] === null) return null;
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM ${quoteIdentifier(clientId)}.bookings
     WHERE status IN ('pending', 'confirmed') AND upper(during) > now()`,
  );
  return rows[0]?.count ?? 0;
}

async function subscriptionOf(
  database: Database,
  clientId: string,
): Promise<{ readonly plan: string | null; readonly paidUntil: number | null }> {
  const { rows } = await database.query<{ plan: string; until: Date }>(
    `SELECT p.name_en AS plan, upper(s.during) AS until FROM control.subscriptions s
     JOIN control.plans p ON p.id = s.plan_id
     WHERE s.client_id = $1 AND s.voided_at IS NULL ORDER BY upper(s.during) DESC LIMIT 1`,
    [clientId],
  );
  return { plan: rows[0]?.plan ?? null, paidUntil: rows[0]?.until.getTime() ?? null };
}

/** The newest lines of the client's bot. */
export async function logsOfClient(
  services: CommandServices,
  input: CommandRequest<'clients.logs'>,
): Promise<CommandResult<'clients.logs'>> {
  const container = await containerOf(services, input.clientId);
  const lines: string[] = [];
  for await (const { text } of services.engine.logs(container, { tail: LOG_LINES })) lines.push(text);
  return { lines };
}

/** Gives a client its bot again, with the token that is kept of it. */
export async function activateClient(
  { pool, database, vault }: CommandServices,
  input: CommandRequest<'clients.activate'>,
  actor: string,
): Promise<CommandResult<'clients.activate'>> {
  const tenant = await getTenant(database, parseClientId(input.clientId));
  if (tenant.tokenSealed === null) {
    throw new BotpoolError('client_not_active', { clientId: tenant.clientId, state: 'without a token' });
  }
  const { clientId, company, kind, locale, timeZone, ownerId } = tenant;
  const token = vault.open(tenant.tokenSealed, tokenPlace(clientId));
  const request = { clientId, company, kind, locale, timeZone, ownerId, token };
  const { container, botUsername, durationMs } = await pool.activateBot(request, actor);
  return { container, username: botUsername ?? null, ms: durationMs };
}

/** Suspends a client; its data stays. */
export async function deactivateClient(
  { pool }: CommandServices,
  input: CommandRequest<'clients.deactivate'>,
  actor: string,
): Promise<CommandResult<'clients.deactivate'>> {
  const { drained } = await pool.deactivateBot(input.clientId, { actor, reason: 'operator' });
  return { drained };
}

/** Gives a client days beyond what is paid. */
export async function extendClient(
  { extend }: CommandServices,
  { id, clientId, days }: CommandRequest<'clients.extend'>,
  actor: string,
): Promise<CommandResult<'clients.extend'>> {
  const until = await extend({ id, clientId: parseClientId(clientId), days, actor });
  return { paidUntil: until.getTime() };
}

/** Starts the container of the client's bot anew; the client is given a bot by itself. */
export async function restartClient(
  services: CommandServices,
  input: CommandRequest<'clients.restart'>,
): Promise<CommandResult<'clients.restart'>> {
  const container = await containerOf(services, input.clientId);
  await services.engine.restart(container);
  return { container };
}

/** Sends the client's bot home; another one takes the client over. */
export async function moveClient(
  services: CommandServices,
  input: CommandRequest<'clients.move'>,
): Promise<CommandResult<'clients.move'>> {
  const activation = await findOpen(services.database, parseClientId(input.clientId));
  if (activation === undefined) {
    throw new BotpoolError('client_not_active', { clientId: input.clientId, state: 'without a bot' });
  }
  const wake = keys.botWake(activation.container);
  await services.redis.multi().rpush(wake, `drain ${activation.bootId}`).pexpire(wake, 30_000).exec();
  return { from: activation.container };
}

/** Deletes a client for good. */
export async function deleteClient(
  { pool }: CommandServices,
  input: CommandRequest<'clients.delete'>,
  actor: string,
): Promise<CommandResult<'clients.delete'>> {
  await pool.deleteTenant(input.clientId, { actor, reason: 'operator', keepData: input.keepData });
  return {};
}

async function containerOf({ database }: CommandServices, clientId: string): Promise<string> {
  const activation = await findOpen(database, parseClientId(clientId));
  if (activation === undefined) throw new BotpoolError('client_not_active', { clientId, state: 'without a bot' });
  return activation.container;
}
