import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { Billtrail } from '@billtrail/application';
import { fingerprintOf, streamName } from '@billtrail/event-store';
import type { BenchRow } from './bench-row.js';
import { requested } from './read-models.bench.js';

const GAPS = 100_000;
const LOOKS = 2_000;
const APPENDS_AT_ONCE = 2_000;
const NOW = '2026-03-02T00:00:00.000Z';
const DAY = '2026-12-31';

/** Tickets that were resolved without work: each a gap. */
async function tell(billtrail: Billtrail): Promise<void> {
  const resolved = { resolution: null, materials: null, scope: null };
  for (let from = 0; from < GAPS; from += APPENDS_AT_ONCE)
    await Promise.all(
      Array.from({ length: APPENDS_AT_ONCE }, (_, index) => {
        const ticketId = `T${from + index}`;
        const events = [requested(ticketId, null, NOW), { type: 'TicketResolved', data: resolved, occurredAt: NOW }];
        return billtrail.store.append({
          stream: streamName('ticket', ticketId),
          expected: 'none',
          events,
          actor: { id: 'bench', role: 'system' },
          commandId: ticketId,
          correlationId: ticketId,
          causationId: null,
          fingerprint: fingerprintOf('bench', { ticketId }),
        });
      }),
    );
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** The same question to a bare table of as many rows, by a like index. */
function rawLook(file: string): () => unknown {
  const database = new BetterSqlite(file);
  database.exec(`CREATE TABLE ledger (key TEXT PRIMARY KEY, acts_from TEXT) STRICT, WITHOUT ROWID;
    CREATE INDEX by_act ON ledger (acts_from, key) WHERE acts_from IS NOT NULL`);
  const put = database.prepare('INSERT INTO ledger VALUES (?, NULL)');
  database.transaction(() => {
    for (let number = 0; number < GAPS; number++) put.run(`work-not-recorded|T${number}|||`);
  })();
  const look = database.prepare(
    'SELECT key, acts_from FROM ledger WHERE acts_from <= ? ORDER BY acts_from, key LIMIT 1000',
  );
  return () => look.all(DAY);
}

/** How long the gap policy looks for what it has to record, where nothing is left to record of very many open gaps. */
export async function gapLedgerBench(dir: string): Promise<BenchRow[]> {
  const billtrail = await Billtrail.open({ dataDir: dir, clock: () => NOW });
  try {
    await tell(billtrail);
    await billtrail.models.catchUp();
    const began = performance.now();
    await billtrail.catchUp();
    const seconds = (performance.now() - began) / 1_000;
    const { gaps } = {
      gaps: (await billtrail.models.gaps.totals({ state: 'open' })).reduce((sum, one) => sum + one.gaps, 0),
    };
    const raw = rawLook(join(dir, 'raw.db'));
    const [own, bare]: [number[], number[]] = [[], []];
    let found = 0;
    for (let look = 0; look < LOOKS; look++) {
      const start = performance.now();
      found += (await billtrail.models.gapLedger.due(DAY)).length;
      const between = performance.now();
      raw();
      own.push(between - start);
      bare.push(performance.now() - between);
    }
    const ratio = median(own) / median(bare);
    return [
      {
        name: 'gap policy: record all gaps',
        value: gaps / seconds,
        unit: 'gaps/s',
        target: '',
        note: `${gaps} gaps in ${seconds.toFixed(1)} s, each in a stream of its own, read models included`,
      },
      {
        name: 'gap policy: a look at all gaps, nothing to record',
        value: median(own),
        unit: 'ms',
        target: '<= 1 ms',
        note: `median of ${LOOKS} looks at ${gaps} open gaps, ${found} found; ${ratio.toFixed(1)} x the same question to a bare indexed table of as many rows in turn`,
      },
    ];
  } finally {
    await billtrail.close();
  }
}
