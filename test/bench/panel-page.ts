/** What is measured inside a page: frames, input, what is seen when. Works the same on our panel and on the rival. */
import type { CDPSession, Page } from 'playwright';
import type { Change } from './panel-load.ts';

/** Put into each page before anything of its own runs; `window.seen` and the others are read from outside. */
export const PROBE = `(() => {
  const seen = []; window.seen = seen;
  const inputs = new Map(); window.inputs = inputs;
  window.frames = []; window.firstTileAt = 0; window.tiles = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.interactionId) inputs.set(entry.interactionId, Math.max(inputs.get(entry.interactionId) ?? 0, entry.duration));
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  const note = (element, at) => {
    if (element.dataset?.bot !== undefined && element.dataset.state) seen.push([Number(element.dataset.bot), element.dataset.state, at]);
  };
  const begin = () => new MutationObserver((records) => {
    const at = Date.now();
    for (const record of records) {
      if (record.type === 'attributes') note(record.target, at);
      for (const node of record.addedNodes) {
        if (node.nodeType !== 1) continue;
        note(node, at);
        for (const inner of node.querySelectorAll('[data-bot]')) note(inner, at);
      }
    }
    if (window.wanted && !window.completeAt && document.querySelectorAll('[data-bot]').length >= window.wanted) {
      window.completeAt = performance.now();
    }
    if (!window.firstTileAt && document.querySelector('[data-bot]')) window.firstTileAt = performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
  begin();
  window.watchFrames = () => {
    let last; window.framesOn = true; window.frames = [];
    const step = (now) => { if (last !== undefined) window.frames.push(now - last); last = now; if (window.framesOn) requestAnimationFrame(step); };
    requestAnimationFrame(step);
  };
})()`;

/** Waits in steps that a page can be interrupted between. */
const pause = (page: Page, ms: number): Promise<void> => page.waitForTimeout(ms);

/** Durations of the interactions, in ms; those that the browser did not tell were shorter than it tells. */
export async function measureInput(page: Page, act: (round: number) => Promise<number>, rounds: number) {
  await page.evaluate('window.inputs.clear()');
  let made = 0;
  for (let round = 0; round < rounds; round += 1) made += await act(round);
  await pause(page, 500);
  const told = (await page.evaluate('[...window.inputs.values()]')) as number[];
  const silent = Math.max(0, made - told.length);
  return [...told, ...Array.from({ length: silent }, () => 8)];
}

/** Frames while the wheel turns, as the time between them. */
export async function measureScroll(page: Page, ms: number): Promise<number[]> {
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.mouse.move(size.width / 2, size.height / 2);
  await page.evaluate('window.watchFrames()');
  const end = Date.now() + ms;
  for (let turn = 0; Date.now() < end; turn += 1) {
    await page.mouse.wheel(0, turn % 40 < 20 ? 160 : -160);
    await pause(page, 40);
  }
  await page.evaluate('window.framesOn = false');
  return (await page.evaluate('window.frames')) as number[];
}

/** From each change to the screen, in ms. A change that was overtaken by the next one of the same bot is left out. */
export async function latencies(page: Page, changes: readonly Change[]): Promise<number[]> {
  const seen = (await page.evaluate('window.seen.splice(0)')) as [number, string, number][];
  const byBot = new Map<string, number[]>();
  for (const [bot, state, at] of seen) {
    const key = `${bot} ${state}`;
    byBot.set(key, [...(byBot.get(key) ?? []), at]);
  }
  return changes.flatMap(({ poolId, state, at }) => {
    const shown = byBot.get(`${poolId} ${state}`)?.find((time) => time >= at);
    return shown === undefined ? [] : [shown - at];
  });
}

/** What the page keeps after a collection, in MiB. */
export async function heapMib(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}
