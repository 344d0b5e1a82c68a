/** A table of any length: sorted by its heads, and only the rows on the screen are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import classes from './components.module.css';

/** One column. `value` is what it is sorted by; without `cell` it is what is shown, too. */
export interface Column<T> {
  readonly id: string;
  readonly head: string;
  readonly value: (row: T) => string | number;
  readonly cell?: (row: T) => ReactNode;
  /** A track of the grid, such as `2fr` or `120px`. */
  readonly width: string;
  readonly numeric?: boolean;
}

const ROW_PX = 44;

interface Sorting {
  readonly id: string;
  readonly desc: boolean;
}

function sortedRows<T>(rows: readonly T[], columns: readonly Column<T>[], sorting: Sorting | undefined): readonly T[] {
  const value = columns.find(({ id }) => id === sorting?.id)?.value;
  if (value === undefined || sorting === undefined) return rows;
  const sign = sorting.desc ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), undefined, { numeric: true });
  });
}

/** `href`: where a row leads. The whole row can be clicked; its first cell holds the link that a keyboard finds. */
export function DataTable<T>(props: {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly label: string;
  readonly href?: (row: T) => string;
  readonly minWidth?: number;
}) {
  const { rows: data, columns, rowKey, label, href, minWidth = 720 } = props;
  const [sorted, setSorted] = useState<Sorting>();
  const rows = useMemo(() => sortedRows(data, columns, sorted), [data, columns, sorted]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    getItemKey: (index) => (rows[index] === undefined ? index : rowKey(rows[index])),
  });
  const template = columns.map(({ width }) => width).join(' ');
  /** Up, down, and back to the order in which the rows came. */
  const sort = (id: string): void => {
    if (sorted?.id !== id) setSorted({ id, desc: false });
    else setSorted(sorted.desc ? undefined : { id, desc: true });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section ref={scroll} className={classes['tableWrap']} tabIndex={0} aria-label={label}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className={classes['table']}
        style={{ minWidth }}
      >
        <div role="rowgroup" className={classes['thead']}>
          <div role="row" className={classes['tr']} style={{ gridTemplateColumns: template }}>
            {columns.map(({ id, head, numeric }) => (
              <div
                key={id}
                role="columnheader"
                aria-sort={sorted?.id !== id ? 'none' : sorted.desc ? 'descending' : 'ascending'}
                className={`${classes['th']} ${numeric === true ? classes['num'] : ''}`}
              >
                <button type="button" className={classes['sort']} onClick={() => sort(id)}>
                  {head}
                  {sorted?.id === id ? <span aria-hidden>{sorted.desc ? '↓' : '↑'}</span> : null}
                </button>
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes['tbody']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const to = href?.(row);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the link in it works by the keyboard
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                className={`${classes['tr']} ${to === undefined ? '' : classes['rowLink']}`}
                style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
                onClick={() => {
                  if (to !== undefined) location.hash = to;
                }}
              >
                {columns.map(({ id, cell, value, numeric }) => (
                  <div key={id} role="cell" className={`${classes['td']} ${numeric === true ? classes['num'] : ''}`}>
                    {cell === undefined ? value(row) : cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
