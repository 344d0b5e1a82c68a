import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkIn, routeOf } from './deep-link.ts';

describe('links of the system', () => {
  it('mean one client, or one screen', () => {
    expect(routeOf('botpool://client/client_003')).toBe('#/clients/client_003');
    expect(routeOf('botpool://client/client_003/')).toBe('#/clients/client_003');
    expect(routeOf('botpool://orders')).toBe('#/orders');
    expect(routeOf('botpool://checks/')).toBe('#/checks');
  });

  it.each([
    'botpool://client/',
    'botpool://client/client_3',
    'botpool://client/client_003/../../settings',
    'botpool://client/client_003%2f..',
    'botpool://client/<img src=x>',
    'botpool://nothing',
    'botpool://orders/1',
    'https://client/client_003',
    'javascript:alert(1)',
    'botpool:',
    'botpool',
    '',
  ])('mean nothing when they are not one of ours: %s', (link) => {
    expect(routeOf(link)).toBeUndefined();
  });

  it('never mean anything but a place of the panel', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const route = routeOf(`botpool://${text}`);
        expect(route === undefined || /^#\/[a-z]+(\/client_\d{3,6})?$/.test(route)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are found among the arguments of a program, the first of them', () => {
    expect(linkIn(['/opt/Botpool/botpool', '--flag', 'botpool://orders', 'botpool://logs'])).toBe('botpool://orders');
    expect(linkIn(['/opt/botpool', 'http://botpool://x'])).toBeUndefined();
  });
});
