/** The environment of the sandbox process, parsed once. */
import * as z from 'zod';

const environmentSchema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  SANDBOX_DATA: z.string().min(1).optional(),
  SANDBOX_ALLOWED_HOSTS: z.string().default(''),
  SANDBOX_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** What the environment says. */
export interface SandboxSettings {
  readonly port: number;
  readonly host: string;
  readonly dataFile: string | undefined;
  /** Where browsers reach it. */
  readonly publicUrl: string | undefined;
  /** Host names, beside those of loopback, under which the control API answers. */
  readonly allowedHosts: readonly string[];
}

/** Parses the `SANDBOX_…` variables; empty means not set, and the error names every bad one. */
export function parseSandboxEnvironment(environment: Readonly<Record<string, string | undefined>>): SandboxSettings {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The sandbox cannot start with this environment. ${reasons.join('; ')}`);
  }
  const {
    SANDBOX_PORT: port,
    SANDBOX_HOST: host,
    SANDBOX_DATA: dataFile,
    SANDBOX_ALLOWED_HOSTS: allowed,
    SANDBOX_PUBLIC_URL: publicUrl,
  } = parsed.data;
  const allowedHosts = allowed.split(',').map((name) => name.trim());
  return { port, host, dataFile, publicUrl, allowedHosts: allowedHosts.filter((name) => name !== '') };
}

function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
