/** `npm run bench -- <name> [--json FILE] [--size N]`: runs one benchmark beside its rival and prints what it saw. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchActivation } from './activation.ts';
import { benchAutoscale } from './autoscale.ts';
import { benchBot } from './bot.ts';
import { benchFailover } from './failover.ts';
import { benchMemory } from './memory.ts';
import { type Bench, formatTable, withEnvironment } from './report.ts';
import { benchScale } from './scale.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  activation: benchActivation,
  autoscale: benchAutoscale,
  bot: benchBot,
  failover: benchFailover,
  memory: benchMemory,
  scale: benchScale,
};

const USAGE = `usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--engine process] [--json FILE] [--size 1]`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      engine: { type: 'string', default: 'process' },
      size: { type: 'string', default: '1' },
    },
  });
  const bench = BENCHES[positionals[0] ?? ''];
  const size = Number(values.size);
  if (bench === undefined || !(size > 0) || values.engine !== 'process') {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const result = await bench({ size, report: (sentence) => console.error(sentence) });
  console.log(formatTable(result));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(withEnvironment(result, values.engine), null, 2)}\n`);
  }
}

await main();
process.exit();
