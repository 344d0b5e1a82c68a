/** Owns what an operator may call a client: `3`, `003`, `client_003`. Pure. */

/** The client id of a word; undefined when it means none. */
export function clientIdOf(word: string): string | undefined {
  const digits = /^(?:client_)?(\d{1,6})$/.exec(word.trim())?.[1];
  return digits === undefined ? undefined : `client_${digits.padStart(3, '0')}`;
}
