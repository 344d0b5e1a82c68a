import { isContractProcedure } from '@orpc/contract';
import { expect, it } from 'vitest';
import { contract } from './contract.ts';
import type { ProcedureMeta } from './failure.ts';

/** Every procedure of the contract with its path. */
function procedures(router: object, path: readonly string[] = []): { path: string; meta: ProcedureMeta }[] {
  return Object.entries(router).flatMap(([name, part]: [string, unknown]) => {
    if (isContractProcedure(part)) {
      return [{ path: [...path, name].join('.'), meta: part['~orpc'].meta as ProcedureMeta }];
    }
    return procedures(part as object, [...path, name]);
  });
}

it('says of every procedure who may call it', () => {
  const all = procedures(contract);
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter(({ meta }) => meta.access === undefined).map(({ path }) => path)).toEqual([]);
});
