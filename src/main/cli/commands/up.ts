/** `botpool up`: the same host as `start`, in the background. Safe to repeat. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { fromFailure } from '#shared/api/failure.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type HostFile, readHostFile, runFolder } from '../../headless/host-file.ts';
import { type CommandSet, defineCommand } from '../command.ts';
import { withControlPlane } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { shortName } from '../format/containers.ts';
import { seconds } from '../format/time.ts';
import { hostMessageSchema } from '../host/messages.ts';

/** How long another `up` may take until its host is there. */
const OTHERS_START_MS = 120_000;

/** Adds the command. */
export function addUp(program: Command, set: CommandSet): void {
  const command = program.command('up').description('run everything in the background; returns when it is ready');
  defineCommand(command, set, { options: z.object({}), examples: ['botpool up && botpool status'], run: up });
}

async function up(context: CliContext): Promise<undefined> {
  const running = await readHostFile(context.home);
  if (running !== undefined) return await repair(context, running);
  try {
    await startInBackground(context);
    await reportUp(context, await foundHost(context.home, 0), false);
  } catch (error) {
    if (!isBotpoolError(error, 'already_running')) throw error;
    await reportUp(context, await foundHost(context.home, OTHERS_START_MS), true);
  }
}

/** What runs already is made whole again: a container that somebody has removed or stopped comes back. */
async function repair(context: CliContext, running: HostFile): Promise<undefined> {
  const { started } = await withControlPlane(context, ({ client }) => client.stack.repair());
  for (const name of started) context.line(context.say('cli-up-repaired', { bot: shortName(name) }));
  return await reportUp(context, running, true);
}

async function reportUp(context: CliContext, host: HostFile, already: boolean): Promise<undefined> {
  const { url: panelUrl } = await withControlPlane(context, ({ client }) => client.session.signInLink());
  context.line(context.say(already ? 'cli-up-already' : 'cli-up', { pid: String(host.pid) }));
  context.line(`  ${context.say('cli-ready-panel', { url: panelUrl })}`);
  context.data({
    running: true,
    alreadyRunning: already,
    pid: host.pid,
    url: host.url,
    panelUrl,
    startedAt: host.startedAt,
  });
}

/** Somebody else is starting it: their host counts, too. */
async function foundHost(home: string, waitMs: number): Promise<HostFile> {
  const until = Date.now() + waitMs;
  for (;;) {
    const host = await readHostFile(home);
    if (host !== undefined) return host;
    if (Date.now() >= until) throw new BotpoolError('control_plane_unreachable', {});
    await delay(100);
  }
}

async function startInBackground(context: CliContext): Promise<void> {
  mkdirSync(runFolder(context.home), { recursive: true, mode: 0o700 });
  const output = openSync(join(runFolder(context.home), 'start.log'), 'w', 0o600);
  const main = join(import.meta.dirname, '../main.ts');
  const child = spawn(process.execPath, [main, 'start', '--lang', context.locale, '--home', context.home], {
    cwd: context.host.projectFolder,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...context.host.env },
  });
  closeSync(output);
  try {
    await untilReady(context, child);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function untilReady(context: CliContext, child: ChildProcess): Promise<void> {
  const ready = Promise.withResolvers<void>();
  child.on('message', (raw) => {
    const message = hostMessageSchema.safeParse(raw).data;
    if (message?.type === 'stage') context.line(`${seconds(message.afterMs).padStart(7)}  ${message.stage}`);
    if (message?.type === 'ready') ready.resolve();
    if (message?.type === 'failed') {
      ready.reject(message.failure === undefined ? new Error(message.message) : fromFailure(message.failure));
    }
  });
  const ended = once(child, 'exit').then(() => {
    const detail = `see ${join(runFolder(context.home), 'start.log')}`;
    throw new BotpoolError('program_failed', { program: 'botpool start', detail });
  });
  await Promise.race([ready.promise, ended]);
  ended.catch(() => undefined);
}
