import type { Month, TimeZone } from '@billtrail/kernel';
import { DEFAULT_CONFIGURATION, rate } from '@billtrail/billing';
import { START, type EventStore, type Position, type StreamKeys } from '@billtrail/event-store';
import { billableItemsProjection, billableItemsRatedBy } from './billable-items/projection.js';
import { RatedRows } from './billable-items/rated-rows.js';
import { BillableItemsQuery } from './billable-items/query.js';
import { ChargesQuery } from './charges/query.js';
import { partOfLog, type PartOfLog } from './client-streams/part-of-log.js';
import { clientStreamsProjection } from './client-streams/projection.js';
import { ClientStreamsQuery } from './client-streams/query.js';
import { comparedTables } from './compared/compared-rows.js';
import { Comparison } from './compared/comparison.js';
import { FileSchema, toldOfSchema, type SchemaDifference } from './compared/file-schema.js';
import { KeptSums, type KeptWith } from './compared/kept-sums.js';
import { KeyedHash } from './compared/keyed-hash.js';
import { ROOTS, SUMS } from './compared/sums.js';
import { ContractTermsQuery } from './contract-terms/query.js';
import { ReadDatabase } from './database/read-database.js';
import { FILL_ANEW, ReadModelsUnavailable } from './database/read-models-unavailable.js';
import { gapLedgerProjection } from './gap-ledger/projection.js';
import { GapLedgerQuery } from './gap-ledger/query.js';
import { approvalsProjection } from './approvals/projection.js';
import { ApprovalsQuery } from './approvals/query.js';
import { gapsProjection } from './gaps/projection.js';
import { GapsQuery } from './gaps/query.js';
import { invoicesProjection } from './invoices/projection.js';
import { CreditNotesQuery } from './invoices/credit-notes-query.js';
import { DocumentFactsQuery } from './document-facts/query.js';
import { DocumentsQuery } from './invoices/documents-query.js';
import { MilestonesQuery } from './milestones/query.js';
import { InvoicesQuery } from './invoices/query.js';
import {
  OF_CHARGES,
  OF_CONTRACT_TERMS,
  OF_DOCUMENTS,
  OF_GAP_LEDGER,
  OF_APPROVALS,
  OF_GAPS,
  OF_MILESTONES,
  OF_PREPAID,
  OF_RECONCILIATION,
  OF_SLA,
  OF_TICKET_MERGES,
  OF_TIMELINE,
  OF_UNPRICED_WORK,
  OF_WORK,
  ofCreditNotes,
  ofDocumentFacts,
  ofInvoices,
  ofItems,
} from './parking/guarded-queries.js';
import { guarded } from './parking/guards.js';
import { Known } from './parking/known.js';
import type { About } from './parking/parked.js';
import { PrepaidQuery } from './prepaid/query.js';
import { ReconciliationQuery } from './reconciliation/query.js';
import { PARKED } from './parking/parked-streams.js';
import { CHECKPOINTS } from './runner/checkpoints.js';
import { MAX_STEPS_WAITED, Runner, type CatchUpOptions, type ReadModelStatus } from './runner/runner.js';
import type { Projection } from './runner/projection.js';
import { NotSettled, settledAt } from './runner/settled.js';
import { ratingFactsProjection } from './rating-facts/projection.js';
import { CONFIGURATION, NAMES } from './rating-facts/tables.js';
import { slaProjection } from './sla/projection.js';
import { SlaQuery } from './sla/query.js';
import { ticketTimelineProjection } from './ticket-timeline/projection.js';
import { TicketMergesQuery } from './ticket-merges/query.js';
import { TicketTimelineQuery } from './ticket-timeline/query.js';
import { UnpricedWorkQuery } from './unpriced-work/query.js';
import { WorkQuery } from './work/query.js';

export interface ReadModelsOptions {
  /** Path of the read models' own file: may be deleted at any time, it is filled again from the log. `:memory:` for a test. */
  readonly file: string;
  /** Look through the whole file first, as at the start of a server. */
  readonly check?: boolean;
  readonly store: EventStore;
  /** Keys of sealed events: whoever may have got one since is asked when the file is opened. Without it what lacked one then stays parked. */
  readonly keys?: Pick<StreamKeys, 'keysOf'>;
  /**
   * The key of the vault that money facts are compared under: their hashes are kept as they are written, and looked at before a document is made. Absent: nothing
   * is kept or compared, as in memory, where nobody else writes.
   */
  readonly comparedUnder?: Buffer;
  /** Milliseconds, only to bound how long one step holds the event loop. */
  readonly now?: () => number;
  /** Which read models to run. Without it: all. For tests and tools of one question. */
  readonly projections?: readonly Projection[];
  /** Of a part of the log: names of work that other parts took before. */
  readonly namesTaken?: PartOfLog['namesTaken'];
  /** Periods after this month are not rated, nor asked for. */
  readonly ratedUpTo?: Month;
}

/** All read models of Billtrail, in the order in which a batch goes through them: whose each stream is before all, facts before what is derived from them. */
export const PROJECTIONS: readonly Projection[] = [
  clientStreamsProjection,
  ratingFactsProjection,
  billableItemsProjection,
  approvalsProjection,
  gapsProjection,
  gapLedgerProjection,
  invoicesProjection,
  ticketTimelineProjection,
  slaProjection,
];

/** What is asked of the file is not there, or something in it fails: not what SQLite says of files and locks. */
function isOfSql(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'SQLITE_ERROR';
}

function strangeFile(file: string, strange: SchemaDifference, cause: unknown): ReadModelsUnavailable {
  return new ReadModelsUnavailable(`the file of the read models ${file} ${toldOfSchema(strange)}`, true, FILL_ANEW, {
    cause,
  });
}

/** Of no read model alone. */
export const SHARED_TABLES = [CHECKPOINTS, PARKED, SUMS, ROOTS];

function keptWith(key: Buffer, running: readonly Projection[], schema: FileSchema): KeptWith {
  const tables = comparedTables(running);
  const sourcesOf = new Map(
    running.map(({ name, derivedFrom = [] }) => [name, derivedFrom.filter((one) => tables.has(one))]),
  );
  return { hash: new KeyedHash(key), tables, schema, sourcesOf };
}

function ratedOnlyUpTo(month: Month): readonly Projection[] {
  return PROJECTIONS.map((one) => (one === billableItemsProjection ? billableItemsRatedBy(rate, month) : one));
}

/**
 * The read models: what the log says, laid out for questions. They follow the log by their own checkpoints and hold nothing of their own.
 * Several processes may project into one file, in turns: each batch is done once, by whoever is first.
 */
export class ReadModels {
  readonly billableItems: BillableItemsQuery;
  readonly charges: ChargesQuery;
  readonly contractTerms: ContractTermsQuery;
  readonly milestones: MilestonesQuery;
  readonly prepaid: PrepaidQuery;
  readonly unpricedWork: UnpricedWorkQuery;
  readonly approvals: ApprovalsQuery;
  readonly work: WorkQuery;
  readonly gaps: GapsQuery;
  readonly gapLedger: GapLedgerQuery;
  readonly invoices: InvoicesQuery;
  readonly creditNotes: CreditNotesQuery;
  readonly documents: DocumentsQuery;
  readonly documentFacts: DocumentFactsQuery;
  readonly timeline: TicketTimelineQuery;
  readonly reconciliation: ReconciliationQuery;
  readonly sla: SlaQuery;
  readonly ticketMerges: TicketMergesQuery;
  readonly clientStreams: ClientStreamsQuery;
  /** Of whom everything is known that was recorded. */
  readonly known: Known;
  /** The same as far as rating rests on it. */
  readonly rated: Known;

  private readonly names: readonly string[];

  private constructor(
    private readonly database: ReadDatabase,
    private readonly runner: Runner,
    store: EventStore,
    /** Of money facts with what was kept of them; null: nothing was. */
    readonly comparison: Comparison | null,
  ) {
    this.names = runner.status().map(({ name }) => name);
    this.known = new Known(database);
    const folded = this.known.of(ratingFactsProjection.name);
    const rated = this.known.of(ratingFactsProjection.name, billableItemsProjection.name);
    this.rated = rated;
    // A recorded gap is told as it stands, which what rating lacks may have changed.
    const recorded = this.known.of(gapsProjection.name, ratingFactsProjection.name, billableItemsProjection.name);
    const documents = this.known.of(invoicesProjection.name);
    const told = this.known.of(ticketTimelineProjection.name);
    const items = new BillableItemsQuery(database);
    const charges = new ChargesQuery(database);
    const invoices = new InvoicesQuery(database, store);
    const creditNotes = new CreditNotesQuery(database, store);
    this.billableItems = guarded(items, rated, ofItems(items));
    this.charges = guarded(charges, rated, OF_CHARGES);
    this.contractTerms = guarded(new ContractTermsQuery(database), folded, OF_CONTRACT_TERMS);
    this.milestones = guarded(new MilestonesQuery(database), rated, OF_MILESTONES);
    this.prepaid = guarded(new PrepaidQuery(database), rated, OF_PREPAID);
    this.unpricedWork = guarded(new UnpricedWorkQuery(items), rated, OF_UNPRICED_WORK);
    this.work = guarded(new WorkQuery(database), folded, OF_WORK);
    this.approvals = guarded(
      new ApprovalsQuery(database, store, comparison),
      this.known.of(approvalsProjection.name),
      OF_APPROVALS,
    );
    this.gaps = guarded(new GapsQuery(database, store), recorded, OF_GAPS);
    const looks = comparison && { comparison, rows: new RatedRows(database) };
    this.gapLedger = guarded(new GapLedgerQuery(database, looks), recorded, OF_GAP_LEDGER);
    this.invoices = guarded(invoices, documents, ofInvoices(invoices));
    this.creditNotes = guarded(creditNotes, documents, ofCreditNotes(creditNotes));
    this.documents = guarded(new DocumentsQuery(database), documents, OF_DOCUMENTS);
    this.documentFacts = guarded(
      new DocumentFactsQuery(database, { billableItems: items, charges, invoices }, comparison),
      this.known.of(ratingFactsProjection.name, billableItemsProjection.name, invoicesProjection.name),
      ofDocumentFacts(items),
    );
    this.timeline = guarded(new TicketTimelineQuery(database, store, this), told, OF_TIMELINE);
    this.reconciliation = guarded(new ReconciliationQuery(database), this.known, OF_RECONCILIATION);
    this.sla = guarded(new SlaQuery(database), this.known.of(ratingFactsProjection.name, slaProjection.name), OF_SLA);
    this.clientStreams = new ClientStreamsQuery(database);
    this.ticketMerges = guarded(new TicketMergesQuery(database), folded, OF_TICKET_MERGES);
  }

  /** @throws ReadModelsUnavailable where the file can't be opened. */
  static async open({
    file,
    check = false,
    store,
    keys,
    comparedUnder,
    now,
    projections,
    namesTaken = [],
    ratedUpTo,
  }: ReadModelsOptions): Promise<ReadModels> {
    const database = new ReadDatabase(file, { check });
    const running = projections ?? (ratedUpTo === undefined ? PROJECTIONS : ratedOnlyUpTo(ratedUpTo));
    const schema = new FileSchema(
      database,
      running.flatMap((one) => one.tables),
      SHARED_TABLES,
    );
    try {
      const sums = comparedUnder && new KeptSums(database, keptWith(comparedUnder, running, schema));
      const runner = await Runner.open({
        database,
        store,
        ...(keys !== undefined && { keys }),
        ...(sums !== undefined && { schema, sums }),
        projections: running,
        now: now ?? (() => performance.now()),
      });
      const take = namesTaken.length === 0 ? null : database.insert(NAMES);
      for (const row of namesTaken) take?.(row);
      return new ReadModels(database, runner, store, sums?.comparison ?? null);
    } catch (error) {
      const strange = comparedUnder === undefined || !isOfSql(error) ? null : (schema.differing()[0] ?? null);
      database.close();
      throw strange === null ? error : strangeFile(file, strange, error);
    }
  }

  /**
   * Carries the log up to its present end (or `upTo`) into the read models, in large batches. Answers the position reached.
   */
  catchUp(options: CatchUpOptions = {}): Promise<Position> {
    return this.runner.catchUp(options);
  }

  /** Catches up, then follows the log live in small batches, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void> {
    return this.runner.follow(signal);
  }

  /** Everything that is asked here is complete up to this position. */
  position(): Position {
    return this.runner.position();
  }

  /** It is that of an event which they read lately: of this log. False: it may be so all the same, and the log knows. */
  hasRead(position: Position): boolean {
    return this.runner.hasRead(position);
  }

  /** Whose days questions are about: the organisation's zone, as they have read it. */
  timeZone(): TimeZone {
    const { configuration } = this.database.rows(CONFIGURATION, '').get() ?? { configuration: DEFAULT_CONFIGURATION };
    return configuration.organisation.timeZone;
  }

  /** How often any of them was emptied to be filled anew, by whatever process: at one position the rows may be others after it. */
  timesFilled(): number {
    return this.runner.timesFilled();
  }

  /**
   * `work` on the rows as all read models have them at one position, which it is told: at `from` or after it, with all that follows from the facts worked out. Nothing
   * is waited for.
   */
  settled<Result>(from: Position, work: (at: Position) => Result): Result | NotSettled {
    return this.database.snapshot(() => {
      const at = settledAt(this.database, this.names, from);
      return at instanceof NotSettled ? at : work(at);
    });
  }

  /** What a question about one client, ticket or contract needs of the log up to a position; null: all, or what these have not read yet. */
  partOfLog(about: About, upTo: Position): PartOfLog | null {
    return upTo.isAfter(this.position()) ? null : partOfLog(this.database, about, upTo.at);
  }

  /** Which of them were emptied when they were opened, to be filled anew, and why: one sentence for each reason, for whoever starts it. */
  emptiedAtOpening(): readonly string[] {
    const { foreign, rootless, strange } = this.runner.found;
    return [
      ...(foreign.length === 0 ? [] : [`Filled anew, for they were filled from another log: ${foreign.join(', ')}`]),
      ...(rootless.length === 0
        ? []
        : [
            `Filled anew, for the hash of what money rests on in them is missing, does not fit, or is of another vault: ${rootless.join(', ')}`,
          ]),
      ...strange.map((one) => `Filled anew, all of them: the file of the read models ${toldOfSchema(one)}`),
    ];
  }

  /** Those that were filled from another log when they were opened, and were emptied. */
  filledFromAnotherLog(): readonly string[] {
    return this.runner.found.foreign;
  }

  /** One of them holds nothing, or is being filled anew: what it lacks yet would look like what there is not. */
  areUnfilled(): boolean {
    return this.status().some(({ state, position }) => state === 'rebuilding' || position.is(START));
  }

  status(): readonly ReadModelStatus[] {
    return this.runner.status();
  }

  /**
   * Resolves as soon as all read models have reached the position. Somebody else must run {@link follow} or {@link catchUp}.
   * @throws ReadModelsBehind after so many `steps` of theirs (without it {@link MAX_STEPS_WAITED}), ReadModelStopped where one of them has
   * stopped, and what ended {@link follow}, where it has
   */
  waitFor(position: Position, { steps = MAX_STEPS_WAITED }: { readonly steps?: number } = {}): Promise<void> {
    return this.runner.waitFor(position, steps);
  }

  /** Calls back whenever a batch is complete; for policies that follow what the read models derive. Answers how to stop it. */
  onComplete(listener: (position: Position) => void): () => void {
    return this.runner.onComplete(listener);
  }

  /** Empties read models (all, or those named) and fills them again from the log. Interrupted, it goes on at the next catch-up. @throws StoreUnavailable of a damaged log */
  rebuild(names?: readonly string[], onProgress?: CatchUpOptions['onProgress']): Promise<void> {
    return this.runner.rebuild(names, onProgress);
  }

  /** Empties read models, to be filled again by whoever follows the log or catches up. */
  empty(names: readonly string[]): Promise<void> {
    return names.length === 0 ? Promise.resolve() : this.runner.empty(names);
  }

  /** Waits for the batch at work and closes the file. Abort {@link follow} first. */
  async close(): Promise<void> {
    await this.runner.idle();
    this.database.close();
  }
}
