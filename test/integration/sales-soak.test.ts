/** Sales while everything is lost, doubled, forged and killed: the small version of `npm run soak -- sale`. */
import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { soakSales } from '../soak/sale.ts';

const SEED = Number(process.env['SEED'] ?? randomInt(1, 2 ** 31 - 1));

it('loses no payment, applies none twice and takes no wrong sum, whatever dies on the way', async () => {
  console.log(`seed of the sales: ${SEED} (replay with SEED=${SEED})`);
  const result = await soakSales({ orders: 8, kills: 4, seed: SEED, report: () => undefined });
  const { lost, doubled, wrongAmounts, strangersTaken, problems } = result;
  expect({ lost, doubled, wrongAmounts, strangersTaken, problems }, `seed ${SEED}`).toEqual({
    ...{ lost: 0, doubled: 0, wrongAmounts: 0, strangersTaken: 0 },
    problems: [],
  });
  expect(result.orders).toBeGreaterThanOrEqual(8);
  expect(Object.keys(result.kills).length).toBeGreaterThan(0);
}, 300_000);
