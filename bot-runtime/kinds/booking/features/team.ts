/** Owns who works in the bot: people with their roles and rights, and the links that let somebody in. */
import { randomBytes } from 'node:crypto';
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { may, RIGHTS, type Right, ROLES, type Role } from '../domain/rights.ts';
import { type Button, homeKeyboard, inRows, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import {
  type Accepted,
  type Admin,
  acceptInvitation,
  findAdmin,
  invite,
  listAdmins,
  listInvitations,
  removeAdmin,
  revokeInvitation,
  setRight,
  setRole,
} from '../repository/team.ts';
import { backToMenu } from './owner-menu.ts';

/** What a link's `start` parameter begins with, and the secret behind it. */
const JOIN = /^\/start(?:@\w+)?\s+join_([\w-]{22})$/;
const SECRET_BYTES = 16;
const ROLE_NAMES: Readonly<Record<Role, MessageKey>> = {
  owner: 'role-owner',
  manager: 'role-manager',
  staff: 'role-staff',
};
const RIGHT_NAMES: Readonly<Record<Right, MessageKey>> = {
  calendar_own: 'right-calendar-own',
  calendar_all: 'right-calendar-all',
  customers: 'right-customers',
  setup: 'right-setup',
  texts: 'right-texts',
  statistics: 'right-statistics',
  broadcast: 'right-broadcast',
  roles: 'right-roles',
  audit: 'right-audit',
};

/** The secret that a person brings who has opened a link; undefined for any other message. */
export function joiningSecret(text: string | undefined): string | undefined {
  return JOIN.exec(text ?? '')?.[1];
}

/** Lets in whoever has opened a link, or says that it leads nowhere. */
export async function join(turn: Turn, secret: string): Promise<void> {
  const { desk, person, texts, updateId, now, settings } = turn;
  const who = { telegramId: person.telegramId, name: person.name, updateId };
  const accepted: Accepted = await acceptInvitation(desk.services.database, who, secret, now);
  if (accepted.kind === 'gone') {
    await show(turn, texts.html('join-gone'), homeKeyboard(texts, person.admin));
    return;
  }
  const about = { company: settings.company, role: texts.plain(ROLE_NAMES[accepted.role]) };
  await show(turn, texts.html('join-welcome', about), homeKeyboard(texts, true));
}

/** Lists everybody who works here, and the links that are open. */
export async function showTeam(turn: Turn, title?: string): Promise<void> {
  const { texts, desk, formats, now } = turn;
  const { database } = desk.services;
  const [admins, invitations] = await Promise.all([listAdmins(database), listInvitations(database, now)]);
  const people = admins.map((admin): Button[] => [[labelOf(turn, admin), { kind: 'adminCard', admin: admin.id }]]);
  const links = invitations.map(({ id, role, staff, expiresAt }): Button[] => {
    const facts = { role: staff ?? texts.plain(ROLE_NAMES[role]), day: formats.day(expiresAt) };
    return [[texts.plain('button-invite-revoke', facts), { kind: 'revokeInvite', invitation: id }]];
  });
  const add = ROLES.map(
    (role, index): Button => [
      texts.plain('button-invite', { role: texts.plain(ROLE_NAMES[role]) }),
      { kind: 'invite', role: index, staff: 0 },
    ],
  );
  const html = title === undefined ? texts.html('team-title') : `${title}\n\n${texts.html('team-title')}`;
  await show(turn, html, keyboard([...people, ...links, ...inRows(add, 1), [backToMenu(turn)]]));
}

/** Makes a link, and shows it once. */
export async function makeInvitation(turn: Turn, roleIndex: number, staff: number): Promise<void> {
  const { texts, desk, ctx, now } = turn;
  const role = ROLES[roleIndex];
  if (role === undefined) return await answerPress(ctx, texts.plain('button-old'), true);
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  await invite(
    desk.services.database,
    requestOf(turn),
    { role, staffId: staff === 0 ? undefined : staff, secret },
    now,
  );
  const link = `https://t.me/${ctx.me.username}?start=join_${secret}`;
  const html = texts.html('invite-made', { role: texts.plain(ROLE_NAMES[role]), link });
  await show(turn, html, keyboard([[[texts.plain('button-back'), { kind: 'team' }]]]));
}

/** Makes a link useless. */
export async function dropInvitation(turn: Turn, id: number): Promise<void> {
  await revokeInvitation(turn.desk.services.database, requestOf(turn), id, turn.now);
  await showTeam(turn, turn.texts.html('invite-revoked'));
}

/** Shows one person with their role and rights. */
export async function showAdmin(turn: Turn, id: number): Promise<void> {
  const admin = await find(turn, id);
  if (admin === undefined) return;
  const { texts } = turn;
  const lines = [texts.html('team-person', { name: admin.name, role: texts.plain(ROLE_NAMES[admin.role]) })];
  const back: Button = [texts.plain('button-back'), { kind: 'team' }];
  if (isFixed(turn, admin))
    return await show(turn, [...lines, texts.html('team-fixed')].join('\n'), keyboard([[back]]));
  const roles = ROLES.filter((role) => role !== admin.role).map(
    (role): Button => [
      texts.plain('button-role', { role: texts.plain(ROLE_NAMES[role]) }),
      { kind: 'adminRole', admin: id, role: ROLES.indexOf(role) },
    ],
  );
  const changeable = RIGHTS.filter((right) => right !== 'roles' && !may({ role: admin.role, rights: [] }, right));
  const rights = changeable.map((right): Button => {
    const on = admin.rights.includes(right);
    const label = texts.plain(on ? 'service-shown' : 'service-hidden', { service: texts.plain(RIGHT_NAMES[right]) });
    return [label, { kind: 'adminRight', admin: id, right: RIGHTS.indexOf(right), on: on ? 0 : 1 }];
  });
  const remove: Button = [texts.plain('button-team-remove'), { kind: 'askRemoveAdmin', admin: id }];
  await show(turn, lines.join('\n'), keyboard([...inRows(rights, 1), ...inRows(roles, 1), [remove], [back]]));
}

/** Gives somebody another role. */
export async function changeRole(turn: Turn, id: number, index: number): Promise<void> {
  const admin = await find(turn, id);
  const role = ROLES[index];
  if (admin === undefined || role === undefined || isFixed(turn, admin)) return;
  await setRole(turn.desk.services.database, requestOf(turn), { id, role }, turn.now);
  await showAdmin(turn, id);
}

/** Adds a right, or takes it away again. */
export async function changeRight(turn: Turn, id: number, index: number, on: boolean): Promise<void> {
  const admin = await find(turn, id);
  const right = RIGHTS[index];
  if (admin === undefined || right === undefined || right === 'roles' || isFixed(turn, admin)) return;
  await setRight(turn.desk.services.database, requestOf(turn), { id, right, on }, turn.now);
  await showAdmin(turn, id);
}

/** Asks before somebody is sent away. */
export async function askRemoveAdmin(turn: Turn, id: number): Promise<void> {
  const admin = await find(turn, id);
  if (admin === undefined) return;
  const { texts } = turn;
  const yes: Button = [texts.plain('button-team-remove-yes'), { kind: 'removeAdmin', admin: id }];
  const no: Button = [texts.plain('button-back'), { kind: 'adminCard', admin: id }];
  await show(turn, texts.html('team-ask-remove', { name: admin.name }), keyboard([[yes], [no]]));
}

/** From now on they see the bot as a customer. */
export async function sendAway(turn: Turn, id: number): Promise<void> {
  const admin = await find(turn, id);
  if (admin === undefined || isFixed(turn, admin)) return;
  await removeAdmin(turn.desk.services.database, requestOf(turn), id, turn.now);
  await showTeam(turn, turn.texts.html('team-removed', { name: admin.name }));
}

/** The buyer is the owner for ever, and nobody changes what they may do themselves. */
function isFixed({ desk, person }: Turn, { telegramId }: Admin): boolean {
  return telegramId === desk.services.tenant.ownerId || telegramId === person.telegramId;
}

function labelOf({ texts }: Turn, { name, role }: Admin): string {
  return `${name} · ${texts.plain(ROLE_NAMES[role])}`;
}

async function find(turn: Turn, id: number): Promise<Admin | undefined> {
  const admin = await findAdmin(turn.desk.services.database, id);
  if (admin === undefined) await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  return admin;
}
