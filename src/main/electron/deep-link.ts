/** Links of the form `botpool://client/client_003`, from whoever made them: each means one screen, and nothing else. */

/** The scheme that the system hands to this program. */
export const SCHEME = 'botpool';

const SCREENS: readonly string[] = [
  ...['pool', 'activate', 'clients', 'orders', 'backups', 'schedules'],
  ...['stack', 'logs', 'metrics', 'checks', 'settings', 'sandbox'],
];

/** The place within the panel that a link means; `undefined` for anything that is not one of ours. */
export function routeOf(link: string): string | undefined {
  const parsed = URL.parse(link);
  if (parsed === null || parsed.protocol !== `${SCHEME}:`) return undefined;
  const name = parsed.host;
  const rest = parsed.pathname.replace(/^\/+|\/+$/g, '');
  if (name === 'client' && /^client_\d{3,6}$/.test(rest)) return `#/clients/${rest}`;
  return SCREENS.includes(name) && rest === '' ? `#/${name}` : undefined;
}

/** The first link among a program's arguments: how Linux and Windows hand links over. */
export function linkIn(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith(`${SCHEME}://`));
}
