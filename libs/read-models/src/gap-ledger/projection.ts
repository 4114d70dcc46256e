import { createHash } from 'node:crypto';
import { isSaid } from '@billtrail/billing';
import { GAPS_DERIVED, STALE_DERIVED_GAPS, type DerivedGapRow } from '../billable-items/tables.js';
import { firstOf } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import { latestRecorded } from '../gaps/latest-recorded.js';
import { GAPS, STALE_RECORDED_GAPS, type GapRow } from '../gaps/tables.js';
import { IS_SAME_GAP } from '../gaps/same-gap.js';
import type { Deriving, DerivedProjection } from '../runner/projection.js';
import { AT_ONCE, GAP_LEDGER } from './tables.js';

/** Keys that are taken from the marks at once. */
const KEYS_AT_ONCE = 200;
/** Enough of a SHA-256 to tell causes of one gap apart. */
const CAUSE_CHARACTERS = 22;

const MARKS = [STALE_DERIVED_GAPS.name, STALE_RECORDED_GAPS.name];

/** What rating derives beside what is recorded, gap by gap, so that what differs is found by an index (ADR 19). It alone writes both halves. */
export const gapLedgerProjection: DerivedProjection = {
  name: 'gap-ledger',
  schemaVersion: 2,
  derivedFrom: ['gaps', 'billable-items'],
  tables: [GAP_LEDGER],
  markAll: (database) => {
    // An earlier version kept a queue here, and took off it what a policy had looked at.
    database.exec('DROP TABLE IF EXISTS gap_changes');
    database.exec(`INSERT OR IGNORE INTO ${STALE_DERIVED_GAPS.name} SELECT DISTINCT gap_key FROM ${GAPS_DERIVED.name}`);
    database.exec(
      `INSERT OR IGNORE INTO ${STALE_RECORDED_GAPS.name} SELECT DISTINCT gap_key FROM ${GAPS.name} WHERE state = 'open'`,
    );
  },
  start: (database) => new GapLedgerDeriving(database),
};

class GapLedgerDeriving implements Deriving {
  private readonly next;
  private readonly done;
  private readonly keysOf;
  private readonly formerOf;
  private readonly put;
  private readonly remove;

  constructor(private readonly database: ReadDatabase) {
    this.next = MARKS.map((table) =>
      database.statement<[number], string>(`SELECT gap_key FROM ${table} LIMIT ?`).pluck(),
    );
    this.done = MARKS.map((table) => database.statement<[string]>(`DELETE FROM ${table} WHERE gap_key = ?`));
    // Old logs gave gaps of two charges one key: what is recorded under it is of one of them, and they are looked at together.
    this.keysOf = database
      .statement<[string, string], string>(
        `SELECT d.gap_key FROM derived_gaps d WHERE d.former_key = ?
         UNION SELECT o.gap_key FROM derived_gaps d JOIN derived_gaps o ON o.former_key = d.former_key WHERE d.gap_key = ?`,
      )
      .pluck();
    this.formerOf = database
      .statement<[string], number>(
        `SELECT EXISTS (SELECT 1 FROM derived_gaps d JOIN gaps g ON g.gap_key = d.former_key WHERE d.former_key = ? AND ${IS_SAME_GAP})`,
      )
      .pluck();
    this.put = database.insert(GAP_LEDGER, 'OR REPLACE');
    this.remove = database.statement<[string]>('DELETE FROM gap_ledger WHERE gap_key = ?');
  }

  /** It reckons with nothing. */
  markParked(): void {}

  derive(deadline: number, now: () => number): boolean {
    for (const [index, next] of this.next.entries()) {
      for (let keys = next.all(KEYS_AT_ONCE); keys.length > 0; keys = next.all(KEYS_AT_ONCE)) {
        for (const key of keys) {
          this.look(key);
          this.done[index]?.run(key);
        }
        if (now() >= deadline) return this.next.some((one) => one.get(1) !== undefined);
      }
    }
    return false;
  }

  private look(key: string): void {
    for (const one of new Set([key, ...this.keysOf.all(key, key)])) this.write(one);
  }

  private write(gapKey: string): void {
    const derived = firstOf(this.database, GAPS_DERIVED, { gapKey }, 'scope');
    // What is recorded under a key of old logs stands beside the gap that it is.
    if (derived === undefined && this.formerOf.get(gapKey) === 1) return this.gone(gapKey);
    const recorded = latestRecorded(this.database, gapKey, derived?.formerKey ?? null);
    if (derived === undefined && recorded?.state !== 'open') return this.gone(gapKey);
    this.put({
      gapKey,
      clientId: derived?.clientId ?? recorded?.clientId ?? null,
      period: derived?.period ?? recorded?.period ?? null,
      derivedValue: derived === undefined ? null : valueOf(derived),
      derivedCause: derived === undefined ? null : causeOf(derived.cause, derived),
      opensOn: derived === undefined ? null : (derived.dueOn ?? AT_ONCE),
      recordedState: recorded?.state ?? null,
      recordedValue: recorded === undefined ? null : valueOf(recorded),
      recordedCause: recorded === undefined ? null : causeOf(saidNow(recorded, derived), recorded),
    });
  }

  private gone(gapKey: string): void {
    this.remove.run(gapKey);
  }
}

function valueOf({ valueMinor, currency, minutes }: Pick<GapRow, 'valueMinor' | 'currency' | 'minutes'>): string {
  return `${valueMinor ?? ''} ${currency ?? ''} ${minutes ?? ''}`;
}

function causeOf(cause: string, { sourceEventIds }: Pick<GapRow, 'sourceEventIds'>): string {
  const all = JSON.stringify([cause, sourceEventIds]);
  return createHash('sha256').update(all).digest('base64url').slice(0, CAUSE_CHARACTERS);
}

/** A cause of an old log that renders ids otherwise says the same. */
function saidNow({ cause }: GapRow, derived: DerivedGapRow | undefined): string {
  return derived !== undefined && isSaid(cause, derived.cause) ? derived.cause : cause;
}
