import { invariant } from '@billtrail/kernel';
import { START, type Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { SumsOfRows } from '../runner/checkpoints.js';
import { Remembered } from '../database/remembered.js';
import {
  ALL_CLIENTS,
  levelOf,
  OWNER_MISSING,
  placeOfText,
  type ComparedTable,
  type ComparedTables,
  type Place,
} from './compared-rows.js';
import type { FileSchema } from './file-schema.js';
import { Comparison } from './comparison.js';
import { FoundEqual, keyOf } from './found-equal.js';
import { add, addSum, fittingNothing, nothing, type KeyedHash } from './keyed-hash.js';
import { hashOfRoot, hashOfRow, hashOfSum, ROOTS, SUMS, textOfSum } from './sums.js';

/** Sums that are known at once: some 20 MB. */
const MAX_KNOWN = 100_000;

/** The place of a row as SQL tells it. null: there is no row. */
type ToldPlace = string | typeof OWNER_MISSING | null;

interface Sum {
  readonly sum: Buffer;
  /** What it adds to the sum above it. */
  readonly hash: string;
}

interface Look {
  tell(): void;
  forget(): void;
}

interface Change extends Place {
  readonly sum: Buffer;
}

/** What the sums of rows are kept with. */
export interface KeptWith {
  readonly hash: KeyedHash;
  readonly tables: ComparedTables;
  readonly schema: FileSchema;
  /** Of a read model that is worked out from others: their names. */
  readonly sourcesOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * Keeps a keyed hash of the rows that money rests on, in the transaction that writes them. Triggers of this connection tell each row that comes or goes; what
 * another connection writes changes no sum, and what it changed before stays a difference whatever is written after it. Nor does it get a sum of its own in other rows:
 * what was folded or rated from rows that were not as they were kept fits nothing, until it is filled anew.
 */
export class KeptSums implements SumsOfRows {
  /** By place as text: what the touched rows were, and what they are now. */
  private readonly changes = new Map<string, Buffer>();
  /** Places as text of rows that were touched and are as they were. */
  private readonly unchanged = new Set<string>();
  /** Of each table: how its touched rows are told, and forgotten. */
  private readonly looks = new Map<ComparedTable, Look>();
  /** Sums as they are stored, for as long as nobody else writes. */
  private readonly known = new Remembered<Sum>(MAX_KNOWN);
  private knownSince = -1;
  private readonly equal: FoundEqual;
  private made: Comparison | null = null;
  private readonly stored;
  private readonly put;
  private readonly emptied;
  private readonly putRoot;
  private readonly root;

  constructor(
    private readonly database: ReadDatabase,
    private readonly kept: KeptWith,
  ) {
    this.equal = new FoundEqual(database);
    for (const { name, created } of [SUMS, ROOTS])
      if (database.createdAs(name) === null) for (const sql of created) database.exec(sql);
    database.define('compared_row', (was: ToldPlace, rowWas: string | null, is: ToldPlace, row: string | null) => {
      // Taken away and put back as it was, or read to be built on.
      if (row === rowWas && is === was) {
        if (typeof is === 'string') this.unchanged.add(is);
        return null;
      }
      if (rowWas !== null) this.change(was, rowWas);
      if (row !== null) this.change(is, row);
      return null;
    });
    this.stored = database.rows(SUMS, 'WHERE model = ? AND client_id = ? AND period = ?');
    this.put = database.insert(SUMS, 'OR REPLACE');
    this.emptied = database.statement<[string]>('DELETE FROM compared_sums WHERE model = ?');
    this.putRoot = database.insert(ROOTS, 'OR REPLACE');
    this.root = database.rows(ROOTS, 'WHERE model = ?');
  }

  /** Compares with what is kept. Made when the tables are there. */
  get comparison(): Comparison {
    const { hash, tables, schema } = this.kept;
    this.made ??= new Comparison(this.database, hash, tables, schema, this.equal);
    return this.made;
  }

  /** The read models whose root is missing, is not that of their sums and checkpoint, or was kept under another key. Those without a checkpoint are not there yet. */
  withoutRoot(positionOf: (model: string) => Position | undefined): readonly string[] {
    return [...this.kept.tables.keys()].filter((model) => {
      const position = positionOf(model);
      if (position === undefined) return false;
      return !this.isRootKept(model, position);
    });
  }

  private isRootKept(model: string, position: Position): boolean {
    const { sum } = this.stored.get(model, '', '') ?? { sum: '' };
    return this.root.get(model)?.hash === hashOfRoot(this.kept.hash, model, position, sum);
  }

  /** Notes from now on what this connection writes to the tables of a read model. They exist. */
  watch(model: string): void {
    for (const one of this.kept.tables.get(model) ?? []) {
      for (const sql of one.watched()) this.database.exec(sql);
      if (!this.looks.has(one)) this.looks.set(one, lookAt(this.database, one));
    }
  }

  /** What was written is rolled back, and so is what was noted of it. */
  forget(): void {
    this.known.clear();
    this.changes.clear();
    this.unchanged.clear();
    this.equal.forget();
  }

  /** A read model is empty. */
  restart(model: string): void {
    this.known.clear();
    this.changes.clear();
    this.unchanged.clear();
    const tables = this.kept.tables.get(model);
    if (tables === undefined) return;
    for (const one of tables) this.looks.get(one)?.forget();
    this.emptied.run(model);
    this.store(model, START);
    this.equal.addAll(model);
  }

  /** The rows of a read model are as they are at a position, and were kept at another. */
  keep(model: string, before: Position, position: Position): void {
    if (!this.kept.tables.has(model)) return;
    const { schema } = this.kept;
    // Sums may have been set back with their rows: then they are not those of the root.
    const isAsKept =
      schema.differing().length === 0 && (this.equal.has(model, ALL_CLIENTS) || this.isRootKept(model, before));
    const others = this.database.writtenByOthers();
    if (others !== this.knownSince) this.known.clear();
    this.knownSince = others;
    this.store(model, position, isAsKept);
  }

  /** `isAsKept`: what was worked on, as far as is known. What was written beside something that is not of this program, or was made of it, fits nothing. */
  private store(model: string, position: Position, isAsKept = true): void {
    for (const one of this.kept.tables.get(model) ?? []) this.lookAtTouched(one);
    const sources = this.kept.sourcesOf.get(model) ?? [];
    const ofAll: Change = { ...ALL_CLIENTS, sum: isAsKept ? nothing() : fittingNothing() };
    const ofClients = new Map<string, Change>();
    const touched: Place[] = [];
    for (const [where, sum] of this.changes) {
      const place = placeOfText(where);
      touched.push(place);
      const level = levelOf(place);
      if (level === 'all') addSum(ofAll.sum, sum);
      else {
        const ofClient = changeOf(ofClients, place.clientId);
        if (level === 'client') addSum(ofClient.sum, sum);
        else this.move(model, { ...place, sum }, ofClient);
      }
    }
    this.changes.clear();
    for (const where of this.unchanged) {
      const place = placeOfText(where);
      touched.push(place, { ...place, period: '' });
    }
    this.unchanged.clear();
    for (const ofClient of ofClients.values()) {
      const isOther = sources.some((source) => this.comparison.isOtherOf(source, ofClient.clientId));
      if (isOther) addSum(ofClient.sum, fittingNothing());
      this.move(model, ofClient, ofAll);
      // Rating goes on from the month before; folding reads no month beside those that it writes.
      if (sources.length > 0) touched.push(...this.comparison.placesOf(model, ofClient.clientId));
      else touched.push({ clientId: ofClient.clientId, period: '' });
    }
    this.move(model, ofAll, null);
    // Looked at after it was written: what was written is in the sums too, so what differs now did so before.
    if (touched.length > 0 && this.comparison.isOtherAt(model, [ALL_CLIENTS, ...touched])) {
      this.move(model, { ...ALL_CLIENTS, sum: fittingNothing() }, null);
      // What was found equal before that was these.
      this.equal.forget();
    }
    const root = this.sumAt(model, ALL_CLIENTS)?.sum ?? nothing();
    this.putRoot({
      model,
      keyId: this.kept.hash.keyId,
      hash: hashOfRoot(this.kept.hash, model, position, textOfSum(root)),
    });
  }

  /** What a row is now comes in, after what it was was taken out: each once, whatever was done to it. */
  private lookAtTouched(one: ComparedTable): void {
    const look = this.looks.get(one);
    look?.tell();
    look?.forget();
  }

  private change(place: ToldPlace, row: string): void {
    invariant(place !== null && place !== OWNER_MISSING, 'a row belongs to one of another table, which is there');
    let sum = this.changes.get(place);
    if (sum === undefined) this.changes.set(place, (sum = nothing()));
    add(sum, hashOfRow(this.kept.hash, place, row));
  }

  /** Adds to the sum of a place, and what that adds to the one above to that. */
  private move(model: string, { clientId, period, sum: added }: Change, above: Change | null): void {
    const place = { clientId, period };
    const before = this.sumAt(model, place);
    const sum = before === null ? nothing() : Buffer.from(before.sum);
    addSum(sum, added);
    const asText = textOfSum(sum);
    const hash = hashOfSum(this.kept.hash, model, place, asText);
    this.put({ model, ...place, sum: asText });
    this.known.put(keyOf(model, place), { sum, hash }, 1);
    if (above === null) return;
    add(above.sum, hash);
    if (before !== null) add(above.sum, before.hash);
  }

  private sumAt(model: string, place: Place): Sum | null {
    const known = this.known.get(keyOf(model, place));
    if (known !== undefined) return known;
    const row = this.stored.get(model, place.clientId, place.period);
    return row === undefined
      ? null
      : { sum: Buffer.from(row.sum, 'base64'), hash: hashOfSum(this.kept.hash, model, place, row.sum) };
  }
}

function lookAt(database: ReadDatabase, one: ComparedTable): Look {
  const told = database.statement(one.toldOfTouched());
  const forgotten = database.statement(one.untouched());
  return { tell: () => void told.get(), forget: () => void forgotten.run() };
}

function changeOf(changes: Map<string, Change>, clientId: string): Change {
  let change = changes.get(clientId);
  if (change === undefined) changes.set(clientId, (change = { clientId, period: '', sum: nothing() }));
  return change;
}
