/** What runs of container tests put on an engine and take away again: projects, networks and one image each. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type Docker from 'dockerode';

/** Everything that tests make carries a project of this form, so that a crashed run is swept by the next. */
const TEST_PROJECT = /^botpool-test-(\d+)-[0-9a-f]+$/;
const TEST_IMAGES = /^botpool-test\/[a-z-]+:(\d+)$/;

/** The image of this process's run: runs beside each other must not take it away from each other. */
export function imageOfRun(): string {
  return `botpool-test/node:${process.pid}`;
}

/** A project that no other test has. */
export function testProject(): string {
  return `botpool-test-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Removes containers and networks of a project at once, whatever state they are in. */
export async function removeProject(docker: Docker, project: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
}

/** Removes what this run and those have left whose process is gone. */
export async function sweepRuns(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: { label: ['com.docker.compose.project'] } });
  const networks = await docker.listNetworks({ filters: { label: ['com.docker.compose.project'] } });
  const projects = [...containers, ...networks].map(({ Labels }) => Labels?.['com.docker.compose.project'] ?? '');
  for (const project of new Set(projects)) {
    const [, pid] = TEST_PROJECT.exec(project) ?? [];
    if (pid !== undefined && isOver(Number(pid))) await removeProject(docker, project);
  }
  for (const image of (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])) {
    const [, pid] = TEST_IMAGES.exec(image) ?? [];
    if (pid !== undefined && isOver(Number(pid))) await docker.getImage(image).remove();
  }
}

/** This very process has nothing more to do with it when it asks; another may still be at work. */
export function isOver(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
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

/** Makes an image from nothing but this machine's files: it runs the JavaScript text in its first argument. */
export async function makeTestImage(docker: Docker, image: string): Promise<void> {
  const pack = spawn('sh', ['-c', PACK], {
    env: { ...process.env, NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(pack, 'exit');
  const [repo, tag] = image.split(':');
  const stream = await docker.importImage(pack.stdout, { repo, tag, changes: 'ENTRYPOINT ["/bin/node","-e"]' });
  stream.resume();
  await once(stream, 'end');
  const [code] = await exited;
  if (code !== 0) await docker.getImage(image).remove();
  if (code !== 0) throw new Error(`the test image could not be packed: ${code}`);
}
