/** Plan, bookings, errors, storage and backup of every client, looked at again while the list is open. */
import { useEffect, useMemo, useState } from 'react';
import type { TenantFigures } from '#shared/api/tenants.ts';
import { useAsk } from '../../client/context.tsx';

const EVERY_MS = 30_000;

/** By client id; empty until they are known. */
export function useFigures(): ReadonlyMap<string, TenantFigures> {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((now) => now + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { value } = useAsk(`figures ${turn}`, (client, signal) => client.tenants.figures(undefined, { signal }), true);
  return useMemo(() => new Map((value ?? []).map((one) => [one.clientId, one])), [value]);
}
