/** Asks whose token it is while it is being typed: the last one that was typed is the one that is answered for. */
import { useEffect, useState } from 'react';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import { useConnection, useLink } from '../../client/context.tsx';
import { asFailure } from '../../client/failure.ts';

/** What is known of the token in the field. */
export type TokenCheck =
  | { readonly state: 'none' | 'checking' }
  | { readonly state: 'known'; readonly username: string; readonly name: string; readonly takenBy: string | null }
  | { readonly state: 'refused'; readonly error: BotpoolError };

const WAIT_MS = 350;

/** See the file. */
export function useTokenCheck(token: string): TokenCheck {
  const { client } = useConnection();
  const generation = useLink((state) => state.generation);
  const [check, setCheck] = useState<TokenCheck & { readonly token?: string }>({ state: 'none' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection asks again
  useEffect(() => {
    const wanted = token.trim();
    if (wanted === '') return setCheck({ state: 'none' });
    const ending = new AbortController();
    setCheck({ state: 'checking' });
    const timer = setTimeout(() => {
      client.activations.checkToken({ token: wanted }, { signal: ending.signal }).then(
        (facts) => !ending.signal.aborted && setCheck({ state: 'known', ...facts }),
        (error: unknown) => !ending.signal.aborted && setCheck({ state: 'refused', error: asFailure(error) }),
      );
    }, WAIT_MS);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, token, generation]);
  return check;
}
