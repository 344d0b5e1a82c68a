/** Runs a host: lock, control plane, API, host file; then waits until it is asked to stop, and ends in reverse. */
import { randomBytes } from 'node:crypto';
import type { ControlPlane } from '../../control-plane.ts';
import { lockHost, removeHostFile, writeHostFile } from '../../headless/host-file.ts';
import { type ApiServer, startApiServer } from '../../headless/server.ts';
import { buildPanel } from './build-panel.ts';
import { type LaunchOptions, launchControlPlane } from './launch-control-plane.ts';

/** What a running host tells of itself. */
export interface HostFacts {
  readonly url: string;
  /** Opens the panel and signs in, once. */
  readonly panelUrl: string;
  readonly pid: number;
  readonly sandboxUrl: string | undefined;
  /** What runs the containers. */
  readonly engine: ControlPlane['engine']['kind'];
  readonly logFile: string;
  /** Bots that wait for clients, and all bots. */
  readonly waiting: number;
  readonly total: number;
}

/** How a host is run. */
export interface RunHostOptions extends LaunchOptions {
  /** Aborts when the host is to stop; before it is ready, it stops as soon as it can. */
  readonly stop: AbortSignal;
  /** Called once, when everything runs. */
  readonly onReady: (facts: HostFacts) => void;
  /** Called once, when it begins to stop. */
  readonly onStopping: () => void;
}

/** How long to wait for the first bots before saying what runs. */
const FILL_MS = 20_000;

/** Resolves when everything has ended again. */
export async function runHost(options: RunHostOptions): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const lock = await lockHost(options.home);
  closing.defer(() => lock.release());
  // Beside everything else: a first start has to make both anyway.
  const building = buildPanel(options.projectFolder, options.report);
  const { controlPlane, preferredPort, panel, logFile } = await launchControlPlane(options);
  closing.defer(() => controlPlane.close());
  const asked = Promise.withResolvers<void>();
  const token = randomBytes(32).toString('base64url');
  const api = await serve(
    {
      controlPlane,
      token,
      onStop: asked.resolve,
      panelFolder: await building,
      host: panel.address,
      ...(panel.tls === undefined ? {} : { tls: panel.tls }),
      ...(panel.publicUrl === undefined ? {} : { publicUrl: panel.publicUrl }),
    },
    preferredPort,
  );
  closing.defer(() => api.close());
  options.stop.addEventListener('abort', () => asked.resolve(), { once: true });
  if (!options.stop.aborted) {
    options.report('waiting for the first bots');
    const counts = await untilFilled(controlPlane, options.stop);
    await writeHostFile(options.home, { url: api.url, token, startedAt: new Date() });
    closing.defer(() => removeHostFile(options.home));
    const panelUrl = api.newSignInLink().url;
    options.onReady({
      url: api.url,
      panelUrl,
      pid: process.pid,
      sandboxUrl: controlPlane.sandboxUrl,
      engine: controlPlane.engine.kind,
      logFile,
      ...counts,
    });
    await asked.promise;
  }
  options.onStopping();
}

type ServeOptions = Omit<Parameters<typeof startApiServer>[0], 'port'>;

/** On the preferred port, or on any free one when somebody else has it. */
async function serve(options: ServeOptions, preferredPort: number): Promise<ApiServer> {
  try {
    return await startApiServer({ ...options, port: preferredPort });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return await startApiServer({ ...options, port: 0 });
  }
}

/** Waits until every container of the pool has said that it lives, or the time is over. */
async function untilFilled(
  { pool, bots }: ControlPlane,
  stop: AbortSignal,
): Promise<{ readonly waiting: number; readonly total: number }> {
  const wanted = (await bots.list()).length;
  const enough = Promise.withResolvers<void>();
  const look = async (): Promise<void> => {
    if ((await pool.getPoolStatus()).total >= wanted) enough.resolve();
  };
  const quietly = (): void => void look().catch(() => undefined);
  const stopListening = pool.listen(quietly);
  const deadline = setTimeout(() => enough.resolve(), FILL_MS);
  stop.addEventListener('abort', () => enough.resolve(), { once: true });
  quietly();
  await enough.promise;
  clearTimeout(deadline);
  stopListening();
  return await pool.getPoolStatus();
}
