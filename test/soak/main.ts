/**
 * `npm run soak -- sale [--size N] [--kills N] [--seed N] [--plant FAULT]` or `-- year|simulation|chaos [--size N] [--seed N]`: lets
 * one scenario run long, and prints its verdict.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createDockerEngine } from '#main/engine/docker/docker-engine.ts';
import { soakChaos } from '../chaos/chaos.ts';
import { judgeSeeds } from '../simulation/judge.ts';
import { PLANTS } from './facts.ts';
import { soakSales } from './sale.ts';
import { soakYear } from './year-run.ts';

const USAGE = `usage: npm run soak -- sale [--size 10000] [--kills 200] [--seed N] [--plant fresh-keys|believed|forgetful]
       npm run soak -- year [--size 5000] [--seed N]
       npm run soak -- simulation [--size 100000] [--seed N]
       npm run soak -- chaos [--size 100] [--seed N]   on a Docker engine that answers`;
const YEAR = 5_000;
const HISTORIES = 100_000;
const STRIKES = 100;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string' },
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      plant: { type: 'string' },
    },
  });
  const [orders, kills, seed] = [Number(values.size ?? 10_000), Number(values.kills), Number(values.seed)];
  if (positionals[0] === 'year' && Number.isInteger(seed) && Number(values.size ?? YEAR) > 0) {
    await year(Number(values.size ?? YEAR), seed);
    return;
  }
  if (positionals[0] === 'simulation' && Number.isInteger(seed) && Number(values.size ?? HISTORIES) > 0) {
    simulate(Number(values.size ?? HISTORIES), seed);
    return;
  }
  if (positionals[0] === 'chaos' && Number.isInteger(seed) && Number(values.size ?? STRIKES) > 0) {
    await chaos(Number(values.size ?? STRIKES), seed);
    return;
  }
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

async function chaos(strikes: number, seed: number): Promise<void> {
  const trouble = await dockerTrouble();
  if (trouble !== undefined) {
    console.error(
      `chaos needs a Docker engine: ${trouble}\nStart one, here for example with: scripts/docker-engine.sh up`,
    );
    process.exitCode = 2;
    return;
  }
  console.error(`${strikes} faults, seed ${seed}`);
  const begun = performance.now();
  const result = await soakChaos({ strikes, seed, report: (sentence) => console.error(sentence) });
  for (const problem of result.problems) console.log(problem);
  if (result.trouble !== '') console.log(result.trouble);
  const { healed, steps, bookings, slowestMs } = result;
  console.log(
    `${result.problems.length === 0 ? 'PASSED' : 'FAILED'}: ${healed} of ${strikes} faults healed, seed ${seed}, ` +
      `${Math.round((performance.now() - begun) / 1_000)} s: ${steps} answers, ${bookings} bookings, ` +
      `the slowest answer after ${Math.round(slowestMs)} ms, ${result.problems.length} problems`,
  );
  process.exitCode = result.problems.length === 0 ? 0 : 1;
}

/** Why no engine answers; undefined when one does. */
async function dockerTrouble(): Promise<string | undefined> {
  try {
    await (await createDockerEngine({ project: 'botpool-soak' })).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function simulate(histories: number, seed: number): void {
  console.error(`${histories} histories from seed ${seed}`);
  const begun = performance.now();
  const { broken, story, seen, updates } = judgeSeeds(seed, histories);
  for (const one of broken.slice(0, 20)) console.log(one);
  if (story !== '') console.log(story);
  const seconds = Math.round((performance.now() - begun) / 1_000);
  console.log(
    `${broken.length === 0 ? 'PASSED' : 'FAILED'}: ${histories} histories from seed ${seed}, ${seen.size} kinds of fault, ` +
      `${updates} updates, ${seconds} s: ${broken.length} broke a promise`,
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
}

async function year(bookings: number, seed: number): Promise<void> {
  console.error(`a year with ${bookings} bookings, seed ${seed}`);
  const begun = performance.now();
  const result = await soakYear({ bookings, seed });
  const { booked, moved, cancelled, daysOff, restarts, expected, sent, missing, extra, late, worstMs } = result;
  for (const problem of [...missing, ...extra, ...late].slice(0, 20)) console.log(problem);
  const well = missing.length + extra.length + late.length === 0;
  console.log(
    `${well ? 'PASSED' : 'FAILED'}: ${booked} booked, ${moved} moved, ${cancelled} cancelled, ${daysOff} days off, ` +
      `${restarts} other processes, seed ${seed}, ${Math.round((performance.now() - begun) / 1_000)} s: ${sent} of ${expected} ` +
      `reminders sent, ${missing.length} missing, ${extra.length} too many, ${late.length} not in their minute, worst ${worstMs} ms late`,
  );
  process.exitCode = well ? 0 : 1;
}

await main();
process.exit();
