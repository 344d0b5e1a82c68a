/** Owns what a written message means: a command, the answer to an open question, or nothing. */
import { chooseService } from '../features/choose.ts';
import { promptContact, takeContact, takeContactText } from '../features/contact.ts';
import { help, languages, sayAndOfferHome, welcome } from '../features/home.ts';
import { listMine } from '../features/mine.ts';
import { repeatHoursQuestion, showPreview, takeHours } from '../features/owner-hours.ts';
import { ownerMenu } from '../features/owner-menu.ts';
import {
  repeatServiceQuestion,
  takeServiceDuration,
  takeServiceName,
  takeServicePrice,
} from '../features/owner-service.ts';
import { takeWords } from '../features/review.ts';
import { join, joiningSecret } from '../features/team.ts';
import { pauseSetup, resumeSetup } from '../features/wizard.ts';
import type { OpenQuestion, Question } from './question.ts';
import { repeatSetupQuestion, takeSetupAnswer } from './setup-answers.ts';
import type { Turn } from './turn.ts';

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@\w+)?(?:\s|$)/i;

const COMMANDS: ReadonlyMap<string, (turn: Turn) => Promise<void>> = new Map([
  ['book', (turn) => chooseService(turn)],
  ['mybookings', listMine],
  ['language', languages],
  ['help', help],
]);

/** Handles a message; `text` is undefined for a picture, a voice and whatever else is no text. */
export async function handleMessage(turn: Turn, text: string | undefined): Promise<void> {
  const command = COMMAND.exec(text ?? '')?.[1]?.toLowerCase();
  if (command !== undefined) {
    const secret = joiningSecret(text);
    await (secret === undefined ? handleCommand(turn, command) : join(turn, secret));
    return;
  }
  const open = await turn.desk.questions.read(turn.chatId, turn.person.telegramId);
  const contact = turn.ctx.message?.contact;
  if (contact !== undefined) {
    await takeContact(turn, contact, open?.question.ask === 'contact' ? open.question : undefined);
    return;
  }
  const repeated = open !== undefined && turn.updateId <= open.updateId;
  if (open === undefined || (open.question.ask === 'done' && !repeated)) {
    await sayAndOfferHome(turn, 'not-understood');
  } else if (repeated) {
    // Delivered again: this text has been taken, and what stands open is the question after it.
    await repeatQuestion(turn, open);
  } else {
    await takeAnswer(turn, open.question, text);
  }
}

async function handleCommand(turn: Turn, command: string): Promise<void> {
  const { desk, chatId, person } = turn;
  if (command === 'admin' && person.admin) {
    await ownerMenu(turn);
    return;
  }
  const dropping = desk.questions.drop(chatId, person.telegramId);
  if (command === 'cancel') {
    const stopped = await dropping;
    const paused = person.admin && (await pauseSetup(turn));
    await sayAndOfferHome(turn, paused ? 'setup-paused' : stopped ? 'stopped' : 'nothing-to-cancel');
    return;
  }
  if (command === 'start') {
    await dropping;
    if (!person.admin || !(await resumeSetup(turn))) await welcome(turn);
    return;
  }
  const handler = COMMANDS.get(command);
  await Promise.all([dropping, handler === undefined ? sayAndOfferHome(turn, 'not-understood') : handler(turn)]);
}

async function takeAnswer(turn: Turn, question: Question, text: string | undefined): Promise<void> {
  switch (question.ask) {
    case 'service_name':
      return await takeServiceName(turn, text);
    case 'service_duration':
      return await takeServiceDuration(turn, question, text ?? '');
    case 'service_price':
      return await takeServicePrice(turn, question, text ?? '');
    case 'hours':
    case 'hours_confirm':
      return await takeHours(turn, text ?? '');
    case 'contact':
      return await takeContactText(turn, text ?? '', question);
    case 'setup':
      return await takeSetupAnswer(turn, question, text ?? '');
    case 'review':
      return await (text === undefined
        ? sayAndOfferHome(turn, 'not-understood')
        : takeWords(turn, question.booking, text));
    case 'done':
      return;
  }
}

async function repeatQuestion(turn: Turn, { question, updateId }: OpenQuestion): Promise<void> {
  if (question.ask === 'hours_confirm') {
    await showPreview(turn, new Map(question.week), updateId);
  } else if (question.ask === 'hours') {
    await repeatHoursQuestion(turn);
  } else if (question.ask === 'setup') {
    await repeatSetupQuestion(turn, question);
  } else if (question.ask === 'contact') {
    await promptContact(turn);
  } else if (question.ask === 'review') {
    await sayAndOfferHome(turn, 'review-thanks');
  } else {
    await repeatServiceQuestion(turn, question);
  }
}
