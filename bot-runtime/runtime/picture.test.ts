import { expect, it } from 'vitest';
import { drawPicture, escapeSvg } from './picture.ts';

const svg = (text: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#fff"/>
   <text x="5" y="25" font-family="DejaVu Sans" font-size="14">${escapeSvg(text)}</text></svg>`;

it('draws a PNG of twice the size, with letters of both alphabets', async () => {
  const [empty, latin, cyrillic] = [
    await drawPicture(svg('')),
    await drawPicture(svg('A & <b>')),
    await drawPicture(svg('Ж')),
  ];
  const view = Buffer.from(latin);
  expect(view.subarray(1, 4).toString()).toBe('PNG');
  expect([view.readUInt32BE(16), view.readUInt32BE(20)]).toEqual([240, 80]);
  expect(Buffer.compare(empty, latin)).not.toBe(0);
  expect(Buffer.compare(empty, cyrillic)).not.toBe(0);
});
