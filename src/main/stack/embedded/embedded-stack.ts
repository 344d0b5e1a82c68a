/** Starts what everything else stands on, under the process engine: PostgreSQL, Redis and, without tokens, the sandbox. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerSpec } from '../../engine/engine.ts';
import { createProcessEngine, type ProcessEngine } from '../../engine/process/process-engine.ts';
import type { Programs } from '../../engine/process/programs/program-sets.ts';
import { lastLines } from '../../engine/process/programs/run-command.ts';
import { botRuntimeProgram, bundleRoles } from '../bot-runtime-program.ts';
import type { Stack } from '../stack.ts';
import { freePort } from './free-port.ts';
import { type EmbeddedPostgres, POSTGRES_IMAGE, preparePostgres } from './postgres.ts';
import { postgresReady, redisReady } from './ready.ts';
import { type EmbeddedRedis, prepareRedis, REDIS_IMAGE } from './redis.ts';
import { SANDBOX_CONTAINER, sandboxProgram, sandboxReady } from './sandbox.ts';

/** What to start, and where its data lives. */
export interface EmbeddedStackOptions {
  readonly programs: Programs;
  readonly home: string;
  readonly project: string;
  /** Preferred ports; `sandbox: undefined` means that the real Telegram is used. */
  readonly ports: { readonly postgres: number; readonly redis: number; readonly sandbox: number | undefined };
  /** False: nothing is synced to the disk, for tests and benchmarks. */
  readonly durable: boolean;
  readonly report: (stage: string) => void;
}

/** A running foundation whose programs can be looked at and added to. */
export interface EmbeddedStack extends Stack {
  readonly engine: ProcessEngine;
}

/** Starts all parts side by side and waits until each answers. What was started ends when this fails. */
export async function startEmbeddedStack(options: EmbeddedStackOptions): Promise<EmbeddedStack> {
  await mkdir(join(options.home, 'data'), { recursive: true });
  // First of all: it is the only one of this folder from here on, and what a killed one has left no longer holds ports,
  // reads configurations or writes data.
  const engine = await createProcessEngine({ stateDir: join(options.home, 'engine'), programs: {} });
  try {
    return await startParts(options, engine, await prepareParts(options, engine));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

interface PreparedParts {
  readonly postgres: EmbeddedPostgres;
  readonly redis: EmbeddedRedis;
  readonly sandboxPort: number | undefined;
}

/** Chooses ports, writes configurations, and teaches the engine its programs. */
async function prepareParts(options: EmbeddedStackOptions, engine: ProcessEngine): Promise<PreparedParts> {
  const { home, programs, durable, report } = options;
  const [postgresPort, redisPort, sandboxPort] = await choosePorts(options.ports, report);
  report('preparing PostgreSQL, Redis and the bot runtime');
  const [postgres, redis] = await Promise.all([
    preparePostgres({
      programs: programs.postgres,
      dataDir: join(home, 'data/postgres'),
      port: postgresPort,
      durable,
      labels: labelsOf(options, 'postgres'),
    }),
    prepareRedis({
      programs: programs.redis,
      dataDir: join(home, 'data/redis'),
      port: redisPort,
      durable,
      labels: labelsOf(options, 'redis'),
    }),
    bundleRoles(join(home, 'runtime')),
  ]);
  engine.addProgram(POSTGRES_IMAGE, postgres.program);
  engine.addProgram(REDIS_IMAGE, redis.program);
  engine.addProgram('bot-runtime', botRuntimeProgram(join(home, 'runtime')));
  engine.addProgram('sandbox', sandboxProgram());
  return { postgres, redis, sandboxPort };
}

async function startParts(
  options: EmbeddedStackOptions,
  engine: ProcessEngine,
  { postgres, redis, sandboxPort }: PreparedParts,
): Promise<EmbeddedStack> {
  options.report('starting PostgreSQL, Redis and the sandbox');
  const start = async (spec: ContainerSpec): Promise<{ lastLines: () => Promise<string> }> => {
    await engine.create(spec);
    await engine.start(spec.name);
    return { lastLines: () => newestLines(engine, spec.name) };
  };
  const startSandbox = async (port: number): Promise<string> => {
    const spec = sandboxSpec(join(options.home, 'data/sandbox.json'), port, labelsOf(options, 'sandbox'));
    return await sandboxReady(port, await start(spec));
  };
  const [, , sandboxUrl] = await Promise.all([
    start(postgres.spec).then((ready) => postgresReady(postgres.facts, ready)),
    start(redis.spec).then((ready) => redisReady(redis.facts, ready)),
    sandboxPort === undefined ? undefined : startSandbox(sandboxPort),
  ]);
  return {
    engine,
    postgres: postgres.facts,
    redis: redis.facts,
    sandboxUrl,
    gatewayUrl: undefined,
    // Everything shares one loopback.
    forBots: { postgres: postgres.facts, redis: redis.facts, sandboxUrl },
    // The engine starts again whatever ends; nothing can be missing while it lives.
    cleanImages: undefined,
    configuration: undefined,
    repair: async () => undefined,
    close: () => engine.close(),
  };
}

function labelsOf(options: EmbeddedStackOptions, service: string): Record<string, string> {
  return { 'com.docker.compose.project': options.project, 'com.docker.compose.service': service };
}

async function choosePorts(
  preferred: EmbeddedStackOptions['ports'],
  report: (stage: string) => void,
): Promise<readonly [number, number, number | undefined]> {
  const choose = async (name: string, port: number): Promise<number> => {
    const chosen = await freePort(port);
    if (chosen !== port) report(`port ${port} is taken: ${name} uses ${chosen}`);
    return chosen;
  };
  return [
    await choose('PostgreSQL', preferred.postgres),
    await choose('Redis', preferred.redis),
    preferred.sandbox === undefined ? undefined : await choose('the sandbox', preferred.sandbox),
  ];
}

function sandboxSpec(dataFile: string, port: number, labels: Record<string, string>): ContainerSpec {
  return {
    name: SANDBOX_CONTAINER,
    image: 'sandbox',
    env: { SANDBOX_PORT: String(port), SANDBOX_DATA: dataFile },
    labels,
    restart: 'unless-stopped',
  };
}

async function newestLines(engine: ProcessEngine, name: string): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of engine.logs(name, { tail: 10 })) texts.push(text);
  return lastLines(texts.join('\n'), 10);
}
