/**
 * What may stand in the bodies of calls that make something. Closed lists: a key that is not named is refused, also one
 * that differs in its capitals, which the engine would take. Pure.
 */
import * as z from 'zod';

/** A body that passes, or why it does not. */
export type Checked = { readonly json: object } | { readonly why: string };

interface Owner {
  readonly project: string;
  readonly prefix: string;
  readonly image: string;
}

/** Docker calls no limit zero. */
const limit = z.number().int().positive();
const labels = z.record(z.string(), z.string());
const networks = (prefix: string) =>
  z.string().refine((name) => isPoolNetwork(name, prefix), 'not a network of the pool');

/** The pool's networks, and those that continue them: `booking-network`, `booking-egress-2`. */
export function isPoolNetwork(name: string, prefix: string): boolean {
  return name.startsWith(`${prefix}-`) && /^(network|egress)(-[0-9]+)?$/.test(name.slice(prefix.length + 1));
}

const container = ({ project, prefix, image }: Owner) =>
  z.strictObject({
    name: z.string().optional(),
    Image: z.literal(image),
    // One of the image's own programs; with no word of its own it is a pool bot.
    Cmd: z.tuple([z.enum(['pool-bot.cjs', 'sales-bot.cjs', 'master-bot.cjs'])]).optional(),
    Env: z.array(z.string()),
    Labels: labels.and(
      z.object({ 'com.docker.compose.project': z.literal(project), 'botpool.engine': z.literal('docker') }),
    ),
    StopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']),
    StopTimeout: limit,
    HostConfig: z.strictObject({
      Init: z.literal(true),
      RestartPolicy: z.strictObject({ Name: z.enum(['no', 'unless-stopped']) }),
      LogConfig: z.strictObject({
        Type: z.literal('json-file'),
        Config: z.strictObject({ 'max-size': z.literal('10m'), 'max-file': z.literal('3') }),
      }),
      ReadonlyRootfs: z.literal(true),
      Tmpfs: z.strictObject({ '/tmp': z.string().regex(/^size=\d{1,2}m,mode=1777$/) }),
      CapDrop: z.tuple([z.literal('ALL')]),
      SecurityOpt: z.tuple([z.literal('no-new-privileges:true')]),
      Memory: limit,
      MemorySwap: limit,
      NanoCpus: limit,
      CpuShares: z.number().int().positive().max(1_024),
      PidsLimit: limit,
      NetworkMode: networks(prefix),
    }),
    NetworkingConfig: z.strictObject({
      EndpointsConfig: z.record(networks(prefix), z.strictObject({ Aliases: z.array(z.string()) })),
    }),
  });

/** A bot: hardened, limited, of the one image, in the pool's networks, and nothing of the host in it. */
export function checkContainer(body: unknown, owner: Owner): Checked {
  return checked(container(owner), body, 'a container');
}

const exec = z.strictObject({
  Cmd: z.array(z.string()).min(1),
  Env: z.array(z.string()).optional(),
  AttachStdin: z.boolean().optional(),
  AttachStdout: z.boolean().optional(),
  AttachStderr: z.boolean().optional(),
});

/** A command: under the container's own user and rights. */
export function checkExec(body: unknown): Checked {
  return checked(exec, body, 'a command');
}

const network = ({ project, prefix }: Owner) =>
  z
    .strictObject({
      Name: networks(prefix),
      CheckDuplicate: z.boolean().optional(),
      Driver: z.literal('bridge'),
      Internal: z.boolean(),
      Labels: labels.and(z.object({ 'com.docker.compose.project': z.literal(project) })),
    })
    .refine(({ Name, Internal }) => Internal || Name.startsWith(`${prefix}-egress`), {
      message: 'only the way out may lead out',
      path: ['Internal'],
    });

/** A network of the pool; what is called internal is. */
export function checkNetwork(body: unknown, owner: Owner): Checked {
  return checked(network(owner), body, 'a network');
}

const connect = z.strictObject({
  Container: z.string().regex(/^[a-zA-Z0-9][\w.-]*$/),
  EndpointConfig: z.strictObject({ Aliases: z.array(z.string()) }),
});

/** A container joins a network. */
export function checkConnect(body: unknown): Checked {
  return checked(connect, body, 'a connection');
}

function checked(schema: z.ZodType<object>, body: unknown, what: string): Checked {
  const result = schema.safeParse(body);
  if (result.success) return { json: result.data };
  const [issue] = result.error.issues;
  return { why: `${what} may not be made like this: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}` };
}
