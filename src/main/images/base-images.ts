/** The images that the stack is made of: the variable that names each, the official default, what a stand-in is made of. Pure. */

/** A base image of the stack. */
export interface BaseImage {
  /** Its folder below `compose/offline`. */
  readonly name: string;
  /** Names another image instead, in the environment or in `.env`; the stack file reads the same variable. */
  readonly variable: string;
  readonly official: string;
  /** Debian packages that the stand-in unpacks on top of the base. */
  readonly packages: readonly string[];
  /** Packages among their dependencies that never run in it. */
  readonly unused: RegExp;
}

/** The stack's own image. */
const BOT_RUNTIME = { variable: 'BOT_RUNTIME_IMAGE', fallback: 'bot-runtime' } as const;

const NONE = /^$/;

/** What the bot runtime is built from; its stand-in holds the project's own Node instead of packages. */
export const NODE_IMAGE: BaseImage = {
  name: 'node',
  variable: 'NODE_IMAGE',
  official: 'node:24-slim',
  packages: [],
  unused: NONE,
};

/** All base images. */
export const BASE_IMAGES: readonly BaseImage[] = [
  NODE_IMAGE,
  {
    name: 'postgres',
    variable: 'POSTGRES_IMAGE',
    official: 'postgres:17',
    packages: ['postgresql-17'],
    unused: /^(libio-pty-perl|libipc-run-perl)$/,
  },
  { name: 'redis', variable: 'REDIS_IMAGE', official: 'redis:8', packages: ['redis-server'], unused: NONE },
  {
    name: 'nginx',
    variable: 'NGINX_IMAGE',
    official: 'nginx:1.26',
    packages: ['nginx', 'gettext-base', 'curl'],
    unused: /^(iproute2|libbpf1|libelf1.*|libmnl0|libxtables12|libcap2-bin)$/,
  },
  {
    name: 'prometheus',
    variable: 'PROMETHEUS_IMAGE',
    official: 'prom/prometheus:v2.53.3',
    packages: ['prometheus', 'wget'],
    unused: /^(fonts-.*|libjs-.*|promtool|prometheus-node-exporter.*)$/,
  },
];

/** Where images are named. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The name under which the stack looks for an image. */
export function imageName(image: Pick<BaseImage, 'variable' | 'official'>, variables: Variables): string {
  return variables[image.variable] || image.official;
}

/** The name of the stack's own image. */
export function botRuntimeName(variables: Variables): string {
  return variables[BOT_RUNTIME.variable] || BOT_RUNTIME.fallback;
}
