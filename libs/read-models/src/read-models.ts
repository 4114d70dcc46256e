import { START, type EventStore, type Position } from '@billtrail/event-store';
import { billableItemsProjection } from './billable-items/projection.js';
import { BillableItemsQuery } from './billable-items/query.js';
import { ChargesQuery } from './charges/query.js';
import { ContractTermsQuery } from './contract-terms/query.js';
import { ReadDatabase } from './database/read-database.js';
import { gapsProjection } from './gaps/projection.js';
import { GapsQuery } from './gaps/query.js';
import { invoicesProjection } from './invoices/projection.js';
import { CreditNotesQuery } from './invoices/credit-notes-query.js';
import { DocumentsQuery } from './invoices/documents-query.js';
import { MilestonesQuery } from './milestones/query.js';
import { InvoicesQuery } from './invoices/query.js';
import { PrepaidQuery } from './prepaid/query.js';
import { ReconciliationQuery } from './reconciliation/query.js';
import { MAX_STEPS_WAITED, Runner, type CatchUpOptions, type ReadModelStatus } from './runner/runner.js';
import type { Projection } from './runner/projection.js';
import { ratingFactsProjection } from './rating-facts/projection.js';
import { slaProjection } from './sla/projection.js';
import { SlaQuery } from './sla/query.js';
import { ticketTimelineProjection } from './ticket-timeline/projection.js';
import { TicketMergesQuery } from './ticket-merges/query.js';
import { TicketTimelineQuery } from './ticket-timeline/query.js';
import { UnpricedWorkQuery } from './unpriced-work/query.js';

export interface ReadModelsOptions {
  /** Path of the read models' own file: may be deleted at any time, it is filled again from the log. `:memory:` for a test. */
  readonly file: string;
  /** Look through the whole file first, as at the start of a server. */
  readonly check?: boolean;
  readonly store: EventStore;
  /** Milliseconds, only to bound how long one step holds the event loop. */
  readonly now?: () => number;
  /** Which read models to run. Without it: all. For tests and tools of one question. */
  readonly projections?: readonly Projection[];
}

/** All read models of Billtrail, in the order in which a batch goes through them: facts before what is derived from them. */
export const PROJECTIONS: readonly Projection[] = [
  ratingFactsProjection,
  billableItemsProjection,
  gapsProjection,
  invoicesProjection,
  ticketTimelineProjection,
  slaProjection,
];

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
  readonly gaps: GapsQuery;
  readonly invoices: InvoicesQuery;
  readonly creditNotes: CreditNotesQuery;
  readonly documents: DocumentsQuery;
  readonly timeline: TicketTimelineQuery;
  readonly reconciliation: ReconciliationQuery;
  readonly sla: SlaQuery;
  readonly ticketMerges: TicketMergesQuery;

  private constructor(
    private readonly database: ReadDatabase,
    private readonly runner: Runner,
    store: EventStore,
  ) {
    this.billableItems = new BillableItemsQuery(database);
    this.charges = new ChargesQuery(database);
    this.contractTerms = new ContractTermsQuery(database);
    this.milestones = new MilestonesQuery(database);
    this.prepaid = new PrepaidQuery(database);
    this.unpricedWork = new UnpricedWorkQuery(this.billableItems);
    this.gaps = new GapsQuery(database);
    this.invoices = new InvoicesQuery(database);
    this.creditNotes = new CreditNotesQuery(database);
    this.documents = new DocumentsQuery(database);
    this.timeline = new TicketTimelineQuery(database, store, this);
    this.reconciliation = new ReconciliationQuery(database);
    this.sla = new SlaQuery(database);
    this.ticketMerges = new TicketMergesQuery(database);
  }

  /** @throws ReadModelsUnavailable where the file can't be opened. */
  static async open({ file, check = false, store, now, projections }: ReadModelsOptions): Promise<ReadModels> {
    const database = new ReadDatabase(file, { check });
    try {
      const runner = await Runner.open({
        database,
        store,
        projections: projections ?? PROJECTIONS,
        now: now ?? (() => performance.now()),
      });
      return new ReadModels(database, runner, store);
    } catch (error) {
      database.close();
      throw error;
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

  /** Those that were filled from another log when they were opened, and were emptied. */
  filledFromAnotherLog(): readonly string[] {
    return this.runner.foreign;
  }

  /** One of them holds nothing, or is being filled anew: what it lacks yet would look like what there is not. */
  areUnfilled(): boolean {
    return this.status().some(({ state, position }) => state === 'rebuilding' || position === START);
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

  /** Waits for the batch at work and closes the file. Abort {@link follow} first. */
  async close(): Promise<void> {
    await this.runner.idle();
    this.database.close();
  }
}
