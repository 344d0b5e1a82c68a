/** Owns the editor of services: one screen per service, one question per thing that is written. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import {
  cleanName,
  MAX_NAME_LENGTH,
  parseBuffer,
  parseCapacity,
  parseDuration,
  parsePrice,
} from '../domain/amounts.ts';
import type { Action } from '../keyboards/action.ts';
import { type Button, inRows, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { showService as showOrHide } from '../repository/owner.ts';
import {
  changeService,
  moveService,
  type ServiceDetails,
  type ServiceField,
  serviceDetails,
} from '../repository/owner-services.ts';
import { allServices } from '../repository/services.ts';
import { durationText } from '../texts/format.ts';
import { type Answer, type Answers, askFor, type Taken } from './ask.ts';
import { backToMenu } from './owner-menu.ts';

type Field =
  | 'service_rename'
  | 'service_minutes'
  | 'service_cost'
  | 'service_before'
  | 'service_after'
  | 'service_seats'
  | 'service_photo';

/** The order is part of buttons. */
const FIELDS: readonly Field[] = [
  'service_rename',
  'service_minutes',
  'service_cost',
  'service_before',
  'service_after',
  'service_seats',
  'service_photo',
];
const LABELS: readonly MessageKey[] = [
  'setup-rename',
  'setup-service-minutes',
  'setup-service-cost',
  'setup-service-before',
  'setup-service-after',
  'setup-service-seats',
  'setup-photo',
];

/** Lists the services, those that customers see first. */
export async function listServices(turn: Turn): Promise<void> {
  const { texts, desk, formats } = turn;
  const services = await allServices(desk.services.database);
  const rows = services.map((service): Button[] => {
    const price = service.priceKopecks === 0 ? [] : [formats.money(service.priceKopecks, service.currency)];
    const line = [service.name, durationText(texts, service.durationMinutes), ...price].join(' · ');
    const label = texts.plain(service.active ? 'service-shown' : 'service-hidden', { service: line });
    return [[label, { kind: 'editService', service: service.id }]];
  });
  const add: Button = [texts.plain('admin-add-service'), { kind: 'addService' }];
  const text = texts.html(services.length === 0 ? 'services-none' : 'services-title');
  await show(turn, text, keyboard([...rows, [add], [backToMenu(turn)]]));
}

/** Shows one service with everything that can be changed about it. */
export async function editService(turn: Turn, id: number): Promise<void> {
  const service = await find(turn, id);
  if (service !== undefined) await showService(turn, service);
}

/** Asks for one thing about a service. */
export async function askServiceField(turn: Turn, id: number, index: number): Promise<void> {
  const field = FIELDS[index];
  if (field === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  if ((await find(turn, id)) !== undefined) await askFor(turn, serviceAnswers[field], { field, id });
}

/** Hides a service from customers or shows it, as the pressed button said. Visits that were booked stay. */
export async function switchService(turn: Turn, id: number, active: boolean): Promise<void> {
  const { desk, texts, now } = turn;
  const service = await find(turn, id);
  if (service === undefined) return;
  const wish = { id, name: service.name, active };
  if ((await showOrHide(desk.services.database, requestOf(turn), wish, now)) === 'name_taken') {
    await answerPress(turn.ctx, texts.plain('service-name-taken'), true);
    return;
  }
  await showService(turn, { ...service, active });
  await answerPress(turn.ctx, texts.plain(active ? 'service-now-shown' : 'service-now-hidden'));
}

/** Moves a service up or down. */
export async function moveInList(turn: Turn, id: number, up: boolean): Promise<void> {
  const { desk, now } = turn;
  const service = await find(turn, id);
  if (service === undefined) return;
  await moveService(
    desk.services.database,
    requestOf(turn),
    { id, name: service.name, active: service.active, up },
    now,
  );
  await showService(turn, service);
  await answerPress(turn.ctx, turn.texts.plain(up ? 'setup-moved-up' : 'setup-moved-down'));
}

/** Takes the picture away. */
export async function dropServicePhoto(turn: Turn, id: number): Promise<void> {
  const service = await find(turn, id);
  if (service !== undefined) await change(turn, service, 'photo', null);
}

/** The answers about services. */
export const serviceAnswers: Answers<Field> = {
  service_rename: answer('setup-ask-name', 'bad-service-name', 'name', (text) => cleanName(text)),
  service_minutes: answer('setup-ask-minutes', 'bad-duration', 'durationMinutes', parseDuration),
  service_cost: answer('setup-ask-cost', 'bad-price', 'priceKopecks', parsePrice),
  service_before: answer('setup-ask-before', 'setup-bad-buffer', 'bufferBeforeMinutes', parseBuffer),
  service_after: answer('setup-ask-after', 'setup-bad-buffer', 'bufferAfterMinutes', parseBuffer),
  service_seats: answer('setup-ask-seats', 'setup-bad-seats', 'capacity', parseCapacity),
  service_photo: answer(
    'setup-ask-photo',
    'setup-bad-photo',
    'photo',
    (_text, turn) => turn.ctx.message?.photo?.at(-1)?.file_id,
  ),
};

function answer(
  prompt: MessageKey,
  problem: MessageKey,
  field: ServiceField,
  parse: (text: string, turn: Turn) => string | number | undefined,
): Answer {
  return {
    async prompt(turn, { id }) {
      const service = await serviceDetails(turn.desk.services.database, id, turn.now);
      return turn.texts.html(prompt, { name: service?.name ?? '', max: MAX_NAME_LENGTH });
    },
    back: ({ id }): Action => ({ kind: 'editService', service: id }),
    async take(turn, { id }, text): Promise<Taken> {
      const value = parse(text, turn);
      if (value === undefined) return { problem: turn.texts.html(problem) };
      const service = await serviceDetails(turn.desk.services.database, id, turn.now);
      if (service === undefined) return { problem: turn.texts.html('service-gone') };
      const taken = await change(turn, service, field, value);
      return taken ? { problem: turn.texts.html('service-name-taken') } : 'done';
    },
  };
}

/** Changes and shows it; true when the name belongs to another one. */
async function change(
  turn: Turn,
  service: ServiceDetails,
  field: ServiceField,
  value: string | number | null,
): Promise<boolean> {
  const { desk, now } = turn;
  const outcome = await changeService(desk.services.database, requestOf(turn), service, { field, value }, now);
  if (outcome === 'name_taken') return true;
  const changed = await serviceDetails(desk.services.database, service.id, now);
  if (changed !== undefined) await showService(turn, changed, turn.texts.html('setup-saved'));
  return false;
}

async function showService(turn: Turn, service: ServiceDetails, title?: string): Promise<void> {
  const { texts, formats } = turn;
  const { id, active, capacity, ahead } = service;
  const minutes = (count: number) => durationText(texts, count);
  const lines = [
    ...(title === undefined ? [] : [title, '']),
    texts.html('line-service', { service: service.name, duration: minutes(service.durationMinutes) }),
    ...(service.priceKopecks === 0
      ? []
      : [texts.html('line-price', { price: formats.money(service.priceKopecks, service.currency) })]),
    texts.html('setup-service-buffers', {
      before: minutes(service.bufferBeforeMinutes),
      after: minutes(service.bufferAfterMinutes),
    }),
    texts.html('setup-service-capacity', { seats: capacity }),
    texts.html(active ? 'setup-is-shown' : 'setup-is-hidden'),
    ...(ahead === 0 ? [] : [texts.html('setup-ahead', { count: ahead })]),
  ];
  const fields = FIELDS.map(
    (_, field): Button => [texts.plain(LABELS[field] ?? 'button-old'), { kind: 'askServiceField', service: id, field }],
  );
  const rows: Button[][] = [
    ...inRows(fields, 2),
    service.photo === undefined ? [] : [[texts.plain('setup-drop-photo'), { kind: 'dropServicePhoto', service: id }]],
    [
      [texts.plain('setup-up'), { kind: 'moveService', service: id, up: 1 }],
      [texts.plain('setup-down'), { kind: 'moveService', service: id, up: 0 }],
    ],
    [[texts.plain(active ? 'setup-hide' : 'setup-show'), { kind: 'showService', service: id, active: active ? 0 : 1 }]],
    [[texts.plain('button-back'), { kind: 'adminServices' }]],
  ];
  await show(turn, lines.join('\n'), keyboard(rows));
}

async function find(turn: Turn, id: number): Promise<ServiceDetails | undefined> {
  const service = await serviceDetails(turn.desk.services.database, id, turn.now);
  if (service === undefined) await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  return service;
}
