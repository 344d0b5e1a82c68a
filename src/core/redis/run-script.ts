/** Runs one of our Lua scripts by its hash, and sends its text only when the server does not know it yet. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { SCRIPTS } from '#shared/redis/scripts.generated.ts';

/** The name of a script: its file's name in camel case. */
type ScriptName = keyof typeof SCRIPTS;

const HASHES = new Map<ScriptName, string>();

function hashOf(name: ScriptName): string {
  const known = HASHES.get(name);
  if (known !== undefined) return known;
  const hash = createHash('sha1').update(SCRIPTS[name].lua).digest('hex');
  HASHES.set(name, hash);
  return hash;
}

/**
 * Runs a script. Fails when the number of keys is not the one that its file name states.
 * A restart of Redis forgets all scripts: then the text is sent once more.
 */
export async function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const script = SCRIPTS[name];
  if (keys.length !== script.keys) throw new Error(`script ${name}: ${keys.length} keys, expected ${script.keys}`);
  try {
    return await redis.evalsha(hashOf(name), keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await redis.eval(script.lua, keys.length, ...keys, ...args);
  }
}
