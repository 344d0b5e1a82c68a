/** `npm run bench -- <name> [--json FILE] [--size N]`: runs one benchmark beside its rival and prints what it saw. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchActivation } from './activation.ts';
import { benchAutoscale } from './autoscale.ts';
import { benchBackup, benchBackupClients, benchBackupSchemas } from './backup.ts';
import { benchBot } from './bot.ts';
import { benchFailover } from './failover.ts';
import { benchFailoverLoad } from './failover-load.ts';
import { benchFlush } from './flush.ts';
import { benchMemory } from './memory.ts';
import { benchPanel } from './panel.ts';
import { type Bench, formatTable, withEnvironment } from './report.ts';
import { benchSale } from './sale.ts';
import { benchScale } from './scale.ts';
import { benchStart } from './start.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  activation: benchActivation,
  autoscale: benchAutoscale,
  backup: benchBackup,
  'backup-clients': benchBackupClients,
  'backup-schemas': benchBackupSchemas,
  bot: benchBot,
  failover: benchFailover,
  'failover-load': benchFailoverLoad,
  flush: benchFlush,
  memory: benchMemory,
  panel: benchPanel,
  sale: benchSale,
  scale: benchScale,
  start: benchStart,
};

/** Those that bots in containers change. */
const ON_DOCKER = ['activation', 'failover', 'failover-load', 'flush', 'memory', 'start'];

const USAGE = `usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--engine process|docker] [--json FILE] [--size 1]
--engine docker: ${ON_DOCKER.join(', ')}; start knows no other engine`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      engine: { type: 'string' },
      size: { type: 'string', default: '1' },
    },
  });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  const size = Number(values.size);
  const engine = engineOf(name, values.engine);
  if (bench === undefined || !(size > 0) || engine === undefined) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const result = await bench({ size, engine, report: (sentence) => console.error(sentence) });
  console.log(formatTable(result));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(withEnvironment(result, engine), null, 2)}\n`);
  }
}

/** Undefined when this benchmark does not run on that engine. */
function engineOf(name: string, asked: string | undefined): 'process' | 'docker' | undefined {
  const engine = asked ?? (name === 'start' ? 'docker' : 'process');
  if (engine === 'docker') return ON_DOCKER.includes(name) ? 'docker' : undefined;
  return engine === 'process' && name !== 'start' ? 'process' : undefined;
}

await main();
process.exit();
