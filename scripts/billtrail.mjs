import { ensureBuilt, ensureInstalled, exec } from './prepare.mjs';

ensureInstalled();
ensureBuilt();
await exec('apps/cli/src/main.js', process.argv.slice(2));
