/** One stream of Docker's events for all who listen. A stream that breaks goes on exactly where it ended. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import * as z from 'zod';
import { type Channel, openChannel } from '../channel.ts';
import type { EngineClock } from '../clock.ts';
import type { EngineEvent } from '../engine.ts';
import { EVENT_FRAME, EVENT_TYPES, type EventFrame, engineEvent } from './answers.ts';
import { calling } from './errors.ts';
import type { ContainerNames } from './names.ts';
import { ENGINE_LABELS } from './placement.ts';
import { openStream, pause } from './streams.ts';

/** Pauses between attempts to reach an engine that is gone. Milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Docker's own clock: the panel's may differ. */
const INFO = z.object({ SystemTime: z.string() });

/** The listeners' side. */
export interface DockerEvents {
  /** Every event from now on. */
  listen(signal?: AbortSignal): AsyncIterable<EngineEvent>;
  /** Ends the stream and every listener. */
  close(): void;
}

/** Docker keeps the last 256 events for those who come back; more than that cannot come twice. */
const REMEMBERED = 1_024;

/** Events are stamped before they are queued, so they may come slightly out of order. Nanoseconds. */
const LOOK_BACK = 1_000_000_000n;

/** Remembers what was told, so that the overlap after a break repeats nothing. */
export function seenOnce(): (frame: EventFrame) => boolean {
  const keys = new Set<string>();
  return ({ Action, Actor, timeNano }) => {
    const key = `${timeNano} ${Action} ${Actor.ID}`;
    if (keys.has(key)) return false;
    keys.add(key);
    const [oldest] = keys;
    if (keys.size > REMEMBERED && oldest !== undefined) keys.delete(oldest);
    return true;
  };
}

/**
 * Docker may tell that a container was stopped a moment before it tells that its program died. Keeps such a `stop` until
 * the `die` has come. Takes one frame, gives those that are now due.
 */
export function dieBeforeStop(): (frame: EventFrame) => readonly EventFrame[] {
  const ended = new Set<string>();
  const held = new Map<string, EventFrame>();
  return (frame) => {
    const { ID } = frame.Actor;
    if (frame.Action === 'stop' && !ended.has(ID)) {
      held.set(ID, frame);
      return [];
    }
    const waiting = held.get(ID);
    held.delete(ID);
    if (frame.Action === 'die') ended.add(ID);
    else if (frame.Action !== 'stop') ended.delete(ID);
    if (waiting === undefined) return [frame];
    return frame.Action === 'die' ? [frame, waiting] : [waiting, frame];
  };
}

/** `timeNano` as `since` takes it, looking back a little: what is told twice is dropped, what is missed is lost. */
export function sinceOf(timeNano: number): string {
  const nanos = BigInt(timeNano) - LOOK_BACK;
  return `${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`;
}

/**
 * Where to go on after a break, in Docker's own time. When its clock was set back meanwhile, what happened since then is
 * older than what was told: everything that Docker remembers is asked for, and the known part dropped. Nanoseconds.
 */
export function resumeAt(newest: number, dockersNow: number): number {
  return dockersNow < newest ? Number(LOOK_BACK) : newest;
}

/** Opens the stream; resolves when nothing that happens from now on can be missed. */
export async function openEvents(
  docker: Docker,
  project: string,
  clock: EngineClock,
  names: ContainerNames,
): Promise<DockerEvents> {
  const hub = new EventHub(docker, project, clock, names);
  await calling({ action: 'watch for events' }, () => hub.begin());
  return hub;
}

class EventHub implements DockerEvents {
  readonly #docker: Docker;
  readonly #filters: Readonly<Record<string, string[]>>;
  readonly #clock: EngineClock;
  readonly #names: ContainerNames;
  readonly #listeners = new Set<Channel<EngineEvent>>();
  readonly #end = new AbortController();
  readonly #isNew = seenOnce();
  readonly #inOrder = dieBeforeStop();
  #newest = 0;

  constructor(docker: Docker, project: string, clock: EngineClock, names: ContainerNames) {
    this.#docker = docker;
    this.#clock = clock;
    this.#names = names;
    this.#filters = {
      type: ['container'],
      event: Object.keys(EVENT_TYPES),
      label: [`${ENGINE_LABELS.project}=${project}`],
    };
  }

  async begin(): Promise<void> {
    this.#newest = await this.#dockersNow();
    void this.#keepReading(await this.#open());
  }

  listen(signal?: AbortSignal): AsyncIterable<EngineEvent> {
    const channel: Channel<EngineEvent> = openChannel<EngineEvent>({
      ...(signal === undefined ? {} : { signal }),
      onEnd: () => this.#listeners.delete(channel),
    });
    if (this.#end.signal.aborted) channel.end();
    else if (signal?.aborted !== true) this.#listeners.add(channel);
    return channel;
  }

  close(): void {
    this.#end.abort();
    for (const listener of this.#listeners) listener.end();
  }

  async #dockersNow(): Promise<number> {
    const { SystemTime } = INFO.parse(await this.#docker.info());
    return Date.parse(SystemTime) * 1e6;
  }

  async #reopen(): Promise<Readable> {
    this.#newest = resumeAt(this.#newest, await this.#dockersNow());
    return await this.#open();
  }

  #open(): Promise<Readable> {
    const query = { since: sinceOf(this.#newest), filters: JSON.stringify(this.#filters) };
    return openStream(this.#docker, '/events', query, this.#end.signal);
  }

  async #keepReading(first: Readable): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let stream: Readable | undefined = first; !this.#end.signal.aborted; ) {
      if (stream !== undefined) {
        pauseMs = FIRST_PAUSE_MS;
        await this.#read(stream);
      }
      await pause(this.#clock, pauseMs, this.#end.signal);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      stream = await this.#reopen().catch(() => undefined);
    }
  }

  /** Tells what comes until the stream ends or breaks. */
  async #read(stream: Readable): Promise<void> {
    try {
      for await (const line of createInterface({ input: stream })) this.#tell(line);
    } catch {
      // A broken stream is opened again by the caller, like one that has ended.
    } finally {
      stream.destroy();
    }
  }

  #tell(line: string): void {
    const frame = parseFrame(line);
    if (frame === undefined || !this.#isNew(frame)) return;
    this.#newest = Math.max(this.#newest, frame.timeNano);
    for (const due of this.#inOrder(frame)) {
      const event = engineEvent(due);
      if (event === undefined) continue;
      const ours = { ...event, name: this.#names.own(event.name) };
      for (const listener of this.#listeners) listener.push(ours);
    }
  }
}

function parseFrame(line: string): EventFrame | undefined {
  try {
    return EVENT_FRAME.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
