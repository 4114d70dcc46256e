import { invariant } from '@billtrail/kernel';
import { START, type Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { Remembered } from '../database/remembered.js';
import { table, text } from '../database/table.js';
import {
  ALL_CLIENTS,
  levelOf,
  OWNER_MISSING,
  placeOfText,
  textOfPlace,
  type ComparedTable,
  type ComparedTables,
  type Place,
} from './compared-rows.js';
import type { FileSchema } from './file-schema.js';
import { add, addSum, bytesOf, fittingNothing, nothing, type KeyedHash } from './keyed-hash.js';

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

/** The place of a row as SQL tells it. null: it is nobody's. */
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

/**
 * Keeps a keyed hash of the rows that money rests on, in the transaction that writes them. Triggers of this connection tell each row that comes or goes; what
 * another connection writes changes no sum, and what it changed before stays a difference whatever is written after it.
 */
export class KeptSums {
  /** By place as text: what the touched rows were, and what they are now. */
  private readonly changes = new Map<string, Buffer>();
  /** Of each table: how its touched rows are told, and forgotten. */
  private readonly looks = new Map<ComparedTable, Look>();
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
    private readonly schema: FileSchema,
  ) {
    for (const { name, created } of [SUMS, ROOTS])
      if (database.createdAs(name) === null) for (const sql of created) database.exec(sql);
    database.define('compared_row', (was: ToldPlace, rowWas: string | null, is: ToldPlace, row: string | null) => {
      // Taken away and put back as it was.
      if (row === rowWas && is === was) return null;
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

  /** The read models whose root is missing, is not that of their sums and checkpoint, or was kept under another key. Those without a checkpoint are not there yet. */
  withoutRoot(positionOf: (model: string) => Position | undefined): readonly string[] {
    return [...this.tables.keys()].filter((model) => {
      const position = positionOf(model);
      if (position === undefined) return false;
      const { sum } = this.stored.get(model, '', '') ?? { sum: '' };
      return this.root.get(model)?.hash !== hashOfRoot(this.hash, model, position, sum);
    });
  }

  /** Notes from now on what this connection writes to the tables of a read model. They exist. */
  watch(model: string): void {
    for (const one of this.tables.get(model) ?? []) {
      for (const sql of one.watched()) this.database.exec(sql);
      if (!this.looks.has(one)) this.looks.set(one, lookAt(this.database, one));
    }
  }

  /** What was written is rolled back, and so is what was noted of it. */
  forget(): void {
    this.known.clear();
    this.changes.clear();
  }

  /** A read model is empty. */
  restart(model: string): void {
    this.forget();
    const tables = this.tables.get(model);
    if (tables === undefined) return;
    for (const one of tables) this.looks.get(one)?.forget();
    this.emptied.run(model);
    this.store(model, START, nothing());
  }

  /** The rows of a read model are as they are at a position. */
  keep(model: string, position: Position): void {
    if (!this.tables.has(model)) return;
    // What was written beside something that is not of this program fits nothing, until it is filled anew.
    this.store(model, position, this.schema.differing().length === 0 ? nothing() : fittingNothing());
  }

  private store(model: string, position: Position, besideRows: Buffer): void {
    const others = this.database.writtenByOthers();
    if (others !== this.knownSince) this.known.clear();
    this.knownSince = others;
    for (const one of this.tables.get(model) ?? []) this.lookAtTouched(one);
    const ofAll: Change = { ...ALL_CLIENTS, sum: besideRows };
    const ofClients = new Map<string, Change>();
    for (const [where, sum] of this.changes) {
      const place = placeOfText(where);
      const level = levelOf(place);
      if (level === 'all') addSum(ofAll.sum, sum);
      else {
        const ofClient = changeOf(ofClients, place.clientId);
        if (level === 'client') addSum(ofClient.sum, sum);
        else this.move(model, { ...place, sum }, ofClient);
      }
    }
    this.changes.clear();
    for (const ofClient of ofClients.values()) this.move(model, ofClient, ofAll);
    this.move(model, ofAll, null);
    const root = this.sumAt(model, ALL_CLIENTS)?.sum ?? nothing();
    this.putRoot({ model, keyId: this.hash.keyId, hash: hashOfRoot(this.hash, model, position, textOfSum(root)) });
  }

  /** What a row is now comes in, after what it was was taken out: each once, whatever was done to it. */
  private lookAtTouched(one: ComparedTable): void {
    const look = this.looks.get(one);
    look?.tell();
    look?.forget();
  }

  private change(place: ToldPlace, row: string): void {
    if (place === null) return;
    invariant(place !== OWNER_MISSING, 'a row belongs to one of another table that is not there');
    let sum = this.changes.get(place);
    if (sum === undefined) this.changes.set(place, (sum = nothing()));
    add(sum, hashOfRow(this.hash, place, row));
  }

  /** Adds to the sum of a place, and what that adds to the one above to that. */
  private move(model: string, { clientId, period, sum: added }: Change, above: Change | null): void {
    const place = { clientId, period };
    const before = this.sumAt(model, place);
    const sum = before === null ? nothing() : Buffer.from(before.sum);
    addSum(sum, added);
    const asText = textOfSum(sum);
    const hash = hashOfSum(this.hash, model, place, asText);
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
      : { sum: Buffer.from(row.sum, 'base64'), hash: hashOfSum(this.hash, model, place, row.sum) };
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

export function textOfSum(sum: Buffer): string {
  return sum.toString('base64');
}

/** A place of a read model. */
export function keyOf(model: string, { clientId, period }: Place): string {
  return `${model}\n${clientId}\n${period}`;
}

/** Of a row. Its place is in it: a row that is moved elsewhere is another. JSON has no line break, so it is read in one way. */
export function hashOfRow(hash: KeyedHash, place: Place | string, row: string): string {
  return hash.of(`${typeof place === 'string' ? place : textOfPlace(place)}\n${row}`);
}

export function hashOfSum(hash: KeyedHash, model: string, { clientId, period }: Place, sum: string): string {
  return hash.of(`sum\n${JSON.stringify([model, clientId, period, sum])}`);
}

export function hashOfRoot(hash: KeyedHash, model: string, position: Position, sum: string): string {
  return bytesOf(hash.of(`root\n${JSON.stringify([model, String(position), sum])}`)).toString('base64');
}
