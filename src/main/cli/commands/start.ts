/** `botpool start` and `botpool serve`: run everything in this terminal until Ctrl-C. */
import type { Command } from 'commander';
import * as z from 'zod';
import { toFailure } from '#shared/api/failure.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type CommandSet, defineCommand, reportFailure } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { seconds } from '../format/time.ts';
import { desktopPossibility, openDesktop } from '../host/desktop.ts';
import { tellParent } from '../host/messages.ts';
import type { HostFacts } from '../host/run-host.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Adds the command. */
export function addStart(program: Command, set: CommandSet): void {
  const command = program.command('start').description('run everything in this terminal until Ctrl-C');
  defineCommand(command, set, {
    options: z.object({}),
    examples: ['botpool start', 'POOL_BOTS=3 botpool start --home /srv/botpool'],
    run: (context) => start(context, {}, true),
  });
}

/** Adds `serve`: the same on a server, whose panel others may reach. */
export function addServe(program: Command, set: CommandSet): void {
  const command = program
    .command('serve')
    .description('run everything and serve the panel to browsers')
    .option('--address <address>', 'where to listen (default: PANEL_ADDRESS or 127.0.0.1)')
    .option('--port <port>', 'preferred port (default: PANEL_PORT or 17373)');
  defineCommand(command, set, {
    options: z.object({
      address: z.string().optional(),
      port: z
        .string()
        .regex(/^\d{1,5}$/, 'expected a port number')
        .optional(),
    }),
    examples: [
      'botpool serve',
      'PANEL_TLS_CERT_FILE=cert.pem PANEL_TLS_KEY_FILE=key.pem botpool serve --address 0.0.0.0',
    ],
    run: (context, { address, port }) => start(context, { PANEL_ADDRESS: address, PANEL_PORT: port }),
  });
}

/** `opens`: the panel gets its own window where one can be shown. */
async function start(
  context: CliContext,
  variables: Readonly<Record<string, string | undefined>>,
  opens = false,
): Promise<number> {
  const begun = performance.now();
  let ready = false;
  let onDocker = false;
  const stop = watchSignals(context, () => {
    if (!ready) context.line(context.say('cli-stop-heard'));
  });
  try {
    // Loaded here: every other command starts without PostgreSQL's and Redis's drivers.
    const { runHost } = await import('../host/run-host.ts');
    await runHost({
      home: context.home,
      projectFolder: context.host.projectFolder,
      env: { ...context.host.env, ...given(variables) },
      stop,
      report: (stage) => reportStage(context, stage, performance.now() - begun),
      onReady: (facts) => {
        ready = true;
        onDocker = facts.engine === 'docker';
        // Begun by `up`, it runs in the background, and nobody waits for a window.
        reportReady(context, facts, performance.now() - begun, opens && process.send === undefined);
      },
      onStopping: () => context.line(context.say('cli-stopping')),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tellParent({ type: 'failed', message, ...(isBotpoolError(error) ? { failure: toFailure(error) } : {}) });
    return reportFailure(context, error);
  }
  context.line(context.say(onDocker ? 'cli-stopped-docker' : 'cli-stopped'));
  context.data({ stopped: true });
  return EXIT.ok;
}

function given(variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

/** One Ctrl-C can arrive more than once: from the terminal, and from each program between it and us. */
const SAME_SIGNAL_MS = 1_000;

/** The first signal stops in order; the second one ends this process, and with it everything that it runs. */
function watchSignals(context: CliContext, heard: () => void): AbortSignal {
  const stop = new AbortController();
  let heardAt = 0;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (stop.signal.aborted && performance.now() - heardAt < SAME_SIGNAL_MS) return;
      heardAt = performance.now();
      if (stop.signal.aborted) {
        context.line(context.say('cli-stopping-now'));
        process.exit(EXIT.failed);
      }
      heard();
      stop.abort();
    });
  }
  return stop.signal;
}

function reportStage(context: CliContext, stage: string, afterMs: number): void {
  context.line(`${seconds(afterMs).padStart(7)}  ${stage}`);
  context.data({ stage, afterMs: Math.round(afterMs) });
  tellParent({ type: 'stage', stage, afterMs });
}

function reportReady(context: CliContext, facts: HostFacts, afterMs: number, opens: boolean): void {
  const { waiting, total, url, panelUrl, pid, sandboxUrl, engine, logFile } = facts;
  context.data({
    ready: true,
    afterMs: Math.round(afterMs),
    url,
    panelUrl,
    pid,
    sandboxUrl: sandboxUrl ?? null,
    engine,
    logFile,
    waiting,
    total,
  });
  context.line('');
  context.line(context.say('cli-ready', { seconds: seconds(afterMs), waiting, total }));
  const telegram = sandboxUrl === undefined ? 'cli-ready-telegram' : 'cli-ready-sandbox';
  context.line(`  ${context.say(telegram, { url: sandboxUrl ?? '' })}`);
  context.line(`  ${context.say('cli-ready-panel', { url: panelUrl })}`);
  if (opens) reportDesktop(context);
  context.line(`  ${context.say('cli-ready-places', { home: context.home, log: logFile })}`);
  context.line('');
  context.line(context.say(sandboxUrl === undefined ? 'cli-ready-next' : 'cli-ready-next-sandbox'));
  context.line('');
  context.line(context.say(engine === 'docker' ? 'cli-ready-stop-docker' : 'cli-ready-stop'));
  tellParent({ type: 'ready' });
}

/** On a machine with a screen the panel opens in its own window; on a server nothing is said of it. */
function reportDesktop({ host, home, line, say }: CliContext): void {
  const { projectFolder, env } = host;
  const isRoot = process.getuid?.() === 0;
  const possibility = desktopPossibility({ projectFolder, env, platform: process.platform, isRoot });
  if (possibility === 'open') openDesktop(projectFolder, home);
  if (possibility === 'open') line(`  ${say('cli-ready-desktop')}`);
  if (possibility === 'no-binary') line(`  ${say('cli-ready-no-desktop')}`);
}
