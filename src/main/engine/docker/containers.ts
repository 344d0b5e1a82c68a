/** Containers of one project: made, found by label, started, stopped, removed. */
import type Docker from 'dockerode';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ContainerInfo, ContainerSpec } from '../engine.ts';
import type { SpawnLimit } from '../spawn-limit.ts';
import { containerInfo, INSPECTED, type Inspected, LIST_ROWS } from './answers.ts';
import { bodyAlone } from './bodies.ts';
import { calling, engineError, messageOf, statusOf } from './errors.ts';
import type { ContainerNames } from './names.ts';
import { NETWORKS_LABEL, type Networks } from './networks.ts';
import { createBody, ENGINE_LABELS, type NetworkWish, type Placement } from './placement.ts';

/** What the containers need. */
export interface ContainersOptions {
  readonly docker: Docker;
  readonly project: string;
  readonly networks: Networks;
  readonly names: ContainerNames;
  /** How each container lies on the host. */
  readonly placement: (spec: ContainerSpec) => Placement;
  /** How many are made or started at the same time. */
  readonly limit: SpawnLimit;
}

/** A container of ours: what Docker tells of it now, and the handle that survives a change of its name. */
export interface Found {
  readonly handle: Docker.Container;
  readonly seen: Inspected;
}

/** See {@link Engine} for what each call promises. */
export class Containers {
  readonly #options: ContainersOptions;

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  async list(labels: Readonly<Record<string, string>>): Promise<readonly ContainerInfo[]> {
    const { docker, project } = this.#options;
    const wanted = { ...labels, [ENGINE_LABELS.project]: project };
    const label = Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
    return calling({ action: 'list containers' }, async () => {
      const rows = LIST_ROWS.parse(await docker.listContainers({ all: true, filters: { label } }));
      const infos = await Promise.all(rows.map(({ Id }) => this.#inspect(Id)));
      return infos.filter((info) => info !== undefined).map((seen) => this.info(seen));
    });
  }

  /** What Docker tells of a container, under the name that it has here. */
  info(seen: Inspected): ContainerInfo {
    const info = containerInfo(seen);
    return { ...info, name: this.#options.names.own(info.name) };
  }

  /** Fails with `container_unknown` when there is none, or when it belongs to somebody else. */
  async find(name: string): Promise<Found> {
    const seen = await calling({ action: `inspect ${name}`, container: name }, () =>
      this.#inspect(this.#options.names.real(name)),
    );
    if (seen?.Config.Labels?.[ENGINE_LABELS.project] !== this.#options.project) {
      throw new BotpoolError('container_unknown', { name });
    }
    return { seen, handle: this.#options.docker.getContainer(seen.Id) };
  }

  async create(spec: ContainerSpec): Promise<ContainerInfo> {
    const { name } = spec;
    if (!/^[a-zA-Z0-9][\w.-]*$/.test(name)) {
      throw new BotpoolError('input_invalid', { field: 'name', problem: `${name} is no name for a container` });
    }
    return this.#inTurn(async () => {
      try {
        return await this.#make(spec);
      } catch (error) {
        this.#options.networks.forget();
        throw await this.#whyNotMade(error, spec);
      }
    });
  }

  async start(name: string): Promise<void> {
    const { handle } = await this.find(name);
    await this.#inTurn(() => this.#onState(name, 'start', () => handle.start()));
  }

  async stop(name: string): Promise<void> {
    const { handle } = await this.find(name);
    await this.#onState(name, 'stop', () => handle.stop());
  }

  async restart(name: string): Promise<void> {
    const { handle } = await this.find(name);
    await this.#onState(name, 'stop', () => handle.stop());
    await this.#inTurn(() => this.#onState(name, 'start', () => handle.start()));
  }

  async remove(name: string): Promise<void> {
    const { handle } = await this.find(name);
    try {
      await handle.stop();
    } catch (error) {
      if (![304, 404].includes(statusOf(error) ?? 0)) throw engineError(error, { action: `stop ${name}` });
    }
    try {
      await handle.remove({ v: true, force: true });
    } catch (error) {
      // Somebody else was faster, or is at it.
      if (![404, 409].includes(statusOf(error) ?? 0)) throw engineError(error, { action: `remove ${name}` });
    }
  }

  async #make(spec: ContainerSpec): Promise<ContainerInfo> {
    const { docker, networks } = this.#options;
    const placement = this.#options.placement(spec);
    const wishes = placement.networks ?? [];
    const places = await networks.place(wishes);
    let made = false;
    try {
      const { name = spec.name, ...body } = this.#body(spec, placement, places.names);
      const handle = await docker.createContainer(bodyAlone(body, { name }));
      made = true;
      await this.#connectMore(handle, places.names, wishes);
      return this.info(INSPECTED.parse(await handle.inspect()));
    } finally {
      places.settle(made);
    }
  }

  /** Older engines take one network only when they make a container. */
  async #connectMore(
    handle: Docker.Container,
    places: readonly string[],
    wishes: readonly NetworkWish[],
  ): Promise<void> {
    try {
      for (const [index, place] of places.entries()) {
        if (index > 0) await this.#options.networks.connect(handle.id, place, wishes[index]?.aliases ?? []);
      }
    } catch (error) {
      // A container that lacks a network would only seem to be there.
      await handle.remove({ force: true, v: true });
      throw error;
    }
  }

  #body(spec: ContainerSpec, placement: Placement, places: readonly string[]): Docker.ContainerCreateOptions {
    const { names, project } = this.#options;
    const body = createBody({ ...spec, name: names.real(spec.name) }, placement, project);
    const [first] = places;
    if (first === undefined) return { ...body, HostConfig: { ...body.HostConfig, NetworkMode: 'none' } };
    const aliases = placement.networks?.[0]?.aliases ?? [];
    return {
      ...body,
      Labels: { ...body.Labels, [NETWORKS_LABEL]: places.join(',') },
      HostConfig: { ...body.HostConfig, NetworkMode: first },
      NetworkingConfig: { EndpointsConfig: { [first]: { Aliases: [...aliases] } } },
    };
  }

  async #whyNotMade(error: unknown, spec: ContainerSpec): Promise<BotpoolError> {
    const name = this.#options.names.real(spec.name);
    if (statusOf(error) === 409 && /name .* is already in use/i.test(messageOf(error))) {
      const holder = await this.#inspect(name);
      const ours = holder?.Config.Labels?.[ENGINE_LABELS.project] === this.#options.project;
      const code = ours ? 'container_exists' : 'container_foreign';
      return new BotpoolError(code, { name: ours ? spec.name : name }, { cause: error });
    }
    const image = this.#options.placement(spec).image ?? spec.image;
    return engineError(error, { action: `create ${name}`, image });
  }

  /** Undefined when it is not there, or just being removed. */
  async #inspect(idOrName: string): Promise<Inspected | undefined> {
    try {
      return INSPECTED.parse(await this.#options.docker.getContainer(idOrName).inspect());
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** A container that is already in the wished state is fine. */
  async #onState(name: string, action: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (statusOf(error) !== 304) throw engineError(error, { action: `${action} ${name}`, container: name });
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const endTurn = await this.#options.limit.turn();
    try {
      return await work();
    } finally {
      endTurn();
    }
  }
}
