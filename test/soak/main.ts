/** `npm run soak -- sale [--size N] [--kills N] [--seed N] [--plant FAULT]`: lets one scenario run long, and prints its verdict. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { PLANTS } from './facts.ts';
import { soakSales } from './sale.ts';

const USAGE =
  'usage: npm run soak -- sale [--size 10000] [--kills 200] [--seed N] [--plant fresh-keys|believed|forgetful]';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      plant: { type: 'string' },
    },
  });
  const [orders, kills, seed] = [Number(values.size), Number(values.kills), Number(values.seed)];
  const plant = PLANTS.find((one) => one === values.plant);
  const unknown = values.plant !== undefined && plant === undefined;
  if (positionals[0] !== 'sale' || unknown || !(orders > 0) || !(kills >= 0) || !Number.isInteger(seed)) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  console.error(`at least ${orders} orders, ${kills} kills, seed ${seed}`);
  const begun = performance.now();
  const result = await soakSales({ orders, kills, seed, plant, report: (sentence) => console.error(sentence) });
  console.log(JSON.stringify(result, null, 2));
  const { lost, doubled, wrongAmounts, strangersTaken, problems } = result;
  const well = lost + doubled + wrongAmounts + strangersTaken + problems.length === 0;
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const killed = Object.values(result.kills).reduce((sum, count) => sum + count, 0);
  console.log(
    `${well ? 'PASSED' : 'FAILED'}: ${result.orders} orders, ${killed} kills at ${Object.keys(result.kills).length} points, seed ${seed}, ` +
      `${seconds} s: ${lost} payments lost, ${doubled} applied twice, ${wrongAmounts} wrong amounts accepted, ` +
      `${strangersTaken} strangers believed`,
  );
  process.exitCode = well ? 0 : 1;
}

await main();
process.exit();
