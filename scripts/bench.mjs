/** `npm run bench -- <name>`: installs what is missing, then measures. */
import { main } from './bootstrap.mjs';

await main('test/bench/main.ts', process.argv.slice(2));
