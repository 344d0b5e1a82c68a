/** A process that hosts an engine and some idle bots, to be killed by a test: `node engine-host.ts <folder> <bots>`. */
import { createProcessEngine } from '#main/engine/process/process-engine.ts';

const [stateDir = '', bots = '1'] = process.argv.slice(2);
const programs = { node: { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] } };
const engine = await createProcessEngine({ stateDir, programs });
const names = Array.from({ length: Number(bots) }, (_, index) => `bot-${index + 1}`);
await Promise.all(
  names.map(async (name) => {
    await engine.create({ name, image: 'node', env: {}, labels: {}, restart: 'unless-stopped' });
    await engine.start(name);
  }),
);
const infos = await engine.list();
console.log(JSON.stringify(infos.map(({ pid }) => pid)));
setInterval(() => undefined, 1_000);
