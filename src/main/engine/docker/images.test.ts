import { describe, expect, it } from 'vitest';
import { progressOf, splitTag } from './images.ts';

describe('images', () => {
  it('know a tag from a port', () => {
    expect(splitTag('localhost:5000/bots')).toEqual({ name: 'localhost:5000/bots', tag: 'latest' });
    expect(splitTag('localhost:5000/bots:2')).toEqual({ name: 'localhost:5000/bots', tag: '2' });
  });

  it('tell their progress, and fail with what Docker calls an error', () => {
    const detail = '{"status":"Pushing","id":"a1","progressDetail":{"current":1,"total":9}}';
    expect(progressOf(detail)).toEqual({ text: 'Pushing', layer: 'a1', currentBytes: 1, totalBytes: 9 });
    expect(progressOf('{"stream":"\\n"}')).toBeUndefined();
    expect(() => progressOf('{"error":"denied"}')).toThrow('denied');
  });
});
