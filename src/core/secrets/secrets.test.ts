import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { scramVerifier } from './scram.ts';
import { createBoxKeyPair, openSealed, sealTo } from './sealed-box.ts';
import { createVault, randomPassword, tokenFingerprint } from './vault.ts';

const TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';

/** The same text with one bit of its decoded bytes turned. */
function damage(sealed: string, prefix: string): string {
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return prefix + bytes.toString('base64url');
}

function codeOf(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    return isBotpoolError(error) ? error.code : 'another error';
  }
  return 'none';
}

describe('a sealed box', () => {
  const pair = createBoxKeyPair();

  it('gives any text back to its process', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openSealed(pair.privateKey, sealTo(pair.publicKey, text, 'here'), 'here')).toBe(text);
      }),
    );
  });

  it('opens for no other process, in no other context, and not when a bit was turned', () => {
    const sealed = sealTo(pair.publicKey, TOKEN, 'bot-1 boot-1');
    expect(codeOf(() => openSealed(createBoxKeyPair().privateKey, sealed, 'bot-1 boot-1'))).toBe('secret_unreadable');
    expect(codeOf(() => openSealed(pair.privateKey, sealed, 'bot-1 boot-2'))).toBe('secret_unreadable');
    expect(codeOf(() => openSealed(pair.privateKey, damage(sealed, ''), 'bot-1 boot-1'))).toBe('secret_unreadable');
    expect(codeOf(() => openSealed(pair.privateKey, '', 'bot-1 boot-1'))).toBe('secret_unreadable');
  });

  it('never looks the same twice and shows nothing of what is inside', () => {
    const first = sealTo(pair.publicKey, TOKEN, 'x');
    expect(first).not.toBe(sealTo(pair.publicKey, TOKEN, 'x'));
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain(TOKEN.split(':')[1]);
  });
});

describe('the vault', () => {
  const vault = createVault(randomBytes(32));

  it('gives a secret back at its place, and nowhere else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = vault.seal(text, 'tenant:client_001:token');
        expect(vault.open(sealed, 'tenant:client_001:token')).toBe(text);
        expect(codeOf(() => vault.open(sealed, 'tenant:client_002:token'))).toBe('secret_unreadable');
      }),
      { numRuns: 30 },
    );
  });

  it('opens nothing that was damaged, cut, or sealed under another key', () => {
    const sealed = vault.seal(TOKEN, 'place');
    expect(codeOf(() => vault.open(damage(sealed, 'v1.'), 'place'))).toBe('secret_unreadable');
    expect(codeOf(() => vault.open(sealed.slice(0, 20), 'place'))).toBe('secret_unreadable');
    expect(codeOf(() => createVault(randomBytes(32)).open(sealed, 'place'))).toBe('secret_unreadable');
    expect(codeOf(() => vault.open('', 'place'))).toBe('secret_unreadable');
  });

  it('derives the same password for the same name under the same key only', () => {
    const key = randomBytes(32);
    expect(createVault(key).derivePassword('a')).toBe(createVault(key).derivePassword('a'));
    expect(createVault(key).derivePassword('a')).not.toBe(createVault(key).derivePassword('b'));
    expect(createVault(key).derivePassword('a')).not.toBe(vault.derivePassword('a'));
    expect(vault.derivePassword('a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('refuses a master key of another length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(codeOf(() => createVault(Buffer.from(bytes)))).toBe(bytes.length === 32 ? 'none' : 'secret_unreadable');
      }),
      { numRuns: 30 },
    );
  });
});

describe('what stands for a secret', () => {
  it('is a fingerprint that is stable and tells nothing', () => {
    expect(tokenFingerprint(TOKEN)).toMatch(/^[0-9a-f]{32}$/);
    expect(tokenFingerprint(TOKEN)).toBe(tokenFingerprint(TOKEN));
    expect(tokenFingerprint(TOKEN)).not.toBe(tokenFingerprint(`${TOKEN}x`));
  });

  it('is a verifier in the form that PostgreSQL stores, different each time', () => {
    const password = randomPassword();
    expect(scramVerifier(password)).toMatch(
      /^SCRAM-SHA-256\$1:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/,
    );
    expect(scramVerifier(password)).not.toBe(scramVerifier(password));
  });
});
