/** Images of the stack as a table. Pure. */
import type { Locale } from '#shared/schemas/tenant.ts';
import { translate } from '#shared/texts/translate.ts';
import type { StackImage } from '../../images/build-images.ts';
import { table } from './table.ts';

/** One row for each image: its name, its size, how it came to be there. */
export function drawImages(images: readonly StackImage[], locale: Locale): string {
  const say = (key: Parameters<typeof translate>[0]): string => translate(key, {}, locale);
  const head = [say('cli-column-image'), say('cli-column-size'), say('cli-column-state')];
  return table(
    head,
    images.map(({ image, bytes, outcome }) => [
      image,
      `${(bytes / 1e6).toFixed(0)} MB`.padStart(6),
      say(`cli-image-${outcome}`),
    ]),
  );
}
