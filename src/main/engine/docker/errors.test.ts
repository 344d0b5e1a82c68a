import { describe, expect, it } from 'vitest';
import { explainFailure } from './connect.ts';
import { engineError } from './errors.ts';

describe('failures of Docker', () => {
  it('become errors that name the next step', () => {
    const answer = (statusCode: number, message: string) =>
      Object.assign(new Error(message), { statusCode, json: { message } });
    const about = { action: 'start bot', container: 'bot', image: 'bots' };
    const code = (error: unknown): string => engineError(error, about).code;
    expect(code(answer(500, 'write /var: no space left on device'))).toBe('engine_full');
    expect(code(answer(404, 'No such image: bots'))).toBe('image_missing');
    expect(code(answer(404, 'No such container: bot'))).toBe('container_unknown');
    expect(code(answer(500, 'driver failed: port is already allocated'))).toBe('engine_failed');
    expect(code(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('engine_unreachable');
    expect(code(new Error('socket hang up'))).toBe('engine_unreachable');
  });

  it('say why an address gave no engine', () => {
    const endpoint = { source: 'DOCKER_HOST', text: 'x', address: { kind: 'socket', path: '/x' } } as const;
    const explain = (code: string): string => explainFailure(Object.assign(new Error(code), { code }), endpoint);
    expect(explain('EACCES')).toContain('group docker');
    expect(explain('ENOENT')).toBe('is not there');
    expect(explainFailure(new DOMException('late', 'TimeoutError'), endpoint)).toBe('gave no answer within 5 s');
  });
});
