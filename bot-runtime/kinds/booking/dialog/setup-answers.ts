/** Owns which feature understands the answer to an open question of the set-up. */

import type { Right } from '../domain/rights.ts';
import { type Answers, promptFor, type SetupField, type SetupQuestion, takeAnswerOf } from '../features/ask.ts';
import { awayAnswers } from '../features/away.ts';
import { broadcastAnswers } from '../features/broadcasts.ts';
import { customerAnswers } from '../features/customers.ts';
import { deskBookingAnswers } from '../features/desk-booking.ts';
import { handAnswers } from '../features/hand.ts';
import { sayAndOfferHome } from '../features/home.ts';
import { serviceAnswers } from '../features/owner-services.ts';
import { settingAnswers } from '../features/owner-settings.ts';
import { staffAnswers } from '../features/owner-staff.ts';
import { textAnswers } from '../features/owner-texts.ts';
import { wizardAnswers } from '../features/wizard.ts';
import { personMay } from '../repository/people.ts';
import type { Turn } from './turn.ts';

const ANSWERS: Answers<SetupField> = {
  ...wizardAnswers,
  ...serviceAnswers,
  ...customerAnswers,
  ...handAnswers,
  ...awayAnswers,
  ...staffAnswers,
  ...settingAnswers,
  ...textAnswers,
  ...broadcastAnswers,
  ...deskBookingAnswers,
};

/** Who may not do so any more is not asked again. */
export async function takeSetupAnswer(turn: Turn, question: SetupQuestion, text: string): Promise<void> {
  if (!personMay(turn.person, rightFor(question.field))) {
    await turn.desk.questions.drop(turn.chatId, turn.person.telegramId);
    await sayAndOfferHome(turn, 'not-allowed');
    return;
  }
  await takeAnswerOf(turn, ANSWERS[question.field], question, text);
}

/** Asks again. */
export async function repeatSetupQuestion(turn: Turn, question: SetupQuestion): Promise<void> {
  await promptFor(turn, ANSWERS[question.field], question);
}

const RIGHTS: Partial<Record<SetupField, Right>> = {
  customer_search: 'customers',
  customer_note: 'customers',
  newcomer: 'calendar_all',
  away_hours: 'calendar_own',
  broadcast: 'broadcast',
  cancel_reason: 'calendar_own',
  own_text: 'texts',
  own_text_preview: 'texts',
};

function rightFor(field: SetupField): Right {
  return RIGHTS[field] ?? 'setup';
}
