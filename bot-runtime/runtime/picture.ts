/**
 * Turns an SVG into a PNG with fonts of our own, so that a picture looks the same on every machine. Renderer and fonts
 * are read at the first picture: a bot that never draws pays nothing for them.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { PICTURE_ASSETS } from '#core/pictures/assets.ts';

/** The family that pictures are drawn with; its weights are 400 and 700. */
export const PICTURE_FONT = 'DejaVu Sans';

type Renderer = (svg: string, zoom: number) => Uint8Array;

let renderer: Promise<Renderer> | undefined;

/** Draws an SVG; twice as many pixels as it says unless told otherwise, for the screens of phones. */
export async function drawPicture(svg: string, zoom = 2): Promise<Uint8Array> {
  renderer ??= loadRenderer().catch((error: unknown) => {
    // The next picture tries again.
    renderer = undefined;
    throw error;
  });
  return (await renderer)(svg, zoom);
}

/** Text as SVG shows it letter by letter. */
export function escapeSvg(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

async function loadRenderer(): Promise<Renderer> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const [wasm, ...fontBuffers] = await Promise.all(PICTURE_ASSETS.map((asset) => readFile(locate(asset))));
  if (wasm === undefined) throw new Error('the renderer of pictures is missing');
  await initWasm(wasm);
  return (svg, zoom) => {
    const drawing = new Resvg(svg, {
      font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: PICTURE_FONT },
      fitTo: { mode: 'zoom', value: zoom },
    });
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    drawing.free();
    return png;
  };
}

/** Beside the bundle in a container, among the dependencies elsewhere. */
function locate(asset: string): string {
  const beside = join(dirname(process.argv[1] ?? ''), basename(asset));
  return existsSync(beside) ? beside : createRequire(join(process.cwd(), 'package.json')).resolve(asset);
}
