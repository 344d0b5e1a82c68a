import { expect, it } from 'vitest';
import { contract } from './contract.ts';
import { listProcedures } from './procedures.ts';

it('says of every procedure who may call it', () => {
  const all = listProcedures(contract);
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter(({ meta }) => meta.access === undefined).map(({ path }) => path)).toEqual([]);
});
