/** Which control plane the window is for: one that a person has named, or the host that runs on this machine. */
import * as z from 'zod';
import { type Role, roleSchema } from '#shared/api/access.ts';
import { type ControlPlaneAddress, connectControlPlane } from '../headless/client.ts';
import { readHostFile } from '../headless/host-file.ts';
import type { SecretStore } from './secret-store.ts';
import type { Known } from './status.ts';

/** A control plane, found. */
export interface FoundServer extends ControlPlaneAddress {
  /** True for the host of this machine, which the program found by itself. */
  readonly local: boolean;
}

/** Who the program is there, or why it is nobody. */
export type WhoAmI = { readonly user: string; readonly role: Role } | 'refused' | 'unreachable';

/** See the file. */
export interface Servers {
  /** Where to connect, now; `undefined` when no host runs here and no other was named. */
  find(): Promise<FoundServer | undefined>;
  whoAmI(address: ControlPlaneAddress): Promise<WhoAmI>;
  /** From now on this one. False: only until the program ends, because this system keeps no secrets. */
  name(server: ControlPlaneAddress): Promise<boolean>;
  forget(): Promise<void>;
}

/** What servers are found with. */
export interface ServersOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The installation's folder on this machine. */
  readonly home: string;
  readonly store: SecretStore;
  readonly fetch: typeof fetch;
}

const ANSWER_MS = 5_000;
const sessionSchema = z.object({ user: z.string(), role: roleSchema });

/** Opens the register of servers. */
export function openServers({ env, home, store, fetch }: ServersOptions): Servers {
  let named: ControlPlaneAddress | undefined;
  return {
    async find() {
      const [url, token] = [env['BOTPOOL_SERVER'], env['BOTPOOL_SERVER_TOKEN']];
      if (url !== undefined && token !== undefined) return { url, token, local: false };
      const remote = named ?? (await store.read());
      if (remote !== undefined) return { ...remote, local: false };
      const host = await readHostFile(home);
      return host === undefined ? undefined : { url: host.url, token: host.token, local: true };
    },
    async whoAmI({ url, token }) {
      try {
        const answer = await fetch(`${url}/session`, {
          headers: { authorization: `Bearer ${token}` },
          redirect: 'error',
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        if (answer.status === 401 || answer.status === 403) return 'refused';
        return answer.ok ? sessionSchema.parse(await answer.json()) : 'unreachable';
      } catch {
        return 'unreachable';
      }
    },
    async name(server) {
      named = server;
      return await store.write(server);
    },
    async forget() {
      named = undefined;
      await store.forget();
    },
  };
}

/** What following needs. */
export interface FollowOptions {
  readonly servers: Pick<Servers, 'find'>;
  readonly tell: (known: Known) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

const RETRY_MS = 2_000;

/** Tells the counts of the pool, again and again over every cut, until the signal aborts. */
export async function followPool({ servers, tell, sleep, signal }: FollowOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const address = await servers.find();
      if (address !== undefined) await followOnce(address, tell, signal);
    } catch {
      // It has gone, or does not let us in: tried again below.
    }
    if (signal.aborted) return;
    tell(undefined);
    await sleep(RETRY_MS, signal);
  }
}

async function followOnce(address: FoundServer, tell: (known: Known) => void, signal: AbortSignal): Promise<void> {
  const connection = await connectControlPlane(address);
  const end = (): void => connection.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const { counts } of await connection.client.pool.follow({}, { signal })) tell(counts);
  } finally {
    signal.removeEventListener('abort', end);
    connection.close();
  }
}
