/** Owns adding a service: three questions that only text can answer. */

import type { Question } from '../dialog/question.ts';
import { requestOf, show, type Turn } from '../dialog/turn.ts';
import { cleanName, MAX_NAME_LENGTH, parseDuration, parsePrice } from '../domain/amounts.ts';
import { keyboard } from '../keyboards/buttons.ts';
import { addService } from '../repository/owner.ts';
import { durationText } from '../texts/format.ts';
import { backToMenu } from './owner-menu.ts';
import { endSetupAfter } from './wizard.ts';

type DurationQuestion = Extract<Question, { ask: 'service_duration' }>;
type PriceQuestion = Extract<Question, { ask: 'service_price' }>;

/** Asks the first question. */
export async function askServiceName(turn: Turn): Promise<void> {
  await ask(turn, { ask: 'service_name' });
}

/** Repeats an open question about a service. */
export async function repeatServiceQuestion(turn: Turn, question: Question): Promise<void> {
  const { texts } = turn;
  if (question.ask === 'service_name') {
    await prompt(turn, texts.html('ask-service-name', { max: MAX_NAME_LENGTH }));
  } else if (question.ask === 'service_duration') {
    await prompt(turn, texts.html('ask-service-duration', { service: question.name }));
  } else if (question.ask === 'service_price') {
    const duration = durationText(texts, question.minutes);
    await prompt(turn, texts.html('ask-service-price', { service: question.name, duration }));
  }
}

/** Takes the name. */
export async function takeServiceName(turn: Turn, text: string | undefined): Promise<void> {
  const name = cleanName(text ?? '');
  if (name === undefined) {
    await prompt(turn, turn.texts.html('bad-service-name'));
    return;
  }
  await ask(turn, { ask: 'service_duration', name });
}

/** Takes the duration. */
export async function takeServiceDuration(turn: Turn, { name }: DurationQuestion, text: string): Promise<void> {
  const minutes = parseDuration(text);
  if (minutes === undefined) {
    await prompt(turn, turn.texts.html('bad-duration'));
    return;
  }
  await ask(turn, { ask: 'service_price', name, minutes });
}

/** Takes the price and adds the service. A name that is taken leads back to the first question. */
export async function takeServicePrice(turn: Turn, { name, minutes }: PriceQuestion, text: string): Promise<void> {
  const { desk, updateId, texts, settings, now } = turn;
  const priceKopecks = parsePrice(text);
  if (priceKopecks === undefined) {
    await prompt(turn, texts.html('bad-price'));
    return;
  }
  const service = { name, durationMinutes: minutes, priceKopecks, currency: settings.currency };
  if ((await addService(desk.services.database, requestOf(turn), service, now)) === 'name_taken') {
    await remember(turn, { ask: 'service_name' });
    await prompt(turn, texts.html('service-name-taken'));
    return;
  }
  if (await endSetupAfter(turn, name)) return;
  await tellAdded(turn, service);
  await remember(turn, { ask: 'done', question: updateId });
}

async function tellAdded(
  turn: Turn,
  service: {
    readonly name: string;
    readonly durationMinutes: number;
    readonly priceKopecks: number;
    readonly currency: string;
  },
): Promise<void> {
  const { texts, formats } = turn;
  const duration = durationText(texts, service.durationMinutes);
  const price = formats.money(service.priceKopecks, service.currency);
  const lines = [
    texts.html('service-added'),
    texts.html('line-service', { service: service.name, duration }),
    ...(service.priceKopecks === 0 ? [] : [texts.html('line-price', { price })]),
  ];
  const again = [texts.plain('admin-add-service'), { kind: 'addService' }] as const;
  await show(turn, lines.join('\n'), keyboard([[again], [backToMenu(turn)]]));
}

async function ask(turn: Turn, question: Question): Promise<void> {
  await remember(turn, question);
  await repeatServiceQuestion(turn, question);
}

async function remember({ desk, chatId, person, updateId }: Turn, question: Question): Promise<void> {
  await desk.questions.ask(chatId, person.telegramId, { question, updateId });
}

async function prompt(turn: Turn, html: string): Promise<void> {
  await show(turn, html, keyboard([[[turn.texts.plain('admin-drop'), { kind: 'dropQuestion' }]]]));
}
