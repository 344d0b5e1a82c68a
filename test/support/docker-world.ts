/** What tests of the Docker engine share: an image made of this machine's own Node, and projects that leave nothing behind. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import Docker from 'dockerode';
import { createDockerEngine, type DockerEngine, type DockerEngineOptions } from '#main/engine/docker/docker-engine.ts';
import type { Placement } from '#main/engine/docker/placement.ts';

/** The image of {@link makeTestImage}: runs the JavaScript text in its first argument. */
export const TEST_IMAGE = 'botpool-test/node:1';

/** Everything that tests make carries a project of this form, so that a crashed run is swept by the next. */
export const TEST_PROJECT = /^botpool-test-(\d+)-[0-9a-f]+$/;

/** As the pool's bots lie on a host, but without a network: its bridge and firewall rules cost time. */
export const TEST_PLACEMENT: Placement = { user: '1000:1000', memoryBytes: 256 * 1024 * 1024, pids: 200 };

/** A project that no other test has. */
export function testProject(): string {
  return `botpool-test-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** An engine with a project of its own, which goes with the test. */
export interface TestEngine {
  readonly engine: DockerEngine;
  readonly project: string;
  readonly image: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connects; what the test leaves is removed. */
export async function testEngine(options: Partial<DockerEngineOptions> = {}): Promise<TestEngine> {
  const project = options.project ?? testProject();
  const engine = await createDockerEngine({ placement: () => TEST_PLACEMENT, ...options, project });
  return {
    engine,
    project,
    image: TEST_IMAGE,
    async [Symbol.asyncDispose]() {
      await engine.close();
      await removeProject(new Docker(), project);
    },
  };
}

/** Removes containers and networks of a project at once, whatever state they are in. */
export async function removeProject(docker: Docker, project: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
}

/** Removes what runs have left whose process is gone. */
export async function sweepProjects(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: { label: ['com.docker.compose.project'] } });
  const networks = await docker.listNetworks({ filters: { label: ['com.docker.compose.project'] } });
  const projects = [...containers, ...networks].map(({ Labels }) => Labels?.['com.docker.compose.project'] ?? '');
  for (const project of new Set(projects)) {
    const [, pid] = TEST_PROJECT.exec(project) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await removeProject(docker, project);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A shell script that packs the Node binary, a few tools and the libraries they need into one tar. */
const PACK = `
set -eu
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/tmp" "$root/etc"; chmod 1777 "$root/tmp"
echo 'root:x:0:0::/:/bin/sh' > "$root/etc/passwd"
cp "$NODE" "$root/bin/node"; cp -L /bin/sh "$root/bin/sh"
for tool in cat head sleep true; do cp -L "/bin/$tool" "$root/bin/"; done
for file in "$root"/bin/*; do ldd "$file" | grep -o '/[^ ]*'; done | sort -u | while read -r lib; do
  case $lib in "$root"*) continue;; esac
  mkdir -p "$root$(dirname "$lib")"; cp -L "$lib" "$root$lib"
done
tar -c -C "$root" .
`;

/** Makes the test image from nothing but this machine's files, unless it is there. */
export async function makeTestImage(docker: Docker): Promise<void> {
  const there = await docker
    .getImage(TEST_IMAGE)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (there) return;
  const pack = spawn('sh', ['-c', PACK], {
    env: { ...process.env, NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(pack, 'exit');
  const [repo, tag] = TEST_IMAGE.split(':');
  const stream = await docker.importImage(pack.stdout, { repo, tag, changes: 'ENTRYPOINT ["/bin/node","-e"]' });
  stream.resume();
  await once(stream, 'end');
  const [code] = await exited;
  if (code !== 0) await docker.getImage(TEST_IMAGE).remove();
  if (code !== 0) throw new Error(`the test image could not be packed: ${code}`);
}

/** Takes it away again, unless another run uses it just now. */
export async function removeTestImage(docker: Docker): Promise<void> {
  await docker
    .getImage(TEST_IMAGE)
    .remove()
    .catch(() => undefined);
}
