/** The short names by which operators call containers. Pure. */

/** `3`, `bot-pool-3`, `postgres` become the container's whole name; a whole name stays. */
export function containerName(text: string): string {
  if (/^\d+$/.test(text)) return `booking-bot-pool-${Number(text)}`;
  return text.startsWith('booking-') ? text : `booking-${text}`;
}

/** The other way round, for narrow columns. */
export function shortName(container: string): string {
  return container.replace(/^booking-/, '');
}
