// `node scripts/fixture.mjs test/fixtures/schema-N`: writes the log and the answers of this version; with `--moved` before the folder, what of an
// earlier version's answers is otherwise now. See test/fixtures/README.md.
import { ensureBuilt, ensureInstalled, exec } from './prepare.mjs';

ensureInstalled();
ensureBuilt();
await exec('test/fixtures/main.js', process.argv.slice(2));
