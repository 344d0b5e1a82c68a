/** Methods by which a manager bot handles the bots that people made for it. */
import { badRequest, forbidden } from '../api-error.ts';
import type { Bot } from '../bots.ts';
import { tellManager } from '../managed.ts';
import { userOf } from '../people.ts';
import type { Call, MethodTable } from './call.ts';

const MAX_ADDED = 10;

function child(call: Call): Bot {
  const { world, bot, params } = call;
  const id = params.int('user_id', 0);
  if (id <= 0) throw badRequest('invalid user_id specified');
  const managed = world.bots.get(id);
  if (!managed) throw badRequest('user not found');
  if (managed.managerId !== bot.id || !bot.canManageBots) throw forbidden("bot can't manage the specified bot");
  return managed;
}

function getManagedBotToken(call: Call): string {
  return child(call).token;
}

function replaceManagedBotToken(call: Call): string {
  const managed = child(call);
  const token = call.world.renewToken(managed);
  tellManager(call.world, managed);
  return token;
}

function getManagedBotAccessSettings(call: Call): unknown {
  const { access } = child(call);
  const people = access.addedUserIds.map((id) => call.world.people.get(id)).filter((person) => person !== undefined);
  return {
    is_access_restricted: access.restricted,
    added_users: access.restricted && people.length > 0 ? people.map(userOf) : undefined,
  };
}

function setManagedBotAccessSettings(call: Call): true {
  const managed = child(call);
  const raw = call.params.json('added_user_ids', "can't parse added_user_ids JSON object") ?? [];
  if (!Array.isArray(raw) || raw.length > MAX_ADDED) throw badRequest('too many users specified');
  const ids = raw.map(Number);
  if (ids.some((id) => !call.world.people.get(id))) throw badRequest('user not found');
  managed.access = { restricted: call.params.flag('is_access_restricted'), addedUserIds: ids };
  call.world.changed();
  return true;
}

/** The methods of this file. */
export const managingMethods: MethodTable = {
  getmanagedbottoken: getManagedBotToken,
  replacemanagedbottoken: replaceManagedBotToken,
  getmanagedbotaccesssettings: getManagedBotAccessSettings,
  setmanagedbotaccesssettings: setManagedBotAccessSettings,
};
