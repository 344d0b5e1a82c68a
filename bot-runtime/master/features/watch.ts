/** Owns health, and the alerts that operators hear without asking. */
import { isUnwelcome, show, tell } from '#bot-runtime/runtime/dialog/screen.ts';
import { idOf } from '#bot-runtime/runtime/dialog/update-id.ts';
import type { CommandResult } from '#shared/schemas/commands.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { ask, button, type MasterTexts, type Office, type Turn } from '../turn.ts';
import { tellReport } from './report.ts';

type Check = CommandResult<'health'>['checks'][number];

const SIGNS = { good: '🟢', warning: '🟡', bad: '🔴' } as const;
const MUTE_HOURS = 8;
const ROUND_MS = 30_000;

/** How everything is that this installation stands on. */
export async function health(turn: Turn): Promise<void> {
  const { checks } = await ask(turn, 'health', {});
  const lines = checks.map((check) => checkLine(turn.texts, check));
  await show(turn.ctx, [turn.texts.html('health'), '', ...lines].join('\n'), [
    [button(turn.texts, 'button-refresh', 'h')],
  ]);
}

function checkLine(texts: MasterTexts, { name, state, value }: Check): string {
  return `${SIGNS[state]} ${texts.html('check-line', { name: nameOf(texts, name), value })}`;
}

const CHECKS = ['postgres', 'connections', 'redis', 'pool', 'queue', 'containers', 'backups'] as const;

function nameOf(texts: MasterTexts, name: string): string {
  const known = CHECKS.find((one) => one === name);
  return known === undefined ? name : texts.plain(`check-${known}`);
}

/** How this operator's alerts are set, and the buttons that change that. */
export async function alerts(turn: Turn): Promise<void> {
  const { ctx, texts, office, operatorId } = turn;
  const { rows } = await office.services.database.query<{ muted: boolean }>(
    'SELECT coalesce(muted_until > now(), false) AS muted FROM subscribers WHERE telegram_id = $1',
    [operatorId],
  );
  const state = rows[0] === undefined ? 'alerts-off' : rows[0].muted ? 'alerts-muted' : 'alerts-on';
  const buttons =
    rows[0] === undefined
      ? [[button(texts, 'button-subscribe', 'w', 1)]]
      : [
          [button(texts, rows[0].muted ? 'button-unmute' : 'button-mute', 'w', rows[0].muted ? 1 : 2)],
          [button(texts, 'button-unsubscribe', 'w', 0)],
        ];
  await show(ctx, texts.html(state), buttons);
}

/** 0: hears nothing more, 1: hears alerts, 2: hears them again in some hours. */
export async function setAlerts(turn: Turn, choice: string): Promise<void> {
  const { office, operatorId, texts } = turn;
  const { database } = office.services;
  if (choice === '0') await database.query('DELETE FROM subscribers WHERE telegram_id = $1', [operatorId]);
  else {
    await database.query(
      `INSERT INTO subscribers (telegram_id, locale, muted_until) VALUES ($1, $2, $3)
       ON CONFLICT (telegram_id) DO UPDATE SET locale = $2, muted_until = $3`,
      [operatorId, texts.locale, choice === '2' ? new Date(office.services.now() + MUTE_HOURS * 3_600_000) : null],
    );
  }
  await alerts(turn);
}

/** Looks at everything from time to time and tells subscribers what has become worse or well again, each once. */
export function startWatch(
  office: Office,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  roundMs = ROUND_MS,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await sleep(roundMs, stop.signal);
      if (stop.signal.aborted) return;
      await Promise.all([watchOnce(office), tellReport(office)]).catch((error: unknown) => {
        if (!stop.signal.aborted)
          office.services.logger.warn({ err: error }, 'the health of the installation was not looked at');
      });
    }
  })();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function watchOnce(office: Office): Promise<void> {
  const { database, now } = office.services;
  const { rowCount } = await database.query('SELECT FROM subscribers');
  if (rowCount === 0) return;
  const { checks } = await office.commands.ask(idOf('watch', now()), 'master_bot', 'health', {});
  for (const check of checks) {
    const isBad = check.state !== 'good';
    const { rowCount: changed } = isBad
      ? await database.query('INSERT INTO alerts (name) VALUES ($1) ON CONFLICT DO NOTHING', [check.name])
      : await database.query('DELETE FROM alerts WHERE name = $1', [check.name]);
    if (changed > 0) await tellAll(office, check);
  }
}

async function tellAll(office: Office, check: Check): Promise<void> {
  const { rows } = await office.services.database.query<{ telegram_id: string; locale: string }>(
    'SELECT telegram_id, locale FROM subscribers WHERE muted_until IS NULL OR muted_until < now()',
  );
  for (const { telegram_id, locale } of rows) {
    // Who is no operator any more hears nothing more.
    if (!office.operatorIds.has(Number(telegram_id))) continue;
    const texts = office.texts(LOCALES.find((one) => one === locale) ?? 'en');
    const title = texts.html(check.state === 'good' ? 'alert-over' : 'alert');
    await tell(office.api, Number(telegram_id), `${title}\n${checkLine(texts, check)}`, [
      [button(texts, 'button-health', 'h'), button(texts, 'button-mute', 'w', 2)],
    ]).catch((error: unknown) => {
      if (!isUnwelcome(error)) throw error;
    });
  }
}
