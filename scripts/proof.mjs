import { ensureBuilt, ensureInstalled, exec } from './prepare.mjs';

ensureInstalled();
ensureBuilt();
await exec('test/crash/main.js', process.argv.slice(2));
