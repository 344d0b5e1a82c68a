/** Hands the connection to components, with the hooks by which they use it. */
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Connection, OpenStream } from './connection.ts';
import type { LinkState } from './connection-state.ts';
import { asFailure } from './failure.ts';
import type { SessionFacts } from './session.ts';

const ConnectionContext = createContext<Connection | null>(null);

/** Makes the connection known below. */
export function ConnectionProvider({ connection, children }: { connection: Connection; children: ReactNode }) {
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

/** The connection. */
export function useConnection(): Connection {
  const connection = use(ConnectionContext);
  if (connection === null) throw new Error('no connection above this component');
  return connection;
}

/** A part of the link's state. */
export function useLink<T>(select: (state: LinkState) => T): T {
  return useStore(useConnection().link, select);
}

/** Who is signed in; null while nobody is known. */
export function useSession(): SessionFacts | null {
  return useStore(useConnection().session, (state) => state.facts);
}

/** True when the one who is signed in may change things. */
export function useMayOperate(): boolean {
  const session = useSession();
  return session !== null && session.role !== 'viewer';
}

/** What a screen knows of something that it asked for. `at`: when the value came. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: BotpoolError | undefined;
  readonly at: number | undefined;
}

const NOTHING = { value: undefined, error: undefined, at: undefined } as const;

/** Follows a stream while the component is there. `key` names what is followed: another key starts anew. */
export function useFollow<T>(key: string, open: OpenStream<T> | null): Loaded<T> {
  const connection = useConnection();
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({ ...NOTHING, key });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `open`
  useEffect(() => {
    if (open === null) return;
    const ending = new AbortController();
    const guarded: OpenStream<T> = async (client, signal) => {
      try {
        return await open(client, signal);
      } catch (error) {
        if (!signal.aborted) setState((before) => ({ ...before, key, error: asFailure(error) }));
        throw error;
      }
    };
    const onValue = (value: T): void => setState({ value, error: undefined, at: Date.now(), key });
    connection.follow(guarded, onValue, ending.signal);
    return () => ending.abort();
  }, [connection, key, open === null]);
  return state.key === key ? state : NOTHING;
}

/**
 * Asks once, and again after each reconnect and whenever `reload` is called. `keep`: keys of one thing that changes; what
 * was known of it stays until the next answer is there.
 */
export function useAsk<T>(
  key: string,
  ask: ((client: Connection['client'], signal: AbortSignal) => Promise<T>) | null,
  keep = false,
): Loaded<T> & { readonly reload: () => void } {
  const connection = useConnection();
  const generation = useLink((state) => state.generation);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({ ...NOTHING, key });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `ask`; `turn` and `generation` ask anew
  useEffect(() => {
    if (ask === null || generation === 0) return;
    const ending = new AbortController();
    ask(connection.client, ending.signal).then(
      (value) => !ending.signal.aborted && setState({ value, error: undefined, at: Date.now(), key }),
      (error: unknown) => !ending.signal.aborted && setState((before) => ({ ...before, key, error: asFailure(error) })),
    );
    return () => ending.abort();
  }, [connection, key, turn, generation, ask === null]);
  const reload = (): void => setTurn((now) => now + 1);
  return { ...(keep || state.key === key ? state : NOTHING), reload };
}
