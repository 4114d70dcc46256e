// `node scripts/fixture.mjs test/fixtures/schema-N`: writes the log and the answers of this version; see test/fixtures/README.md.
import { ensureBuilt, ensureInstalled, exec } from './prepare.mjs';

ensureInstalled();
ensureBuilt();
await exec('test/fixtures/main.js', process.argv.slice(2));
