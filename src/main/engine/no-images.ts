/** The images of an engine that has none: its programs are those of this very checkout. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { EngineKind, ImageProgress, ImageStore } from './engine.ts';

/** Answers everything with `unsupported`. */
export function noImages(engine: EngineKind): ImageStore {
  const refuse = (): BotpoolError => new BotpoolError('unsupported', { what: 'images', engine });
  const refuseWork = (): AsyncIterable<ImageProgress> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refuse()) }),
  });
  return {
    has: () => Promise.reject(refuse()),
    remove: () => Promise.reject(refuse()),
    build: refuseWork,
    pull: refuseWork,
    push: refuseWork,
  };
}
