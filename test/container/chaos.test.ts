/** Every kind of fault strikes a stack on Docker while customers book: nobody notices more than a pause. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Random } from '#sandbox/random.ts';
import { judge, strikeOnce, troubleOf } from '../chaos/chaos.ts';
import { FAULTS } from '../chaos/faults.ts';
import { type ChaosWorld, startChaosWorld } from '../chaos/world.ts';
import { randomOf } from '../soak/random.ts';

const LONG_MS = 300_000;
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31));

describe.skipIf(inject('noDocker') !== undefined)('chaos on Docker (needs a Docker engine)', () => {
  let world: ChaosWorld;
  let random: Random;

  beforeAll(async () => {
    console.log(`seed of the chaos: ${SEED} (replay with SEED=${SEED})`);
    random = randomOf(SEED);
    world = await startChaosWorld(random, { clients: 2, customers: 2 });
    await world.healed();
  }, 600_000);
  afterAll(() => world?.[Symbol.asyncDispose](), LONG_MS);

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    'heals when %s',
    async (_name, fault) => {
      await strikeOnce(world, fault, random);
    },
    LONG_MS,
  );

  it(
    'and in the end every update was handled, every booking made once, every client has one bot, and nothing is left over',
    async () => {
      const { problems, steps, bookings } = await judge(world);
      expect(problems, problems.length === 0 ? '' : await troubleOf(world)).toEqual([]);
      expect(Math.min(steps, bookings)).toBeGreaterThan(0);
    },
    LONG_MS,
  );
});
