/** Owns asking what only text (or a picture, or a place) can answer: one open question, its way back, its answer. */
import type { Question } from '../dialog/question.ts';
import { show, type Turn } from '../dialog/turn.ts';
import type { Action } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';

/** The open question of the set-up. */
export type SetupQuestion = Extract<Question, { ask: 'setup' }>;
/** What it is about. */
export type SetupField = SetupQuestion['field'];

/** What became of an answer: the change is made and shown, another question was asked, or what was wrong with it, as HTML. */
export type Taken = 'done' | 'asked' | { readonly problem: string };

/** How one kind of question is asked and answered. */
export interface Answer {
  /** What is asked, as HTML. */
  prompt(turn: Turn, question: SetupQuestion): Promise<string> | string;
  /** Where "back" leads. */
  readonly back: (question: SetupQuestion) => Action;
  /** What a button answers as well. */
  readonly more?: (question: SetupQuestion, turn: Turn) => Button[][];
  /** Takes the text; it is empty for a voice, a picture and whatever else has none. */
  take(turn: Turn, question: SetupQuestion, text: string): Promise<Taken>;
}

/** The answers that one feature understands. */
export type Answers<F extends SetupField> = Readonly<Record<F, Answer>>;

/** Asks. */
export async function askFor(
  turn: Turn,
  answer: Answer,
  about: { readonly field: SetupField; readonly id: number; readonly more?: string },
): Promise<void> {
  const question: SetupQuestion = { ask: 'setup', more: '', ...about };
  await remember(turn, question);
  await promptFor(turn, answer, question);
}

/** Says what is asked, without asking anew. */
export async function promptFor(turn: Turn, answer: Answer, question: SetupQuestion): Promise<void> {
  await showPrompt(turn, await answer.prompt(turn, question), answer, question);
}

/** Takes an answer; what cannot be read leaves the question open and says so. */
export async function takeAnswerOf(turn: Turn, answer: Answer, question: SetupQuestion, text: string): Promise<void> {
  const taken = await answer.take(turn, question, text);
  if (taken === 'done') {
    await remember(turn, { ask: 'done', question: turn.updateId });
  } else if (taken !== 'asked') {
    await showPrompt(turn, taken.problem, answer, question);
  }
}

/** Keeps a question open. */
export async function remember({ desk, chatId, person, updateId }: Turn, question: Question): Promise<void> {
  await desk.questions.ask(chatId, person.telegramId, { question, updateId });
}

async function showPrompt(turn: Turn, html: string, { back, more }: Answer, question: SetupQuestion): Promise<void> {
  const rows = more?.(question, turn) ?? [];
  await show(turn, html, keyboard([...rows, [[turn.texts.plain('button-back'), back(question)]]]));
}
