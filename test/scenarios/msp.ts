import { invariant, isRefusal, type Actor, type LocalDate, type Month } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
  type CommandAnswer,
  type CommandClass,
} from '@billtrail/application';
import type { BillableItem, BillingConfiguration, CreditAsked } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import type { ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import { MAX_PAGE, type Gap } from '@billtrail/read-models';
import { ADMIN, House, type Sending } from '../laws/kit/house.js';
import { versionOfWork } from '../laws/kit/work-version.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import { TicketStory } from './ticket-story.js';

const ALL_WORK: CoverageRule = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };

/** A contract in the words of a story. Without more: 150.00 an hour of remote work, 30 minutes at least, in steps of 15, from January on. */
export interface Terms {
  readonly from?: LocalDate;
  readonly hourly?: string;
  readonly onsite?: string;
  readonly minimum?: number;
  readonly increment?: number;
  /** Per entry, unless the story says otherwise. */
  readonly scope?: RateCard['roundingScope'];
  /** Types of work that are priced in a way of their own. */
  readonly workTypes?: RateCard['workTypes'];
  readonly currency?: string;
  readonly priority?: number;
  /** Beside another contract of the same priority. */
  readonly allowOverlap?: boolean;
  readonly rules?: readonly CoverageRule[];
  readonly taxCategory?: string;
  /** Terms beside coverage and card: charges, service levels and the like. */
  readonly besides?: Partial<ContractTerms>;
}

export interface ClientTerms extends Terms {
  readonly timeZone?: string;
  readonly taxExemption?: string;
}

/** Who approves it, if it waits for a second person. */
export interface Agreeing {
  readonly approvedBy?: Actor;
}

const CREDITED = { reasonCode: 'wrong-item', comment: 'agreed on the phone' };

export function versionOf({ from = '2026-01-01', ...terms }: Terms): object {
  const category = terms.taxCategory ?? 'GST';
  const onsite =
    terms.onsite === undefined ? [] : [{ workType: 'onsite', engineerRole: null, pricePerHour: terms.onsite }];
  const rateCard: RateCard = {
    id: 'card',
    name: 'Rates',
    currency: terms.currency ?? 'AUD',
    labour: [{ workType: 'remote', engineerRole: null, pricePerHour: terms.hourly ?? '150.00' }, ...onsite],
    minimumMinutes: terms.minimum ?? 30,
    incrementMinutes: terms.increment ?? 15,
    roundingScope: terms.scope ?? 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: category, material: category, expense: category },
    ...(terms.workTypes === undefined ? {} : { workTypes: terms.workTypes }),
  };
  return { effectiveFrom: from, terms: { coverage: terms.rules ?? [ALL_WORK], rateCard, ...terms.besides } };
}

function must(answer: CommandAnswer, what: string): void {
  invariant(!isRefusal(answer), `${what} was refused: ${isRefusal(answer) ? `${answer.code}, ${answer.message}` : ''}`);
}

/** What became of an item, in a line: `W1 billable 1.25 h 187.50 AUD`. */
function itemLine({ itemId, disposition, quantity, unit, net }: BillableItem): string {
  return `${itemId} ${disposition} ${quantity} ${unit} ${net === null ? 'without a price' : `${net.amount} ${net.currency}`}`;
}

function gapLine({ kind, workItemId, valueAtRisk: { money, minutes } }: Gap): string {
  const value =
    money === null ? (minutes === null ? 'of no stated value' : `${minutes} min`) : `${money.amount} ${money.currency}`;
  return `${kind}${workItemId === null ? '' : ` ${workItemId}`}: ${value}`;
}

const APPROVALS: Readonly<Record<'time' | 'material' | 'expense', readonly [approve: CommandClass, id: string]>> = {
  time: [tickets.ApproveTimeEntry, 'timeEntryId'],
  material: [tickets.ApproveMaterialUsage, 'materialUsageId'],
  expense: [tickets.ApproveExpense, 'expenseId'],
};

/** A managed service provider in the words of its people. What is told here goes through the real commands. */
export class Msp {
  private constructor(readonly house: House) {}

  /** `day` is the first day of the story, at nine in Sydney; gaps `unbilled` show 14 days after the resolution. */
  static async opens(
    day: LocalDate,
    configuration: Partial<BillingConfiguration> = {},
    dataDir?: string,
  ): Promise<Msp> {
    const msp = new Msp(await House.open(`${day}T09:00:00+11:00`, dataDir));
    await msp.configures(configuration);
    return msp;
  }

  /** In a house that is open. */
  static of(house: House): Msp {
    return new Msp(house);
  }

  async configures(changes: Partial<BillingConfiguration>, by: Actor = ADMIN): Promise<void> {
    await this.send(
      billing.PublishConfiguration,
      { configuration: { ...NAMED_CONFIGURATION, ...changes } },
      { actor: by },
    );
  }

  /** A new client with a contract, `{clientId}-1`. */
  async signs(
    clientId: string,
    { timeZone = 'Australia/Sydney', taxExemption, ...terms }: ClientTerms = {},
  ): Promise<void> {
    const currency = terms.currency ?? 'AUD';
    await this.send(contracts.RegisterClient, {
      clientId,
      name: clientId,
      currency,
      timeZone,
      taxExemption: taxExemption ?? null,
    });
    await this.signsToo(clientId, `${clientId}-1`, terms);
  }

  /** Another contract of a client. */
  async signsToo(clientId: string, contractId: string, terms: Terms): Promise<void> {
    const priority = terms.priority ?? 10;
    await this.send(contracts.ActivateContract, {
      contractId,
      clientId,
      name: contractId,
      priority,
      allowOverlap: terms.allowOverlap ?? false,
      ...versionOf(terms),
    });
  }

  async renegotiates(clientId: string, terms: Terms): Promise<void> {
    await this.send(contracts.PublishContractVersion, { contractId: `${clientId}-1`, ...versionOf(terms) });
  }

  /** A ticket that Priya is at work on. */
  async ticket(
    ticketId: string,
    clientId: string,
    about: { type?: string; summary?: string; category?: string; priority?: string } = {},
  ): Promise<TicketStory> {
    const request = {
      ticketId,
      clientId,
      summary: about.summary ?? 'Please help',
      ticketType: about.type ?? 'incident',
    };
    await this.send(tickets.RequestTicket, request, { actor: OMAR });
    await this.send(
      tickets.TriageTicket,
      { ticketId, category: about.category ?? 'network', priority: about.priority ?? 'moderate' },
      { actor: OMAR },
    );
    await this.send(tickets.AssignTicket, { ticketId, engineerId: PRIYA.id }, { actor: OMAR });
    await this.send(tickets.StartWork, { ticketId }, { actor: PRIYA });
    return new TicketStory(this, ticketId);
  }

  /** Days go by, and at their end everything has been looked at. */
  async days(days: number): Promise<void> {
    this.house.passDays(days);
    await this.house.settle();
  }

  drafts(invoiceId: string, clientId: string, period: Month): Promise<string> {
    return this.tries(billing.DraftInvoice, { invoiceId, clientId, period });
  }

  /** Two accountants at once. */
  draftsTwice(clientId: string, period: Month): Promise<string[]> {
    return Promise.all(['A', 'B'].map((invoiceId) => this.drafts(invoiceId, clientId, period)));
  }

  discards(invoiceId: string, clientId: string, period: Month): Promise<string> {
    return this.tries(billing.DiscardInvoiceDraft, { invoiceId, clientId, period, reason: 'to be drafted anew' });
  }

  /** Approves a draft and issues it. Answers `accepted` or the code of the refusal. */
  async issues(invoiceId: string, clientId: string, period: Month, sending: Sending = {}): Promise<string> {
    await this.tries(billing.ApproveInvoice, { invoiceId, clientId, period });
    return this.tries(billing.IssueInvoice, { invoiceId, clientId, period }, sending);
  }

  /** What a refused issue says of each line that is not what it was. */
  async differences(invoiceId: string, clientId: string, period: Month): Promise<unknown> {
    const answer = await this.house.send(billing.IssueInvoice, { invoiceId, clientId, period }, { actor: ANNA });
    return isRefusal(answer) ? answer.details['differences'] : [];
  }

  /** Drafts and issues what is billable. Answers the document in lines. */
  async bills(invoiceId: string, clientId: string, period: Month): Promise<readonly string[]> {
    const answers = [await this.drafts(invoiceId, clientId, period), await this.issues(invoiceId, clientId, period)];
    invariant(
      answers.every((answer) => answer === 'accepted'),
      `${invoiceId} was not issued: ${answers.join(', ')}`,
    );
    return this.document(invoiceId);
  }

  /** Its number, its lines, net, tax and total. */
  async document(invoiceId: string): Promise<readonly string[]> {
    await this.house.settle();
    const { invoices } = this.house.billtrail.models;
    const invoice = await invoices.get(invoiceId);
    invariant(invoice, `there is no invoice ${invoiceId}`);
    const { items } = await invoices.lines(invoiceId, { limit: MAX_PAGE });
    const { number, net, tax, total } = invoice;
    return [
      number ?? invoice.status,
      ...items.map(({ itemId, quantity, unit, net: lineNet }) => `${itemId} ${quantity} ${unit} ${lineNet.amount}`),
      `${net.amount} + ${tax?.amount ?? '?'} = ${total?.amount ?? '?'} ${net.currency}`,
    ];
  }

  /** Takes items of an issued invoice back. Answers `accepted` or the code of the refusal. */
  credits(
    creditNoteId: string,
    invoiceId: string,
    clientId: string,
    period: Month,
    items: readonly CreditAsked[],
    { approvedBy, ...sending }: Sending & Agreeing = {},
  ): Promise<string> {
    const input = { creditNoteId, invoiceId, clientId, period, items, ...CREDITED };
    return this.tries(billing.IssueCreditNote, input, sending, approvedBy);
  }

  /** Its number and its invoice's, what it takes back, net, tax and total. */
  async creditNote(creditNoteId: string): Promise<readonly string[]> {
    await this.house.settle();
    const { creditNotes } = this.house.billtrail.models;
    const note = await creditNotes.get(creditNoteId);
    invariant(note, `there is no credit note ${creditNoteId}`);
    const { items } = await creditNotes.lines(creditNoteId, { limit: MAX_PAGE });
    const { number, invoiceNumber, net, tax, total } = note;
    return [
      `${number ?? note.status} of ${invoiceNumber ?? 'no invoice'}`,
      ...items.map((one) => {
        const itemId = 'line' in one ? one.line.itemId : one.charge.chargeItemId;
        return `${itemId} ${one.outcome} ${one.net.amount}`;
      }),
      `${net.amount} + ${tax.amount} = ${total.amount} ${net.currency}`,
    ];
  }

  async writesOff(itemId: string, clientId: string, period: Month, by: Actor, approvedBy?: Actor): Promise<string> {
    const why = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
    return this.tries(billing.WriteOffWork, { itemId, clientId, period, ...why }, { actor: by }, approvedBy);
  }

  /** Accepts the one open gap of a kind. */
  async accepts(kind: string, by: Actor, approvedBy?: Actor): Promise<string> {
    const open = (await this.openGaps()).filter((gap) => gap.kind === kind);
    invariant(open.length === 1, `${open.length} gaps ${kind} are open`);
    const why = { reasonCode: 'not-worth-it', comment: 'agreed with the owner' };
    return this.tries(billing.AcceptBillingGap, { gapId: open[0]?.gapId, ...why }, { actor: by }, approvedBy);
  }

  async items(clientId: string, period: Month): Promise<readonly string[]> {
    await this.house.settle();
    return (await this.house.billtrail.models.billableItems.ofPeriod(clientId, period)).map(itemLine);
  }

  /** Why an item costs what it costs, or has no price: the sentences of its trace. */
  async why(itemId: string): Promise<string> {
    await this.house.settle();
    const items = await this.house.billtrail.models.billableItems.explained(itemId);
    return items.flatMap(({ trace }) => trace.map(({ text }) => text)).join('\n');
  }

  /** The open gaps, in lines. */
  async gaps(): Promise<readonly string[]> {
    await this.house.settle();
    return (await this.openGaps()).map(gapLine).sort();
  }

  /** How each gap of a kind ended, in the order of opening; null: it is open. */
  async endings(kind: Gap['kind']): Promise<readonly (string | null)[]> {
    await this.house.settle();
    const { items } = await this.house.billtrail.models.gaps.list({ kind }, { limit: MAX_PAGE });
    return items.map(({ ending }) => ending);
  }

  /** Resolved tickets by what became of them. */
  async fates(): Promise<Readonly<Record<string, number>>> {
    await this.house.settle();
    return (await this.house.billtrail.models.reconciliation.of(await this.house.today())).tickets;
  }

  private async openGaps(): Promise<readonly Gap[]> {
    return (await this.house.billtrail.models.gaps.list({ state: 'open' }, { limit: MAX_PAGE })).items;
  }

  /** Omar approves work as it stands. */
  async approves(kind: keyof typeof APPROVALS, ticketId: string, id: string): Promise<void> {
    const [command, name] = APPROVALS[kind];
    const version = await versionOfWork(this.house.billtrail.store, ticketId, id);
    await this.send(command, { ticketId, [name]: id, version }, { actor: OMAR });
  }

  /** Sends what must be accepted and have its effect: where it waits for a second person, Bea agrees. */
  async send<C extends object>(type: CommandClass<C>, input: object, sending: Sending = {}): Promise<void> {
    must(await this.house.sendAgreed(type, input, { actor: ANNA, ...sending }, BEA), type.name);
  }

  /** Answers `accepted`, `waits` (for a second person) or the code of the refusal; what waits `approvedBy` approves. */
  async tries<C extends object>(
    type: CommandClass<C>,
    input: object,
    sending: Sending = {},
    approvedBy?: Actor,
  ): Promise<string> {
    const by = { actor: ANNA, ...sending };
    const { house } = this;
    const answer = await (approvedBy === undefined
      ? house.send(type, input, by)
      : house.sendAgreed(type, input, by, approvedBy));
    if (isRefusal(answer)) return answer.code;
    return answer.waits === true ? 'waits' : 'accepted';
  }

  closes(): Promise<void> {
    return this.house.close();
  }
}
