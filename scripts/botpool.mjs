#!/usr/bin/env node
/** The `botpool` command: installs what is missing, then runs the command line. */
import { main } from './bootstrap.mjs';

await main('src/main/cli/main.ts', process.argv.slice(2));
