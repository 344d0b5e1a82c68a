/** `npm run soak -- <name>`: installs what is missing, then lets a scenario run long. */
import { main } from './bootstrap.mjs';

await main('test/soak/main.ts', process.argv.slice(2));
