/**
 * A control plane's backups in a process of their own, to be killed by a test in the middle of what they do:
 * `node backup-host.ts '<json>'`. It stands still at the given step and says so.
 */
import { randomBytes } from 'node:crypto';
import { openDatabase } from '#core/postgres/database.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { openBackups } from '#main/backups/index.ts';
import { startCommand } from '#main/engine/process/exec.ts';
import type { DatabaseFacts } from './stack.ts';

/** What it is told. `stop`: the tool that never ends there, and the how many-th of its runs; or the bot that never drains. */
export interface BackupHost {
  readonly facts: DatabaseFacts;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly act: 'create' | 'verify' | 'restore';
  readonly id: string;
  readonly clientId: string;
  readonly stop: { readonly tool: string; readonly time: number } | 'draining';
}

const { facts, env, folder, act, id, clientId, stop } = JSON.parse(process.argv[2] ?? '{}') as BackupHost;
const never = new Promise<never>(() => undefined);
const stand = async (): Promise<never> => {
  console.log('here');
  setInterval(() => undefined, 1_000);
  return await never;
};
let runs = 0;
const database = openDatabase({ ...facts, max: 5, applicationName: 'host' });
const backups = await openBackups({
  ...{ database, server: facts, folder, now: Date.now, promisedHours: 26, target: undefined },
  async exec([command = '', ...args], more = {}) {
    const { session } = await startCommand({
      command: `/usr/bin/${command}`,
      args,
      options: { env: { ...env, ...more } },
    });
    if (stop === 'draining' || !args.includes(stop.tool) || args.includes('--version')) return session;
    runs += 1;
    return runs === stop.time ? { ...session, exitCode: session.exitCode.then(stand) } : session;
  },
  firstDue: async () => undefined,
  pool: {
    async deactivateBot(client) {
      await database.query("UPDATE control.tenants SET state = 'suspended' WHERE client_id = $1", [client]);
      return await stand();
    },
    resumeBot: stand,
  },
  logger: createLogger('host', 'silent', { write: () => undefined }),
  newSuffix: () => randomBytes(3).toString('hex'),
  encryption: { recipient: undefined, keyFile: `${folder}/unused.agekey` },
  secrets: async () => ({}),
  limits: { toolMs: 600_000, leastFree: 1 },
});
if (act === 'create') await (await backups.begin({ scope: 'all', cause: 'manual', actor: 'host' })).done;
if (act === 'verify') await (await backups.beginVerify(id, 'host')).done;
if (act === 'restore') await backups.restore(id, { clientId, actor: 'host' });
