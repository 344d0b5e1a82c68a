/** Owns the editor of settings: one list with what counts now, one question per setting, and the way back to the default. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { cleanName, parseCount } from '../domain/amounts.ts';
import { parseAddress, parseClock, parseMinutes, parseReminders, parseSeconds } from '../domain/setting-values.ts';
import { findZones, zoneLabel } from '../domain/time-zones.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { planAllAhead } from '../repository/place.ts';
import { type BookingSettings, loadSettings } from '../repository/settings.ts';
import { changeSetting } from '../repository/setup.ts';
import { durationText } from '../texts/format.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { backToMenu } from './owner-menu.ts';

/** One setting: the row that holds it, how it is called and asked for, how it reads, and what a written value means. */
interface Setting {
  readonly key: string;
  readonly label: MessageKey;
  readonly ask: MessageKey;
  shown(turn: Turn, settings: BookingSettings): string;
  /** The value to store; undefined when it cannot be read. */
  parse(text: string, turn: Turn): unknown;
  /** Visits that are booked already are reminded and asked by it as well. */
  readonly replans?: boolean;
}

/** The order is part of buttons. */
const SETTINGS: readonly Setting[] = [
  {
    ...{ key: 'company', label: 'set-company', ask: 'set-ask-company' },
    shown: (_turn, { company }) => company,
    parse: (text) => cleanName(text, 128),
  },
  {
    ...{ key: 'time_zone', label: 'set-time-zone', ask: 'set-ask-time-zone' },
    shown: ({ texts }, { zone }) => zoneLabel(zone.name, texts.locale),
    parse: (text) => findZones(text.slice(0, 64))[0],
  },
  {
    ...{ key: 'max_bookings_per_user', label: 'set-most', ask: 'set-ask-most' },
    shown: (_turn, { maxBookingsPerUser }) => String(maxBookingsPerUser),
    parse: (text) => parseCount(text, 1, 1_000),
  },
  {
    ...{ key: 'cancellation_hours', label: 'set-cancellation', ask: 'set-ask-cancellation' },
    shown: ({ texts }, { cancellationHours }) => durationText(texts, cancellationHours * 60),
    parse: (text) => parseCount(text, 0, 720),
  },
  {
    ...{ key: 'reminders', label: 'set-reminders', ask: 'set-ask-reminders', replans: true },
    shown: ({ texts }, { reminders }) => (reminders.length === 0 ? texts.plain('set-never') : reminders.join(', ')),
    parse: parseReminders,
  },
  {
    ...{ key: 'slot_step_minutes', label: 'set-step', ask: 'set-ask-step' },
    shown: ({ texts }, { slotStepMinutes }) => durationText(texts, slotStepMinutes),
    parse: (text) => parseMinutes(text, 15, 240),
  },
  {
    ...{ key: 'lead_minutes', label: 'set-lead', ask: 'set-ask-lead' },
    shown: ({ texts }, { leadMinutes }) => durationText(texts, leadMinutes),
    parse: (text) => parseMinutes(text, 0, 10_080),
  },
  {
    ...{ key: 'horizon_days', label: 'set-horizon', ask: 'set-ask-horizon' },
    shown: (_turn, { horizonDays }) => String(horizonDays),
    parse: (text) => parseCount(text, 1, 365),
  },
  {
    ...{ key: 'ask_contact', label: 'set-contact', ask: 'set-ask-contact' },
    shown: ({ texts }, { askContact }) => texts.plain(askContact ? 'set-yes' : 'set-no'),
    parse: (text, { texts }) => {
      const said = text.trim().toLowerCase();
      if (said === texts.plain('set-yes')) return true;
      return said === texts.plain('set-no') ? false : undefined;
    },
  },
  {
    ...{ key: 'offer_minutes', label: 'set-offer', ask: 'set-ask-offer' },
    shown: ({ texts }, { offerMinutes }) => durationText(texts, offerMinutes),
    parse: (text) => parseMinutes(text, 5, 1_440),
  },
  {
    ...{ key: 'review_after_minutes', label: 'set-review', ask: 'set-ask-review', replans: true },
    shown: ({ texts }, { reviewAfterMinutes }) =>
      reviewAfterMinutes === 0 ? texts.plain('set-never') : durationText(texts, reviewAfterMinutes),
    parse: (text) => parseMinutes(text, 0, 10_080),
  },
  {
    ...{ key: 'digest_at', label: 'set-digest', ask: 'set-ask-digest' },
    shown: ({ texts }, { digestAt }) => (digestAt === undefined ? texts.plain('set-never') : clock(digestAt)),
    parse: parseClock,
  },
  {
    ...{ key: 'address', label: 'set-address', ask: 'set-ask-address' },
    shown: ({ texts }, { address }) => address ?? texts.plain('set-unset'),
    parse: parseAddress,
  },
  {
    ...{ key: 'place', label: 'set-place', ask: 'set-ask-place' },
    shown: ({ texts }, { place }) => texts.plain(place === undefined ? 'set-unset' : 'set-there'),
    parse: (_text, { ctx }) => {
      const location = ctx.message?.location;
      return location === undefined ? undefined : { latitude: location.latitude, longitude: location.longitude };
    },
  },
  {
    ...{ key: 'rate_limit_message_seconds', label: 'set-message-pace', ask: 'set-ask-pace' },
    shown: (_turn, { rateLimitMessageSeconds }) => String(rateLimitMessageSeconds),
    parse: parseSeconds,
  },
  {
    ...{ key: 'rate_limit_callback_seconds', label: 'set-press-pace', ask: 'set-ask-pace' },
    shown: (_turn, { rateLimitCallbackSeconds }) => String(rateLimitCallbackSeconds),
    parse: parseSeconds,
  },
];

/** How a setting is called, by the row that holds it. */
export function settingLabel(key: string): MessageKey | undefined {
  return SETTINGS.find((setting) => setting.key === key)?.label;
}

/** Lists them with what counts now. */
export async function showSettings(turn: Turn, title?: string): Promise<void> {
  const { texts, desk } = turn;
  const settings = await loadSettings(desk.services.database, desk.services);
  const rows = SETTINGS.map((setting, index): Button[] => [
    [`${texts.plain(setting.label)}: ${setting.shown(turn, settings)}`, { kind: 'setting', setting: index }],
  ]);
  const html = title === undefined ? texts.html('set-title') : `${title}\n\n${texts.html('set-title')}`;
  await show(turn, html, keyboard([...rows, [backToMenu(turn)]]));
}

/** Asks for one. */
export async function askSetting(turn: Turn, index: number): Promise<void> {
  if (SETTINGS[index] === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  await askFor(turn, settingAnswers.setting, { field: 'setting', id: index });
}

/** Goes back to the default. */
export async function resetSetting(turn: Turn, index: number): Promise<void> {
  const setting = SETTINGS[index];
  if (setting === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  await store(turn, setting, undefined);
}

/** What is written about settings. */
export const settingAnswers: Answers<'setting'> = {
  setting: {
    async prompt(turn, { id }) {
      const { texts, desk } = turn;
      const setting = SETTINGS[id];
      if (setting === undefined) return texts.html('button-old');
      const settings = await loadSettings(desk.services.database, desk.services);
      const now = texts.html('set-now', { name: texts.plain(setting.label), value: setting.shown(turn, settings) });
      return `${now}\n\n${texts.html(setting.ask)}`;
    },
    back: () => ({ kind: 'settings' }),
    more: ({ id }, { texts }) => [[[texts.plain('button-set-default'), { kind: 'settingDefault', setting: id }]]],
    async take(turn, { id }, text): Promise<Taken> {
      const setting = SETTINGS[id];
      const value = setting?.parse(text, turn);
      if (setting === undefined || value === undefined) {
        return { problem: `${turn.texts.html('set-unclear')}\n\n${turn.texts.html(setting?.ask ?? 'button-old')}` };
      }
      await store(turn, setting, value);
      return 'done';
    },
  },
};

async function store(turn: Turn, { key, replans }: Setting, value: unknown): Promise<void> {
  const { desk, now, texts } = turn;
  const { services } = desk;
  await changeSetting(services.database, requestOf(turn), { key, value }, now);
  desk.changed();
  if (replans === true) await planAllAhead(services.database, services, now);
  desk.wake();
  await showSettings(turn, texts.html('setup-saved'));
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
