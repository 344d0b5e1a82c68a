/** What every command is given: where to write, in which language and form, and whose installation it is about. */
import type { Locale } from '#shared/schemas/tenant.ts';
import type { MessageKey } from '#shared/texts/catalogue.generated.ts';
import type { TextArgs } from '#shared/texts/translate.ts';

/** The process around a command line; tests hand in their own. */
export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  /** Everything that is piped in, as text. */
  readonly readStdin: () => Promise<string>;
  /** Asks a question on the terminal; `undefined` where nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** True when a person sees the output as it comes. */
  readonly isTerminal: boolean;
  /** The project's folder: `.env`, downloaded programs, the default home. */
  readonly projectFolder: string;
}

/** One call of one command. */
export interface CliContext {
  readonly host: CliHost;
  /** The installation's folder, absolute. */
  readonly home: string;
  readonly locale: Locale;
  /** True: stdout carries JSON and nothing else. */
  readonly json: boolean;
  say(key: MessageKey, args?: TextArgs): string;
  /** One line for people; nothing is written with `--json`. */
  line(text: string): void;
  /** One line of JSON, with `--json` only. */
  data(value: unknown): void;
}
