import { invariant } from '@billtrail/kernel';
import { START, type Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { Remembered } from '../database/remembered.js';
import { table, text, type Cell } from '../database/table.js';
import { ALL_CLIENTS, levelOf, type ComparedTables, type Place } from './compared-rows.js';
import { add, nothing, type KeyedHash } from './keyed-hash.js';

/** Of each read model and place: the sum of the hashes of its rows, and of the sums below it. A client is below all, its months are below a client. */
export const SUMS = table(
  'compared_sums',
  { model: text(), clientId: text(), period: text(), sum: text() },
  { compared: 'never', key: ['model', 'clientId', 'period'] },
);

/** Of each read model: that the sum over all is the one that was kept at its checkpoint. */
export const ROOTS = table(
  'compared_roots',
  { model: text(), keyId: text(), hash: text() },
  { compared: 'never', key: ['model'] },
);

/** Sums that are known at once: some 20 MB. */
const MAX_KNOWN = 100_000;

/** A row with its place, as SQL tells it. Nulls: it is nobody's. A number: it belongs to one of another table that is not there. */
type Told = [clientId: string | number | bigint | null, period: string | null, row: string];

interface Sum {
  readonly sum: Buffer;
  /** What it adds to the sum above it. */
  readonly hash: Buffer;
}

interface Change extends Place {
  readonly sum: Buffer;
}

/**
 * Keeps a keyed hash of the rows that money rests on, in the transaction that writes them. Triggers of this connection tell each row that comes or goes; what
 * another connection writes changes no sum, and what it changed before stays a difference whatever is written after it.
 */
export class KeptSums {
  /** Rows that came, changed or went in this transaction: of each table their keys, as JSON. */
  private readonly touched = new Map<string, Set<string>>();
  /** By place: what the touched rows were, and as soon as {@link keep} has looked at them what they are now. */
  private readonly changes = new Map<string, Change>();
  /** Sums as they are stored, for as long as nobody else writes. */
  private readonly known = new Remembered<Sum>(MAX_KNOWN);
  private knownSince = -1;
  private readonly stored;
  private readonly put;
  private readonly emptied;
  private readonly putRoot;
  private readonly root;

  constructor(
    private readonly database: ReadDatabase,
    private readonly hash: KeyedHash,
    private readonly tables: ComparedTables,
  ) {
    for (const { name, created } of [SUMS, ROOTS])
      if (database.createdAs(name) === null) for (const sql of created) database.exec(sql);
    database.define('touched', (name: string, before: string, after: string) => {
      const keys = this.touched.get(name) ?? new Set();
      if (keys.size === 0) this.touched.set(name, keys);
      const isFirst = !keys.has(before);
      keys.add(before).add(after);
      return isFirst ? 1 : 0;
    });
    database.define('was', (clientId: Told[0], period: Told[1], row: Told[2]) => {
      this.change(clientId, period, row);
      return null;
    });
    this.stored = database.rows(SUMS, 'WHERE model = ? AND client_id = ? AND period = ?');
    this.put = database.insert(SUMS, 'OR REPLACE');
    this.emptied = database.statement<[string]>('DELETE FROM compared_sums WHERE model = ?');
    this.putRoot = database.insert(ROOTS, 'OR REPLACE');
    this.root = database.rows(ROOTS, 'WHERE model = ?');
  }

  /** The read models whose sums are there, and were kept under another key or under none. */
  ofAnotherKey(): readonly string[] {
    return [...this.tables.keys()].filter((model) => this.root.get(model)?.keyId !== this.hash.keyId);
  }

  /** Told from now on what this connection writes to the tables of a read model. They exist. */
  watch(model: string): void {
    for (const one of this.tables.get(model) ?? []) for (const sql of one.triggers()) this.database.exec(sql);
  }

  /** What was written is rolled back. */
  forget(): void {
    this.known.clear();
    this.done();
  }

  /** A read model is empty. */
  restart(model: string): void {
    this.forget();
    if (!this.tables.has(model)) return;
    this.emptied.run(model);
    this.keep(model, START);
  }

  /** The rows of a read model are as they are at a position. */
  keep(model: string, position: Position): void {
    if (!this.tables.has(model)) return;
    const others = this.database.writtenByOthers();
    if (others !== this.knownSince) this.known.clear();
    this.knownSince = others;
    this.lookAtTouched(model);
    const ofAll: Change = { ...ALL_CLIENTS, sum: nothing() };
    const ofClients = new Map<string, Change>();
    for (const change of this.changes.values()) {
      const level = levelOf(change);
      if (level === 'all') add(ofAll.sum, change.sum);
      else {
        const { clientId } = change;
        const ofClient = changeOf(ofClients, clientId, { clientId, period: '' });
        add(ofClient.sum, level === 'client' ? change.sum : this.moved(model, change));
      }
    }
    this.done();
    for (const ofClient of ofClients.values()) add(ofAll.sum, this.moved(model, ofClient));
    this.moved(model, ofAll);
    const root = this.sumAt(model, ALL_CLIENTS)?.sum ?? nothing();
    this.putRoot({ model, keyId: this.hash.keyId, hash: hashOfRoot(this.hash, model, position, textOfSum(root)) });
  }

  private done(): void {
    this.touched.clear();
    this.changes.clear();
  }

  /** What they are now comes in, after what they were was taken out: each once, whatever was done to it. */
  private lookAtTouched(model: string): void {
    for (const one of this.tables.get(model) ?? []) {
      const keys = this.touched.get(one.name);
      if (keys === undefined) continue;
      const row = this.database.query<Cell[], Told>(one.rowByKey()).raw();
      for (const key of keys) {
        const now = row.get(...(JSON.parse(key) as Cell[]));
        if (now !== undefined) this.change(...now);
      }
    }
  }

  private change(...[clientId, period, row]: Told): void {
    if (clientId === null || period === null) return;
    invariant(typeof clientId === 'string', 'a row belongs to one of another table that is not there');
    const change = changeOf(this.changes, `${period}\n${clientId}`, { clientId, period });
    add(change.sum, this.hash.of(textOf(change, row)));
  }

  /** Adds to the sum of a place. Answers what that adds to the one above. */
  private moved(model: string, { clientId, period, sum: added }: Change): Buffer {
    const place = { clientId, period };
    const before = this.sumAt(model, place);
    const sum = before === null ? nothing() : Buffer.from(before.sum);
    add(sum, added);
    const hash = hashOfSum(this.hash, model, place, textOfSum(sum));
    this.put({ model, ...place, sum: textOfSum(sum) });
    this.known.put(keyOf(model, place), { sum, hash: Buffer.from(hash) }, 1);
    if (before !== null) add(hash, before.hash);
    return hash;
  }

  private sumAt(model: string, place: Place): Sum | null {
    const known = this.known.get(keyOf(model, place));
    if (known !== undefined) return known;
    const row = this.stored.get(model, place.clientId, place.period);
    return row === undefined
      ? null
      : { sum: Buffer.from(row.sum, 'base64'), hash: hashOfSum(this.hash, model, place, row.sum) };
  }
}

function changeOf(changes: Map<string, Change>, key: string, place: Place): Change {
  let change = changes.get(key);
  if (change === undefined) changes.set(key, (change = { ...place, sum: nothing() }));
  return change;
}

export function textOfSum(sum: Buffer): string {
  return sum.toString('base64');
}

/** A place of a read model. */
export function keyOf(model: string, { clientId, period }: Place): string {
  return `${model}\n${clientId}\n${period}`;
}

/** What is hashed of a row. Its place is in it: a row that is moved elsewhere is another. A month has no line break, and JSON none either, so it is read in one way. */
export function textOf({ clientId, period }: Place, row: string): string {
  return `${period}\n${clientId}\n${row}`;
}

export function hashOfSum(hash: KeyedHash, model: string, { clientId, period }: Place, sum: string): Buffer {
  return hash.of(`sum\n${JSON.stringify([model, clientId, period, sum])}`);
}

export function hashOfRoot(hash: KeyedHash, model: string, position: Position, sum: string): string {
  return hash.of(`root\n${JSON.stringify([model, String(position), sum])}`).toString('base64');
}
