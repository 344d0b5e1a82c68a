/** The pool as tiles: drawn without a component library, each only when its own bot has changed. */
import { type KeyboardEvent, type MouseEvent, memo } from 'react';
import type { PoolBot } from '#shared/api/pool.ts';
import { setQuery } from '../../app/router.ts';
import { displayName } from '../../components/display-name.ts';
import { number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import type { Grouping, TileGroup, tileSize } from './arrange.ts';
import classes from './pool.module.css';

/** See the file. */
export function TileGrid(props: {
  readonly groups: readonly TileGroup[];
  readonly grouping: Grouping;
  readonly size: ReturnType<typeof tileSize>;
  readonly companies: ReadonlyMap<string, string>;
}) {
  const { groups, grouping, size, companies } = props;
  const say = useSay();
  const locale = useLocale();
  const title = (name: string): string =>
    grouping === 'state' ? say(`bot-state-${name}` as 'bot-state-active') : name;
  const open = (event: MouseEvent): void => {
    const id = (event.target as HTMLElement).closest('[data-bot]')?.getAttribute('data-bot');
    if (id) setQuery({ bot: id });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tiles are buttons; one listener serves all of them
    <div onClick={open} onKeyDown={moveFocus} data-testid="tiles">
      {groups.map(({ name, bots }) => (
        <div key={name}>
          {name === '' ? null : (
            <h3 className={classes['groupHead']}>
              {title(name)} <span>{number(bots.length, locale)}</span>
            </h3>
          )}
          <div className={classes['grid']} data-size={size}>
            {bots.map((bot) => (
              <Tile
                key={bot.container_id}
                bot={bot}
                size={size}
                company={bot.client_id === undefined ? undefined : companies.get(bot.client_id)}
                word={say(`bot-state-${bot.status}`)}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

const Tile = memo(function Tile(props: {
  readonly bot: PoolBot;
  readonly size: ReturnType<typeof tileSize>;
  readonly company: string | undefined;
  readonly word: string;
}) {
  const { bot, size, company, word } = props;
  const who = company === undefined ? bot.client_id : displayName(company, 40);
  const label = `${bot.pool_id}: ${word}${who === undefined ? '' : `, ${who}`}`;
  return (
    <button
      type="button"
      className={classes['tile']}
      data-bot={bot.pool_id}
      data-state={bot.status}
      data-problem={bot.problem}
      aria-label={label}
      title={size === 'card' ? undefined : label}
    >
      <span className={classes['tileNumber']}>{bot.pool_id}</span>
      {size === 'cell' ? null : <bdi className={classes['tileWord']}>{who ?? word}</bdi>}
    </button>
  );
});

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Arrows go from tile to tile; up and down go to the nearest one of the next row. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const vertical = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const step = STEPS[event.key];
  if (step === undefined && vertical === 0) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-bot]')];
  const index = tiles.indexOf(event.target as HTMLElement);
  if (index < 0) return;
  const next = step === undefined ? nearest(tiles, index, vertical) : tiles[index + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function nearest(tiles: readonly HTMLElement[], index: number, direction: number): HTMLElement | undefined {
  const from = tiles[index]?.getBoundingClientRect();
  if (from === undefined) return undefined;
  const rest = direction > 0 ? tiles.slice(index + 1) : tiles.slice(0, index).reverse();
  let best: { readonly tile: HTMLElement; readonly top: number; readonly distance: number } | undefined;
  for (const tile of rest) {
    const rect = tile.getBoundingClientRect();
    if (Math.abs(rect.top - from.top) < 2) continue;
    if (best !== undefined && Math.abs(rect.top - best.top) > 2) break;
    const distance = Math.abs(rect.left - from.left);
    if (best === undefined || distance < best.distance) best = { tile, top: rect.top, distance };
  }
  return best?.tile;
}
