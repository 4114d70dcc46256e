import { daysOf, invariant, monthOf, unreachable, type Month } from '@billtrail/kernel';
import type { AccountEvent, ChargeKind, Draw, FrozenCharge, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf } from '../runner/projection.js';
import { CreditFactsFold } from './credit-facts.js';
import type { FactsMemory } from './memory.js';
import { MergeFacts } from './merge-facts.js';
import type { StaleMarks } from './stale-marks.js';
import type { WorkFactsFold } from './work-facts.js';
import { CHARGES_HELD, DOCUMENTS, LINES, WRITE_OFFS, incidentOf } from './account-tables.js';
import { fromJson } from '../database/row-unreadable.js';

/** The events of accounts that rating needs: not approval, nor the number and issue of invoices. */
export const ACCOUNT_TYPES = [
  'InvoiceDrafted',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceIssueRequested',
  'InvoiceIssueWithdrawn',
  'CreditNoteLinesAdded',
  'CreditNoteIssueWithdrawn',
  'CreditNoteIssued',
  'WorkWrittenOff',
] as const satisfies readonly AccountEvent['type'][];

type FoldedEvent = Extract<AccountEvent, { type: (typeof ACCOUNT_TYPES)[number] }>;

const ACCOUNT_STREAM = /^account-(.+)-(\d{4}-\d{2})$/;

/** Client and period of an account stream: `account-{clientId}-{period}`. */
export function accountOf(stream: string): { readonly clientId: string; readonly period: Month } {
  const match = ACCOUNT_STREAM.exec(stream);
  invariant(match?.[1] !== undefined && match[2] !== undefined, `not an account stream: ${stream}`);
  return { clientId: match[1], period: match[2] };
}

const ONCE_KINDS: ReadonlySet<string> = new Set<ChargeKind>(['one-time', 'milestone']);

/** Who paid for units of a cycle of several months is asked by later accounts in which they leave. */
function isOfLongCycle({ kind, basis }: FrozenCharge): boolean {
  return kind === 'recurring' && (basis.fee?.[0]?.cycleDays ?? 366) > 31;
}

/** Folds what accounts hold into the facts that rating reads, and marks what they make stale. */
export class AccountFactsFold {
  private readonly draft;
  private readonly addLine;
  private readonly addCharge;
  private readonly discard;
  private readonly freeze;
  private readonly linesOf;
  private readonly purchasedOn;
  private readonly writeOff;
  private readonly changesCycles;
  private readonly holdsOnce;
  private readonly holdsCycle;
  private readonly incidentsOn;
  private readonly credits: CreditFactsFold;
  private readonly merges: MergeFacts;

  constructor(
    database: ReadDatabase,
    private readonly work: WorkFactsFold,
    private readonly marks: StaleMarks,
    memory: FactsMemory,
  ) {
    this.credits = new CreditFactsFold(database);
    this.merges = new MergeFacts(database, memory);
    this.draft = database.insert(DOCUMENTS);
    this.addLine = database.insert(LINES);
    this.addCharge = database.insert(CHARGES_HELD);
    this.discard = [LINES, CHARGES_HELD, DOCUMENTS].map(({ name }) =>
      database.statement<[string]>(`DELETE FROM ${name} WHERE invoice_id = ?`),
    );
    this.freeze = database.statement('UPDATE account_documents SET frozen = ? WHERE invoice_id = ?');
    this.linesOf = database.statement<[string], { ticketId: string; workItemId: string; draw: string | null }>(
      'SELECT DISTINCT ticket_id AS ticketId, work_item_id AS workItemId, draw FROM account_lines WHERE invoice_id = ?',
    );
    this.purchasedOn = database
      .statement<[string, string], string>(
        'SELECT purchased_on FROM prepaid_blocks WHERE contract_id = ? AND block_id = ?',
      )
      .pluck();
    this.writeOff = database.insert(WRITE_OFFS);
    this.holdsOnce = database
      .statement<[string], number>(
        `SELECT EXISTS (SELECT 1 FROM account_charges WHERE invoice_id = ? AND charge ->> '$.kind' IN ('one-time', 'milestone'))`,
      )
      .pluck();
    this.holdsCycle = database
      .statement<[string], number>(
        `SELECT EXISTS (SELECT 1 FROM account_charges WHERE invoice_id = ? AND charge ->> '$.kind' = 'recurring'
           AND coalesce(charge ->> '$.basis.fee[0].cycleDays', 366) > 31)`,
      )
      .pluck();
    this.incidentsOn = database
      .statement<[string], string>(
        'SELECT DISTINCT incident_of FROM account_charges WHERE invoice_id = ? AND incident_of IS NOT NULL',
      )
      .pluck();
    this.changesCycles = database
      .statement<[string], number>('SELECT EXISTS (SELECT 1 FROM contracts WHERE client_id = ? AND changes_cycles = 1)')
      .pluck();
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    const { clientId, period } = accountOf(event.stream);
    switch (event.type) {
      case 'InvoiceDrafted':
        this.draft({ invoiceId: event.data.invoiceId, clientId, period, frozen: false });
        break;
      case 'InvoiceLinesAdded':
        this.linesAdded(event.data.invoiceId, event.position, event.data.lines, event.data.charges ?? []);
        break;
      case 'InvoiceDraftDiscarded':
        for (const statement of this.discard) statement.run(event.data.invoiceId);
        break;
      case 'InvoiceIssueRequested':
      case 'InvoiceIssueWithdrawn':
        this.freeze.run(event.type === 'InvoiceIssueRequested' ? 1 : 0, event.data.invoiceId);
        for (const ticketId of this.incidentsOn.all(event.data.invoiceId)) this.incidentHeld(ticketId);
        this.frozen(event.data.invoiceId, clientId, period);
        break;
      case 'CreditNoteLinesAdded':
        this.credits.requested(event, { clientId, period });
        break;
      case 'CreditNoteIssueWithdrawn':
        this.credits.withdrawn(event.data.creditNoteId);
        break;
      case 'CreditNoteIssued':
        return this.credited(event.data.creditNoteId, clientId, period);
      case 'WorkWrittenOff': {
        const { position, data: facts } = event;
        const { ticketId, workItemId, draw = null } = facts;
        this.work.named(ticketId, workItemId);
        this.writeOff({ clientId, period, position, part: 0, ticketId, workItemId, facts, draw });
        this.marks.periodsOfWork([workItemId]);
        this.marks.incidentOf(clientId, period, () => this.merges.treeOf(ticketId));
        if (draw !== null) this.drawnLater([draw], clientId, period);
        break;
      }
      default:
        return unreachable(event);
    }
    this.marks.period(clientId, period);
    if (event.type !== 'InvoiceIssueRequested' && event.type !== 'InvoiceIssueWithdrawn') return;
    const { invoiceId } = event.data;
    this.askedElsewhere(clientId, this.holdsOnce.get(invoiceId) === 1);
    if (this.holdsCycle.get(invoiceId) === 1) this.marks.clientFrom(clientId, daysOf(period).first);
  }

  /** From its issue on, what a note takes back is free, or frozen. */
  private credited(creditNoteId: string, clientId: string, period: Month): void {
    const added = this.credits.issued(creditNoteId, { clientId, period });
    const lines = added.flatMap((part) => part.lines.map(({ line }) => line));
    const charges = added.flatMap((part) => part.charges.map(({ charge }) => charge));
    for (const charge of charges) this.incidentHeld(incidentOf(charge));
    for (const line of lines) this.work.named(line.ticketId, line.workItemId);
    this.changedLater(lines, clientId, period);
    this.marks.period(clientId, period);
    const isOnce = charges.some(({ kind }) => ONCE_KINDS.has(kind));
    this.askedElsewhere(clientId, isOnce);
    if (charges.some(isOfLongCycle)) this.marks.clientFrom(clientId, daysOf(period).first);
  }

  /** A fee that is asked for in one account is not asked for in another. Of one that comes once, who holds it, or gives it free, decides what all other accounts ask for. */
  private askedElsewhere(clientId: string, isOnce: boolean): void {
    if (isOnce || this.changesCycles.get(clientId) === 1) this.marks.clientFrom(clientId, null);
  }

  /** A fixed price of a ticket is asked in one account: which it is matters to all periods of the ticket. */
  private incidentHeld(ticketId: string | null): void {
    if (ticketId === null) return;
    for (const one of this.merges.treeOf(ticketId)) this.marks.ticketAndItsPeriods(one);
  }

  private linesAdded(
    invoiceId: string,
    position: number,
    lines: readonly InvoiceLine[],
    charges: readonly FrozenCharge[],
  ): void {
    const nothing = { credited: null, creditNoteId: null };
    lines.forEach((line, part) => {
      const { itemId, workItemId, ticketId, draw = null } = line;
      this.work.named(ticketId, workItemId);
      this.addLine({ invoiceId, position, part, itemId, workItemId, ticketId, line, draw, ...nothing });
    });
    charges.forEach((charge, part) => {
      const { chargeItemId } = charge;
      this.addCharge({ invoiceId, position, part, chargeItemId, incidentOf: incidentOf(charge), charge, ...nothing });
    });
  }

  private frozen(invoiceId: string, clientId: string, period: Month): void {
    const lines = this.linesOf.all(invoiceId).map(({ ticketId, workItemId, draw }) => {
      return { ticketId, workItemId, ...(draw === null ? {} : { draw: fromJson(draw) as Draw }) };
    });
    this.changedLater(lines, clientId, period);
  }

  /** What is frozen holds before the work of earlier periods that draws on the same, or is of a ticket under one cap. */
  private changedLater(
    lines: readonly Pick<InvoiceLine, 'ticketId' | 'workItemId' | 'draw'>[],
    clientId: string,
    period: Month,
  ): void {
    this.marks.periodsOfWork([...new Set(lines.map((line) => line.workItemId))]);
    const tickets = new Set(lines.flatMap((line) => this.merges.treeOf(line.ticketId)));
    this.marks.incidentOf(clientId, period, () => tickets);
    for (const ticketId of tickets) this.marks.periodsOfTicketBefore(ticketId, period);
    this.drawnLater(
      lines.flatMap(({ draw }) => (draw === undefined ? [] : [draw])),
      clientId,
      period,
    );
  }

  private drawnLater(draws: readonly Draw[], clientId: string, period: Month): void {
    const months = draws.map(({ source }) =>
      source.from === 'allotment' ? source.month : this.monthOfPurchase(source.contractId, source.blockId),
    );
    const [first] = months.sort();
    if (first !== undefined) this.marks.clientBetween(clientId, first, period);
  }

  /** Before all months where there is no such block. */
  private monthOfPurchase(contractId: string, blockId: string): Month {
    const day = this.purchasedOn.get(contractId, blockId);
    return day === undefined ? '' : monthOf(day);
  }
}
