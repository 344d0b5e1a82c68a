/**
 * Holds the layers to their table: which folder may import which, types included, and which packages live where.
 * Fails on an import that the table does not allow, on a permission that nobody uses, and on a cycle.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Folder (or file) → what it may import beside itself. The longest matching name counts. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/shared': [],
  'src/core': ['src/shared'],
  'src/main/engine': ['src/shared'],
  'src/main/sandbox': ['src/shared'],
  'src/main/stack': ['src/core', 'src/shared', 'src/main/engine'],
  'src/main/reconciler': ['src/core', 'src/shared', 'src/main/engine', 'src/main/stack'],
  'src/main/autoscaler': ['src/core', 'src/shared', 'src/main/stack'],
  'src/main/metrics': ['src/core', 'src/shared', 'src/main/engine'],
  'src/main/doctor': ['src/core', 'src/shared'],
  'src/main/settings': ['src/core', 'src/shared'],
  'src/main/orders': ['src/core', 'src/shared'],
  'src/main/backups': ['src/core', 'src/shared', 'src/main/engine', 'src/main/stack'],
  'src/main/scheduler': ['src/core', 'src/shared'],
  'src/main/commands': ['src/core', 'src/shared', 'src/main/engine', 'src/main/stack'],
  'src/main/services': ['src/core', 'src/shared', 'src/main/engine', 'src/main/sandbox', 'src/main/stack'],
  'src/main/images': ['src/shared', 'src/main/engine', 'src/main/stack'],
  'src/main/config.ts': ['src/core', 'src/shared'],
  'src/main/installation': [
    'src/core',
    'src/shared',
    'src/main/backups',
    'src/main/config.ts',
    'src/main/engine',
    'src/main/images',
    'src/main/stack',
  ],
  'src/main/monitor': [
    'src/core',
    'src/shared',
    'src/main/config.ts',
    'src/main/control-plane.ts',
    'src/main/engine',
    'src/main/stack',
  ],
  'src/main/control-plane.ts': [
    'src/core',
    'src/shared',
    'src/main/autoscaler',
    'src/main/commands',
    'src/main/config.ts',
    'src/main/engine',
    'src/main/metrics',
    'src/main/orders',
    'src/main/reconciler',
    'src/main/backups',
    'src/main/scheduler',
    'src/main/sandbox',
    'src/main/services',
    'src/main/settings',
    'src/main/stack',
  ],
  'src/main/api': [
    'src/core',
    'src/shared',
    'src/main/autoscaler',
    'src/main/doctor',
    'src/main/engine',
    'src/main/metrics',
    'src/main/orders',
    'src/main/reconciler',
    'src/main/sandbox',
    'src/main/backups',
    'src/main/scheduler',
    'src/main/settings',
    'src/main/control-plane.ts',
  ],
  'src/main/headless': ['src/core', 'src/shared', 'src/main/api'],
  'src/main/cli': [
    'src/core',
    'src/shared',
    'src/main/config.ts',
    'src/main/control-plane.ts',
    'src/main/headless',
    'src/main/images',
    'src/main/installation',
    'src/main/sandbox',
  ],
  'src/main/electron': ['src/shared', 'src/main/headless'],
  'src/preload': ['src/shared'],
  'src/renderer': ['src/shared'],
  'src/sandbox': ['src/shared'],
  'src/socket-proxy': [],
  'bot-runtime/runtime': ['src/core', 'src/shared'],
  'bot-runtime/kinds/booking': ['src/core', 'src/shared', 'bot-runtime/runtime'],
  'bot-runtime/sales': ['src/core', 'src/shared', 'bot-runtime/runtime'],
  'bot-runtime/master': ['src/shared', 'bot-runtime/runtime'],
  'bot-runtime/gateway': ['src/core'],
  'bot-runtime/roles': [
    'src/core',
    'bot-runtime/runtime',
    'bot-runtime/kinds/booking',
    'bot-runtime/sales',
    'bot-runtime/master',
    'bot-runtime/gateway',
  ],
};

/** Packages that belong to few folders. Others may be used wherever a folder needs them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pg: ['src/core/postgres', 'src/main/stack/embedded'],
  ioredis: [
    'src/core',
    'src/main/autoscaler',
    'src/main/reconciler',
    'src/main/stack',
    'src/main/metrics',
    'src/main/doctor',
    'src/main/commands',
    'src/main/services',
    'src/main/control-plane.ts',
    'bot-runtime/runtime',
  ],
  fastify: ['src/main/headless', 'bot-runtime/gateway'],
  'ipaddr.js': ['bot-runtime/gateway'],
  'prom-client': ['src/main/metrics'],
  grammy: ['bot-runtime'],
  ws: ['src/main/headless'],
  commander: ['src/main/cli'],
  dockerode: ['src/main/engine/docker'],
  esbuild: ['src/main/stack'],
  pino: ['src/core/telemetry'],
  react: ['src/renderer'],
  electron: ['src/main/electron', 'src/preload'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(): string[] {
  const files = globSync(['src/**/*.ts', 'src/**/*.tsx', 'bot-runtime/**/*.ts'], { cwd: ROOT });
  return files.filter((file) => !file.endsWith('.test.ts') && !file.includes('conformance')).sort();
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
  );
  return [...found].map((match) => ({ file, target: resolve(file, match[1] ?? match[2] ?? '') }));
}

/** A path below the root for our own files, the package's name for others. */
function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(dirname(file), specifier));
  if (specifier.startsWith('#bot-runtime/')) return specifier.slice(1);
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  return specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function layerOf(path: string): string | undefined {
  const matching = Object.keys(LAYERS).filter((layer) => isIn(path, layer));
  return matching.sort((a, b) => b.length - a.length)[0];
}

function checkLayers(imports: readonly Import[]): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const { file, target } of imports) {
    const from = layerOf(file);
    if (from === undefined) problems.push(`${file}: stands in no layer of the table`);
    if (from === undefined || !/^(src|bot-runtime)\//.test(target) || isIn(target, from)) continue;
    const permission = LAYERS[from]?.find((allowed) => isIn(target, allowed));
    if (permission === undefined) problems.push(`${file}: ${from} may not import ${target}`);
    else used.add(`${from} → ${permission}`);
  }
  for (const [from, allowed] of Object.entries(LAYERS)) {
    for (const to of allowed)
      if (!used.has(`${from} → ${to}`)) problems.push(`nobody uses the permission ${from} → ${to}`);
  }
  return problems;
}

function checkPackages(imports: readonly Import[]): string[] {
  const problems: string[] = [];
  for (const [name, folders] of Object.entries(PACKAGES)) {
    const users = imports.filter((one) => one.target === name).map((one) => one.file);
    for (const file of users) {
      if (!folders.some((folder) => isIn(file, folder)))
        problems.push(`${file}: ${name} belongs to ${folders.join(', ')}`);
    }
    for (const folder of folders) {
      if (!users.some((file) => isIn(file, folder))) problems.push(`nobody uses the permission ${folder} → ${name}`);
    }
  }
  return problems;
}

/** Depth-first search; each cycle is named once, from its first file on. */
function findCycles(imports: readonly Import[]): string[] {
  const graph = new Map<string, string[]>();
  for (const { file, target } of imports) graph.set(file, [...(graph.get(file) ?? []), target]);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const problems = [...checkLayers(imports), ...checkPackages(imports), ...findCycles(imports)];
for (const problem of problems) console.error(problem);
console.log(
  `${files.length} files, ${imports.length} imports, ${problems.length} problems (${relative(process.cwd(), ROOT) || '.'})`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
