/** Owns making rows of buttons out of actions. */
import { InlineKeyboard } from 'grammy';
import type { Texts } from '../texts/texts.ts';
import { type Action, encodeAction } from './action.ts';

/** One button: what it shows and what it asks for. */
export type Button = readonly [label: string, action: Action];

/** A keyboard of rows. Empty rows are left out. */
export function keyboard(rows: readonly (readonly Button[])[]): InlineKeyboard {
  return new InlineKeyboard(
    rows
      .filter((row) => row.length > 0)
      .map((row) => row.map(([label, action]) => InlineKeyboard.text(label, encodeAction(action)))),
  );
}

/** Buttons side by side, so many in a row. */
export function inRows(buttons: readonly Button[], perRow: number): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) =>
    buttons.slice(row * perRow, (row + 1) * perRow),
  );
}

/** What everybody can begin with; admins also find their menu. */
export function homeKeyboard(texts: Texts, admin: boolean): InlineKeyboard {
  return keyboard([
    [[texts.plain('button-book'), { kind: 'services' }]],
    [[texts.plain('button-mine'), { kind: 'mine' }]],
    [
      [texts.plain('button-language'), { kind: 'languages' }],
      [texts.plain('button-help'), { kind: 'help' }],
    ],
    admin ? [[texts.plain('button-admin'), { kind: 'admin' }]] : [],
  ]);
}

/** The button that leads back to the beginning. */
export function homeButton(texts: Texts): Button {
  return [texts.plain('button-home'), { kind: 'home' }];
}
