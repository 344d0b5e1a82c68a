/**
 * Owns what a button says back: every choice stands in its `callback_data`, so that a button works after a restart, in
 * another process and without Redis. Format: `b1.<action>[.<number>…]`, numbers in base 36, at most 64 bytes.
 */

// Short names keep the data small. A name or a list may grow at the end only; anything else needs a new prefix,
// because buttons live in people's chats for years.
const SHAPES = {
  home: ['h'],
  services: ['s'],
  service: ['v', 'service'],
  member: ['f', 'service', 'staff'],
  month: ['m', 'service', 'staff', 'month'],
  day: ['d', 'service', 'staff', 'date'],
  time: ['t', 'service', 'staff', 'minute'],
  confirm: ['c', 'service', 'staff', 'minute'],
  mine: ['y'],
  booking: ['b', 'booking'],
  askCancel: ['x', 'booking'],
  cancel: ['z', 'booking'],
  languages: ['l'],
  language: ['g', 'locale'],
  help: ['i'],
  none: ['n'],
  admin: ['a'],
  adminServices: ['as'],
  addService: ['an'],
  showService: ['av', 'service', 'active'],
  adminHours: ['ah'],
  saveHours: ['aw', 'question'],
  agenda: ['ag'],
  dropQuestion: ['aq'],
  willCome: ['w', 'booking'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

type Shapes = typeof SHAPES;
type FieldsOf<T> = T extends readonly [string, ...infer Rest extends readonly string[]] ? Rest[number] : never;

/** What a pressed button asks for. Numbers are whole and not negative; staff 0 means anyone. */
export type Action = {
  readonly [K in keyof Shapes]: { readonly kind: K } & { readonly [F in FieldsOf<Shapes[K]>]: number };
}[keyof Shapes];

/** The names of all actions. */
export type ActionKind = Action['kind'];

/** Every action with its fields, for tests. */
export const ACTION_FIELDS: ReadonlyMap<ActionKind, readonly string[]> = new Map(
  Object.entries(SHAPES).map(([kind, [, ...fields]]) => [kind as ActionKind, fields]),
);

const PREFIX = 'b1';
const NUMBER = /^(?:0|[1-9a-z][0-9a-z]{0,10})$/;
const KIND_BY_CODE: ReadonlyMap<string, ActionKind> = new Map(
  Object.entries(SHAPES).map(([kind, [code]]) => [code, kind as ActionKind]),
);

/** Writes an action as `callback_data`. */
export function encodeAction(action: Action): string {
  const [code, ...fields] = SHAPES[action.kind] as readonly [string, ...string[]];
  const numbers = new Map(Object.entries(action));
  return [PREFIX, code, ...fields.map((field) => Number(numbers.get(field)).toString(36))].join('.');
}

/** Reads `callback_data`; undefined for whatever this version did not write. */
export function decodeAction(data: string): Action | undefined {
  const [prefix, code, ...texts] = data.split('.');
  const kind = prefix === PREFIX ? KIND_BY_CODE.get(code ?? '') : undefined;
  const fields = kind === undefined ? undefined : ACTION_FIELDS.get(kind);
  if (kind === undefined || fields === undefined || texts.length !== fields.length) {
    return undefined;
  }
  const numbers = texts.map((text) => (NUMBER.test(text) ? Number.parseInt(text, 36) : Number.NaN));
  if (!numbers.every((number) => Number.isSafeInteger(number))) {
    return undefined;
  }
  // The table above is the type: each kind with exactly its fields, all of them numbers.
  return Object.fromEntries([['kind', kind], ...fields.map((field, index) => [field, numbers[index]])]) as Action;
}

/** A date as a number: 20261123. */
export function dateNumber(date: string): number {
  return Number(date.replaceAll('-', ''));
}

/** The date of a number, undefined when the calendar has no such date. */
export function dateOfNumber(number: number): string | undefined {
  const digits = String(number);
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const parsed = digits.length === 8 ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 10) !== date ? undefined : date;
}
