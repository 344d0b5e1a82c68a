/**
 * Makes a bare machine ready to run Botpool: installs what package-lock.json names, and picks the Node that runs it.
 * Plain JavaScript for any Node from 20 on, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * Two commands at once must not install into each other. Waits, and says so, while another one works; the lock of a dead
 * process is taken over.
 * @public
 * @template T
 * @param {() => T | Promise<T>} work
 * @param {string} lock the file that names its holder by pid and start time
 * @returns {Promise<T>}
 */
export async function withInstallLock(work, lock = join(ROOT, '.cache', 'install.lock')) {
  mkdirSync(dirname(lock), { recursive: true });
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, holderText(process.pid));
  try {
    // The lock appears with its content or not at all, because it is linked to its name and not written there.
    for (let told = ''; !linked(own, lock); ) {
      const holder = readOrUndefined(lock);
      if (holder === undefined) continue;
      if (!isHolderAlive(holder)) {
        putAway(lock, holder, `${own}.gone`);
        continue;
      }
      if (told !== holder) {
        console.error(
          `Another command (process ${holder.split(' ')[0]}) is installing dependencies; waiting until it is done. ` +
            `If it hangs, end it, and this one goes on.`,
        );
      }
      told = holder;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    rmSync(own, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Puts a dead holder's lock away. Somebody else may have taken it over since it was read: then it is given back. */
function putAway(lock, holder, aside) {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readOrUndefined(aside) !== holder) linked(aside, lock);
  rmSync(aside, { force: true });
}

function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOrUndefined(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // A process may end while its file in /proc is read.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

function holderText(pid) {
  return `${pid} ${startOf(pid) ?? ''}`.trim();
}

/** A number alone proves little, because numbers come round again: where the system tells, the start time must agree. */
function isHolderAlive(holder) {
  const [pid = '', start] = holder.split(' ');
  if (!isAlive(Number(pid))) return false;
  if (!existsSync('/proc/self/stat')) return true;
  const now = startOf(Number(pid));
  return now !== undefined && (start === undefined || start === now);
}

/** Ticks between the machine's start and the process's; undefined when it has ended or nobody tells. */
function startOf(pid) {
  const line = readOrUndefined(`/proc/${pid}/stat`) ?? '';
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function isAlive(pid) {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
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
