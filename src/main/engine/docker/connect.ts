/** Finds the engine and settles how to speak with it. The one place that opens connections. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { negotiate, OURS } from './api-version.ts';
import { discoveryFacts } from './contexts.ts';
import { type DockerAddress, dockerEndpoints, type Endpoint } from './endpoints.ts';
import { connectionCode, messageOf } from './errors.ts';
import { sshAgent } from './ssh.ts';

/** How long an address gets to answer the first question. Milliseconds. */
const PROBE_MS = 5_000;

const VERSION = z.object({ Version: z.string(), ApiVersion: z.string(), MinAPIVersion: z.string().default('1.12') });

/** A settled connection. */
export interface DockerConnection {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  /** Such as `26.1.5`. */
  readonly engineVersion: string;
  /** The version both sides speak, such as `1.45`. */
  readonly apiVersion: string;
}

/** Where to look: the surroundings of a process, or one address. */
export interface DockerSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

async function clientFor(address: DockerAddress, version?: string): Promise<Docker> {
  // The client reads the environment by itself; a host that is there but undefined keeps it from doing so.
  const common: Docker.DockerOptions = {
    host: undefined,
    port: undefined,
    ...(version === undefined ? {} : { version }),
  };
  if (address.kind === 'socket') return new Docker({ ...common, socketPath: address.path });
  if (address.kind === 'ssh') {
    const options = { ...common, host: 'docker', protocol: 'http' as const, agent: sshAgent(address) };
    return new Docker(options);
  }
  const { host, port, tlsFolder } = address;
  if (tlsFolder === undefined) return new Docker({ ...common, host, port, protocol: 'http' });
  const pem = (name: string): Promise<string> => readFile(join(tlsFolder, `${name}.pem`), 'utf8');
  const [ca, cert, key] = await Promise.all([pem('ca'), pem('cert'), pem('key')]);
  return new Docker({ ...common, host, port, protocol: 'https', ca, cert, key });
}

/** Why an address gave no engine, as the end of a sentence that begins with the address. */
export function explainFailure(error: unknown, { address }: Endpoint): string {
  if (address === undefined) return 'cannot be understood: expected unix://, tcp://, ssh:// or an existing context';
  const code = connectionCode(error);
  if (code === 'ENOENT') return address.kind === 'tcp' ? `lacks a file: ${messageOf(error)}` : 'is not there';
  if (code === 'EACCES' || code === 'EPERM') {
    return 'may not be opened by this user: add the user to the group docker and sign in again, or use a rootless engine';
  }
  if (code === 'ECONNREFUSED') return 'is there, but no engine listens: start Docker';
  if (code === 'ENOTFOUND') return 'names an unknown host';
  if (error instanceof Error && error.name === 'TimeoutError') return `gave no answer within ${PROBE_MS / 1000} s`;
  return `failed: ${messageOf(error)}`;
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DOMException('no answer in time', 'TimeoutError')), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function tryEndpoint(endpoint: Endpoint): Promise<DockerConnection> {
  const { address } = endpoint;
  if (address === undefined) throw new Error('unknown address');
  const unversioned = await clientFor(address);
  const theirs = VERSION.parse(await withDeadline(unversioned.version(), PROBE_MS));
  const apiVersion = negotiate({ oldest: theirs.MinAPIVersion, newest: theirs.ApiVersion });
  if (apiVersion === undefined) {
    const speaks = `${theirs.MinAPIVersion} to ${theirs.ApiVersion}`;
    throw new BotpoolError('engine_incompatible', { speaks, needed: `${OURS.oldest} to ${OURS.newest}` });
  }
  return { docker: await clientFor(address, `v${apiVersion}`), endpoint, engineVersion: theirs.Version, apiVersion };
}

/** Takes the first endpoint that answers. Fails with `engine_unreachable`, which has a word about each that did not. */
export async function connectToFirst(endpoints: readonly Endpoint[]): Promise<DockerConnection> {
  const sentences: string[] = [];
  const causes: unknown[] = [];
  for (const endpoint of endpoints) {
    try {
      return await tryEndpoint(endpoint);
    } catch (error) {
      if (error instanceof BotpoolError) throw error;
      causes.push(error);
      sentences.push(`${endpoint.text} (${endpoint.source}) ${explainFailure(error, endpoint)}`);
    }
  }
  throw new BotpoolError('engine_unreachable', { tried: sentences.join('; ') }, { cause: new AggregateError(causes) });
}

/** Looks for an engine where Docker's own client would. */
export async function connectDocker({ env, home, platform }: DockerSurroundings): Promise<DockerConnection> {
  return connectToFirst(dockerEndpoints(await discoveryFacts(env, home, platform)));
}
