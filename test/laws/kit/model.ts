import { localDateIn, monthOf, unreachable, type DomainEvent, type MoneyJson } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ClientEvent, ContractEvent, ContractTerms } from '@billtrail/contracts';
import {
  DEFAULT_CONFIGURATION,
  type AccountEvent,
  type BillingConfiguration,
  type BillingMonthOpened,
  type ConfigurationEvent,
  type CreditedLine,
  type FrozenItem,
} from '@billtrail/billing';
import { ModelContracts } from './model-contracts.js';
import { ModelScope } from './model-scope.js';
import type { ExpenseFacts, MaterialFacts, TicketEvent, TimeEntryFacts } from '@billtrail/ticketing';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 1_440 * MINUTE_MILLIS;

/** A live piece of work as its ticket's events leave it. */
export type ModelWork = {
  readonly id: string;
  readonly sourceEventIds: readonly string[];
  /** Position of the event that first recorded it. */
  readonly recordedAt: number;
  readonly approval: 'unapproved' | 'approved' | 'rejected';
} & (
  | {
      readonly kind: 'time';
      readonly facts: TimeEntryFacts;
      /** A price of an hour that somebody set. */
      readonly override: MoneyJson | null;
    }
  | { readonly kind: 'material'; readonly facts: MaterialFacts }
  | { readonly kind: 'expense'; readonly facts: ExpenseFacts }
);

interface WorkNamed {
  readonly timeEntryId?: string;
  readonly materialUsageId?: string;
  readonly expenseId?: string;
}

export interface ModelTicket {
  readonly ticketId: string;
  clientId: string | null;
  category: string | null;
  /** Of the latest resolution; it stays when the ticket is opened again. */
  resolvedAt: string | null;
  /** The position of the event that opened it again; null: none did, or it was resolved since. */
  reopened: number | null;
  /** Then its declaration ended that it is free of charge. */
  wasFree: boolean;
  readonly scope: ModelScope;
  noCharge: boolean;
  noChargePosition: number;
  /** The ticket that it was merged into, and when. null: it stands for itself. */
  merged: { readonly into: string; readonly position: number } | null;
  /** False from a merge on in which something had been said of the scope of either: whose word holds for which work, this model can't tell. */
  isScopeKnown: boolean;
  readonly works: Map<string, ModelWork>;
  /** What is given of its work, by its id. */
  readonly courtesies: Map<string, MoneyJson>;
}

/** A part of a work item that an account has frozen, and what the work was when it was priced. */
export interface ModelFrozen {
  readonly account: string;
  readonly item: FrozenItem;
  readonly work: string | null;
}

interface ModelInvoice {
  readonly account: string;
  readonly lines: ModelFrozen[];
  live: boolean;
}

type Told = (TicketEvent | ClientEvent | ContractEvent | AccountEvent | ConfigurationEvent | BillingMonthOpened) &
  DomainEvent;

/**
 * What was recorded, folded straight from the log and by other means than the product's: plain maps, no SQL, none of its folds. It knows
 * the tickets with their live work, whose terms hold, and what is frozen; it rates nothing.
 */
export class Model {
  readonly tickets = new Map<string, ModelTicket>();
  /** Position at which work was stated last, by ticket and its id there. */
  private readonly stated = new Map<string, number>();
  readonly frozen: ModelFrozen[] = [];
  /** Lines that are billed again of which money was given back before: that stays forgone, and goes where the price goes that the line shared. */
  readonly forgiven: ModelFrozen[] = [];
  /** Lines of which money was given back, by invoice. */
  private readonly givenBack = new Set<string>();
  readonly invoices = new Map<string, ModelInvoice>();
  /** What notes under way are to take back. */
  private readonly toCredit = new Map<string, readonly CreditedLine[]>();
  /** Work of which a line was credited to be billed again. */
  readonly creditedWork = new Set<string>();
  readonly timeZones = new Map<string, string>();
  /** Clients whose work was dated in more than one zone: by a change of theirs, or by a site's or a contract's own. */
  readonly clientsOfSeveralZones = new Set<string>();
  readonly terms = new Map<string, ContractTerms>();
  readonly contracts = new ModelContracts();
  /** The latest month that the log knows of, as far as it had come when it was recorded. */
  horizon: string = '';
  /** The last one published; the one that holds where none was. */
  configuration: BillingConfiguration = DEFAULT_CONFIGURATION;

  static of(events: readonly RecordedEvent[]): Model {
    const model = new Model();
    for (const event of events) model.apply(event);
    return model;
  }

  /** The ticket as whose work that of this one counts. */
  rootOf(ticket: ModelTicket): ModelTicket {
    const parent = ticket.merged === null ? undefined : this.tickets.get(ticket.merged.into);
    return parent === undefined ? ticket : this.rootOf(parent);
  }

  clientOf(ticket: ModelTicket | undefined): string | null {
    return ticket === undefined ? null : this.rootOf(ticket).clientId;
  }

  /** It and all that was merged into it. */
  treeOf(root: ModelTicket): readonly ModelTicket[] {
    return [...this.tickets.values()].filter((one) => this.rootOf(one) === root);
  }

  /** True where no charge was declared of the work as it is, by its ticket or by one that it was part of by then. */
  isFree(ticket: ModelTicket, workId: string): boolean {
    const stated = this.stated.get(`${ticket.ticketId} ${workId}`) ?? 0;
    if (ticket.noCharge && stated < ticket.noChargePosition) return true;
    let since = 0;
    for (let one = ticket; one.merged !== null;) {
      const parent = this.tickets.get(one.merged.into);
      if (parent === undefined) return false;
      since = one.merged.position;
      if (parent.noCharge && parent.noChargePosition > Math.max(since, stated)) return true;
      one = parent;
    }
    return false;
  }

  /** The day of the latest resolution where the client is; null: it never was resolved. */
  resolvedOn(ticket: ModelTicket): string | null {
    return ticket.resolvedAt === null ? null : localDateIn(this.zoneOf(ticket), ticket.resolvedAt);
  }

  /** The day from which its work is accounted for: its own, or that of the first that it became part of and that is resolved; null: none is. */
  accountedFrom(ticket: ModelTicket): string | null {
    const by = this.accountedBy(ticket);
    return by === null ? null : this.resolvedOn(by);
  }

  /** Whose resolution holds for its work; null: none. One that is open again leaves it to that of which it is part, where that is resolved. */
  accountedBy(ticket: ModelTicket): ModelTicket | null {
    const parent = ticket.merged === null ? undefined : this.tickets.get(ticket.merged.into);
    const others = parent === undefined ? null : this.accountedBy(parent);
    if (ticket.resolvedAt === null) return others;
    return ticket.reopened !== null && others !== null && others.reopened === null ? others : ticket;
  }

  /** Its work is accounted for: the whole of a resolved ticket, of one that is open again what was recorded until then. `recordedAt`: null of work that is gone. */
  isAccountedFor(ticket: ModelTicket, recordedAt: number | null): boolean {
    const by = this.accountedBy(ticket);
    if (by === null) return false;
    return by.reopened === null || recordedAt === null || recordedAt < by.reopened;
  }

  zoneOf(ticket: ModelTicket | undefined): string {
    return this.timeZones.get(this.clientOf(ticket) ?? '') ?? this.configuration.organisation.timeZone;
  }

  /** The client-periods that a piece of work falls into, `{clientId}-{month}`, with its minutes in each. */
  accountsOf(ticket: ModelTicket | undefined, work: ModelWork): ReadonlyMap<string, number> {
    const account = (month: string): string => `${this.clientOf(ticket) ?? ''}-${month}`;
    if (work.kind !== 'time') return new Map([[account(monthOf(work.facts.workDate)), 0]]);
    const { startedAt, endedAt, minutes, workDate } = work.facts;
    if (startedAt === null || endedAt === null) return new Map([[account(monthOf(workDate)), minutes]]);
    const start = Date.parse(startedAt);
    const zone = this.zoneOf(ticket);
    const monthAfter = (passed: number): string =>
      monthOf(localDateIn(zone, new Date(start + passed * MINUTE_MILLIS).toISOString()));
    const [first, last] = [monthAfter(0), monthAfter(minutes - 1)];
    if (first === last) return new Map([[account(first), minutes]]);
    let edge = 1;
    while (monthAfter(edge) === first) edge += 1;
    return new Map([
      [account(first), edge],
      [account(last), minutes - edge],
    ]);
  }

  /** False of an entry that lies in another month in another zone, of a client with several: which of them has it, this model can't tell. */
  hasKnownMonth(ticket: ModelTicket | undefined, work: ModelWork): boolean {
    if (work.kind !== 'time' || !this.clientsOfSeveralZones.has(this.clientOf(ticket) ?? '')) return true;
    const { startedAt, endedAt } = work.facts;
    if (startedAt === null || endedAt === null) return true;
    const monthIn = (millis: number): string => new Date(millis).toISOString().slice(0, 'YYYY-MM'.length);
    return monthIn(Date.parse(startedAt) - DAY_MILLIS) === monthIn(Date.parse(endedAt) + DAY_MILLIS);
  }

  apply(recorded: RecordedEvent): void {
    if (recorded.stream.startsWith('ticket-')) this.ofTicket(recorded);
    const event = recorded as unknown as Told;
    this.contracts.apply(recorded.id, event as ContractEvent);
    const month = [recorded.occurredAt, recorded.recordedAt].map((at) => at.slice(0, 'YYYY-MM'.length)).sort()[0] ?? '';
    if (month > this.horizon) this.horizon = month;
    switch (event.type) {
      case 'BillingMonthOpened':
        if (event.data.month > this.horizon) this.horizon = event.data.month;
        return;
      case 'ClientRegistered':
      case 'ClientDetailsChanged': {
        const { clientId, timeZone } = event.data;
        if ((this.timeZones.get(clientId) ?? timeZone) !== timeZone) this.clientsOfSeveralZones.add(clientId);
        this.timeZones.set(clientId, timeZone);
        return;
      }
      case 'SiteRegistered':
      case 'SiteDetailsChanged':
        if (event.data.timeZone !== null) this.clientsOfSeveralZones.add(event.data.clientId);
        return;
      case 'ContractVersionPublished':
        if (event.data.terms.timeZone !== undefined)
          this.clientsOfSeveralZones.add(this.contracts.byId.get(event.data.contractId)?.clientId ?? '');
        this.terms.set(`${event.data.contractId} ${event.data.versionNumber}`, event.data.terms);
        return;
      case 'ConfigurationPublished':
        this.configuration = event.data.configuration;
        return;
      case 'InvoiceDrafted':
        this.invoices.set(event.data.invoiceId, {
          account: recorded.stream.slice('account-'.length),
          lines: [],
          live: true,
        });
        return;
      case 'InvoiceLinesAdded': {
        const invoice = this.invoices.get(event.data.invoiceId);
        for (const item of event.data.lines) invoice?.lines.push(this.freeze(invoice.account, item));
        return;
      }
      case 'InvoiceDraftDiscarded': {
        const invoice = this.invoices.get(event.data.invoiceId);
        if (invoice) invoice.live = false;
        return;
      }
      case 'InvoiceIssueRequested':
        this.frozen.push(...(this.invoices.get(event.data.invoiceId)?.lines ?? []));
        return;
      case 'InvoiceIssueWithdrawn': {
        const taken = new Set(this.invoices.get(event.data.invoiceId)?.lines);
        this.frozen.splice(0, this.frozen.length, ...this.frozen.filter((one) => !taken.has(one)));
        return;
      }
      case 'CreditNoteLinesAdded': {
        const { creditNoteId, lines } = event.data;
        this.toCredit.set(creditNoteId, [...(this.toCredit.get(creditNoteId) ?? []), ...lines]);
        return;
      }
      case 'CreditNoteIssueWithdrawn':
        this.toCredit.delete(event.data.creditNoteId);
        return;
      case 'CreditNoteIssued': {
        const account = recorded.stream.slice('account-'.length);
        const { creditNoteId, invoiceId } = event.data;
        for (const { line, outcome } of this.toCredit.get(creditNoteId) ?? []) {
          if (outcome === 'corrected') this.frozen.push(this.freeze(account, line));
          if (outcome === 'written-off') this.givenBack.add(`${invoiceId ?? ''} ${line.itemId}`);
          if (outcome === 'bill-again' && invoiceId !== null) this.billedAgain(account, invoiceId, line);
        }
        this.toCredit.delete(creditNoteId);
        return;
      }
      case 'WorkWrittenOff':
        this.frozen.push(this.freeze(recorded.stream.slice('account-'.length), event.data));
        return;
      default:
    }
  }

  /** Of the lines of an item only that of the credited invoice is free: it may have been billed and credited before. */
  private billedAgain(account: string, invoiceId: string, { itemId, workItemId, ticketId }: FrozenItem): void {
    const of = this.invoices.get(invoiceId)?.lines.find(({ item }) => item.itemId === itemId);
    const index = of === undefined ? -1 : this.frozen.indexOf(of);
    if (index >= 0) this.frozen.splice(index, 1);
    if (of !== undefined && this.givenBack.has(`${invoiceId} ${itemId}`)) this.forgiven.push(of);
    this.creditedWork.add(`${account} ${ticketId} ${workItemId}`);
  }

  private freeze(account: string, item: FrozenItem): ModelFrozen {
    const work = this.tickets.get(item.ticketId)?.works.get(ownId(item));
    return {
      account,
      item,
      work: work && this.accountsOf(this.tickets.get(item.ticketId), work).has(account) ? priceFactsOf(work) : null,
    };
  }

  private ofTicket(recorded: RecordedEvent): void {
    const ticketId = recorded.stream.slice('ticket-'.length);
    const event = recorded as unknown as TicketEvent;
    const ticket = this.tickets.get(ticketId) ?? blank(ticketId);
    this.tickets.set(ticketId, ticket);
    const record = (work: ModelWork): void => void ticket.works.set(work.id, work);
    const sources = (id: string): Pick<ModelWork, 'sourceEventIds' | 'recordedAt'> => {
      const { sourceEventIds = [], recordedAt = recorded.position } = ticket.works.get(id) ?? {};
      return { sourceEventIds: [...sourceEventIds, recorded.id], recordedAt };
    };
    if ('workDate' in event.data) {
      const { timeEntryId = '', materialUsageId = timeEntryId, expenseId = materialUsageId } = event.data as WorkNamed;
      this.stated.set(`${ticketId} ${expenseId}`, recorded.position);
    }
    const judge = (id: string, isApproved: boolean): void => {
      const work = ticket.works.get(id);
      if (work !== undefined) record({ ...work, approval: isApproved ? 'approved' : 'rejected' });
    };
    switch (event.type) {
      case 'TicketRequested':
      case 'TicketTriaged':
      case 'TicketReclassified':
        ticket.clientId = event.data.clientId;
        ticket.category = event.data.category;
        return;
      case 'TicketResolved':
        ticket.resolvedAt = event.occurredAt;
        ticket.reopened = null;
        for (const one of this.treeOf(ticket)) one.scope.declared(event.data.scope, [...one.works.keys()]);
        return;
      case 'ScopeClassified':
        for (const one of this.treeOf(ticket)) one.scope.decided(event.data.scope, [...one.works.keys()]);
        return;
      case 'TicketReopened':
        ticket.reopened = recorded.position;
        ticket.wasFree = ticket.noCharge;
        ticket.noCharge = false;
        return;
      case 'ServiceVerificationRejected':
        ticket.reopened = recorded.position;
        ticket.wasFree = ticket.noCharge;
        return;
      case 'TicketMerged': {
        const into = this.tickets.get(event.data.into);
        if (into === undefined || this.rootOf(into) === ticket) return;
        const both = [...this.treeOf(ticket), ...this.treeOf(this.rootOf(into))];
        ticket.merged = { into: into.ticketId, position: recorded.position };
        if (both.some(({ scope }) => scope.isSaid)) for (const one of both) one.isScopeKnown = false;
        return;
      }
      case 'TicketSplit': {
        const tree = this.treeOf(this.rootOf(ticket));
        ticket.merged = null;
        if (tree.some(({ scope }) => scope.isSaid)) for (const one of tree) one.isScopeKnown = false;
        return;
      }
      case 'NoChargeDeclared':
        ticket.noCharge = true;
        ticket.noChargePosition = recorded.position;
        return;
      case 'TimeEntryLogged':
      case 'TimeEntryCorrected': {
        const { timeEntryId: id } = event.data;
        const facts = event.data;
        return record({
          id,
          kind: 'time',
          facts,
          approval: 'unapproved',
          override: null,
          ...sources(id),
        });
      }
      case 'TimeEntryPriceOverridden': {
        const work = ticket.works.get(event.data.timeEntryId);
        if (work?.kind === 'time') record({ ...work, override: event.data.pricePerHour });
        return;
      }
      case 'TimeEntryApproved':
      case 'TimeEntryRejected':
        return judge(event.data.timeEntryId, event.type === 'TimeEntryApproved');
      case 'MaterialUsageApproved':
      case 'MaterialUsageRejected':
        return judge(event.data.materialUsageId, event.type === 'MaterialUsageApproved');
      case 'ExpenseApproved':
      case 'ExpenseRejected':
        return judge(event.data.expenseId, event.type === 'ExpenseApproved');
      case 'MaterialUsed':
      case 'MaterialUsageCorrected': {
        const { materialUsageId: id } = event.data;
        return record({ id, kind: 'material', facts: event.data, approval: 'unapproved', ...sources(id) });
      }
      case 'ExpenseIncurred':
      case 'ExpenseCorrected': {
        const { expenseId: id } = event.data;
        return record({ id, kind: 'expense', facts: event.data, approval: 'unapproved', ...sources(id) });
      }
      case 'CourtesyGranted':
        return void ticket.courtesies.set(event.data.workItemId, event.data.amount);
      case 'CourtesyWithdrawn':
        return void ticket.courtesies.delete(event.data.workItemId);
      case 'TimeEntryVoided':
        return void ticket.works.delete(event.data.timeEntryId);
      case 'MaterialUsageVoided':
        return void ticket.works.delete(event.data.materialUsageId);
      case 'ExpenseVoided':
        return void ticket.works.delete(event.data.expenseId);
      default:
    }
  }
}

function blank(ticketId: string): ModelTicket {
  const scope = new ModelScope();
  return {
    ticketId,
    clientId: null,
    category: null,
    resolvedAt: null,
    reopened: null,
    wasFree: false,
    scope,
    noCharge: false,
    noChargePosition: 0,
    merged: null,
    isScopeKnown: true,
    works: new Map(),
    courtesies: new Map(),
  };
}

/** The id that a work item has on its ticket. Where another ticket had used it before, items name the ticket in front of it. */
export function ownId({ ticketId, workItemId }: { readonly ticketId: string; readonly workItemId: string }): string {
  return workItemId.startsWith(`${ticketId}@@`) ? workItemId.slice(ticketId.length + 2) : workItemId;
}

/** What the price of a piece of work rests on, as one text: equal texts, equal work. */
export function priceFactsOf(work: ModelWork): string {
  switch (work.kind) {
    case 'time': {
      const { minutes, statedBillableMinutes, workType, engineerRole, rateClass, workDate } = work.facts;
      const { startedAt, endedAt } = work.facts;
      const facts = [minutes, statedBillableMinutes, workType, engineerRole, rateClass, workDate, startedAt, endedAt];
      return JSON.stringify([...facts, work.override]);
    }
    case 'material': {
      const { itemCode, quantity, unitCost, listPrice, underWarranty, workDate } = work.facts;
      return JSON.stringify([itemCode, quantity, unitCost, listPrice, underWarranty, workDate]);
    }
    case 'expense': {
      const { cost, taxIncluded, quantity, expenseType, workDate } = work.facts;
      return JSON.stringify([cost, taxIncluded, quantity, expenseType, workDate]);
    }
    default:
      return unreachable(work);
  }
}
