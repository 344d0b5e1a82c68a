/** Finds the control plane that the window is for: one that was named, or the host that runs on this machine. */
import { type ControlPlaneAddress, connectControlPlane } from '../headless/client.ts';
import { readHostFile } from '../headless/host-file.ts';
import type { Known } from './status.ts';
import type { SecretStore } from './secret-store.ts';

/** What the shell is started with. */
export interface LinkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The installation's folder on this machine. */
  readonly home: string;
  readonly store: SecretStore;
}

/** Where to connect, now; `undefined` when no host runs here and no other was named. */
export async function findControlPlane({ env, home, store }: LinkOptions): Promise<ControlPlaneAddress | undefined> {
  const [url, token] = [env['BOTPOOL_SERVER'], env['BOTPOOL_SERVER_TOKEN']];
  if (url !== undefined && token !== undefined) {
    // Named once; from then on the system's key store knows it.
    await store.write({ url, token });
    return { url, token };
  }
  return (await readHostFile(home)) ?? (await store.read());
}

/** Tells the counts of the pool, again and again over every cut, until the signal aborts. */
export async function followPool(
  options: LinkOptions & {
    readonly tell: (known: Known) => void;
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { tell, sleep, signal } = options;
  while (!signal.aborted) {
    try {
      const address = await findControlPlane(options);
      if (address !== undefined) await followOnce(address, tell, signal);
    } catch {
      // It has gone, or does not let us in: tried again below.
    }
    tell(undefined);
    await sleep(RETRY_MS, signal);
  }
}

const RETRY_MS = 2_000;

async function followOnce(
  address: ControlPlaneAddress,
  tell: (known: Known) => void,
  signal: AbortSignal,
): Promise<void> {
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
