/** Owns booking by hand: for whom, then the same steps that a customer takes, with the rules of those who work here. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { parseNewcomer } from '../domain/amounts.ts';
import { deskRules } from '../domain/offers.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { book } from '../repository/book.ts';
import { addCustomer, countCustomers, listCustomers } from '../repository/customers.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { type Choice, serviceGone } from './choice.ts';
import { chooseService } from './choose.ts';
import { tellNearest } from './confirm.ts';
import { showChanged } from './desk-booking.ts';
import { backToMenu } from './owner-menu.ts';
import { instantOf } from './when.ts';

const PER_PAGE = 8;

/** The same turn with the rules for those who work here. */
export function atDesk(turn: Turn): Turn {
  return { ...turn, settings: deskRules(turn.settings) };
}

/** Asks for whom: whoever booked last stands first. */
export async function chooseForWhom(turn: Turn, page: number): Promise<void> {
  const { desk, texts, now } = turn;
  const { database } = desk.services;
  const range = { offset: page * PER_PAGE, limit: PER_PAGE };
  const [count, customers] = await Promise.all([countCustomers(database), listCustomers(database, range, now)]);
  const rows = customers.map(({ id, name, phone }): Button[] => [
    [[name, phone].filter((part) => part !== undefined).join(' · '), { kind: 'handServices', customer: id }],
  ]);
  const pages: Button[] = [
    ...(page > 0 ? [['‹', { kind: 'hand', page: page - 1 }] as const] : []),
    ...((page + 1) * PER_PAGE < count ? [['›', { kind: 'hand', page: page + 1 }] as const] : []),
  ];
  const newcomer: Button = [texts.plain('button-hand-newcomer'), { kind: 'handNewcomer' }];
  await show(turn, texts.html('hand-for-whom'), keyboard([[newcomer], ...rows, pages, [backToMenu(turn)]]));
}

/** Asks for the name of somebody who has no Telegram. */
export async function askNewcomer(turn: Turn): Promise<void> {
  await askFor(turn, handAnswers.newcomer, { field: 'newcomer', id: 0 });
}

/** What is written while booking by hand. */
export const handAnswers: Answers<'newcomer'> = {
  newcomer: {
    prompt: ({ texts }) => texts.html('hand-ask-newcomer'),
    back: () => ({ kind: 'hand', page: 0 }),
    async take(turn, _question, text): Promise<Taken> {
      const { desk, texts, now } = turn;
      const newcomer = parseNewcomer(text);
      if (newcomer === undefined) return { problem: texts.html('hand-bad-newcomer') };
      const { database, tenant } = desk.services;
      const customer = await addCustomer(database, requestOf(turn), { ...newcomer, locale: tenant.locale }, now);
      await chooseService(turn, customer);
      return 'done';
    },
  },
};

/** Books, and lets the customer know. */
export async function bookByHand(
  turn: Turn,
  choice: Choice & { readonly customer: number },
  minute: number,
): Promise<void> {
  const { services } = turn.desk;
  const start = instantOf(turn, minute);
  if (start === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  const request = {
    userId: choice.customer,
    by: { kind: 'admin', telegramId: turn.person.telegramId } as const,
    serviceIds: choice.services,
    staffId: choice.staff === 0 ? undefined : choice.staff,
    start,
    updateId: turn.updateId,
  };
  const outcome = await book(services.database, services, request, turn.now);
  switch (outcome.kind) {
    case 'booked':
      turn.desk.wake();
      return await showChanged(turn, outcome.booking.id, 'desk-booked');
    case 'taken':
    case 'too_soon':
      return await tellNearest(atDesk(turn), choice, start, outcome);
    default:
      return await serviceGone(turn, choice);
  }
}
