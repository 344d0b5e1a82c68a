/** Owns what a buyer reads without having asked: reminders, renewals, refunds. Pure. */
import type { BuyerBot, Notice } from '#shared/schemas/sales.ts';
import { day, money } from '../format.ts';
import { button, type SalesTexts } from '../turn.ts';
import type { Screen } from './order-screen.ts';

/** The text of a notice with the buttons that help. */
export function noticeScreen(texts: SalesTexts, { kind, clientId, data }: Notice, bot: BuyerBot | undefined): Screen {
  const facts = {
    company: bot?.company ?? '',
    bot: bot?.botUsername ?? '',
    days: Number(data['days'] ?? 0),
    until: dateOf(data['until'], texts),
    reason: String(data['reason'] ?? ''),
    amount: money(Number(data['amount'] ?? 0), String(data['currency'] ?? 'RUB'), texts.locale),
  };
  const payable = ['reminder', 'grace', 'suspended', 'renewal_failed'].includes(kind);
  const rows = clientId !== null && payable ? [[button(texts, 'button-renew', 'rn', clientId)]] : [];
  return { html: texts.html(`notice-${kind}`, facts), rows: [...rows, [button(texts, 'button-mybots', 'm')]] };
}

function dateOf(value: string | number | undefined, texts: SalesTexts): string {
  if (value === undefined) return '';
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? String(value) : day(at, texts.locale);
}
