/** Images: built from a folder's tar, pulled, pushed, removed, with progress as Docker tells it. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BuildOptions, ImageProgress, ImageStore, RegistryAccess } from '../engine.ts';
import { calling, engineError, messageOf, statusOf } from './errors.ts';
import { asReadable } from './streams.ts';

const FRAME = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});

/** One frame of Docker's progress as a step; undefined when it says nothing. Fails with what Docker calls an error. */
export function progressOf(line: string): ImageProgress | undefined {
  const { stream, status, id, progressDetail, error } = FRAME.parse(JSON.parse(line));
  if (error !== undefined) throw new Error(error);
  const text = (stream ?? status ?? '').trim();
  if (text === '') return undefined;
  const { current, total } = progressDetail ?? {};
  return {
    text,
    ...(id === undefined ? {} : { layer: id }),
    ...(current === undefined ? {} : { currentBytes: current }),
    ...(total === undefined ? {} : { totalBytes: total }),
  };
}

async function* progress(stream: Readable): AsyncGenerator<ImageProgress> {
  for await (const line of createInterface({ input: stream })) {
    const step = line.trim() === '' ? undefined : progressOf(line);
    if (step !== undefined) yield step;
  }
}

/** Docker speaks of a name and a tag; a port before the name is no tag. */
export function splitTag(image: string): { readonly name: string; readonly tag: string } {
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/')
    ? { name: image.slice(0, colon), tag: image.slice(colon + 1) }
    : { name: image, tag: 'latest' };
}

/** A registry that says no, as an error of the table. */
function refused(error: unknown, image: string, action: string): BotpoolError {
  const known = engineError(error, { action: `${action} ${image}`, image });
  const registry = known.code === 'engine_failed' || known.code === 'image_missing';
  return registry
    ? new BotpoolError('image_refused', { image, action, detail: messageOf(error) }, { cause: error })
    : known;
}

function credentials(access: RegistryAccess | undefined): { readonly authconfig?: Docker.AuthConfig } {
  if (access === undefined) return {};
  const { username, password, registry } = access;
  return { authconfig: { username, password, serveraddress: registry } };
}

/** The images of one engine. */
export function createImages(docker: Docker): ImageStore {
  return {
    async has(image) {
      try {
        await docker.getImage(image).inspect();
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw engineError(error, { action: `look for ${image}`, image });
      }
    },
    async *build(context, { tag, dockerfile, args, labels, target }: BuildOptions) {
      const options = {
        t: tag,
        rm: true,
        forcerm: true,
        ...(dockerfile === undefined ? {} : { dockerfile }),
        ...(args === undefined ? {} : { buildargs: { ...args } }),
        ...(labels === undefined ? {} : { labels: { ...labels } }),
        ...(target === undefined ? {} : { target }),
      };
      try {
        yield* progress(asReadable(await docker.buildImage(context, options)));
      } catch (error) {
        throw engineError(error, { action: `build ${tag}` });
      }
    },
    async *pull(image, access) {
      try {
        yield* progress(asReadable(await docker.pull(image, credentials(access))));
      } catch (error) {
        throw refused(error, image, 'pull');
      }
    },
    async *push(image, access) {
      const { name, tag } = splitTag(image);
      try {
        yield* progress(asReadable(await docker.getImage(name).push({ tag, ...credentials(access) })));
      } catch (error) {
        throw refused(error, image, 'push');
      }
    },
    async remove(image) {
      await calling({ action: `remove ${image}`, image }, async () => {
        await docker.getImage(image).remove();
      });
    },
  };
}
