/** What is there of a stack already: which ports its services hold, and whose it is. */
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ComposeCommand } from './compose-command.ts';

const CONTAINERS = z.array(
  z.object({
    Name: z.string(),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
    HostConfig: z.object({
      PortBindings: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullish()).nullish(),
    }),
    Mounts: z.array(z.object({ Source: z.string().default(''), Destination: z.string() })).nullish(),
  }),
);

/** One container of a service, as far as another start of the stack depends on it. */
export interface PresentService {
  readonly project: string | undefined;
  /** The port on loopback, by the port inside: `5432/tcp`. */
  portOf(inside: string): number | undefined;
  /** Where a file inside comes from. */
  sourceOf(inside: string): string | undefined;
}

/** The container of this name; undefined when there is none. */
export async function presentService(command: ComposeCommand, name: string): Promise<PresentService | undefined> {
  const answer = await command.ask(['container', 'inspect', name]);
  const [found] = answer === undefined ? [] : CONTAINERS.parse(JSON.parse(answer));
  if (found === undefined) return undefined;
  return {
    project: found.Config.Labels?.['com.docker.compose.project'],
    portOf: (inside) => {
      const port = found.HostConfig.PortBindings?.[inside]?.[0]?.HostPort;
      return port === undefined || port === '' ? undefined : Number(port);
    },
    sourceOf: (inside) => found.Mounts?.find(({ Destination }) => Destination === inside)?.Source,
  };
}

/**
 * A stack of this name that was started with another home has other passwords and other clients: taking it over would
 * harm both. Fails with `container_foreign`.
 */
export function assertOurs(name: string, service: PresentService | undefined, project: string, secret: string): void {
  if (service === undefined) return;
  // Each service is given one of them.
  const source = service.sourceOf('/run/secrets/postgres_password');
  const ours = service.project === project && (source === undefined || source === secret);
  if (!ours) throw new BotpoolError('container_foreign', { name });
}
