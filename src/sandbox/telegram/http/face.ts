/** The Bot API's HTTP face: takes a request apart, runs the method, answers in Telegram's envelope, keeps the record. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, notFound, unauthorized } from '../api-error.ts';
import type { Bot } from '../bots.ts';
import type { Fate } from '../faults.ts';
import type { Call, CallRequest } from '../methods/call.ts';
import { Params } from '../methods/params.ts';
import { METHODS } from '../methods/table.ts';
import type { CallEntry } from '../record.ts';
import { botIdOfToken, hideTokens } from '../token.ts';
import type { World } from '../world.ts';
import { readBody, readParams } from './body.ts';
import { readPath } from './path.ts';
import { sendError, sendFile, sendJson } from './reply.ts';

const LOGGED_OUT_FOR = 600_000;
/** How long a newcomer waits for a hang-up, ms of real time. */
const SETTLE_MS = 10;
const NO_BODY = Buffer.alloc(0);

/** Who calls: the bot id inside the token, known before the token is found good. */
interface Caller {
  readonly id: number;
  readonly token: string;
}

/** The HTTP face of one world. */
export class TelegramFace {
  readonly #world: World;
  readonly #open = new Set<ServerResponse>();
  #requests = 0;

  constructor(world: World) {
    this.#world = world;
    world.runRepliesWith((bot, method, parameters) => void this.#runReply(bot, method, parameters));
  }

  /** Cuts every open connection: Telegram became unreachable. */
  cutAll(): void {
    for (const response of this.#open) response.destroy();
  }

  /** Serves one request. Never fails: every error becomes an answer or a cut connection. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#world.faults.settings.unreachable) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    try {
      await this.#route(request, response);
    } catch (error) {
      if (error instanceof ApiError) sendError(response, error);
      else if (!response.destroyed) sendError(response, new ApiError(500, 'Internal Server Error'));
    } finally {
      this.#open.delete(response);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = readPath(mark < 0 ? url : url.slice(0, mark));
    const hasBody = request.method === 'POST' || request.headers['content-length'] !== undefined;
    const body = hasBody ? await readBody(request) : NO_BODY;
    if (path.kind === 'other') throw notFound();
    if (path.kind === 'file') {
      this.#download(response, path.token, path.path);
      return;
    }
    const id = this.#identify(path.token);
    const params = readParams(mark < 0 ? '' : url.slice(mark + 1), request.headers['content-type'] ?? '', body);
    const method = path.method === '' ? params.text('method').toLowerCase() : path.method;
    await this.#run(response, { id, token: path.token }, method, params);
  }

  #identify(token: string): number {
    const id = botIdOfToken(token);
    if (id !== undefined) return id;
    throw this.#world.faults.settings.malformedToken === '404' ? notFound() : unauthorized('invalid token specified');
  }

  async #run(response: ServerResponse, caller: Caller, method: string, params: Params): Promise<void> {
    const world = this.#world;
    this.#requests += 1;
    const connection = `${response.socket?.remoteAddress ?? ''}:${response.socket?.remotePort ?? 0}`;
    const entry = this.#begin(`${this.#requests}`, connection, caller.id, method, params);
    try {
      const delay = world.faults.delay();
      if (delay > 0) await new Promise<void>((resolve) => void world.clock.after(delay, resolve));
      const fate = world.faults.fateOf(caller.id, method);
      if (fate.kind === 'drop' && fate.when === 'before') {
        this.#cut(entry, response);
        return;
      }
      const bot = world.bots.byToken(caller.token);
      const result = await this.#execute(bot, method, params, fate, requestOf(entry, response, world));
      if (fate.kind === 'drop') {
        this.#cut(entry, response);
        return;
      }
      const sent = sendJson(response, result);
      world.record.endCall(entry, world.clock.now(), sent ? 200 : 0);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 500;
      world.record.endCall(
        entry,
        world.clock.now(),
        code,
        hideTokens(error instanceof Error ? error.message : String(error)),
      );
      throw error;
    }
  }

  #begin(pollId: string, connection: string, botId: number, method: string, params: Params): CallEntry {
    const chat = params.int('chat_id', 0);
    return this.#world.record.beginCall({
      pollId,
      botId,
      method,
      connection,
      startedAt: this.#world.clock.now(),
      chatId: chat === 0 ? undefined : chat,
      params: params.forRecord(hideTokens),
    });
  }

  #execute(bot: Bot | undefined, method: string, params: Params, fate: Fate, request: CallRequest): unknown {
    if (fate.kind === 'answer') throw fate.error;
    if (!bot) throw unauthorized();
    this.#checkLoggedOut(bot);
    const run = METHODS.get(method);
    if (!run) throw notFound('method not found');
    const call: Call = { world: this.#world, bot, params, request };
    return run(call);
  }

  #checkLoggedOut(bot: Bot): void {
    if (bot.loggedOutAt === undefined) return;
    if (this.#world.clock.now() - bot.loggedOutAt < LOGGED_OUT_FOR) throw new ApiError(400, 'Logged out');
    bot.loggedOutAt = undefined;
  }

  #cut(entry: CallEntry, response: ServerResponse): void {
    response.destroy();
    this.#world.record.endCall(entry, this.#world.clock.now(), 0, 'connection cut');
  }

  #download(response: ServerResponse, token: string, path: string): void {
    this.#identify(token);
    const bot = this.#world.bots.byToken(token);
    if (!bot) throw unauthorized();
    const info = this.#world.files.findByPath(bot.id, path);
    if (!info) throw notFound();
    sendFile(response, info.mimeType ?? 'application/octet-stream', this.#world.files.bytesOf(info));
  }

  /** Runs a call that came as the answer of a webhook; nobody sees its result. */
  async #runReply(bot: Bot, method: string, parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const { record, clock } = this.#world;
    const params = new Params(parameters);
    this.#requests += 1;
    const entry = this.#begin(`${this.#requests}`, 'webhook', bot.id, method.toLowerCase(), params);
    const request: CallRequest = {
      id: entry.pollId,
      connection: 'webhook',
      onGone: () => undefined,
      settle: () => Promise.resolve(),
      noteWait: () => undefined,
    };
    try {
      await this.#execute(bot, method.toLowerCase(), params, { kind: 'serve' }, request);
      record.endCall(entry, clock.now(), 200);
    } catch (error) {
      record.endCall(entry, clock.now(), error instanceof ApiError ? error.code : 500, hideTokens(String(error)));
    }
  }
}

/**
 * A client that hangs up and asks again on another connection means one poller, not two, but the two events reach a
 * server in no certain order. So a newcomer gives the hang-up of the one who waits a few milliseconds to arrive.
 */
async function settle(isSettled: () => boolean): Promise<void> {
  for (let turn = 0; turn < SETTLE_MS && !isSettled(); turn += 1) await pause(1);
}

function requestOf(entry: CallEntry, response: ServerResponse, world: World): CallRequest {
  return {
    id: entry.pollId,
    connection: entry.connection,
    onGone(task) {
      const leave = (): void => {
        if (response.writableEnded) return;
        task();
        world.record.endCall(entry, world.clock.now(), 0, 'connection closed by the client');
      };
      if (response.destroyed || response.socket?.destroyed) leave();
      else response.once('close', leave);
    },
    settle,
    noteWait() {
      entry.waitStartedAt = world.clock.now();
    },
  };
}
