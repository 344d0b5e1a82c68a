/**
 * Owns what a button says back: every choice stands in its `callback_data`, so that a button works after a restart, in
 * another process and without Redis. Format: `b1.<action>[.<number>…]`, numbers in base 36, at most 64 bytes. The services of a
 * visit are one field: `1-a-2c`.
 */
import { DESK_SHAPES } from './desk-shapes.ts';
import { SETUP_SHAPES } from './setup-shapes.ts';

// Short names keep the data small. A name or a list may grow at the end only; anything else needs a new prefix,
// because buttons live in people's chats for years.
const SHAPES = {
  ...SETUP_SHAPES,
  ...DESK_SHAPES,
  home: ['h'],
  services: ['s'],
  service: ['v', 'services'],
  member: ['f', 'services', 'staff'],
  month: ['m', 'services', 'staff', 'month'],
  day: ['d', 'services', 'staff', 'date'],
  time: ['t', 'services', 'staff', 'minute'],
  confirm: ['c', 'services', 'staff', 'minute'],
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
  moreServices: ['vm', 'services'],
  shareContact: ['ks', 'services', 'staff', 'minute'],
  skipContact: ['k', 'services', 'staff', 'minute'],
  move: ['r', 'booking'],
  moveMonth: ['rm', 'booking', 'staff', 'month'],
  moveDay: ['rd', 'booking', 'staff', 'date'],
  moveTime: ['rt', 'booking', 'staff', 'minute'],
  moveConfirm: ['rc', 'booking', 'staff', 'minute'],
  past: ['yp'],
  waitDays: ['wd', 'services', 'staff', 'month'],
  wait: ['wj', 'services', 'staff', 'date'],
  waiting: ['ws', 'entry'],
  leaveLine: ['wl', 'entry'],
  takeOffer: ['oa', 'entry', 'minute'],
  refuseOffer: ['od', 'entry', 'minute'],
  calendarFile: ['if', 'booking'],
  location: ['il'],
  stars: ['st', 'booking', 'stars'],
  news: ['nw', 'on'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

type Shapes = typeof SHAPES;
type FieldsOf<T> = T extends readonly [string, ...infer Rest extends readonly string[]] ? Rest[number] : never;

/** The one field that is a list: the services of a visit, one to {@link MOST_SERVICES}, each at most once. */
const LIST = 'services';
type ValueOf<F> = F extends typeof LIST ? readonly number[] : number;

/** What a pressed button asks for. Numbers are whole and not negative; staff 0 means anyone. */
export type Action = {
  readonly [K in keyof Shapes]: { readonly kind: K } & { readonly [F in FieldsOf<Shapes[K]>]: ValueOf<F> };
}[keyof Shapes];

/** So many services fit into one visit, and into one button. */
export const MOST_SERVICES = 4;

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
  const values = new Map<string, unknown>(Object.entries(action));
  return [PREFIX, code, ...fields.map((field) => encodeField(values.get(field)))].join('.');
}

/** Reads `callback_data`; undefined for whatever this version did not write. */
export function decodeAction(data: string): Action | undefined {
  const [prefix, code, ...texts] = data.split('.');
  const kind = prefix === PREFIX ? KIND_BY_CODE.get(code ?? '') : undefined;
  const fields = kind === undefined ? undefined : ACTION_FIELDS.get(kind);
  if (kind === undefined || fields === undefined || texts.length !== fields.length) {
    return undefined;
  }
  const values = fields.map((field, index) => decodeField(field, texts[index] ?? ''));
  if (values.includes(undefined)) {
    return undefined;
  }
  // The table above is the type: each kind with exactly its fields, all of them numbers or the list of services.
  return Object.fromEntries([['kind', kind], ...fields.map((field, index) => [field, values[index]])]) as Action;
}

function encodeField(value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map((number) => Number(number).toString(36)).join('-');
}

function decodeField(field: string, text: string): number | number[] | undefined {
  const numbers = text.split('-').map(decodeNumber);
  if (field !== LIST) {
    return numbers.length === 1 ? numbers[0] : undefined;
  }
  const known = numbers.filter((number) => number !== undefined);
  const valid =
    known.length === numbers.length && known.length <= MOST_SERVICES && new Set(known).size === known.length;
  return valid ? known : undefined;
}

function decodeNumber(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number.parseInt(text, 36) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
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
