/**
 * What everything else stands on, whoever runs it: an engine for the bots, PostgreSQL, Redis and, without tokens, the
 * simulated outside world. Embedded as child processes, or by Compose on a Docker engine.
 */
import type { Engine } from '../engine/engine.ts';
import type { ServerFacts } from './embedded/postgres.ts';

/** A running foundation, as its control plane sees it. */
export interface Stack {
  readonly engine: Engine;
  /** With an administrator's rights. */
  readonly postgres: ServerFacts;
  /** With an administrator's rights. */
  readonly redis: ServerFacts;
  /** Where the simulated outside world listens; `undefined` when the real one is used. */
  readonly sandboxUrl: string | undefined;
  /** Where the simulated shop calls the gateway; `undefined` when the stack has none, and the control plane starts one. */
  readonly gatewayUrl: string | undefined;
  /** The same places as bots see them: containers have other names for them than the host. */
  readonly forBots: BotPlaces;
  /** Removes images of ours that nothing uses any more; undefined where there are none, or where one may not. */
  readonly cleanImages: (() => Promise<void>) | undefined;
  /** The configuration that Compose runs it by, as YAML without secrets; undefined where Compose does not, or is out of reach. */
  readonly configuration: (() => Promise<string>) | undefined;
  /** Brings back what is missing of it. Bots are not part of it. */
  repair(): Promise<void>;
  /** Lets it go. What lives in this very process ends with it; containers go on. Data stays. */
  close(): Promise<void>;
}

/** Where bots find what they need. */
export interface BotPlaces {
  readonly postgres: { readonly host: string; readonly port: number };
  readonly redis: { readonly host: string; readonly port: number };
  /** The simulated Telegram; `undefined` when the real one is used. */
  readonly sandboxUrl: string | undefined;
}

/** What a stack is opened with. */
export interface StackRequest {
  /** False for tests and benchmarks that need no disk. */
  readonly durable: boolean;
  /** Told each stage in a few words when it begins. */
  readonly report: (stage: string) => void;
}

/** Opens the stack of one installation. What it has started ends when it fails. */
export type OpenStack = (request: StackRequest) => Promise<Stack>;
