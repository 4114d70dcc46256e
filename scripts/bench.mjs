import { ensureBuilt, ensureInstalled, exec } from './prepare.mjs';

ensureInstalled();
ensureBuilt();
await exec('test/bench/main.js', process.argv.slice(2));
