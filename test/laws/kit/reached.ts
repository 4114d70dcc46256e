import { commandDefinitions } from '@billtrail/application/testing';
import type { BillingConfiguration } from '@billtrail/billing';
import type { ContractTerms } from '@billtrail/contracts';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Tally } from './history.js';
import type { Look } from './look.js';
import { PlantedBugs } from './planted.js';
import { PARTIES } from './parties.js';
import type { Run } from './run.js';
import { STEP_KINDS } from './steps.js';

/** What an id that is made of a work item's id says of its item. The one place of the laws that reads ids. */
const FORMS: Readonly<Record<string, string>> = {
  '@p': 'a part of the work',
  '@a': 'an adjustment',
  '@w': 'a write-off taken back',
  '@x': 'what a cap holds back of an adjustment',
  '@d': 'a change of a draw',
  '@c': 'what a credit note took back',
};

/** What can change after it was priced or invoiced, each as an event shows it. */
const FACTS: Readonly<Record<string, (told: Told) => boolean>> = {
  'zone of a client': ({ type, data }) =>
    type === 'ClientDetailsChanged' &&
    PARTIES.some((one) => one.clientId === data.clientId && one.timeZone !== data.timeZone),
  'zone of a site': ({ type, data }) => type === 'SiteDetailsChanged' && data.timeZone !== null,
  'zone of a contract': ({ type, data }) => type === 'ContractVersionPublished' && data.terms?.timeZone !== undefined,
  // Those that a history begins with are of January.
  'back-dated version': (told) =>
    told.type === 'ContractVersionPublished' && firstDayOf(told) > '2026-01-01' && firstDayOf(told) < dayOf(told),
  'later version': (told) => told.type === 'ContractVersionPublished' && firstDayOf(told) > dayOf(told),
  count: ({ type }) => type === 'CountRecorded',
  commitment: ({ type, data }) => type === 'ContractVersionPublished' && isCommitted(data),
  'release of a commitment': ({ type, data }) => type === 'ContractTerminated' && data.releasesCommitments === true,
  suspension: ({ type }) => type === 'ContractSuspended',
  renewal: ({ type, actor }) => type === 'ContractRenewed' && actor.role !== 'system',
  'renewal by itself': ({ type, actor }) => type === 'ContractRenewed' && actor.role === 'system',
  'return of a block': ({ type }) => type === 'PrepaidBlockReturned',
  'withdrawal of a block': ({ type }) => type === 'PrepaidBlockWithdrawn',
  'milestone taken back': ({ type }) => type === 'MilestoneDeclarationWithdrawn',
  'bill-to of a client': ({ type, data }) => type === 'ClientDetailsChanged' && named(data.billTo),
  'bill-to of a site': ({ type, data }) => type.startsWith('Site') && named(data.billTo),
  'bill-to of a contract': ({ type, data }) => type === 'ContractVersionPublished' && named(data.terms?.billTo),
  'invoice to another': ({ type, data }) => type === 'InvoiceDrafted' && data.recipientId !== data.clientId,
  credit: ({ type }) => type === 'CreditNoteIssued',
  reclassification: ({ type }) => type === 'TicketReclassified',
  scope: ({ type }) => type === 'ScopeClassified',
  merge: ({ type }) => type === 'TicketMerged',
  split: ({ type }) => type === 'TicketSplit',
  'tax exemption': ({ type, data }) => type === 'ClientDetailsChanged' && data.taxExemption === 'exempt body',
  'tax rate': ({ type, data }) => type === 'ConfigurationPublished' && data.configuration?.taxRates['GST'] === '12.5',
  'version of a card': ({ type, data }) =>
    type === 'ConfigurationPublished' && (data.configuration?.rateCards?.['house']?.versions.length ?? 0) > 1,
  'id like a rendered one': ({ type, data }) =>
    type === 'TimeEntryLogged' && /[~-][adwx]?\d$/.test(data.timeEntryId?.replace(/^[WR]-/, '') ?? ''),
  'quantity of an expense': ({ type, data }) => type === 'ExpenseIncurred' && data.quantity !== undefined,
  'tax in an expense': ({ type, data }) => type === 'ExpenseIncurred' && data.taxIncluded !== undefined,
  'limit of an expense': ({ type, data }) => type === 'ExpenseIncurred' && data.expenseType === 'meals',
  'price of an expense': ({ type, data }) => type === 'ExpenseIncurred' && data.expenseType === 'mileage',
};

/** An event with what the facts above ask of it. */
interface Told extends Pick<RecordedEvent, 'type' | 'actor' | 'occurredAt'> {
  readonly data: {
    readonly clientId?: string;
    readonly timeZone?: string | null;
    readonly effectiveFrom?: string;
    readonly terms?: Pick<ContractTerms, 'timeZone' | 'billTo' | 'recurringCharges'>;
    readonly releasesCommitments?: boolean;
    readonly billTo?: string | null;
    readonly recipientId?: string;
    readonly taxExemption?: string | null;
    readonly configuration?: Pick<BillingConfiguration, 'taxRates' | 'rateCards'>;
    readonly timeEntryId?: string;
    readonly quantity?: string;
    readonly taxIncluded?: unknown;
    readonly expenseType?: string;
  };
}

function named(billTo: string | null | undefined): boolean {
  return billTo !== null && billTo !== undefined;
}

function isCommitted({ terms }: Told['data']): boolean {
  return terms?.recurringCharges?.some(({ commitment }) => commitment !== undefined) === true;
}

function firstDayOf({ data }: Told): string {
  return data.effectiveFrom ?? '';
}

function dayOf({ occurredAt }: Told): string {
  return occurredAt.slice(0, 'YYYY-MM-DD'.length);
}

/** A history is told at given times, so that no clock is ever in doubt. */
const NEVER_ASKED = 'AcceptClock';

/** What the histories of a run came to: a law is only worth something over what they reach. */
export class Reached {
  readonly tally: Tally = new Map();
  readonly planted = new PlantedBugs();
  histories = 0;
  looks = 0;
  private readonly counts = new Map<string, number>();

  /** What is handed to a run, so that it is counted here. */
  watching(): Pick<Run, 'tally' | 'onStep' | 'onLook'> {
    return {
      tally: this.tally,
      onStep: (kind) => this.count(`step ${kind}`),
      onLook: (look, isEnd) => this.look(look, isEnd),
    };
  }

  private look(look: Look, isEnd: boolean): void {
    this.looks += 1;
    for (const { itemId, workItemId } of look.observed.items)
      for (const form of itemId.slice(workItemId.length).match(/@[a-z]/g) ?? [])
        this.count(`form ${FORMS[form] ?? form}`);
    for (const { disposition, net } of look.observed.items) {
      this.count(`disposition ${disposition}`);
      if (net?.amount.startsWith('-')) this.count('credits');
    }
    if (!isEnd || !look.isSettled) return;
    this.histories += 1;
    this.atEnd(look);
    this.planted.plant(look);
  }

  private atEnd({ observed, invoices, creditNotes, events }: Look): void {
    for (const { kind, ending } of observed.recordedGaps) {
      this.count(`gap ${kind}`);
      if (ending !== null) this.count(`ending ${ending}`);
    }
    for (const { kind, disposition } of observed.charges) this.count(`charge ${kind} ${disposition}`);
    for (const { source, drawn } of observed.prepaid)
      if (drawn.unit === 'minutes' ? drawn.minutes > 0 : Number(drawn.money.amount) > 0)
        this.count(`drawn ${source.from}`);
    const issued = invoices.filter((invoice) => invoice.issued !== null);
    this.count('invoices', issued.length);
    for (const { lines } of issued)
      this.count('adjustments invoiced', lines.filter(({ itemId, workItemId }) => itemId !== workItemId).length);
    this.count('credit notes', creditNotes.length);
    this.count('events', events.length);
    for (const event of events) {
      if (event.type.startsWith('Sla')) this.count(`event ${event.type}`);
      for (const [fact, isTold] of Object.entries(FACTS)) if (isTold(event)) this.count(`fact ${fact}`);
    }
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** The kinds of something that were reached, sorted. */
  kinds(prefix: string): readonly string[] {
    const names = [...this.counts.keys()].filter((name) => name.startsWith(`${prefix} `));
    return names.map((name) => name.slice(prefix.length + 1)).sort();
  }

  /** All that was never reached and must be. */
  missing(): readonly string[] {
    const wanted = [
      ...STEP_KINDS.map((kind) => `step ${kind}`),
      ...Object.values(FORMS).map((form) => `form ${form}`),
      ...Object.keys(FACTS).map((fact) => `fact ${fact}`),
      ...['billable', 'claimed', 'invoiced', 'covered', 'written-off', 'unpriced'].map((one) => `disposition ${one}`),
      ...[
        'recurring',
        'one-time',
        'milestone',
        'incident',
        'prepaid-block',
        'minimum',
        'discount',
        'service-credit',
        'travel',
      ].map((kind) => `charge ${kind} invoiced`),
      'drawn block',
      'drawn allotment',
      'event SlaWarned',
      'event SlaBreached',
      'event SlaBreachWithdrawn',
      'invoices',
      'adjustments invoiced',
      'credits',
      'credit notes',
    ];
    return [
      ...wanted.filter((what) => this.of(what) === 0),
      ...this.commandsNever('accepted').map((name) => `${name} accepted`),
      ...this.commandsNever('refused').map((name) => `${name} refused`),
      ...this.planted
        .figures()
        .filter(({ planted, found }) => planted === 0 || found < planted)
        .map(({ law, planted, found }) => `${law} found ${found} of ${planted} planted bugs`),
    ];
  }

  refusals(): readonly string[] {
    return [...new Set([...this.tally.values()].flatMap(({ refused }) => [...refused.keys()]))].sort();
  }

  private commandsNever(how: 'accepted' | 'refused'): readonly string[] {
    const names = commandDefinitions.map(({ command }) => command.name).filter((name) => name !== NEVER_ASKED);
    const times = (name: string): number => {
      const counted = this.tally.get(name);
      return (how === 'accepted' ? counted?.accepted : counted?.refused.size) ?? 0;
    };
    return names.filter((name) => times(name) === 0).sort();
  }

  private count(what: string, times = 1): void {
    if (times > 0) this.counts.set(what, this.of(what) + times);
  }
}
