/** Every procedure of the contract as a list, for tests of what must hold for all of them. */
import { isContractProcedure } from '@orpc/contract';
import type { ProcedureMeta } from './failure.ts';

/** Each with its path, such as `pool.scale`. */
export function listProcedures(router: object, path: readonly string[] = []): { path: string; meta: ProcedureMeta }[] {
  return Object.entries(router).flatMap(([name, part]: [string, unknown]) => {
    if (isContractProcedure(part)) {
      return [{ path: [...path, name].join('.'), meta: part['~orpc'].meta as ProcedureMeta }];
    }
    return listProcedures(part as object, [...path, name]);
  });
}
