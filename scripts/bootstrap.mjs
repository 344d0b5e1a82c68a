/**
 * Makes a bare machine ready to run Botpool: installs what package-lock.json names, and picks the Node that runs it.
 * Plain JavaScript for any Node from 20 on, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The oldest Node that runs TypeScript files as they are and has everything else we use. */
const OLDEST_NODE = 24;

const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.botpool-lock-hash');
const OWN_NODE = join(MODULES, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/**
 * Installs dependencies when they are missing or older than the lock file.
 * @public
 * @returns {Promise<string>} the Node that runs the project
 */
export async function ensureDependencies() {
  const hash = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (!isInstalled(hash)) await withInstallLock(() => (isInstalled(hash) ? undefined : install(hash)));
  return projectNode();
}

/**
 * Runs one TypeScript file of the project to its end, with this terminal.
 * @public
 * @param {string} file relative to the project's folder
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function runTypeScript(file, args) {
  const node = await ensureDependencies();
  const path = [join(MODULES, '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, [join(ROOT, file), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
    shell: node.endsWith('.cmd'),
  });
  // A terminal sends Ctrl-C to both of us; everything else reaches the child through us. We live until it has ended.
  for (const signal of process.platform === 'win32' ? ['SIGINT'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return await new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`Node could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 1)));
  });
}

/**
 * For entry scripts: runs the file, then ends with its exit code. Says in one sentence what is wrong, never with a stack.
 * @param {string} file
 * @param {readonly string[]} args
 */
export async function main(file, args) {
  try {
    process.exitCode = await runTypeScript(file, args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** The stamp of our own installation, or an installation by hand that holds every package of the lock file. */
function isInstalled(hash) {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return true;
  const installed = packagesOf(join(MODULES, '.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = Object.entries(packagesOf(join(ROOT, 'package-lock.json')) ?? {});
  const complete = wanted.every(
    ([place, { version, optional }]) =>
      place === '' || installed[place]?.version === version || (optional === true && installed[place] === undefined),
  );
  if (complete) writeFileSync(STAMP, hash);
  return complete;
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

async function install(hash) {
  console.error('Installing dependencies (about a minute the first time) …');
  const started = Date.now();
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    throw new Error(`Dependencies could not be installed: npm ci ended with ${code}.\n${output.trim()}`);
  }
  writeFileSync(STAMP, hash);
  console.error(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function projectNode() {
  for (const node of [OWN_NODE, process.execPath]) {
    const version = node === process.execPath ? process.version : (await run(node, ['--version'])).output;
    if (Number.parseInt(version.trim().replace(/^v/, ''), 10) >= OLDEST_NODE) return node;
  }
  throw new Error(
    `Botpool needs Node ${OLDEST_NODE} or newer: its own is not available for this machine, and this is ${process.version}. ` +
      `Install Node ${OLDEST_NODE} and try again.`,
  );
}

/** Two commands at once must not install into each other. The lock of a dead process is taken over. */
async function withInstallLock(work) {
  const lock = join(ROOT, '.cache', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(readFileSync(lock, 'utf8') || '0'))) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, shell: process.platform === 'win32' });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
