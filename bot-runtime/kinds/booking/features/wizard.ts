/** Owns the first set-up: time zone, hours, first service; each step can be skipped, gone back from and left for later. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { formatHours, isHoursProblem, parseHours, type WeeklyHours } from '../domain/hours-text.ts';
import { TRADES, type UsualService, WEEK_PRESETS } from '../domain/presets.ts';
import { findZones, likelyZones, zoneLabel, zoneNumber, zoneOfNumber } from '../domain/time-zones.ts';
import { zoneOf } from '../domain/zone.ts';
import { type Button, inRows, keyboard } from '../keyboards/buttons.ts';
import { addService, setWeeklyHours, weeklyHours } from '../repository/owner.ts';
import { personMay } from '../repository/people.ts';
import { changeSetting, hideSample, noteSetup, SETUP_STEPS, type SetupState, setupState } from '../repository/setup.ts';
import { durationText } from '../texts/format.ts';
import { type Answers, remember } from './ask.ts';

const SERVICE_STEP = SETUP_STEPS.indexOf('service');

/** True, and the step is shown, when somebody who may set the bot up has not come to the end nor gone away. */
export async function resumeSetup(turn: Turn): Promise<boolean> {
  if (!personMay(turn.person, 'setup')) return false;
  const state = await setupState(turn.desk.services.database);
  if (state.step === 'done' || state.left) return false;
  await showStep(turn, SETUP_STEPS.indexOf(state.step));
  return true;
}

/** Goes away from the set-up, if it is under way; true when it was. */
export async function pauseSetup(turn: Turn): Promise<boolean> {
  if (!personMay(turn.person, 'setup')) return false;
  const { database } = turn.desk.services;
  const state = await setupState(database);
  if (state.step === 'done' || state.left) return false;
  await noteSetup(database, { ...state, left: true }, turn.now);
  return true;
}

/** Shows a step, by its number. */
export async function showStep(turn: Turn, index: number): Promise<void> {
  const step = SETUP_STEPS[index];
  if (step === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await noteSetup(turn.desk.services.database, { step, left: false }, turn.now);
  switch (step) {
    case 'zone':
      return await showZoneStep(turn);
    case 'hours':
      return await showHoursStep(turn);
    case 'service':
      return await showServiceStep(turn);
    case 'done':
      return await showEnd(turn);
  }
}

/** Takes a zone and goes on. */
export async function takeZone(turn: Turn, number: number): Promise<void> {
  const zone = zoneOfNumber(number);
  if (zone === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await saveZone(turn, zone);
}

/** Takes hours and goes on. */
export async function takePreset(turn: Turn, index: number): Promise<void> {
  const week = WEEK_PRESETS[index];
  if (week === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  await saveWeek(turn, week);
}

/** Shows what is usual in a trade. */
export async function showTrade(turn: Turn, index: number): Promise<void> {
  const { texts } = turn;
  const trade = TRADES[index];
  if (trade === undefined) {
    await answerPress(turn.ctx, texts.plain('button-old'), true);
    return;
  }
  await remember(turn, { ask: 'service_name' });
  const rows = trade.services.map((service, item): Button[] => [
    [usualLabel(turn, service), { kind: 'wizardService', trade: index, item }],
  ]);
  const back: Button = [texts.plain('button-back'), { kind: 'wizard', step: SERVICE_STEP }];
  await show(turn, texts.html('setup-service-usual'), keyboard([...rows, [back]]));
}

/** Adds a usual service; that was the last step. */
export async function takeUsual(turn: Turn, trade: number, item: number): Promise<void> {
  const { desk, settings, texts, now } = turn;
  const usual = TRADES[trade]?.services[item];
  if (usual === undefined) {
    await answerPress(turn.ctx, texts.plain('button-old'), true);
    return;
  }
  const service = {
    name: usual[texts.locale],
    durationMinutes: usual.minutes,
    priceKopecks: settings.currency === 'RUB' ? usual.price * 100 : 0,
    currency: settings.currency,
  };
  // A second press finds the service there: that is as good.
  await addService(desk.services.database, requestOf(turn), service, now);
  await endSetup(turn, service.name);
}

/** When a service was added during the set-up that was its last step; true when the end is shown. */
export async function endSetupAfter(turn: Turn, service: string): Promise<boolean> {
  const { step, left }: SetupState = await setupState(turn.desk.services.database);
  if (step !== 'service' || left) return false;
  await endSetup(turn, service);
  return true;
}

/** What can be written during the set-up. */
export const wizardAnswers: Answers<'wizard_zone' | 'wizard_hours'> = {
  wizard_zone: {
    prompt: ({ texts }) => texts.html('setup-zone-how'),
    back: () => ({ kind: 'wizard', step: 0 }),
    async take(turn, _question, text) {
      const zones = findZones(text.slice(0, 64));
      const [only] = zones;
      if (only === undefined) return { problem: turn.texts.html('setup-zone-unknown') };
      if (zones.length === 1) {
        await saveZone(turn, only);
        return 'asked';
      }
      await show(turn, turn.texts.html('setup-zone-which'), keyboard(zoneRows(turn, zones)));
      return 'asked';
    },
  },
  wizard_hours: {
    prompt: ({ texts }) => texts.html('bad-hours-empty'),
    back: () => ({ kind: 'wizard', step: 1 }),
    async take(turn, _question, text) {
      const week = parseHours(text.slice(0, 500));
      if (isHoursProblem(week)) {
        return { problem: turn.texts.html(`bad-hours-${week.problem}`, { at: week.at.slice(0, 100) }) };
      }
      await saveWeek(turn, week);
      return 'asked';
    },
  },
};

async function showZoneStep(turn: Turn): Promise<void> {
  const { texts, settings, now, formats } = turn;
  await remember(turn, { ask: 'setup', field: 'wizard_zone', id: 0, more: '' });
  const { name } = settings.zone;
  const label = zoneLabel(name, texts.locale);
  const keep: Button = [
    texts.plain('setup-zone-keep', { zone: label }),
    { kind: 'wizardZone', zone: zoneNumber(name) },
  ];
  const others = likelyZones(texts.locale).filter((zone) => zone !== name);
  const html = texts.html('setup-zone', { company: settings.company, zone: label, time: formats.time(now) });
  await show(turn, html, keyboard([[keep], ...zoneRows(turn, others), steps(turn, 0)]));
}

async function showHoursStep(turn: Turn): Promise<void> {
  const { texts, desk } = turn;
  await remember(turn, { ask: 'setup', field: 'wizard_hours', id: 0, more: '' });
  const week = await weeklyHours(desk.services.database);
  const hours = week.size === 0 ? texts.plain('hours-none') : formatHours(week, texts.locale);
  const rows = WEEK_PRESETS.map((preset, index): Button[] => [
    [formatHours(preset, texts.locale), { kind: 'wizardHours', preset: index }],
  ]);
  await show(turn, texts.html('setup-hours', { hours }), keyboard([...rows, steps(turn, 1)]));
}

async function showServiceStep(turn: Turn): Promise<void> {
  const { texts } = turn;
  await remember(turn, { ask: 'service_name' });
  const labels = { barber: 'setup-trade-barber', nails: 'setup-trade-nails', massage: 'setup-trade-massage' } as const;
  const rows = TRADES.map(({ name }, trade): Button[] => [[texts.plain(labels[name]), { kind: 'wizardTrade', trade }]]);
  await show(turn, texts.html('setup-service'), keyboard([...rows, steps(turn, 2)]));
}

async function showEnd(turn: Turn): Promise<void> {
  const { texts, ctx } = turn;
  const html = texts.html('setup-end', { link: `https://t.me/${ctx.me.username}` });
  const rows: Button[][] = [
    [[texts.plain('menu-as-customer'), { kind: 'home' }]],
    [[texts.plain('admin-add-service'), { kind: 'addService' }]],
    [[texts.plain('button-admin'), { kind: 'admin' }]],
  ];
  await show(turn, html, keyboard(rows));
}

async function endSetup(turn: Turn, service: string): Promise<void> {
  await hideSample(turn.desk.services.database, service);
  await showStep(turn, SETUP_STEPS.indexOf('done'));
  await remember(turn, { ask: 'done', question: turn.updateId });
}

async function saveZone(turn: Turn, zone: string): Promise<void> {
  const { desk, now } = turn;
  await changeSetting(desk.services.database, requestOf(turn), { key: 'time_zone', value: zone }, now);
  desk.changed();
  await showStep(turn, 1);
}

async function saveWeek(turn: Turn, week: WeeklyHours): Promise<void> {
  const { desk, now } = turn;
  await setWeeklyHours(desk.services.database, requestOf(turn), week, now);
  await showStep(turn, SERVICE_STEP);
}

/** Back, skip, later. */
function steps({ texts }: Turn, step: number): Button[] {
  const back: Button[] = step === 0 ? [] : [[texts.plain('button-back'), { kind: 'wizard', step: step - 1 }]];
  return [
    ...back,
    [texts.plain('setup-skip'), { kind: 'wizard', step: step + 1 }],
    [texts.plain('setup-later'), { kind: 'wizardLeave' }],
  ];
}

function zoneRows({ texts, now }: Turn, zones: readonly string[]): Button[][] {
  const buttons = zones.map((zone): Button => {
    const { minutes } = zoneOf(zone).wallClock(now);
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return [`${zoneLabel(zone, texts.locale)} · ${clock}`, { kind: 'wizardZone', zone: zoneNumber(zone) }];
  });
  return inRows(buttons, 2);
}

function usualLabel({ texts, settings, formats }: Turn, usual: UsualService): string {
  const price = settings.currency === 'RUB' ? [formats.money(usual.price * 100, 'RUB')] : [];
  return [usual[texts.locale], durationText(texts, usual.minutes), ...price].join(' · ');
}
