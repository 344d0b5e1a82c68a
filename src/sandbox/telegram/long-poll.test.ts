import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { LongPoll, OTHER_POLL, type Poller, WEBHOOK_ACTIVE, WEBHOOK_SET } from './long-poll.ts';
import { UpdateQueue } from './update-queue.ts';

function setUp() {
  const clock = createManualClock();
  const nothing = () => undefined;
  const queue = new UpdateQueue(() => 0.5, { delivered: nothing, confirmed: nothing, lost: nothing });
  const place = new LongPoll(queue, clock);
  const add = () => {
    const update = queue.add('message', '{}', '1', clock.now());
    place.wake();
    return update.id;
  };
  return { clock, queue, place, add };
}

function listener() {
  const heard: (string | readonly number[])[] = [];
  const poller: Poller = {
    updates: (updates) => heard.push(updates.map((update) => update.id)),
    conflict: (text) => heard.push(text),
    unauthorized: () => heard.push('401'),
    waiting: () => undefined,
    lost: () => undefined,
  };
  return { heard, poller };
}

describe('the waiting place of getUpdates', () => {
  it('answers a waiting poll within 2 ms of the first update', () => {
    const { clock, place, add } = setUp();
    const { heard, poller } = listener();
    place.ask({ offset: 0, limit: 100, timeout: 30 }, poller);
    const id = add();
    clock.advance(2);
    expect(heard).toEqual([[id]]);
  });

  it('answers with nothing at the timeout, clamped to 50 s', () => {
    const { clock, place } = setUp();
    const { heard, poller } = listener();
    place.ask({ offset: 0, limit: 100, timeout: 1000 }, poller);
    clock.advance(49_999);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual([[]]);
  });

  it('knocks the older waiting poll out, and only when the newer one waits', () => {
    const { place, add, queue, clock } = setUp();
    const older = listener();
    const newer = listener();
    place.ask({ offset: 0, limit: 100, timeout: 30 }, older.poller);
    place.ask({ offset: 7, limit: 100, timeout: 0 }, newer.poller);
    expect(newer.heard).toEqual([[]]);
    expect(older.heard).toEqual([]);
    place.ask({ offset: 0, limit: 100, timeout: 30 }, newer.poller);
    expect(older.heard).toEqual([OTHER_POLL]);
    const id = add();
    clock.advance(2);
    expect(newer.heard).toEqual([[], [id]]);
    expect(queue.pending(clock.now())).toBe(1);
  });

  it('says the first 409 at once and the next within 3 s only after 3 s', () => {
    const { place, clock } = setUp();
    const [a, b, c] = [listener(), listener(), listener()];
    place.ask({ offset: 0, limit: 100, timeout: 30 }, a.poller);
    place.ask({ offset: 0, limit: 100, timeout: 30 }, b.poller);
    expect(a.heard).toEqual([OTHER_POLL]);
    place.ask({ offset: 0, limit: 100, timeout: 30 }, c.poller);
    clock.advance(2999);
    expect(b.heard).toEqual([]);
    clock.advance(1);
    expect(b.heard).toEqual([OTHER_POLL]);
  });

  it('slows a tight loop: the same offset within 3 s waits 3 s, within 0.5 s gives one update', () => {
    const { place, clock, add } = setUp();
    const first = listener();
    place.ask({ offset: 0, limit: 100, timeout: 0 }, first.poller);
    expect(first.heard).toEqual([[]]);
    const second = listener();
    place.ask({ offset: 0, limit: 100, timeout: 0 }, second.poller);
    clock.advance(2999);
    expect(second.heard).toEqual([]);
    clock.advance(1);
    expect(second.heard).toEqual([[]]);
    const ids = [add(), add()];
    const [wide, tight] = [listener(), listener()];
    place.ask({ offset: 0, limit: 100, timeout: 0 }, wide.poller);
    place.ask({ offset: 0, limit: 100, timeout: 0 }, tight.poller);
    expect(wide.heard).toEqual([ids]);
    expect(tight.heard).toEqual([ids.slice(0, 1)]);
  });

  it('frees the place at once when the client goes away', () => {
    const { place, clock, add } = setUp();
    const [gone, next] = [listener(), listener()];
    const leave = place.ask({ offset: 0, limit: 100, timeout: 30 }, gone.poller);
    leave();
    place.ask({ offset: 0, limit: 100, timeout: 30 }, next.poller);
    const id = add();
    clock.advance(2);
    expect(gone.heard).toEqual([]);
    expect(next.heard).toEqual([[id]]);
  });

  it('ends for a webhook, for a lost token, and refuses while a webhook is active', () => {
    const { place, clock } = setUp();
    const [hooked, revoked, refused] = [listener(), listener(), listener()];
    place.ask({ offset: 0, limit: 100, timeout: 30 }, hooked.poller);
    place.endForWebhook();
    expect(hooked.heard).toEqual([WEBHOOK_SET]);
    place.ask({ offset: 0, limit: 100, timeout: 30 }, revoked.poller);
    place.endUnauthorized();
    expect(revoked.heard).toEqual(['401']);
    clock.advance(3000);
    place.refuse(refused.poller, WEBHOOK_ACTIVE);
    expect(refused.heard).toEqual([WEBHOOK_ACTIVE]);
  });
});
