/** A process that hosts a whole stack, to be killed by a test. It prints the pids of its servers. */
import { startTestStack } from './own-stack.ts';

const { engine } = await startTestStack({ durable: true });
const infos = await engine.list();
console.log(JSON.stringify(infos.map(({ pid }) => pid)));
setInterval(() => undefined, 1_000);
