/**
 * Runs the tiers of tests one after the other and sums them up. `test-tiers.ts [tier] [filter …]`: one tier only, and
 * of that only what the filters name. The last line is `N passed, N failed, N skipped` and nothing else.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

/** What one tier came to. */
interface TierResult {
  readonly tier: string;
  readonly passed: number;
  /** Full names of what failed, each with the first line that says why. */
  readonly failed: readonly string[];
  /** Full names of what was skipped. */
  readonly skipped: readonly string[];
  readonly seconds: number;
}

type Counts = Omit<TierResult, 'tier' | 'seconds'>;

/** Checks of the static tier; each counts as one test. */
const CHECKS = [
  { name: 'types', command: ['tsc', '-b', '--noEmit'] },
  { name: 'lint and format', command: ['biome', 'check', '.'] },
  { name: 'layers', command: ['node', 'scripts/check-layers.ts'] },
  { name: 'generated files', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'unused code', command: ['knip'] },
] as const;

/** How much of a reason is shown. */
const REASON_CHARACTERS = 300;

/** How many checks run at the same time. */
const CHECKS_AT_ONCE = 2;

const TIERS: Readonly<Record<string, (filters: readonly string[]) => Promise<Counts>>> = {
  static: runStatic,
  unit: (filters) => runVitest('unit', filters),
  integration: (filters) => runVitest('integration', filters),
  browser: (filters) => runVitest('browser', filters),
  electron: (filters) => runVitest('electron', filters),
  container: (filters) => runVitest('container', filters),
};

/** What runs without a name. The container tier comes last: where no engine answers, it installs one and makes images. */
const WITHOUT_NAME = ['static', 'unit', 'integration', 'browser', 'electron', 'container'] as const;

async function runStatic(filters: readonly string[]): Promise<Counts> {
  const waiting = CHECKS.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
  const all = waiting.length;
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      if (!(await runCheck(check))) failed.push(check.name);
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, worker));
  return { passed: all - failed.length, failed, skipped: [] };
}

async function runCheck({ name, command }: (typeof CHECKS)[number]): Promise<boolean> {
  const started = performance.now();
  const { code, output } = await run(command, 'keep');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(` ${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

/** The part of vitest's JSON report that we count. */
const REPORT = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

async function runVitest(project: string, filters: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'botpool-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { code } = await run(['vitest', 'run', '--project', project, ...reporters, ...filters], 'show');
    const text = await readFile(report, 'utf8').catch(() => undefined);
    const counts = text === undefined ? { passed: 0, failed: [], skipped: [] } : count(REPORT.parse(JSON.parse(text)));
    // vitest may fail without a failed test: an error outside of tests, or a run that never came to an end.
    return code !== 0 && counts.failed.length === 0 ? { ...counts, failed: ['an error outside of the tests'] } : counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function count({ testResults }: z.infer<typeof REPORT>): Counts {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that cannot even be loaded has no tests to fail, so it counts itself.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: [
      ...tests
        .filter(({ status }) => status === 'failed')
        .map((test) => because(test.fullName, test.failureMessages[0])),
      ...broken.map(({ name, message }) => because(relative(ROOT, name), message)),
    ],
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
  };
}

/** The end of a long log is what people read: what failed says there why. */
function because(name: string, reason = ''): string {
  const [line = ''] = stripVTControlCharacters(reason).split('\n');
  return line === '' ? name : `${name}\n      ${line.slice(0, REASON_CHARACTERS)}`;
}

/** Runs a tool of the project. Its output is shown as it comes, or kept for whoever wants it. */
function run(
  [name = '', ...args]: readonly string[],
  output: 'show' | 'keep',
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const command = name === 'node' ? process.execPath : join(BIN, name);
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

async function runTier(tier: string, filters: readonly string[]): Promise<TierResult> {
  const work = TIERS[tier];
  if (work === undefined) throw new Error(`There is no tier ${tier}. Tiers: ${Object.keys(TIERS).join(', ')}.`);
  console.log(`\n── ${tier} ──`);
  const started = performance.now();
  const counts = await work(filters);
  return { tier, ...counts, seconds: (performance.now() - started) / 1000 };
}

function printTable(results: readonly TierResult[]): void {
  for (const what of ['skipped', 'failed'] as const) {
    const names = results.flatMap((result) => result[what].map((name) => `  ${result.tier}: ${name}`));
    if (names.length > 0) console.log(`\n${what}:\n${names.join('\n')}`);
  }
  console.log(
    `\n${'tier'.padEnd(14)}${['passed', 'failed', 'skipped', 'seconds'].map((name) => name.padStart(9)).join('')}`,
  );
  for (const result of results) {
    const cells = [result.passed, result.failed.length, result.skipped.length, result.seconds.toFixed(1)];
    console.log(`${result.tier.padEnd(14)}${cells.map((cell) => String(cell).padStart(9)).join('')}`);
  }
}

/** In CI nothing may be skipped but what needs the Electron binary. */
function mayBeSkipped(name: string): boolean {
  return process.env['CI'] !== 'true' || /electron/i.test(name);
}

async function main([tier, ...filters]: readonly string[]): Promise<number> {
  const results: TierResult[] = [];
  for (const name of tier === undefined ? WITHOUT_NAME : [tier]) results.push(await runTier(name, filters));
  printTable(results);
  const passed = results.reduce((all, result) => all + result.passed, 0);
  const failed = results.flatMap((result) => result.failed).length;
  const skipped = results.flatMap((result) => result.skipped);
  const forbidden = skipped.filter((name) => !mayBeSkipped(name));
  if (forbidden.length > 0) console.log(`\nWith CI=true these may not be skipped: ${forbidden.join(', ')}`);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed > 0 || passed + failed === 0 || forbidden.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
