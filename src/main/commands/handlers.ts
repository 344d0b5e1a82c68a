/** What each command does. One function per command; what it may do is what its services offer. */
import type { CommandKind, CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import { createBackup, listBackups, showBackup, verifyBackup } from './handlers/backups.ts';
import { broadcastProgress, startBroadcast, stopBroadcast } from './handlers/broadcast.ts';
import {
  activateClient,
  deactivateClient,
  deleteClient,
  extendClient,
  listClients,
  logsOfClient,
  moveClient,
  restartClient,
  showClient,
} from './handlers/clients.ts';
import { health } from './handlers/health.ts';
import { poolSummary, scalePool } from './handlers/pool.ts';
import { listOrders, revenue } from './handlers/sales.ts';
import type { CommandServices } from './services.ts';

export type { CommandServices } from './services.ts';

type Handlers = {
  readonly [K in CommandKind]: (
    services: CommandServices,
    input: CommandRequest<K>,
    actor: string,
  ) => Promise<CommandResult<K>>;
};

/** By the name of the command. */
export const HANDLERS: Handlers = {
  'pool.summary': poolSummary,
  'pool.scale': scalePool,
  'clients.list': listClients,
  'clients.show': showClient,
  'clients.logs': logsOfClient,
  'clients.activate': activateClient,
  'clients.deactivate': deactivateClient,
  'clients.restart': restartClient,
  'clients.move': moveClient,
  'clients.extend': extendClient,
  'clients.delete': deleteClient,
  'orders.list': listOrders,
  revenue,
  'backups.list': listBackups,
  'backups.show': showBackup,
  'backups.create': createBackup,
  'backups.verify': verifyBackup,
  health,
  'broadcast.start': startBroadcast,
  'broadcast.stop': stopBroadcast,
  'broadcast.progress': broadcastProgress,
};
