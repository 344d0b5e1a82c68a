/** The few steps of an engine that the pool's making needs, through the docker command, with the hardening of a bot. */
import * as z from 'zod';
import type { ContainerInfo, ContainerSpec, Engine } from '#main/engine/engine.ts';
import { docker } from './docker-command.ts';

const HARDENING = [
  ...['--read-only', '--tmpfs', '/tmp:size=16m,mode=1777', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--memory', '192m', '--pids-limit', '64'],
  ...['--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'],
];

const INSPECT = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    RestartCount: z.number(),
    State: z.object({ Status: z.enum(['created', 'running', 'restarting', 'exited']) }),
    Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()) }),
  }),
);

/** Makes and finds bots in one network. `prefix` stands for `booking` in their names, as in the stack file. */
export function cliContainers(network: string, prefix: string): Pick<Engine, 'list' | 'create' | 'start' | 'remove'> {
  const real = (name: string): string => name.replace(/^booking-/, `${prefix}-`);
  const list = async (labels: Readonly<Record<string, string>> = {}): Promise<readonly ContainerInfo[]> => {
    const filters = Object.entries(labels).flatMap(([key, value]) => ['--filter', `label=${key}=${value}`]);
    const ids = (await docker(['ps', '--all', '--quiet', ...filters])).split('\n').filter((id) => id !== '');
    if (ids.length === 0) return [];
    return INSPECT.parse(JSON.parse(await docker(['inspect', ...ids]))).map((one) => ({
      name: one.Name.replace(`/${prefix}-`, 'booking-'),
      id: one.Id,
      image: one.Config.Image,
      labels: one.Config.Labels,
      state: one.State.Status,
      restarts: one.RestartCount,
    }));
  };
  return {
    list,
    async create(spec: ContainerSpec) {
      const labels = Object.entries(spec.labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
      // Values come from the command's own environment: what is secret is on no command line.
      const names = Object.keys(spec.env).flatMap((name) => ['--env', name]);
      const place = ['--name', real(spec.name), '--network', network, '--restart', spec.restart];
      const args = ['create', ...place, ...HARDENING, ...labels, ...names, spec.image, ...(spec.args ?? [])];
      await docker(args, { env: spec.env });
      const made = (await list(spec.labels)).find(({ name }) => name === spec.name);
      if (made === undefined) throw new Error(`${spec.name} is not there`);
      return made;
    },
    async start(name) {
      await docker(['start', real(name)]);
    },
    async remove(name) {
      await docker(['rm', '--force', '--volumes', real(name)]);
    },
  };
}
