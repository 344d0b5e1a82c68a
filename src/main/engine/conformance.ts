/** What every engine must do, as tests. Each engine's own test file runs them with its own way to make containers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { collect, entries, firstLine, kept, lines, settled, text, until } from './conformance-support.ts';
import type { ContainerSpec, Engine, EngineEvent } from './engine.ts';

/** One engine under test. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** An image whose program runs the JavaScript text in its first argument by `node -e`. */
  readonly image: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const WAITS = 'console.log("ready"); setInterval(() => {}, 1000)';
const WAITS_POLITELY = `process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); ${WAITS}`;

/** Defines the tests. `makeEngine` is called once for each of them. */
export function engineConformance(name: string, makeEngine: () => Promise<EngineUnderTest>): void {
  describe(`engine ${name}`, () => {
    let under: EngineUnderTest;
    let engine: Engine;
    let made = 0;
    beforeEach(async () => {
      under = await makeEngine();
      engine = under.engine;
    });
    afterEach(() => under[Symbol.asyncDispose]());

    const spec = (code: string, more: Partial<ContainerSpec> = {}): ContainerSpec => {
      made += 1;
      const name = `conformance-${process.pid}-${made}`;
      return {
        name,
        image: under.image,
        args: [code],
        env: {},
        labels: {},
        restart: 'no',
        stopTimeoutMs: 2_000,
        ...more,
      };
    };
    const run = async (code: string, more: Partial<ContainerSpec> = {}): Promise<string> => {
      const { name } = await engine.create(spec(code, more));
      await engine.start(name);
      return name;
    };

    it('creates without starting, and lists by labels', async () => {
      const one = await engine.create(spec(WAITS, { labels: { pool: 'a', role: 'bot' } }));
      await engine.create(spec(WAITS, { labels: { pool: 'b', role: 'bot' } }));
      expect(one).toMatchObject({ state: 'created', restarts: 0, labels: { pool: 'a', role: 'bot' } });
      expect((await engine.list({ role: 'bot' })).length).toBe(2);
      expect((await engine.list({ role: 'bot', pool: 'a' })).map((found) => found.name)).toEqual([one.name]);
      expect(await engine.list({ role: 'none' })).toEqual([]);
    });

    it('refuses a name that is taken and names that it does not know', async () => {
      const taken = spec(WAITS);
      await engine.create(taken);
      await expect(engine.create(taken)).rejects.toSatisfy((error) => isBotpoolError(error, 'container_exists'));
      const { start, stop, inspect, remove, restart } = engine;
      const calls: readonly ((name: string) => Promise<unknown>)[] = [start, stop, inspect, remove, restart];
      for (const call of calls) {
        await expect(call.call(engine, 'nobody')).rejects.toSatisfy((error) =>
          isBotpoolError(error, 'container_unknown'),
        );
      }
    });

    it('gives the program its arguments and its environment, and nothing of ours', async () => {
      process.env['BOTPOOL_TEST_SECRET'] = 'ours';
      const code = 'console.log(JSON.stringify([process.env.GIVEN, process.env.BOTPOOL_TEST_SECRET ?? null]))';
      const name = await run(code, { env: { GIVEN: 'theirs' } });
      expect(await firstLine(engine, name)).toBe('["theirs",null]');
      delete process.env['BOTPOOL_TEST_SECRET'];
    });

    it('reports a running and an ended program', async () => {
      const before = Date.now();
      const name = await run('setTimeout(() => process.exit(7), 50)');
      const running = await engine.inspect(name);
      expect(running).toMatchObject({ state: 'running', name });
      expect(running.startedAt).toBeGreaterThanOrEqual(before - 1_000);
      const ended = await until(engine, name, (info) => info.state === 'exited');
      expect(ended).toMatchObject({ exitCode: 7, restarts: 0 });
      expect(ended.finishedAt).toBeGreaterThanOrEqual(running.startedAt ?? 0);
    });

    it('does nothing when a running one is started', async () => {
      const name = await run(WAITS);
      const { pid } = await engine.inspect(name);
      await engine.start(name);
      expect((await engine.inspect(name)).pid).toBe(pid);
    });

    it('asks a program to stop, and does not start it again', async () => {
      const name = await run(WAITS_POLITELY, { restart: 'unless-stopped' });
      await firstLine(engine, name);
      await engine.stop(name);
      expect(await engine.inspect(name)).toMatchObject({ state: 'exited', exitCode: 0 });
      expect(await kept(engine, name)).toEqual(['ready', 'bye']);
    });

    it('kills a program that does not want to stop', async () => {
      const stubborn = `process.on("SIGTERM", () => {}); ${WAITS}`;
      const name = await run(stubborn, { stopTimeoutMs: 1_000 });
      await firstLine(engine, name);
      await engine.stop(name);
      expect(await engine.inspect(name)).toMatchObject({ state: 'exited', exitCode: 137 });
    });

    it('starts a stopped one anew', async () => {
      const name = await run('console.log(Math.random()); setInterval(() => {}, 1000)');
      const one = await firstLine(engine, name);
      await engine.restart(name);
      const [first, second] = await lines(engine, name, 2);
      expect(first).toBe(one);
      expect(second).not.toBe(one);
    });

    it('starts a program again whenever it ends, until it is stopped', async () => {
      const name = await run('console.log("up"); setTimeout(() => process.exit(3), 50)', { restart: 'unless-stopped' });
      expect(await lines(engine, name, 2)).toEqual(['up', 'up']);
      const again = await until(engine, name, (info) => info.restarts >= 1);
      expect(again.restarts).toBeGreaterThanOrEqual(1);
      await engine.stop(name);
      expect((await engine.inspect(name)).state).toBe('exited');
    });

    it('starts a killed program again', async () => {
      const name = await run(WAITS, { restart: 'unless-stopped' });
      await firstLine(engine, name);
      const { pid } = await engine.inspect(name);
      await engine.kill(name, 'SIGKILL');
      const again = await until(engine, name, (info) => info.state === 'running' && info.pid !== pid);
      expect(again.restarts).toBe(1);
    });

    it('freezes and thaws a program', async () => {
      const name = await run('let n = 0; setInterval(() => console.log(n++), 10)');
      await firstLine(engine, name);
      await engine.kill(name, 'SIGSTOP');
      const frozen = await settled(engine, name);
      await engine.kill(name, 'SIGCONT');
      expect((await lines(engine, name, frozen + 3)).length).toBe(frozen + 3);
    });

    it('keeps both streams in order with their instants', async () => {
      const name = await run('console.log("out"); setTimeout(() => console.error("err"), 30)');
      const found = await entries(engine, name, 2);
      expect(found.map(({ stream, text }) => [stream, text])).toEqual([
        ['stdout', 'out'],
        ['stderr', 'err'],
      ]);
      expect(found[1]?.at).toBeGreaterThanOrEqual(found[0]?.at ?? Number.POSITIVE_INFINITY);
      const since = found[1]?.at ?? 0;
      expect((await collect(engine.logs(name, { since }))).map(({ text }) => text)).toContain('err');
    });

    it('shows the last lines and goes on with new ones', async () => {
      const name = await run(
        'process.on("SIGTERM", () => console.log("new")); for (let i = 0; i < 100; i++) console.log(i); setInterval(() => {}, 1000)',
        { stopTimeoutMs: 100 },
      );
      await lines(engine, name, 100);
      expect(await kept(engine, name, 3)).toEqual(['97', '98', '99']);
      const follow = engine.logs(name, { tail: 1, follow: true });
      const seen: string[] = [];
      for await (const { text } of follow) {
        seen.push(text);
        if (text === '99') await engine.kill(name, 'SIGTERM');
        if (text === 'new') break;
      }
      expect(seen).toEqual(['99', 'new']);
    });

    it('tells every change of state in order', async () => {
      const stop = new AbortController();
      const events = engine.events(stop.signal);
      const { name } = await engine.create(spec(WAITS_POLITELY, { labels: { a: 'b' } }));
      await engine.start(name);
      await firstLine(engine, name);
      await engine.stop(name);
      await engine.remove(name);
      const seen: EngineEvent[] = [];
      for await (const event of events) {
        if (event.name === name) seen.push(event);
        if (event.name === name && event.type === 'remove') stop.abort();
      }
      expect(seen.map(({ type }) => type)).toEqual(['create', 'start', 'die', 'stop', 'remove']);
      expect(seen.every(({ labels }) => labels['a'] === 'b')).toBe(true);
      expect(seen[2]?.exitCode).toBe(0);
    });

    it('measures memory and work', async () => {
      const name = await run('console.log("ready"); for (;;) {}');
      await firstLine(engine, name);
      const stop = new AbortController();
      const samples = [];
      for await (const sample of engine.stats(name, stop.signal)) {
        samples.push(sample);
        if (samples.length === 2) stop.abort();
      }
      expect(samples[1]?.memoryBytes).toBeGreaterThan(1024 * 1024);
      expect(samples[1]?.cpu).toBeGreaterThan(0);
    });

    it('runs a command beside the program, with its environment and streams', async () => {
      const name = await run(WAITS, { env: { GIVEN: 'x' } });
      const session = await engine.exec(name, ['sh', '-c', 'cat; echo "$GIVEN$MORE" >&2; exit 5'], { MORE: 'y' });
      session.stdin.end('through');
      const [out, err, code] = await Promise.all([text(session.stdout), text(session.stderr), session.exitCode]);
      expect([out, err.trim(), code]).toEqual(['through', 'xy', 5]);
    });

    it('ends a command with the container that it runs beside', async () => {
      const name = await run(WAITS);
      const session = await engine.exec(name, ['sleep', '1000']);
      await engine.stop(name);
      expect(await session.exitCode).not.toBe(0);
    });

    it('keeps what a command has written for a reader who comes late', async () => {
      const name = await run(WAITS);
      const session = await engine.exec(name, ['sh', '-c', 'head -c 20000 /dev/zero; echo late >&2']);
      expect(await session.exitCode).toBe(0);
      const second = await engine.exec(name, ['true']);
      expect(await second.exitCode).toBe(0);
      expect((await text(session.stdout)).length).toBe(20_000);
      expect(await text(session.stderr)).toBe('late\n');
    });

    it('forgets a removed one with its log, and frees its name', async () => {
      const again = spec('console.log("first"); setInterval(() => {}, 1000)');
      await engine.create(again);
      await engine.start(again.name);
      await firstLine(engine, again.name);
      await engine.remove(again.name);
      await expect(engine.inspect(again.name)).rejects.toSatisfy((error) => isBotpoolError(error, 'container_unknown'));
      await engine.create(again);
      expect(await kept(engine, again.name)).toEqual([]);
    });

    it('starts many at once', async () => {
      const names = await Promise.all(Array.from({ length: 12 }, () => run(WAITS)));
      await Promise.all(names.map((name) => firstLine(engine, name)));
      const infos = await Promise.all(names.map((name) => engine.inspect(name)));
      expect(new Set(infos.map(({ pid, state }) => `${state} ${pid}`)).size).toBe(12);
    });
  });
}
