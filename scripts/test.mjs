/** `npm test`: installs what is missing, then runs every tier of tests. */
import { main } from './bootstrap.mjs';

await main('scripts/test-tiers.ts', process.argv.slice(2));
