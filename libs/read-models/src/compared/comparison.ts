import { compareTexts, refuse, type Month, type Refusal } from '@billtrail/kernel';
import { START } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { CHECKPOINTS } from '../runner/checkpoints.js';
import {
  ALL_CLIENTS,
  levelOf,
  placeOfText,
  type ComparedTable,
  type ComparedTables,
  type Place,
} from './compared-rows.js';
import { toldOfSchema, type FileSchema, type SchemaDifference } from './file-schema.js';
import { APPROVALS_MODEL, groupOfTicket } from '../approvals/tables.js';
import { isGroupOfIds } from '../rating-facts/work-names.js';
import { add, nothing, type KeyedHash } from './keyed-hash.js';
import { keyOf, type FoundEqual } from './found-equal.js';
import { hashOfRoot, hashOfRow, hashOfSum, ROOTS, SUMS, textOfSum } from './sums.js';

/** Rows of a read model that are not those that were kept: of a client-period, of a client, or of none in particular. */
export interface Difference extends Place {
  readonly model: string;
}

/** On whose facts something is decided, beside those that matter to all. */
export interface RestsOn {
  readonly clients: readonly string[];
  /** On what their months hold too. */
  readonly withMonths?: true;
}

/** Compares what money rests on with the keyed hashes that were kept as it was written. It reads one snapshot, and waits for nothing. */
export class Comparison {
  private readonly sum;
  private readonly placesOfModel;
  private readonly root;
  private readonly checkpoint;
  private readonly sumsOfClient;
  private readonly sumsOfClients;

  constructor(
    private readonly database: ReadDatabase,
    private readonly hash: KeyedHash,
    private readonly tables: ComparedTables,
    readonly schema: FileSchema,
    private readonly equal: FoundEqual,
  ) {
    this.sum = database.rows(SUMS, 'WHERE model = ? AND client_id = ? AND period = ?');
    this.placesOfModel = database.query<[string], Place>(
      'SELECT client_id AS clientId, period FROM compared_sums WHERE model = ?',
    );
    this.root = database.rows(ROOTS, 'WHERE model = ?');
    this.checkpoint = database.rows(CHECKPOINTS, 'WHERE name = ?');
    this.sumsOfClient = database.rows(SUMS, `WHERE model = ? AND client_id = ? AND period <> ''`);
    this.sumsOfClients = database.rows(SUMS, `WHERE model = ? AND client_id <> '' AND period = ''`);
  }

  /**
   * What a document of a client-period rests on: its rows, those of the client and of its other months, and those that matter to all. The client-period itself is
   * looked at each time, all else once for as long as nobody else writes to the file. null: nothing differs.
   */
  ofPeriod(clientId: string, period: Month): Difference | SchemaDifference | null {
    return this.first(OF_DOCUMENTS, (model, tables) => {
      const months = this.sumsOfClient.all(model, clientId).filter((one) => one.period !== period);
      const found = this.unequal(model, tables, [ALL_CLIENTS, { clientId, period: '' }, ...months]);
      if (found !== null) return found;
      const place = { clientId, period };
      return this.isKept(model, tables, place) ? null : place;
    });
  }

  /** All that is kept of a client, its months among it: looked at once for as long as nobody else writes. null: nothing differs. */
  ofAllMonths(clientId: string): Difference | SchemaDifference | null {
    return this.first(OF_DOCUMENTS, (model, tables) =>
      this.unequal(model, tables, [ALL_CLIENTS, ...this.placesOf(model, clientId)]),
    );
  }

  /** What is kept of a client apart from its months. null: nothing differs. */
  ofClient(clientId: string): Difference | SchemaDifference | null {
    return this.first(OF_DOCUMENTS, (model, tables) =>
      this.unequal(model, tables, [ALL_CLIENTS, { clientId, period: '' }]),
    );
  }

  /** Why nothing may be recorded that rests on these facts: each is looked at once for as long as nobody else writes to the file. null: nothing differs. */
  refusesWhatRestsOn({ clients, withMonths }: RestsOn): Refusal | null {
    if (this.isAllOwn()) return null;
    const difference = this.first(OF_DOCUMENTS, (model, tables) => {
      const places = clients.flatMap((clientId) =>
        withMonths ? this.placesOf(model, clientId) : [{ clientId, period: '' }],
      );
      return this.unequal(model, tables, [ALL_CLIENTS, ...places]);
    });
    return difference === null ? null : readModelsDiffer(difference);
  }

  /** What an act that forgoes money rests on beside: verdicts, sums and limits, and who did the work of these tickets. null: nothing differs. */
  ofApprovals(ticketIds: readonly string[]): Difference | SchemaDifference | null {
    const places = ticketIds.flatMap((ticketId) => {
      const clientId = groupOfTicket(ticketId);
      return [
        { clientId, period: '' },
        { clientId, period: ticketId },
      ];
    });
    return this.first(OF_APPROVALS, (model, tables) => this.unequal(model, tables, [ALL_CLIENTS, ...places]));
  }

  /** Of a read model: whether any of these places is not as it was kept, looked at once for as long as nobody else writes. */
  isOtherAt(model: string, places: readonly Place[]): boolean {
    if (this.equal.hasAll(model)) return false;
    return this.unequal(model, this.tables.get(model) ?? [], places) !== null;
  }

  /** The same of a client, with all its months, and of what matters to all. */
  isOtherOf(model: string, clientId: string): boolean {
    return !this.isRootKept(model) || this.isOtherAt(model, [ALL_CLIENTS, ...this.placesOf(model, clientId)]);
  }

  /** A client with all its months. */
  placesOf(model: string, clientId: string): readonly Place[] {
    return [{ clientId, period: '' }, ...this.sumsOfClient.all(model, clientId)];
  }

  /** Nobody else has written to the file since this connection filled all of it. */
  isAllOwn(): boolean {
    return this.schema.differing().length === 0 && [...this.tables.keys()].every((model) => this.equal.hasAll(model));
  }

  /** Rows of a read model of which no hash is kept: `look` says whether they are right, and is asked once for as long as nobody else writes. */
  isRight(model: string, what: string, look: () => boolean): boolean {
    const place = { clientId: what, period: '' };
    if (this.equal.hasAll(model) || this.equal.has(`${model} without hashes`, place)) return true;
    if (!look()) return false;
    this.equal.add(`${model} without hashes`, place);
    return true;
  }

  /** All that differs, in the order of clients and months. Place by place: its memory grows with what differs, and not with what there is. */
  all(): readonly Difference[] {
    return this.database.snapshot(() =>
      [...this.tables].flatMap(([model, tables]) => {
        const places = this.isRootKept(model) ? this.allUnequal(model, tables) : [ALL_CLIENTS];
        if (OF_APPROVALS(model)) return places.slice(0, 1).map((place) => differing(model, place));
        return places.map((place) => differing(model, place));
      }),
    );
  }

  private first(
    isAsked: (model: string) => boolean,
    look: (model: string, tables: readonly ComparedTable[]) => Place | null,
  ): Difference | SchemaDifference | null {
    const [strange] = this.schema.differing();
    if (strange !== undefined) return strange;
    for (const [model, tables] of this.tables) {
      if (!isAsked(model)) continue;
      const place = this.isRootKept(model) ? look(model, tables) : ALL_CLIENTS;
      if (place !== null) return differing(model, place);
    }
    return null;
  }

  /** The first of the places that is not as it was kept, and was not found equal already. */
  private unequal(model: string, tables: readonly ComparedTable[], places: readonly Place[]): Place | null {
    for (const place of places) {
      if (this.equal.has(model, place)) continue;
      if (!this.isKept(model, tables, place)) return place;
      this.equal.add(model, place);
    }
    return null;
  }

  private isRootKept(model: string): boolean {
    const { position } = this.checkpoint.get(model) ?? { position: START };
    const kept = this.kept(model, ALL_CLIENTS);
    const root = this.root.get(model);
    return kept !== null && root !== undefined && root.hash === hashOfRoot(this.hash, model, position, kept);
  }

  private isKept(model: string, tables: readonly ComparedTable[], place: Place): boolean {
    const sum = nothing();
    const { clientId, period } = place;
    for (const one of tables) {
      const sql = one.rowsAt(levelOf(place));
      if (sql === null) continue;
      const rows = this.database.query<[object], string>(sql).pluck();
      for (const row of rows.iterate({ clientId, period })) add(sum, hashOfRow(this.hash, place, row));
    }
    if (levelOf(place) === 'client' && this.hasMonthsWithoutSum(model, tables, clientId)) return false;
    for (const below of this.below(model, place)) add(sum, hashOfSum(this.hash, model, below, below.sum));
    return (this.kept(model, place) ?? OF_NO_ROWS) === textOfSum(sum);
  }

  private hasMonthsWithoutSum(model: string, tables: readonly ComparedTable[], clientId: string): boolean {
    return tables.some((one) => {
      const sql = one.monthsWithoutSum();
      return sql !== null && this.database.query<[object], bigint>(sql).pluck().get({ model, clientId }) === 1n;
    });
  }

  private kept(model: string, { clientId, period }: Place): string | null {
    return this.sum.get(model, clientId, period)?.sum ?? null;
  }

  private below(model: string, place: Place) {
    const level = levelOf(place);
    if (level === 'all') return this.sumsOfClients.all(model);
    return level === 'client' ? this.sumsOfClient.all(model, place.clientId) : [];
  }

  private allUnequal(model: string, tables: readonly ComparedTable[]): readonly Place[] {
    const found: Place[] = [];
    for (const { clientId, period } of this.placesOfModel.iterate(model)) {
      const place = { clientId, period };
      if (!this.isKept(model, tables, place)) found.push(place);
    }
    for (const one of tables) {
      const rows = this.database.query<[object], string>(one.placesWithoutSum()).pluck();
      for (const place of rows.iterate({ model })) found.push(placeOfText(place));
    }
    const each = new Map(found.map((place) => [keyOf(model, place), place]));
    return [...each.values()].toSorted(
      (one, other) => compareTexts(one.clientId, other.clientId) || compareTexts(one.period, other.period),
    );
  }
}

const OF_APPROVALS = (model: string) => model === APPROVALS_MODEL;
const OF_DOCUMENTS = (model: string) => !OF_APPROVALS(model);

/** The places of approvals are groups of tickets, and those of names groups of ids, which nobody knows by name. */
function differing(model: string, { clientId, period }: Place): Difference {
  return { model, ...(OF_APPROVALS(model) || isGroupOfIds(clientId) ? ALL_CLIENTS : { clientId, period }) };
}

const OF_NO_ROWS = textOfSum(nothing());

/** Nothing is decided on rows that were changed behind Billtrail's back. */
export function readModelsDiffer(found: Difference | SchemaDifference): Refusal {
  if ('object' in found) return refusedFor(`The file of the read models ${toldOfSchema(found)}`, { ...found });
  const { model, clientId, period } = found;
  const whose = [clientId === '' ? [] : [`of client ${clientId}`], period === '' ? [] : [`in ${period}`]]
    .flat()
    .join(' ');
  return refusedFor(
    `The read model "${model}" does not hold ${whose === '' ? 'the facts about all clients' : `the facts ${whose}`} as Billtrail wrote them`,
    { readModel: model, ...(clientId === '' ? {} : { clientId }), ...(period === '' ? {} : { period }) },
  );
}

function refusedFor(what: string, details: Readonly<Record<string, string>>): Refusal {
  return refuse(
    'ReadModelsDiffer',
    `${what}: something else has changed their file. Nothing was recorded.`,
    'Fill the read models anew from the log, and send it again: billtrail rebuild. To see what differs: billtrail verify --read-models',
    details,
  );
}
