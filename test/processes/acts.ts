import { isRefusal, type Actor, type Instant } from '@billtrail/kernel';
import {
  billingCommands as billing,
  ticketCommands as tickets,
  type CommandAnswer,
  type CommandClass,
} from '@billtrail/application';
import type { RecordedEvent } from '@billtrail/event-store';
import type { House } from '../laws/kit/house.js';
import { Msp } from '../scenarios/msp.js';
import { ANNA, PRIYA } from '../scenarios/people.js';

const TODAY = '2026-04-01';
const WORKED = '2026-03-10';
const OF = { clientId: 'bluegum', period: '2026-03' } as const;
/** Of another client: on its own account whoever decides first completes what is under way there. */
const ANOTHER = { ...OF, clientId: 'wattle', invoiceId: 'I2' } as const;
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const WHY = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
const LOWER = { amount: '100.00', currency: 'AUD' };

/** What is recorded by more than one append. */
export interface Act {
  readonly command: CommandClass;
  readonly input: object;
  /** What it comes to, once it has come to anything: the type of event, and what of it says that it is of this act. */
  readonly effect: { readonly type: RecordedEvent['type'] } & Readonly<Record<string, string>>;
}

const credit = (creditNoteId: string, itemId: string, outcome: string): Act => ({
  command: billing.IssueCreditNote,
  input: { ...OF, ...WHY, creditNoteId, invoiceId: 'I0', items: [{ itemId, outcome }] },
  effect: { type: 'CreditNoteIssued', creditNoteId },
});

/** A request and its effect, a document and its number: wherever something is recorded in two steps or more. What is asked of a gap names the first that is open. */
export const ACTS: Readonly<Record<string, Act>> = {
  'an invoice is issued': {
    command: billing.IssueInvoice,
    input: { ...OF, invoiceId: 'I1' },
    effect: { type: 'InvoiceIssued', invoiceId: 'I1' },
  },
  'a line is credited, to be billed again': credit('C1', 'W1', 'bill-again'),
  'a line is credited and forgone': credit('C2', 'W2', 'written-off'),
  'what is owed is given': {
    command: billing.GiveCredits,
    input: { ...OF, ...WHY, creditNoteId: 'C3', items: ['W3@a1'] },
    effect: { type: 'CreditNoteIssued', creditNoteId: 'C3' },
  },
  'a gap is accepted': {
    command: billing.AcceptBillingGap,
    input: WHY,
    effect: { type: 'BillingGapAccepted' },
  },
  'work is written off': {
    command: billing.WriteOffWork,
    input: { ...OF, ...WHY, itemId: 'W5' },
    effect: { type: 'WorkWrittenOff', itemId: 'W5' },
  },
  'a courtesy is given': {
    command: tickets.GrantCourtesy,
    input: { ticketId: 'T5', workItemId: 'W5', reason: 'sorry' },
    effect: { type: 'CourtesyGranted', workItemId: 'W5' },
  },
  'a lower price is set': {
    command: tickets.OverrideTimeEntryPrice,
    input: { ticketId: 'T5', timeEntryId: 'W5', pricePerHour: LOWER, reason: 'as agreed' },
    effect: { type: 'TimeEntryPriceOverridden', timeEntryId: 'W5' },
  },
};

/** Leaves a data folder in which each act can be done. Answers the time by then. */
export async function leavesAllToBeDone(folder: string): Promise<Instant> {
  const msp = await Msp.opens(TODAY, LIMIT, folder);
  await msp.signs('bluegum');
  const invoiced = await msp.ticket('T1', 'bluegum');
  for (const id of ['W1', 'W2', 'W3']) await invoiced.time(id, 60, WORKED);
  await invoiced.resolves();
  await msp.bills('I0', OF.clientId, OF.period);
  await invoiced.corrects('W3', 30, WORKED);
  await msp.signs(ANOTHER.clientId);
  for (const [ticketId, of] of [
    ['T2', { ...OF, invoiceId: 'I1' }],
    ['T3', ANOTHER],
  ] as const) {
    const ticket = await msp.ticket(ticketId, of.clientId);
    await ticket.time(`${ticketId}-W`, 60, WORKED);
    await ticket.resolves();
    await msp.house.settle();
    await msp.send(billing.DraftInvoice, { ...of, tickets: [ticketId] });
    await msp.send(billing.ApproveInvoice, of);
  }
  const unapproved = await msp.ticket('T4', 'bluegum');
  await unapproved.time('W4', 60, WORKED, { approved: false });
  await unapproved.resolves();
  const open = await msp.ticket('T5', 'bluegum');
  await open.time('W5', 120, WORKED, { by: PRIYA });
  await msp.house.settle();
  const { now } = msp.house;
  await msp.closes();
  return now;
}

/** Sent anew to the same folder, by a process that has sent as much before, it is the same request. */
export async function does(house: House, { command, input }: Act, actor: Actor = ANNA): Promise<CommandAnswer> {
  if (command !== billing.AcceptBillingGap) return house.send(command, input, { actor });
  await house.billtrail.upToDate();
  const { items } = await house.billtrail.models.gaps.list({ kind: 'time-unapproved' });
  return house.send(command, { ...input, gapId: items[0]?.gapId }, { actor });
}

/** Another document of the series of the invoices. */
export async function issuesAnother(house: House): Promise<void> {
  const answer = await house.send(billing.IssueInvoice, ANOTHER, { actor: ANNA });
  if (isRefusal(answer)) throw new Error(`I2 was refused: ${answer.code}, ${answer.message}`);
}
