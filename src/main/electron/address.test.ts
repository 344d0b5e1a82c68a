import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isExternalUrl,
  isPanelResource,
  isPanelUrl,
  mediaTypeOf,
  PANEL_HEADERS,
  panelFileOf,
  serverUrlOf,
} from './address.ts';

const FOREIGN = [
  'https://example.org/',
  'http://127.0.0.1:17373/',
  'file:///etc/passwd',
  'app://other/',
  'app://botpool.example.org/',
  'app://botpool@example.org/',
  'app:botpool',
  'javascript:alert(1)',
  'data:text/html,<p>',
  'about:blank',
  'botpool://client/client_003',
  'botpool',
  '',
];

describe('which pages the window may show', () => {
  it('shows its own pages only', () => {
    expect(isPanelUrl('app://botpool/')).toBe(true);
    expect(isPanelUrl('app://botpool/assets/x.js?y#/clients')).toBe(true);
    expect(FOREIGN.filter(isPanelUrl)).toEqual([]);
  });

  it('lets them load their own files and what they have made themselves, and nothing from the network', () => {
    const own = ['app://botpool/assets/a.js', 'data:image/svg+xml,x', 'blob:app://botpool/0e1f'];
    expect(own.filter((url) => !isPanelResource(url))).toEqual([]);
    const others = [
      'https://example.org/a.js',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'blob:https://example.org/1',
    ];
    expect(others.filter(isPanelResource)).toEqual([]);
  });
});

describe('what goes to the system browser', () => {
  it('opens web pages over TLS and pages of this machine', () => {
    const good = [
      'https://t.me/salon_bot',
      'http://127.0.0.1:18081/pay/1',
      'http://localhost:18081/',
      'http://[::1]:1/',
    ];
    expect(good.filter((url) => !isExternalUrl(url))).toEqual([]);
  });

  it('opens nothing that starts a program, goes in the clear, or carries a password', () => {
    const bad = [
      'http://example.org/',
      'http://127.0.0.1.example.org/',
      'https://operator:secret@example.org/',
      'file:///usr/bin/xterm',
      'smb://host/share',
      'ms-msdt:/id',
      'vscode://x',
      'tg://resolve?domain=x',
      'javascript:alert(1)',
      ...FOREIGN.filter((url) => !url.startsWith('http')),
    ];
    expect(bad.filter(isExternalUrl)).toEqual([]);
  });
});

describe('servers that a person names', () => {
  it('takes an address with TLS, or of this machine, as a person types it', () => {
    expect(serverUrlOf(' panel.example.org ')).toBe('https://panel.example.org');
    expect(serverUrlOf('https://panel.example.org:8443/')).toBe('https://panel.example.org:8443');
    expect(serverUrlOf('http://127.0.0.1:17373')).toBe('http://127.0.0.1:17373');
  });

  it('takes nothing over which the token would go in the clear, and nothing that is no server', () => {
    const bad = [
      'http://panel.example.org',
      'ftp://x',
      'https://a:b@x',
      'https://x/#ticket=1',
      'https://x/deep',
      '',
      'a b',
    ];
    expect(bad.filter((text) => serverUrlOf(text) !== undefined)).toEqual([]);
  });
});

describe('which file an address means', () => {
  it('is the page, or a file by its name', () => {
    expect(panelFileOf('app://botpool/')).toBe('/desktop.html');
    expect(panelFileOf('app://botpool/#/clients/client_003')).toBe('/desktop.html');
    expect(panelFileOf('app://botpool/assets/index-abc.js?x=1')).toBe('/assets/index-abc.js');
    expect(panelFileOf('app://botpool/a%20b.svg')).toBe('/a b.svg');
  });

  it.each([
    'app://botpool/..%2f..%2fetc/passwd.txt',
    'app://botpool/assets/..%5c..%5cboot.ini',
    'app://botpool/.env',
    'app://botpool/a/.git/config.txt',
    'app://botpool/%00.html',
    'app://botpool/%E0%A4%A.html',
    'app://botpool/assets',
    'app://other/index.html',
    'file:///index.html',
  ])('is none for %s', (url) => {
    expect(panelFileOf(url)).toBeUndefined();
  });

  it('never leads out of the folder, whatever is asked for', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '%2e%2e', '%2f', '/', '\\', '%5c', '%00', 'a.js', '....//', '%252e', '~'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const path = panelFileOf(`app://botpool/${parts.join('')}`);
        if (path === undefined) return;
        expect(path.startsWith('/')).toBe(true);
        expect(path.split('/')).not.toContain('..');
        expect(path).not.toMatch(/[\0\\]/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has a media type, and none that a page would run for anything unknown', () => {
    expect(mediaTypeOf('/desktop.html')).toContain('text/html');
    expect(mediaTypeOf('/x/y.js')).toContain('javascript');
    expect(mediaTypeOf('/x.exe')).toBe('application/octet-stream');
  });
});

describe('the content security policy of the window', () => {
  const policy = new Map(
    (PANEL_HEADERS['content-security-policy'] ?? '').split(';').map((line) => {
      const [name = '', ...values] = line.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );

  it('runs scripts of the panel alone: none that stand in a page, none that are made from text', () => {
    expect(policy.get('script-src')).toBe("'self'");
  });

  it('lets a page connect to nothing: everything goes through the one port', () => {
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('connect-src')).toBe("'none'");
    expect(policy.get('form-action')).toBe("'none'");
  });

  it('names no address of the network', () => {
    expect([...policy.values()].join(' ')).not.toMatch(/https?:|wss?:|\*/);
  });
});
