/** Clients with customers who book and cancel all the time, for benchmarks of what goes wrong meanwhile. */
import type { Random } from '#sandbox/random.ts';
import { type Customer, startCustomer } from '../chaos/customers.ts';
import { activateAndGreet, type BenchWorld, type Client, makeClients } from './world.ts';

/** Variables of an installation in which nothing but the pool slows customers down. */
export const BUSY_CUSTOMERS = {
  MAX_BOOKINGS_PER_USER: '100000',
  CANCELLATION_HOURS: '0',
  RATE_LIMIT_MESSAGE: '0',
  RATE_LIMIT_CALLBACK: '0',
};

/** So many clients whose bots serve, activated one after the other. */
export async function activeClients(world: BenchWorld, count: number): Promise<Client[]> {
  const clients = await makeClients(world, count, 1);
  for (const client of clients) await activateAndGreet(world, client);
  return clients;
}

/** Lets `each` customers of every client begin; they rest for `breathMs` after each dialog. */
export async function startGuests(
  { sandbox }: BenchWorld,
  clients: readonly Client[],
  { each, random, breathMs }: { readonly each: number; readonly random: Random; readonly breathMs: number },
): Promise<Customer[]> {
  const guests: Customer[] = [];
  for (const { botId } of clients) {
    for (let guest = 1; guest <= each; guest += 1) {
      const { id: personId } = await sandbox.createPerson({ name: `Guest ${guest}`, languageCode: 'en' });
      guests.push(startCustomer(sandbox.chat(botId, personId), { personId, botId }, random, breathMs));
    }
  }
  return guests;
}
