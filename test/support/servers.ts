/** Starts single servers for tests, without an engine: directly as children that die with this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ContainerSpec } from '#main/engine/engine.ts';
import { findSetpriv, launchProgram, type Program } from '#main/engine/process/launch.ts';
import type { PostgresPrograms, RedisPrograms } from '#main/engine/process/programs/program-sets.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { preparePostgres, type ServerFacts } from '#main/stack/embedded/postgres.ts';
import { postgresReady, redisReady } from '#main/stack/embedded/ready.ts';
import { prepareRedis } from '#main/stack/embedded/redis.ts';

/** A running server. Disposing ends it; its folder stays for whoever made it. */
export interface TestServer {
  readonly facts: ServerFacts;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A PostgreSQL with btree_gist in every new database; nothing is synced to the disk. */
export async function startTestPostgres(programs: PostgresPrograms, folder: string): Promise<TestServer> {
  const dataDir = join(folder, 'postgres');
  const postgres = await preparePostgres({ programs, dataDir, port: await freePort(), durable: false });
  return startServer(postgres, 'SIGQUIT', postgresReady);
}

/** A Redis that keeps nothing. */
export async function startTestRedis(programs: RedisPrograms, folder: string): Promise<TestServer> {
  const redis = await prepareRedis({ programs, dataDir: folder, port: await freePort(), durable: false });
  return startServer(redis, 'SIGKILL', redisReady);
}

async function startServer(
  server: { readonly program: Program; readonly spec: ContainerSpec; readonly facts: ServerFacts },
  stopSignal: NodeJS.Signals,
  ready: typeof postgresReady,
): Promise<TestServer> {
  const { command, args, options } = launchProgram(server.program, server.spec, findSetpriv());
  const child = spawn(command, [...args], options);
  const lines: string[] = [];
  const keep = (chunk: Buffer): void => {
    lines.push(chunk.toString());
    if (lines.length > 50) lines.shift();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => lines.push(error.message));
  const dispose = (): Promise<void> => end(child, stopSignal);
  try {
    await ready(server.facts, { lastLines: async () => lines.join('').trim().split('\n').slice(-10).join(' | ') });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { facts: server.facts, [Symbol.asyncDispose]: dispose };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
