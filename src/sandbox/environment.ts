/** The environment of the sandbox process, parsed once. */
import * as z from 'zod';

const environmentSchema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  SANDBOX_DATA: z.string().min(1).optional(),
});

/** What the environment says. */
export interface SandboxSettings {
  readonly port: number;
  readonly host: string;
  readonly dataFile: string | undefined;
}

/** Parses `SANDBOX_PORT`, `SANDBOX_HOST` and `SANDBOX_DATA`; the error names every bad variable. */
export function parseSandboxEnvironment(environment: Readonly<Record<string, string | undefined>>): SandboxSettings {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The sandbox cannot start with this environment. ${reasons.join('; ')}`);
  }
  const { SANDBOX_PORT: port, SANDBOX_HOST: host, SANDBOX_DATA: dataFile } = parsed.data;
  return { port, host, dataFile };
}
