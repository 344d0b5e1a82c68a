/** Reads the contexts of Docker's own client from its folder. What cannot be read is as if it were not there. */
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { DiscoveryFacts, DockerContext } from './endpoints.ts';

const CONFIG = z.object({ currentContext: z.string().optional() });

const META = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string().optional() }) }),
});

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function readContext(folder: string, entry: string): Promise<DockerContext | undefined> {
  const meta = await readJson(join(folder, 'contexts/meta', entry, 'meta.json'), META);
  const host = meta?.Endpoints.docker.Host;
  if (meta === undefined || host === undefined || host === '') return undefined;
  const id = createHash('sha256').update(meta.Name).digest('hex');
  const tlsFolder = join(folder, 'contexts/tls', id, 'docker');
  const tls = await access(join(tlsFolder, 'cert.pem')).then(
    () => ({ tlsFolder }),
    () => ({}),
  );
  return { name: meta.Name, host, ...tls };
}

/** Everything that decides where the engine is looked for. */
export async function discoveryFacts(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform,
): Promise<DiscoveryFacts> {
  const folder = env['DOCKER_CONFIG'] ?? join(home, '.docker');
  const config = await readJson(join(folder, 'config.json'), CONFIG);
  const entries = await readdir(join(folder, 'contexts/meta')).catch((): string[] => []);
  const contexts = await Promise.all(entries.map((entry) => readContext(folder, entry)));
  const currentContext = config?.currentContext;
  return {
    env,
    home,
    platform,
    contexts: contexts.filter((context) => context !== undefined),
    ...(currentContext === undefined ? {} : { currentContext }),
  };
}
