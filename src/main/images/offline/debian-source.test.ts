import { describe, expect, it } from 'vitest';
import { releaseSources } from './debian-source.ts';

const KEY = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';

describe('the sources of the stand-ins', () => {
  it("are the machine's own mirrors with the release of the stand-ins", () => {
    const targets = [
      'http://other.example/tools/ stable contrib',
      'http://mirror.example/debian/ bookworm main',
      'http://mirror.example/debian/ bookworm-updates main',
      'http://safe.example/debian-security/ bookworm-security main',
      '',
    ].join('\n');
    expect(releaseSources(targets)).toEqual([
      `deb ${KEY} http://mirror.example/debian/ trixie main`,
      `deb ${KEY} http://safe.example/debian-security/ trixie-security main`,
    ]);
  });

  it('do without a security mirror, and are none without a mirror', () => {
    expect(releaseSources('http://m/debian/ sid main\n')).toEqual([`deb ${KEY} http://m/debian/ trixie main`]);
    expect(releaseSources('http://other.example/ stable tools\n')).toEqual([]);
  });
});
