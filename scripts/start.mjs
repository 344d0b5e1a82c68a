/** `npm start`: installs what is missing, then starts the stack and the panel. */
import { main } from './bootstrap.mjs';

await main('src/main/cli/main.ts', ['start', ...process.argv.slice(2)]);
