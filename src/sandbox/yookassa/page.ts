/** The page where a buyer pays: a card's number, a button each for paying and leaving, and the bank's question. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../telegram/http/body.ts';
import type { Payment } from './objects.ts';
import type { Shop } from './shop.ts';
import { ShopError } from './shop-error.ts';

type Language = 'ru' | 'en';

const TEXTS = {
  ru: {
    title: 'Оплата',
    simulated: 'Это песочница: деньги не настоящие.',
    card: 'Номер карты',
    hint: '5555 5555 5555 4444 — успех; …4477 — с кодом банка; …4600 — не хватает денег',
    pay: 'Оплатить',
    decline: 'Банк откажет',
    leave: 'Уйти, не заплатив',
    code: 'Банк спрашивает код. Подойдёт любой.',
    confirm: 'Подтвердить',
    refuse: 'Код неверный',
    succeeded: 'Оплачено',
    waiting_for_capture: 'Деньги заморожены',
    canceled: 'Платёж не прошёл',
    back: 'Вернуться в магазин',
    unknown: 'Такого платежа нет.',
  },
  en: {
    title: 'Payment',
    simulated: 'This is the sandbox: no real money is moved.',
    card: 'Card number',
    hint: '5555 5555 5555 4444 pays; …4477 asks for a code; …4600 has no money',
    pay: 'Pay',
    decline: 'The bank refuses',
    leave: 'Leave without paying',
    code: 'The bank asks for a code. Any will do.',
    confirm: 'Confirm',
    refuse: 'Wrong code',
    succeeded: 'Paid',
    waiting_for_capture: 'The money is held',
    canceled: 'The payment did not go through',
    back: 'Back to the shop',
    unknown: 'There is no such payment.',
  },
} as const;

const STYLE = `:root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:26rem;margin:8vh auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}.sum{font-size:2.2rem;font-weight:650;margin:.2em 0}small{opacity:.75}
label{display:block;margin:1.2em 0 .3em}input{font:inherit;width:100%;padding:.6em;box-sizing:border-box}
button,a.button{font:inherit;display:block;width:100%;box-sizing:border-box;text-align:center;padding:.7em;margin:.6em 0;border:1px solid;border-radius:.5em;
background:none;color:inherit;text-decoration:none;cursor:pointer}button.main{background:#1a5fb4;border-color:#1a5fb4;color:#fff}`;

/** Answers the page, or what the buyer does on it. */
export async function answerPage(
  shop: Shop,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const id = url.searchParams.get('orderId') ?? '';
  const payment = shop.list().find((one) => one.id === id);
  if (url.pathname !== '/yookassa/pay' || payment === undefined) {
    send(response, 404, html('en', `<h1>${TEXTS.en.unknown}</h1>`));
    return;
  }
  const language = payment.locale?.startsWith('en') === true ? 'en' : 'ru';
  if (request.method !== 'POST') {
    send(response, 200, html(language, bodyOf(shop, payment, language)));
    return;
  }
  const form = new URLSearchParams((await readBody(request, 4_096)).toString('utf8'));
  const trouble = act(shop, payment, form);
  send(response, trouble === undefined ? 200 : 400, html(language, bodyOf(shop, payment, language, trouble)));
}

/** What the buyer did. Returns `asks` when the bank has a question, or what was wrong. */
function act(shop: Shop, payment: Payment, form: URLSearchParams): string | undefined {
  try {
    const card = (form.get('card') ?? '').replace(/\D/g, '');
    const code = form.get('code');
    if (payment.status !== 'pending') return undefined;
    if (form.get('act') === 'decline') shop.decline(payment);
    else shop.pay(payment, card, code === null ? undefined : code === 'right');
    return undefined;
  } catch (error) {
    if (error instanceof ShopError) return error.message;
    throw error;
  }
}

function bodyOf(shop: Shop, payment: Payment, language: Language, trouble?: string): string {
  const texts = TEXTS[language];
  const sum = `${(payment.amount / 100).toFixed(2)} ${escapeHtml(payment.currency)}`;
  const head = `<h1>${escapeHtml(payment.description ?? texts.title)}</h1><p class="sum">${sum}</p>`;
  if (payment.status !== 'pending') {
    return `${head}<p role="status">${texts[payment.status]}</p>${backLink(payment, texts.back)}`;
  }
  const asks = payment.card !== undefined && trouble === undefined;
  const form = asks ? codeForm(payment, texts) : cardForm(texts);
  const note = trouble === undefined ? '' : `<p role="alert">${escapeHtml(trouble)}</p>`;
  const target = escapeHtml(new URL(shop.pageOf(payment), 'http://sandbox').search);
  return `${head}${note}<form method="post" action="/yookassa/pay${target}">${form}</form>${backLink(payment, texts.leave)}`;
}

function cardForm(texts: (typeof TEXTS)[Language]): string {
  return `<label for="card">${texts.card}</label>
<input id="card" name="card" inputmode="numeric" autocomplete="off" value="5555 5555 5555 4444"><small>${texts.hint}</small>
<button class="main" name="act" value="pay">${texts.pay}</button><button name="act" value="decline">${texts.decline}</button>`;
}

function codeForm(payment: Payment, texts: (typeof TEXTS)[Language]): string {
  return `<p>${texts.code}</p><input type="hidden" name="card" value="${escapeHtml(payment.card ?? '')}">
<button class="main" name="code" value="right">${texts.confirm}</button><button name="code" value="wrong">${texts.refuse}</button>`;
}

function backLink({ returnUrl }: Payment, text: string): string {
  // The merchant names the address; a browser must not run it.
  if (returnUrl === undefined || !/^https?:/i.test(returnUrl)) return '';
  return `<a class="button" href="${escapeHtml(returnUrl)}">${text}</a>`;
}

function html(language: Language, body: string): string {
  const { title, simulated } = TEXTS[language];
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style><main>${body}<p><small>${simulated}</small></p></main></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(page),
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'",
  });
  response.end(page);
}
