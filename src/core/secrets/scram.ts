/** Makes the verifier that PostgreSQL stores for a password, so that the password itself never travels in a statement. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/**
 * Stretching makes guessing of weak passwords dear. These are 256 random bits, which nobody guesses, and each round would
 * be paid for in every login of every bot.
 */
const ITERATIONS = 1;

/** `SCRAM-SHA-256$…` for `ALTER ROLE … PASSWORD` (RFC 5803). Only for passwords of {@link randomPassword}'s strength. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
