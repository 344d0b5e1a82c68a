/** `npm run desktop -- build|package|open`: installs what is missing, then makes the desktop program. */
import { main } from './bootstrap.mjs';

await main('scripts/desktop.ts', process.argv.slice(2));
