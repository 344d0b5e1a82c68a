/** The engine of the simulation: containers whose processes start, end and start again. */
import { botLife } from './bot.ts';
import { type Process, promise, Refused, type Steps, type World } from './world.ts';

const START_MS = 1_200;
const RESTART_MS = 800;

/** Makes a container. One that is there stays. Fails when the disk is full. */
export function create(world: World, name: string): void {
  if (world.containers.has(name)) return;
  if (world.fullUntil > world.now) throw new Refused('the disk is full');
  world.containers.set(name, { startAt: world.now + START_MS, restarts: 0 });
}

/** Removes a container with its process. One that is gone already is removed. */
export function remove(world: World, name: string): void {
  for (const { container, bootId } of world.open) {
    const lives = container === name && world.processes.get(name)?.bootId === bootId;
    promise(!lives, 'no bot that serves is removed');
  }
  vanish(world, name);
}

/** A container is gone, whoever did it. */
export function vanish(world: World, name: string): void {
  const process = world.processes.get(name);
  if (process !== undefined) process.actor.dead = true;
  world.processes.delete(name);
  world.containers.delete(name);
}

/** Starts what shall run, and what has ended, again. */
export function* engineLife(world: World): Steps {
  for (;;) {
    for (const [name, container] of world.containers) {
      const process = world.processes.get(name);
      if (process?.actor.dead === true) {
        world.processes.delete(name);
        container.startAt = world.now + RESTART_MS;
        container.restarts += 1;
      } else if (process === undefined && container.startAt <= world.now) startProcess(world, name);
    }
    yield 150;
  }
}

function startProcess(world: World, container: string): void {
  const bootId = `boot-${world.id()}`;
  const actor = world.start(
    `${container}/${bootId}`,
    botLife(world, () => process),
  );
  const process: Process = { container, bootId, actor, config: undefined, leaseAt: undefined, served: false };
  world.processes.set(container, process);
}
