import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeVariables, readNotes, readVariables } from './environment-file.ts';

const FILE = `# What I must remember
POOL_BOTS=10

BOT_TOKEN_SALES="12:abc # no comment"
LOG_LEVEL=info # quiet
`;

it('changes what is asked for and leaves the rest as it was written', () => {
  const text = changeVariables(FILE, { POOL_BOTS: '20', LOG_LEVEL: null, SUPPORT: '@anna' });
  expect(text).toBe(`# What I must remember
POOL_BOTS=20

BOT_TOKEN_SALES="12:abc # no comment"
SUPPORT=@anna
`);
  expect(changeVariables(FILE, {})).toBe(FILE);
});

it('leaves one of two lines of a name: the one that counted', () => {
  expect(changeVariables('A=1\nB=2\nA=3', { A: '4' })).toBe('B=2\nA=4\n');
});

it('reads back what it wrote, whatever stands in it', () => {
  const value = fc.string().filter((text) => !/[\r\0]/.test(text) && !(/'/.test(text) && /`/.test(text)));
  fc.assert(
    fc.property(value, fc.constantFrom('', FILE, 'KEY=old', "KEY='a\nb'\nOTHER=1\n"), (text, file) => {
      const changed = changeVariables(file, { KEY: text });
      const before = readVariables(file);
      // What is only blanks may be trimmed: that is how such files are read.
      expect((readVariables(changed)['KEY'] ?? '').trim()).toBe(text.trim());
      expect({ ...readVariables(changed), KEY: '' }).toEqual({ ...before, KEY: '' });
    }),
  );
});

it.each(['\\n', 'a\\nb "c"', "it's \\n"])('keeps a written %s as it is', (text) => {
  expect(readVariables(changeVariables('', { KEY: text }))['KEY']).toBe(text);
});

it('knows what the example says of a variable', () => {
  const notes = readNotes(
    '# --- Pool ---\n\n# How many bots.\n# 0 to 500.\n#POOL_BOTS=10\n# How many ever.\n#MAX=100\n',
  );
  expect(notes.get('POOL_BOTS')).toEqual({ description: 'How many bots. 0 to 500.', example: '10' });
  expect(notes.get('MAX')).toEqual({ description: 'How many ever.', example: '100' });
});
