/** Owns setting the weekly hours: a line of text, a preview, a press on "save". */
import { requestOf, show, type Turn } from '../dialog/turn.ts';
import { formatHours, isHoursProblem, parseHours, type WeeklyHours } from '../domain/hours-text.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { setWeeklyHours, weeklyHours } from '../repository/owner.ts';
import { backToMenu, questionLost } from './owner-menu.ts';

/** Shows the hours as they are and asks for new ones. */
export async function askHours(turn: Turn): Promise<void> {
  const { desk, chatId, person, updateId } = turn;
  await desk.questions.ask(chatId, person.telegramId, { question: { ask: 'hours' }, updateId });
  await repeatHoursQuestion(turn);
}

/** Repeats the question. */
export async function repeatHoursQuestion(turn: Turn): Promise<void> {
  const { desk, texts } = turn;
  const week = await weeklyHours(desk.services.database);
  const hours = week.size === 0 ? texts.plain('hours-none') : formatHours(week, texts.locale);
  await show(turn, texts.html('ask-hours', { hours }), keyboard([[drop(turn)]]));
}

/** Reads the line and shows what it would mean; nothing is saved yet. */
export async function takeHours(turn: Turn, text: string): Promise<void> {
  const { desk, texts, chatId, person, updateId } = turn;
  const week = parseHours(text.slice(0, 500));
  if (isHoursProblem(week)) {
    const at = week.at.slice(0, 100);
    await show(turn, texts.html(`bad-hours-${week.problem}`, { at }), keyboard([[drop(turn)]]));
    return;
  }
  const days = [...week].map(([day, times]): [number, { opens: number; closes: number }[]] => [day, [...times]]);
  await desk.questions.ask(chatId, person.telegramId, { question: { ask: 'hours_confirm', week: days }, updateId });
  await showPreview(turn, week, updateId);
}

/** Shows the week as it would be. The button names the message that it belongs to. */
export async function showPreview(turn: Turn, week: WeeklyHours, question: number): Promise<void> {
  const { texts } = turn;
  const lines = [1, 2, 3, 4, 5, 6, 7].map((day) => dayLine(turn, week, day));
  const save: Button = [texts.plain('button-save-hours'), { kind: 'saveHours', question }];
  await show(turn, [texts.html('hours-preview'), '', ...lines].join('\n'), keyboard([[save], [drop(turn)]]));
}

/** Saves the previewed hours, if the press belongs to the preview that is open. */
export async function saveHours(turn: Turn, question: number): Promise<void> {
  const { desk, texts, chatId, person, updateId, now } = turn;
  const open = await desk.questions.read(chatId, person.telegramId);
  const savedBefore = open?.question.ask === 'done' && open.question.question === question;
  if (open?.question.ask === 'hours_confirm' && open.updateId === question) {
    await setWeeklyHours(desk.services.database, requestOf(turn), new Map(open.question.week), now);
  } else if (!savedBefore) {
    await questionLost(turn);
    return;
  }
  await show(turn, texts.html('hours-saved'), keyboard([[backToMenu(turn)]]));
  await desk.questions.ask(chatId, person.telegramId, { question: { ask: 'done', question }, updateId });
}

function dayLine({ texts, formats }: Turn, week: WeeklyHours, day: number): string {
  const times = week.get(day);
  const only = times === undefined ? '' : formatHours(new Map([[day, times]]), texts.locale);
  // The day's name comes from the calendar of the language, so only the times are taken from the line.
  const hours = only === '' ? texts.plain('hours-none') : only.slice(only.indexOf(' ') + 1);
  return texts.html('hours-day', { day: formats.weekday(day), hours });
}

function drop({ texts }: Turn): Button {
  return [texts.plain('admin-drop'), { kind: 'dropQuestion' }];
}
