/** Which tiles are shown, in which groups and how large. Pure. */
import type { PoolBot } from '#shared/api/pool.ts';
import type { BotState } from '#shared/state/bot-state.ts';

/** How tiles may be grouped. */
export const GROUPINGS = ['none', 'state', 'version'] as const;

/** See {@link GROUPINGS}. */
export type Grouping = (typeof GROUPINGS)[number];

/** Tiles that stand together. `name`: a state, a version, or '' for all. */
export interface TileGroup {
  readonly name: string;
  readonly bots: readonly PoolBot[];
}

/** What needs a look comes first. */
const ORDER: readonly BotState[] = ['failed', 'activating', 'draining', 'active', 'waiting'];

/** Bots whose number, container, client or client's name holds the text. */
export function matching(bots: readonly PoolBot[], text: string, companies: ReadonlyMap<string, string>) {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return bots;
  return bots.filter(({ pool_id, container_id, client_id, status }) => {
    const company = client_id === undefined ? '' : (companies.get(client_id) ?? '');
    const names = [String(pool_id), container_id, client_id ?? '', company, status];
    return names.some((name) => name.toLowerCase().includes(wanted));
  });
}

/** The groups, in the order in which they are shown; empty ones are left out. */
export function grouped(bots: readonly PoolBot[], by: Grouping): readonly TileGroup[] {
  if (by === 'none') return bots.length === 0 ? [] : [{ name: '', bots }];
  const groups = new Map<string, PoolBot[]>();
  for (const bot of bots) {
    const name = by === 'state' ? bot.status : bot.version;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [bot]);
    else group.push(bot);
  }
  const names = by === 'state' ? ORDER.filter((state) => groups.has(state)) : [...groups.keys()].sort();
  return names.map((name) => ({ name, bots: groups.get(name) ?? [] }));
}

/** How large a tile is when there are so many. */
export function tileSize(count: number): 'card' | 'small' | 'cell' {
  if (count <= 48) return 'card';
  return count <= 240 ? 'small' : 'cell';
}
