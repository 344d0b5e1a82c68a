import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { ApiError } from './api-error.ts';
import { DEFAULT_FLOOD, FloodLimits } from './flood-limits.ts';

function setUp() {
  const clock = createManualClock();
  const limits = new FloodLimits(clock);
  limits.configure({ ...DEFAULT_FLOOD, enabled: true });
  return { clock, limits };
}

/** Seconds to wait the limits name, or 0 when the call passes. */
function waitOf(run: () => void): number {
  try {
    run();
    return 0;
  } catch (error) {
    return error instanceof ApiError ? (error.parameters?.retry_after ?? -1) : -2;
  }
}

describe('flood limits', () => {
  it('are off for a new sandbox', () => {
    const limits = new FloodLimits(createManualClock());
    for (let sent = 0; sent < 1000; sent += 1) limits.spend(1, 2);
    expect(limits.settings.enabled).toBe(false);
  });

  it('let a burst into one chat pass and then one message a second', () => {
    const { clock, limits } = setUp();
    for (let sent = 0; sent < DEFAULT_FLOOD.perChatBurst; sent += 1) expect(waitOf(() => limits.spend(1, 2))).toBe(0);
    expect(waitOf(() => limits.spend(1, 2))).toBe(1);
    clock.advance(1000);
    expect(waitOf(() => limits.spend(1, 2))).toBe(0);
    expect(waitOf(() => limits.spend(1, 2))).toBe(1);
  });

  it('let about 30 messages a second pass over all chats of one bot, and count each bot by itself', () => {
    const { limits } = setUp();
    for (let chat = 1; chat <= 30; chat += 1) expect(waitOf(() => limits.spend(1, chat))).toBe(0);
    expect(waitOf(() => limits.spend(1, 31))).toBe(1);
    expect(waitOf(() => limits.spend(2, 31))).toBe(0);
  });

  it('let 20 messages a minute into a group', () => {
    const { clock, limits } = setUp();
    for (let sent = 0; sent < 20; sent += 1) {
      expect(waitOf(() => limits.spend(1, -5))).toBe(0);
      clock.advance(1000);
    }
    expect(waitOf(() => limits.spend(1, -5))).toBe(40);
  });
});
