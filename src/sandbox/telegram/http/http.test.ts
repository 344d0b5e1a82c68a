import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParams } from './body.ts';
import { parseMultipart } from './multipart.ts';
import { readPath } from './path.ts';

const TOKEN = `123456:${'A'.repeat(35)}`;

describe('paths', () => {
  it.each([
    [`/bot${TOKEN}/getMe`, { kind: 'call', token: TOKEN, method: 'getme' }],
    [`/bot${TOKEN}`, { kind: 'call', token: TOKEN, method: '' }],
    [`/bot${encodeURIComponent(TOKEN)}/test/SendMessage`, { kind: 'call', token: TOKEN, method: 'sendmessage' }],
    [`/file/bot${TOKEN}/photos/file_0.jpg`, { kind: 'file', token: TOKEN, path: 'photos/file_0.jpg' }],
    ['/elsewhere', { kind: 'other' }],
  ])('%s', (path, parts) => {
    expect(readPath(path)).toEqual(parts);
  });
});

describe('multipart forms', () => {
  it('give back any bytes and any text', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, text) => {
        const head = '--xBOUNDx\r\nContent-Disposition: form-data; name="caption"\r\n\r\n';
        const file =
          '\r\n--xBOUNDx\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n';
        const body = Buffer.concat([Buffer.from(head + text + file), bytes, Buffer.from('\r\n--xBOUNDx--\r\n')]);
        const parts = parseMultipart('multipart/form-data; boundary=xBOUNDx', body);
        expect(parts.map((part) => part.name)).toEqual(['caption', 'f']);
        expect(parts[0]?.text).toBe(text.isWellFormed() ? text : Buffer.from(text).toString());
        expect(parts[1]?.upload).toMatchObject({ fileName: 'a.bin', mimeType: 'image/png' });
        expect([...(parts[1]?.upload?.bytes ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('that are broken are refused', () => {
    expect(() => parseMultipart('multipart/form-data', Buffer.from('x'))).toThrow(/boundary/);
    expect(() => parseMultipart('multipart/form-data; boundary=b', Buffer.from('--b\r\nx'))).toThrow(/multipart/);
  });
});

describe('arguments', () => {
  it('are read alike from query, form and JSON', () => {
    const json = readParams('', 'application/json', Buffer.from('{"chat_id":5,"flag":true,"markup":{"a":[1]}}'));
    const form = readParams(
      'chat_id=5',
      'application/x-www-form-urlencoded',
      Buffer.from('flag=True&markup=%7B%22a%22:[1]%7D'),
    );
    for (const params of [json, form]) {
      expect([params.int('chat_id', 0), params.flag('flag'), params.json('markup', ''), params.has('none')]).toEqual([
        5,
        true,
        { a: [1] },
        false,
      ]);
    }
  });

  it('leave secrets and file contents out of the record', () => {
    const params = readParams('secret_token=abc&text=ok', '', Buffer.alloc(0));
    expect(params.forRecord((text) => text)).toEqual({ secret_token: '[hidden]', text: 'ok' });
  });
});
