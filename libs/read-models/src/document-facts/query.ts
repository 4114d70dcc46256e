import { invariant, monthsBetween, type Month, type Refusal } from '@billtrail/kernel';
import {
  chargeTaxedAs,
  DEFAULT_CONFIGURATION,
  OF_NO_CLIENT,
  placesAfter,
  documentsAdjusted,
  holderOfOwnNote,
  isNameOfWork,
  namesOf,
  needsAsked,
  recipientOf,
  ticketsJoined,
  type TicketFacts,
  type TicketsSplitOff,
  type AskedElsewhere,
  type BillableItem,
  type BillingConfiguration,
  type ChangeOfTicket,
  type Charge,
  type ChargeItem,
  type ClientPeriodFacts,
  type ContractFacts,
  type ExplainedItem,
  type MonthUnderTerms,
  type Receiving,
  type Recipient,
  type Supposing,
} from '@billtrail/billing';
import type { ClientFacts, Site } from '@billtrail/contracts';
import type { Position } from '@billtrail/event-store';
import type { BillableItemsQuery, ExplainedPeriod } from '../billable-items/query.js';
import type { ChargesQuery } from '../charges/query.js';
import { readModelsDiffer, type Comparison } from '../compared/comparison.js';
import type { ReadDatabase } from '../database/read-database.js';
import { firstOf } from '../database/list.js';
import { CHARGES_OF_INVOICES, INVOICES } from '../invoices/tables.js';
import type { InvoicesQuery } from '../invoices/query.js';
import type { NotKnownOf } from '../parking/parked.js';
import { CHARGES_HELD } from '../rating-facts/account-tables.js';
import { CLIENTS, CONFIGURATION } from '../rating-facts/tables.js';
import { NotSettled, settledAt } from '../runner/settled.js';

type ClientDetails = ClientFacts & { readonly clientId: string };

/** What is to be received, and what is known beside it. */
interface Received {
  readonly items: readonly (BillableItem | ExplainedItem)[];
  readonly charges: readonly ChargeItem[];
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
  readonly contracts: readonly ContractFacts[];
  readonly elsewhere: readonly AskedElsewhere[];
  /** The draft or invoice that it is on, or is to be on. Absent: none yet. */
  readonly invoiceId?: string;
}

export interface DocumentAsked {
  readonly clientId: string;
  readonly period: Month;
  /** The draft or invoice that it is about. Absent: none yet. */
  readonly invoiceId?: string;
  /** Tickets and charges that a draft is limited to. Absent: it takes everything. */
  readonly named?: { readonly tickets: readonly string[]; readonly charges: readonly string[] };
}

/** A client-period that has some of a piece of work. */
export interface FactsOfWork {
  readonly facts: ClientPeriodFacts;
  /** Under which the work is rated. */
  readonly name: string;
}

/** Where work is and where a document or a write-off holds it, by tables that are compared. */
const WHERE_WORK_IS = `
  SELECT client_id AS clientId, period, name FROM work_items WHERE ticket_id IN (SELECT value FROM json_each(:ticketIds)) AND work_item_id = coalesce(:workItemId, work_item_id)
  UNION SELECT s.client_id, s.period, w.name FROM work_spans s JOIN work_items w USING (ticket_id, work_item_id)
    WHERE s.ticket_id IN (SELECT value FROM json_each(:ticketIds)) AND s.work_item_id = coalesce(:workItemId, s.work_item_id)
  UNION SELECT d.client_id, d.period, l.work_item_id FROM account_lines l JOIN account_documents d USING (invoice_id)
    WHERE l.ticket_id IN (SELECT value FROM json_each(:ticketIds))
  UNION SELECT client_id, period, work_item_id FROM write_offs WHERE ticket_id IN (SELECT value FROM json_each(:ticketIds))
  ORDER BY 2, 1, 3`;

/** The months with work that may be held: nearly all that is published for days that have passed finds none. */
const MONTHS_WITH_WORK = `
  SELECT w.period FROM work_items w JOIN tickets t USING (ticket_id) LEFT JOIN merged_tickets m USING (ticket_id)
    WHERE w.client_id = :clientId AND w.period >= :from AND (w.was_approved OR t.resolved_at IS NOT NULL OR t.split_resolved IS NOT NULL OR m.ticket_id IS NOT NULL)
  UNION SELECT period FROM work_spans WHERE client_id = :clientId AND period >= :from
  ORDER BY period`;

/** A month of a client of which not all is known: nothing of it can be stated. */
export interface MonthNotKnown {
  /** null: the whole client. */
  readonly period: Month | null;
  /** It has work that may be held, or nobody knows. False: only what is charged beside the work may be asked less. */
  readonly hasWork: boolean;
}

/** The months of a client as they are and with other contracts in force, and those of which nobody can say that. */
export interface UnderContracts {
  readonly months: readonly MonthUnderTerms[];
  readonly notKnown: readonly MonthNotKnown[];
}

/** A client-period with some work that was looked for, under a name. */
interface PlaceOfWork {
  readonly clientId: string;
  readonly period: Month;
  readonly name: string;
}

/** All that a document of a client-period is decided on, as it was when the log ended at one position. */
export interface DocumentFacts extends Omit<ExplainedPeriod, 'siteOfTicket'> {
  /** That position. */
  readonly ratedUpTo: Position;
  readonly configuration: BillingConfiguration;
  readonly client: ClientDetails;
  readonly contracts: readonly ContractFacts[];
  readonly elsewhere: readonly AskedElsewhere[];
  readonly receiving: Receiving;
  /** With what the names stand for where the client-period has nothing of the name: in another month, of another client, or no charge but an item. */
  readonly withOthersNamed: { readonly items: readonly BillableItem[]; readonly charges: readonly ChargeItem[] };
}

/** Those that the facts of a document are read from. */
const MODELS = ['rating-facts', 'billable-items', 'invoices'] as const;

/**
 * The facts of documents, read at once: nothing is waited for, so that nothing can come in between. A draft has the lines, the minimum, the credits and the
 * configuration of one moment.
 */
export class DocumentFactsQuery {
  constructor(
    private readonly database: ReadDatabase,
    private readonly queries: {
      readonly billableItems: BillableItemsQuery;
      readonly charges: ChargesQuery;
      readonly invoices: InvoicesQuery;
    },
    private readonly comparison: Pick<Comparison, 'ofPeriod' | 'ofAllMonths' | 'ofClient'> | null,
  ) {}

  /** null: all that a document of the client-period is decided on has been read up to `from`; it is known, or the question is refused. */
  unsettledOf(_asked: Pick<DocumentAsked, 'clientId' | 'period'>, from: Position): NotSettled | null {
    const settled = settledAt(this.database, MODELS, from);
    return settled instanceof NotSettled ? settled : null;
  }

  /** Why nothing may be decided on what a client-period comes to: its rows are not as they were written. null: they are. At once. */
  differenceNow({ clientId, period }: Pick<DocumentAsked, 'clientId' | 'period'>): Refusal | null {
    const difference = this.comparison?.ofPeriod(clientId, period) ?? null;
    return difference === null ? null : readModelsDiffer(difference);
  }

  /**
   * The client-periods that have some of a piece of work, in the order of months. `clientIds`: whose its ticket is, or ever was, as the log says: what is not theirs is not
   * looked for, and all that is kept of them is looked at first, so that no row that was changed leads elsewhere. At once. Refuses: ReadModelsDiffer.
   */
  ofWork(
    { ticketId, workItemId }: { readonly ticketId: string; readonly workItemId: string },
    clientIds: readonly string[],
  ): readonly FactsOfWork[] | Refusal {
    return this.compared(clientIds, () => {
      const found = this.placesOf([ticketId], workItemId).filter(
        ({ clientId, name }) => clientIds.includes(clientId) && isNameOfWork(name, ticketId, workItemId),
      );
      const places = new Map(found.map((one) => [`${one.period} ${one.clientId}`, one]));
      return [...places.values()].map(({ clientId, period, name }) => ({
        facts: this.queries.billableItems.periodFactsNow(clientId, period),
        name,
      }));
    });
  }

  /**
   * The client-periods that are concerned if ticket events that were decided were recorded, as they are: those that have some of the ticket's work, or of what was merged
   * into it, or that it would be one with, and those that it would come to. `workItemId`: the events are of that piece of work alone. `clientIds`: as of {@link ofWork}, and those that the
   * events name. Work of no client stands for itself, in the months that it has. At once. Refuses: ReadModelsDiffer.
   */
  concernedBy(
    { workItemId = null, ...supposing }: Supposing & { readonly workItemId?: string | null },
    clientIds: readonly string[],
  ): readonly ClientPeriodFacts[] | Refusal {
    const { billableItems } = this.queries;
    const { ticketId } = supposing;
    return this.compared(clientIds, () => {
      const whole = [ticketId, ...ticketsJoined(supposing)];
      const oneWith = (one: string) =>
        supposing.apart === undefined ? billableItems.accountedForByNow(one) : billableItems.oneWithNow(one);
      const tickets = workItemId === null ? [...new Set(whole.flatMap(oneWith))] : [ticketId];
      const found = this.placesOf(tickets, workItemId).filter(
        ({ clientId, name }) =>
          (clientId === OF_NO_CLIENT || clientIds.includes(clientId)) &&
          (workItemId === null || isNameOfWork(name, ticketId, workItemId)),
      );
      const places = [...found, ...placesAfter(found, supposing)];
      const distinct = new Map(places.map((one) => [`${one.period} ${one.clientId}`, one]));
      return [...distinct.values()].map(({ clientId, period }) =>
        clientId === OF_NO_CLIENT
          ? billableItems.factsWithoutClientNow(tickets, period)
          : billableItems.periodFactsNow(clientId, period),
      );
    });
  }

  /** The ticket, and what was merged into it, as they would be once it was split off. At once, in one snapshot with {@link concernedBy}, which compares what it is read from. */
  apart(ticketId: string): TicketsSplitOff {
    return this.queries.billableItems.apartNow(ticketId);
  }

  /** The tickets that are one with this one, itself among them, as they would be if its own facts were changed. At once, as {@link apart}. */
  asOne(ticketId: string, change: ChangeOfTicket): ReadonlyMap<string, TicketFacts> {
    return this.queries.billableItems.asOneNow(ticketId, change);
  }

  /**
   * The months of a client that a credit note concerns, as they are: that of its account, and those that have some of the work of these tickets, or of what was merged
   * into them. At once. Refuses: ReadModelsDiffer.
   */
  ofCredited(
    { clientId, period }: Pick<DocumentAsked, 'clientId' | 'period'>,
    ticketIds: readonly string[],
  ): readonly ClientPeriodFacts[] | Refusal {
    const { billableItems } = this.queries;
    return this.compared([clientId], () => {
      const tickets = ticketIds.flatMap((ticketId) => billableItems.accountedForByNow(ticketId));
      const months = this.placesOf(tickets, null).flatMap((one) => (one.clientId === clientId ? [one.period] : []));
      return [...new Set([period, ...months])].sort().map((one) => billableItems.periodFactsNow(clientId, one));
    });
  }

  /**
   * The months of a client from one on, to the last that has work which may be held, as they are and with other contracts in force, each in place of the one with its id: those that
   * `suppose` makes of the recorded ones. None where it has no such work. `from` null: from the first with such work. `until`: at least to this month, whatever was worked. `except`: of whom
   * not all is known; up to `until` such a month is told whatever was worked, for an invoice of it may reach into any later one. At once. Refuses: ReadModelsDiffer.
   */
  underContracts(
    clientId: string,
    from: Month | null,
    suppose: (recorded: readonly ContractFacts[]) => readonly ContractFacts[],
    until: Month | null = null,
    except: readonly NotKnownOf[] = [],
  ): UnderContracts | Refusal {
    const { billableItems } = this.queries;
    const parked = new Set(except.flatMap((one) => (one.clientId === clientId ? [one.period] : [])));
    if (parked.has(null)) return { months: [], notKnown: [{ period: null, hasWork: true }] };
    const found = this.database
      .query<[object], { readonly period: Month }>(MONTHS_WITH_WORK)
      .all({ clientId, from: from ?? '' })
      .map(({ period }) => period);
    const withWork = new Set(found);
    const [first = null] = from === null ? found : [from];
    const last = [found.at(-1) ?? null, until].reduce((one, other) =>
      one === null || (other ?? '') > one ? other : one,
    );
    const notKnown = [...parked].flatMap((period): MonthNotKnown[] => {
      const hasWork = period !== null && withWork.has(period);
      return hasWork || (period !== null && until !== null && period <= until) ? [{ period, hasWork }] : [];
    });
    if (first === null || last === null) return { months: [], notKnown };
    return this.compared([clientId], () => {
      const supposed = suppose(billableItems.contractsNow(clientId));
      const known = monthsBetween(first, last).filter((period) => !parked.has(period));
      const months = known.map((period) => ({
        now: billableItems.periodFactsNow(clientId, period),
        underThem: () => billableItems.periodFactsNow(clientId, period, supposed),
      }));
      return { months, notKnown };
    });
  }

  private placesOf(ticketIds: readonly string[], workItemId: string | null): readonly PlaceOfWork[] {
    return this.database
      .query<[object], PlaceOfWork>(WHERE_WORK_IS)
      .all({ ticketIds: JSON.stringify(ticketIds), workItemId });
  }

  /** `work` on the rows of these clients that nobody else has changed, in one snapshot with the look at them. */
  private compared<Result>(clientIds: readonly string[], work: () => Result): Result | Refusal {
    return this.database.snapshot(() => {
      for (const clientId of clientIds) {
        const difference = this.comparison?.ofAllMonths(clientId) ?? null;
        if (difference !== null) return readModelsDiffer(difference);
      }
      return work();
    });
  }

  /** `from`: the position that must have been read. The client must be registered. Refuses: ReadModelsDiffer. */
  of(asked: DocumentAsked, from: Position): DocumentFacts | NotSettled | Refusal {
    return this.database.snapshot(() => {
      const ratedUpTo = settledAt(this.database, MODELS, from);
      if (ratedUpTo instanceof NotSettled) return ratedUpTo;
      const { clientId, period, invoiceId, named } = asked;
      const differs = this.differenceNow({ clientId, period });
      if (differs !== null) return differs;
      const { items, charges, siteOfTicket } = this.queries.billableItems.ratedNow(clientId, period);
      const contracts = this.queries.billableItems.contractsNow(clientId);
      const client = this.clientNow(clientId);
      invariant(client !== null, () => `client ${clientId}, which was read, is not there`);
      const elsewhere = this.askedElsewhere(clientId, charges);
      const received = { items, charges, siteOfTicket, contracts, elsewhere, ...(invoiceId && { invoiceId }) };
      const receiving = this.receiving(clientId, received);
      for (const recipientId of receiving.recipients.keys()) {
        const ofRecipient = this.comparison?.ofClient(recipientId) ?? null;
        if (ofRecipient !== null) return readModelsDiffer(ofRecipient);
      }
      return {
        ratedUpTo,
        configuration: this.database.rows(CONFIGURATION, '').get()?.configuration ?? DEFAULT_CONFIGURATION,
        client,
        items,
        charges,
        contracts,
        elsewhere,
        receiving,
        withOthersNamed: this.withOthersNamed(named, { items, charges }),
      };
    });
  }

  /** Where charges are of units that left, or service credits: what the client's accounts have invoiced of their contracts' fees, and how that was taxed. */
  askedElsewhere(clientId: string, charges: readonly Charge[]): readonly AskedElsewhere[] {
    const contracts = new Set(charges.filter(needsAsked).map(({ contractId }) => contractId));
    return [...contracts].flatMap((contractId) =>
      this.queries.charges
        .feesInvoicedNow(clientId, contractId)
        // Their adjustments are about money, not units.
        .filter(({ chargeItemId, chargeId }) => chargeItemId === chargeId)
        .map(({ period, invoiceId, creditNoteId, chargeItemId, from, to, quantity, net, taxCategory, basis }) => ({
          period,
          contractId,
          termId: basis.termId,
          invoiceId,
          recipientId:
            invoiceId === null
              ? this.creditedTo(clientId, creditNoteId, chargeItemId)
              : (this.invoice(invoiceId)?.recipientId ?? null),
          from,
          to,
          quantity,
          net,
          taxCategory,
          taxation: invoiceId === null ? null : this.taxationOf(invoiceId, chargeItemId),
        })),
    );
  }

  /**
   * Who receives what a client is served: its contracts, sites and details, with the details of each client that receives something, and who received the
   * invoices that items adjust. The client must be registered.
   */
  receiving(clientId: string, { items, charges, siteOfTicket, contracts, elsewhere, invoiceId }: Received): Receiving {
    const row = this.clientRow(clientId);
    invariant(row !== null, () => `client ${clientId}, which was read, is not there`);
    const all = [...items, ...charges];
    const adjusted = new Set(all.flatMap((one) => documentsAdjusted(one, elsewhere)));
    const named = {
      clientId,
      billTo: row.facts.billTo ?? null,
      contracts,
      sites: row.sites,
      siteOfTicket,
      documents: this.queries.invoices.receivedNow([...adjusted]),
      elsewhere,
      recipients: new Map<string, Recipient | null>(),
    };
    const existing = invoiceId === undefined ? undefined : this.invoice(invoiceId);
    const ids = new Set([
      clientId,
      ...all.map((one) => recipientOf(one, named)),
      ...(existing === undefined ? [] : [existing.recipientId]),
    ]);
    return { ...named, recipients: new Map([...ids].map((id) => [id, this.clientNow(id)])) };
  }

  private withOthersNamed(
    named: DocumentAsked['named'],
    { items, charges }: Pick<DocumentFacts, 'items' | 'charges'>,
  ): DocumentFacts['withOthersNamed'] {
    if (named === undefined) return { items, charges };
    const { billableItems, charges: ofCharges } = this.queries;
    const tickets = new Set(items.flatMap(namesOf));
    const ids = new Set(charges.map(({ chargeItemId }) => chargeItemId));
    const others = named.charges.filter((id) => !ids.has(id));
    return {
      items: [
        ...items,
        ...named.tickets.filter((id) => !tickets.has(id)).flatMap((id) => billableItems.ofTicketNow(id)),
        ...others.flatMap((id) => billableItems.byIdNow(id)),
      ],
      charges: [...charges, ...others.flatMap((id) => ofCharges.byIdNow(id))],
    };
  }

  /** Who was given a charge by a credit note of no invoice. */
  private creditedTo(clientId: string, creditNoteId: string | undefined, chargeItemId: string): string {
    invariant(creditNoteId !== undefined, () => `charge ${chargeItemId} is settled on no document`);
    const held = firstOf(this.database, CHARGES_HELD, { invoiceId: holderOfOwnNote(creditNoteId), chargeItemId });
    invariant(held !== undefined, () => `credit note ${creditNoteId} does not hold charge ${chargeItemId}`);
    return held.charge.billTo ?? clientId;
  }

  /** How an invoice taxed one of its charges; null: it is no invoice yet, or has no such charge. */
  private taxationOf(invoiceId: string, chargeItemId: string): AskedElsewhere['taxation'] {
    const invoice = this.invoice(invoiceId);
    const charge = firstOf(this.database, CHARGES_OF_INVOICES, { invoiceId, chargeItemId })?.charge;
    const isAsked = invoice?.status === 'issuing' || invoice?.status === 'issued';
    return isAsked && charge !== undefined ? chargeTaxedAs(charge, invoice.taxTotals ?? []) : null;
  }

  private invoice(invoiceId: string) {
    return firstOf(this.database, INVOICES, { invoiceId });
  }

  private clientRow(clientId: string): { readonly facts: ClientFacts; readonly sites: readonly Site[] } | null {
    return firstOf(this.database, CLIENTS, { clientId })?.state ?? null;
  }

  private clientNow(clientId: string): ClientDetails | null {
    const row = this.clientRow(clientId);
    return row === null ? null : { clientId, ...row.facts };
  }
}
