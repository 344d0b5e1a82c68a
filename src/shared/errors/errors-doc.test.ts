import { expect, it } from 'vitest';
import { describeError } from '../texts/translate.ts';
import { ERROR_CODE_NAMES, ERROR_CODES } from './codes.ts';

const WHEN = { now: 'at once', later: 'after something outside has changed', never: 'not with this input' } as const;

function row(code: (typeof ERROR_CODE_NAMES)[number]): string {
  const { retry, data, buyer } = ERROR_CODES[code];
  const facts = Object.fromEntries(data.map((name) => [name, `<${name}>`]));
  const text = describeError(code, facts, 'en', 'operator')
    .replaceAll('|', '\\|')
    .replaceAll(/<(\w+)>/g, '‹$1›');
  const names = data.map((name) => `\`${name}\``).join(', ');
  return `| \`${code}\` | ${retry}: ${WHEN[retry]} | ${names} | ${buyer ? 'yes' : ''} | ${text} |`;
}

/** The whole page; `vitest run --project unit src/shared/errors --update` writes it anew. */
function page(): string {
  return `# Error codes

Every expected failure has one stable code, whoever reports it: the API, \`botpool … --json\`, logs, audit rows. Facts
are the fields of the error's \`data\`. Operators and buyers read texts in Russian and English from
\`src/shared/texts\`; the table shows the English text for operators. A failure that nobody foresaw is \`internal\`, with
the id under which its cause stands in the log.

This page is written by a test from \`src/shared/errors/codes.ts\`: \`npx vitest run --project unit src/shared/errors --update\`.

| code | trying again helps | facts | buyers meet it | text for operators |
| --- | --- | --- | --- | --- |
${ERROR_CODE_NAMES.map(row).join('\n')}
`;
}

it('docs/errors.md says what the table says', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/errors.md');
});
