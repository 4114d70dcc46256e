import { cpus, tmpdir, totalmem } from 'node:os';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow } from './bench-row.js';
import { approvalsBench } from './approvals.bench.js';
import { esdbBench } from './esdb.bench.js';
import { gapLedgerBench } from './gap-ledger.bench.js';
import { httpBench } from './http.bench.js';
import { importBench } from './import.bench.js';
import { limitsBench } from './limits.bench.js';
import { ratedAgainBench } from './rated-again.bench.js';
import { ratingBench } from './rating.bench.js';
import { readModelsBench } from './read-models.bench.js';
import { storeBench } from './store.bench.js';

const { values } = parseArgs({
  options: {
    servicenow: { type: 'string' },
    only: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
});

/** In the order of a reader's interest: the disk, the log, rating, the read models, the import, HTTP, its limits. */
const BENCHES: Readonly<Record<string, (dir: string) => Promise<BenchRow[]>>> = {
  store: storeBench,
  esdb: esdbBench,
  rating: ratingBench,
  'read-models': readModelsBench,
  'rated-again': ratedAgainBench,
  'gap-ledger': gapLedgerBench,
  approvals: approvalsBench,
  import: (dir) => importBench(dir, values.servicenow ?? null),
  http: httpBench,
  limits: limitsBench,
};

const folder = mkdtempSync(join(tmpdir(), 'billtrail-bench-'));
const lines = [
  `# Benchmark`,
  '',
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB.`,
  `Command: \`npm run bench${
    process.argv.slice(2).length > 0
      ? ` -- ${process.argv
          .slice(2)
          .map((argument) => (argument.includes('/') ? 'FILE' : argument))
          .join(' ')}`
      : ''
  }\`. One run on shared cores: compare ratios, not single figures.`,
  '',
  '| what | figure | target | how |',
  '|---|---:|---|---|',
];
process.stdout.write(`${lines.join('\n')}\n`);
try {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (values.only && !values.only.includes(name)) continue;
    const dir = join(folder, name);
    mkdirSync(dir);
    for (const row of await bench(dir)) {
      const line = `| ${row.name} | ${figure(row.value)} ${row.unit} | ${row.target || '–'} | ${row.note || '–'} |`;
      lines.push(line);
      process.stdout.write(`${line}\n`);
    }
  }
  if (values.out !== undefined) writeFileSync(values.out, `${lines.join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}
