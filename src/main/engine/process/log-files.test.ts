import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogSlice, linesFrom, logNames, placeOfTail, rotationSteps } from './log-files.ts';
import { formatLine, lineSplitter, parseLine } from './log-lines.ts';

describe('log files', () => {
  it('make room from the oldest on', () => {
    expect(logNames(3)).toEqual(['0.log', '1.log', '2.log']);
    expect(rotationSteps(3)).toEqual([
      { from: '1.log', to: '2.log' },
      { from: '0.log', to: '1.log' },
    ]);
    expect(rotationSteps(1)).toEqual([]);
  });

  it('give the last lines, however these are spread over files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'log-files-'));
    const texts = fc.array(
      fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
      { maxLength: 20 },
    );
    const check = fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 3 }), fc.nat(70), async (files, tail) => {
      const slices: LogSlice[] = [];
      for (const [index, lines] of files.entries()) {
        const file = join(folder, String(index));
        const text = Buffer.from(lines.map((line) => formatLine({ at: 1, stream: 'stdout', text: line })).join(''));
        await writeFile(file, text);
        slices.push({ handle: await open(file, 'r'), size: text.length });
      }
      const found: string[] = [];
      for await (const line of linesFrom(slices, await placeOfTail(slices, tail))) found.push(line.text);
      await Promise.all(slices.map(({ handle }) => handle.close()));
      const all = files.flat();
      expect(found).toEqual(all.slice(Math.max(0, all.length - tail)));
    });
    await fc.assert(check, { numRuns: 40 });
    await rm(folder, { recursive: true });
  });
});

describe('a log line', () => {
  it('is read as it was written', () => {
    const line = { at: 1_700_000_000_123, stream: 'stderr', text: 'with\ttabs and ünï' } as const;
    expect(parseLine(formatLine(line).slice(0, -1))).toEqual(line);
    expect(parseLine('17000')).toBeUndefined();
  });

  it('is found whole in a stream that is cut anywhere, even inside a character', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(200)), (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ' '));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const found: string[] = [];
        const splitter = lineSplitter((text) => found.push(text));
        let start = 0;
        for (const end of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          splitter.write(bytes.subarray(start, Math.max(start, end)));
          start = Math.max(start, end);
        }
        splitter.end();
        expect(found).toEqual(lines);
      }),
    );
  });

  it('is cut when it does not end', () => {
    const found: string[] = [];
    const splitter = lineSplitter((text) => found.push(text), 4);
    splitter.write(Buffer.from('123456789'));
    splitter.end();
    expect(found).toEqual(['1234', '5678', '9']);
  });
});
