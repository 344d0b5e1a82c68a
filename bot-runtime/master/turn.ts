/** Owns one update on its way through the Master Bot: which operator asks, and what may be used to answer. */
import type { Api, Context } from 'grammy';
import { encodeAction } from '#bot-runtime/runtime/dialog/action.ts';
import type { CommandDesk } from '#bot-runtime/runtime/dialog/commands.ts';
import type { Button } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Texts } from '#bot-runtime/runtime/dialog/texts.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import type { KindServices } from '#bot-runtime/runtime/kind.ts';
import type { CommandInput, CommandKind, CommandResult } from '#shared/schemas/commands.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import type { MessageKey } from './locales/catalogue.generated.ts';

/** The texts of the Master Bot in one language. */
export type MasterTexts = Texts<MessageKey>;

/** What every feature may use; one per process. */
export interface Office {
  readonly services: KindServices;
  readonly api: Api;
  readonly operatorIds: ReadonlySet<number>;
  readonly commands: CommandDesk;
  texts(locale: Locale): MasterTexts;
}

/** One update of one operator in a private chat. */
export interface Turn {
  readonly office: Office;
  readonly ctx: Context;
  readonly updateId: number;
  readonly chatId: number;
  readonly operatorId: number;
  readonly texts: MasterTexts;
}

/** Asks the control plane in the operator's name. The same update, delivered again, asks for the same thing. */
export async function ask<K extends CommandKind>(
  { office, updateId, operatorId }: Pick<Turn, 'office' | 'updateId' | 'operatorId'>,
  kind: K,
  input: CommandInput<K>,
): Promise<CommandResult<K>> {
  const id = idOf('master', operatorId, updateId, kind, JSON.stringify(input));
  return await office.commands.ask(id, actorOf(operatorId), kind, input);
}

/** How the audit names an operator. */
export function actorOf(operatorId: number): string {
  return `telegram:${operatorId}`;
}

/** What a button of this bot says back. */
export function data(code: string, ...args: readonly (string | number)[]): string {
  return encodeAction('m1', code, ...args);
}

/** A button with a text of the catalogue. */
export function button(
  texts: MasterTexts,
  key: MessageKey,
  code: string,
  ...args: readonly (string | number)[]
): Button {
  return { text: texts.plain(key), data: data(code, ...args) };
}
