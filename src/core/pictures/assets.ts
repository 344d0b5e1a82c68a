/** The files that drawing a picture needs beside the code: they are laid beside the bundles of bots. */

/** The renderer first, then its fonts; each by its package. */
export const PICTURE_ASSETS = [
  '@resvg/resvg-wasm/index_bg.wasm',
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
] as const;
