/** Methods by which a bot gets its updates: getUpdates and the webhook family. */
import { badRequest, conflict, tooManyRequests, unauthorized } from '../api-error.ts';
import type { WebhookSettings } from '../bots.ts';
import { type Poller, type PollRequest, WEBHOOK_ACTIVE } from '../long-poll.ts';
import type { PollEntry } from '../record.ts';
import { isDefaultKind, UPDATE_KINDS, type UpdateKind } from '../types.ts';
import { type Call, Described, type MethodTable, RawResult } from './call.ts';

const MAX_SECRET = 256;
const MAX_CERTIFICATE = 3 * 1024 * 1024;
const MAX_CONNECTIONS = 100_000;
const DEFAULT_CONNECTIONS = 40;
const SET_PAUSE = 1000;

/** Takes over `allowed_updates` when it was given: unknown names are left out, an empty list is the default. */
function keepAllowedUpdates(call: Call): void {
  if (!call.params.has('allowed_updates')) return;
  const raw = call.params.json('allowed_updates', "can't parse allowed_updates JSON object");
  if (raw === undefined) return;
  if (!Array.isArray(raw)) throw badRequest("can't parse allowed_updates: expected an Array of String");
  const names: ReadonlySet<unknown> = new Set(raw.map((name: unknown) => String(name).toLowerCase()));
  const kinds = UPDATE_KINDS.filter((kind) => names.has(kind));
  const next = raw.length === 0 ? undefined : kinds;
  if (JSON.stringify(next) === JSON.stringify(call.bot.allowedUpdates)) return;
  call.bot.allowedUpdates = next;
  call.world.changed();
}

async function getUpdates(call: Call): Promise<unknown> {
  const { world, bot, params, request } = call;
  const place = world.updates.pollOf(bot.id);
  if (place.isTaken) await request.settle(() => !place.isTaken);
  if (bot.webhook) return refuseForWebhook(call);
  keepAllowedUpdates(call);
  const asked: PollRequest = {
    offset: params.int('offset', 0),
    limit: params.int('limit', 100),
    timeout: params.int('timeout', 0),
  };
  if (asked.offset !== 0) world.changed();
  return poll(call, asked);
}

function refuseForWebhook(call: Call): Promise<unknown> {
  const place = call.world.updates.pollOf(call.bot.id);
  return new Promise((_resolve, reject) => {
    const refused = silentPoller((text) => reject(conflict(text)));
    call.request.onGone(place.refuse(refused, WEBHOOK_ACTIVE));
  });
}

function poll(call: Call, asked: PollRequest): Promise<unknown> {
  const { world, bot, request } = call;
  return new Promise((resolve, reject) => {
    const entry = world.record.beginPoll({
      pollId: request.id,
      botId: bot.id,
      connection: request.connection,
      startedAt: world.clock.now(),
      offset: asked.offset,
    });
    const leave = world.updates.pollOf(bot.id).ask(asked, pollerOf(call, entry, resolve, reject));
    request.onGone(() => {
      leave();
      world.record.endPoll(entry, world.clock.now(), 'aborted');
    });
  });
}

function silentPoller(onConflict: (text: string) => void): Poller {
  const nothing = (): undefined => undefined;
  return { updates: nothing, conflict: onConflict, unauthorized: nothing, waiting: nothing, lost: nothing };
}

function pollerOf(
  call: Call,
  entry: PollEntry,
  resolve: (result: RawResult) => void,
  reject: (error: Error) => void,
): Poller {
  const { world, request } = call;
  const end = (outcome: 'updates' | 'empty' | 'conflict' | 'unauthorized', count = 0): void =>
    world.record.endPoll(entry, world.clock.now(), outcome, count);
  return {
    updates(updates) {
      end(updates.length > 0 ? 'updates' : 'empty', updates.length);
      resolve(new RawResult(`[${updates.map((update) => update.json).join(',')}]`));
    },
    conflict(text) {
      reject(conflict(text));
    },
    unauthorized() {
      end('unauthorized');
      reject(unauthorized());
    },
    waiting() {
      entry.waitStartedAt = world.clock.now();
      request.noteWait(entry);
    },
    lost() {
      end('conflict');
    },
  };
}

function readWebhook(call: Call): WebhookSettings | undefined {
  const { params } = call;
  const url = params.text('url').trim();
  if (url === '') return undefined;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) throw badRequest('invalid webhook URL specified');
  const secret = params.text('secret_token');
  if (secret.length > MAX_SECRET) throw badRequest('secret token is too long');
  if (!/^[A-Za-z0-9_-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  const certificate = params.upload('certificate');
  if (certificate && certificate.bytes.length > MAX_CERTIFICATE) throw badRequest('certificate size is too big');
  const ip = params.text('ip_address');
  return {
    url,
    secretToken: secret === '' ? undefined : secret,
    maxConnections: Math.min(MAX_CONNECTIONS, Math.max(1, params.int('max_connections', DEFAULT_CONNECTIONS))),
    ipAddress: ip === '' ? undefined : ip,
    hasCertificate: certificate !== undefined,
  };
}

function setWebhook(call: Call): Described {
  const { world, bot, params } = call;
  const webhook = readWebhook(call);
  if (!webhook) return deleteWebhook(call);
  keepAllowedUpdates(call);
  const place = world.updates.pollOf(bot.id);
  place.endForWebhook();
  const now = world.clock.now();
  const drop = params.flag('drop_pending_updates');
  if (!drop && JSON.stringify(webhook) === JSON.stringify(bot.webhook))
    return new Described(true, 'Webhook is already set');
  const since = now - (bot.webhookSetAt ?? Number.NEGATIVE_INFINITY);
  if (since < SET_PAUSE) throw tooManyRequests(1);
  bot.webhookSetAt = now;
  if (drop) world.updates.queueOf(bot.id).clear(now);
  bot.webhook = webhook;
  world.webhooks.start(bot);
  world.changed();
  return new Described(true, 'Webhook was set');
}

function deleteWebhook(call: Call): Described {
  const { world, bot, params } = call;
  const had = bot.webhook !== undefined;
  if (had) world.dropWebhook(bot);
  if (params.flag('drop_pending_updates')) {
    world.updates.queueOf(bot.id).clear(world.clock.now());
    world.changed();
  }
  return new Described(true, had ? 'Webhook was deleted' : 'Webhook is already deleted');
}

function isDefaultSet(kinds: readonly UpdateKind[]): boolean {
  return JSON.stringify(kinds) === JSON.stringify(UPDATE_KINDS.filter(isDefaultKind));
}

function getWebhookInfo(call: Call): unknown {
  const { world, bot } = call;
  const { webhook, allowedUpdates } = bot;
  const error = world.webhooks.lastError(bot.id);
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: webhook?.hasCertificate ?? false,
    pending_update_count: world.updates.queueOf(bot.id).pending(world.clock.now()),
    last_error_date: error ? Math.floor(error.at / 1000) : undefined,
    last_error_message: error?.text,
    max_connections: webhook?.maxConnections,
    ip_address: webhook ? (webhook.ipAddress ?? '127.0.0.1') : undefined,
    allowed_updates: allowedUpdates && !isDefaultSet(allowedUpdates) ? allowedUpdates : undefined,
  };
}

/** The methods of this file. */
export const receivingMethods: MethodTable = {
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getwebhookinfo: getWebhookInfo,
};
