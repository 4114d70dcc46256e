import { fold, isRefusal, refuse, type Month, type Refusal, type Role } from '@billtrail/kernel';
import { streamName, type Position } from '@billtrail/event-store';
import {
  account,
  configuration as configurationDecider,
  draftableCharges,
  draftableItems,
  gap as gapDecider,
  isNameOfWork,
  type AcceptBillingGap as AcceptBillingGapDecision,
  type AccountEvent,
  type ChargeItem,
  type DiscardDraft,
  type ExplainedItem,
  type InvoiceLine,
  type CreditAsked,
  type DraftInvoice as DraftInvoiceDecision,
  type RequestCreditNoteIssue,
  type RequestInvoiceIssue,
  type WriteOffWork as WriteOffWorkDecision,
} from '@billtrail/billing';
import type { TicketEvent } from '@billtrail/ticketing';
import { define, type CommandDefinition, type Surroundings } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { CONFIGURATION_STREAM, configurationOf, todayOf } from '../configuration.js';
import { accountStream } from '../invoicing/account.js';
import { CREDIT_NOTE, INVOICE, completeIssue } from '../invoicing/complete-issue.js';
import { takeCreditNoteId, takeInvoiceId } from '../invoicing/take-document-id.js';
import * as commands from './billing.commands.js';
import { clientOf } from './references.js';

const ACCOUNTS: readonly Role[] = ['accounts'];

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}

/** Current rating, explained: the read models catch up with the log first. */
async function currentRating({ clientId, period }: ClientPeriod, around: Surroundings): Promise<CurrentRating> {
  await around.upToDate();
  return around.models.billableItems.explainedOfPeriod(clientId, period);
}

interface CurrentRating {
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
}

async function withDraftableItems(
  { tickets, charges: chargeItemIds, ...command }: commands.DraftInvoice,
  context: CommandContext,
  around: Surroundings,
): Promise<DraftInvoiceDecision | Refusal> {
  const client = await clientOf(around.store, command.clientId);
  if (isRefusal(client)) return client;
  const taken = await takeInvoiceId(around.store, command, context);
  if (taken) return taken;
  const { items, charges } = await currentRating(command, around);
  const configuration = await configurationOf(around.store);
  return {
    ...command,
    items: draftableItems(items),
    charges: draftableCharges(charges, todayOf(configuration, context.at)),
    ...((tickets ?? chargeItemIds) && { named: { tickets: tickets ?? [], charges: chargeItemIds ?? [] } }),
    configuration,
    client,
  };
}

async function withCurrentRating(
  command: commands.IssueInvoice,
  context: CommandContext,
  around: Surroundings,
): Promise<RequestInvoiceIssue | Refusal> {
  const client = await clientOf(around.store, command.clientId);
  if (isRefusal(client)) return client;
  const configuration = await configurationOf(around.store);
  return {
    ...command,
    type: 'RequestInvoiceIssue',
    issueDate: command.issueDate ?? todayOf(configuration, context.at),
    ...(await currentRating(command, around)),
    configuration,
    client,
  };
}

function untilIssued(
  command: commands.IssueInvoice,
  _context: CommandContext,
  around: Surroundings,
): Promise<Position> {
  return completeIssue(around, INVOICE, accountStream(command), command.invoiceId);
}

async function withItemsToCredit(
  command: commands.IssueCreditNote,
  context: CommandContext,
  around: Surroundings,
): Promise<RequestCreditNoteIssue | Refusal> {
  const client = await clientOf(around.store, command.clientId);
  if (isRefusal(client)) return client;
  const { invoiceId, creditNoteId, reasonCode, comment, secondPerson } = command;
  const { events } = await around.store.readStream(accountStream(command));
  const state = fold(account, events as readonly AccountEvent[]);
  // An id is taken only in the client-period that has the invoice: a typing error leaves nothing behind.
  const taken = state.invoices.has(invoiceId) ? await takeCreditNoteId(around.store, command, context) : null;
  if (taken) return taken;
  const configuration = await configurationOf(around.store);
  return {
    type: 'RequestCreditNoteIssue',
    creditNoteId,
    invoiceId,
    issueDate: command.issueDate ?? todayOf(configuration, context.at),
    credits: command.items.map(({ itemId, outcome, net }): CreditAsked => ({ itemId, outcome, ...(net && { net }) })),
    reasonCode,
    comment,
    secondPerson,
    workBy: await engineersOfLines(command, state.invoices.get(invoiceId)?.lines ?? [], around),
    ...(await currentRating(command, around)),
    configuration,
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

/** The engineers whose work a credit note writes off. */
async function engineersOfLines(
  { items }: commands.IssueCreditNote,
  lines: readonly InvoiceLine[],
  around: Surroundings,
): Promise<readonly string[]> {
  const forgone = new Set(items.flatMap(({ itemId, outcome }) => (outcome === 'written-off' ? [itemId] : [])));
  const engineers = new Set<string>();
  for (const { itemId, ticketId, workItemId } of lines) {
    if (!forgone.has(itemId)) continue;
    for (const engineer of await engineersOf(around, ticketId, workItemId)) engineers.add(engineer);
  }
  return [...engineers];
}

function untilCredited(
  command: commands.IssueCreditNote,
  _context: CommandContext,
  around: Surroundings,
): Promise<Position> {
  return completeIssue(around, CREDIT_NOTE, accountStream(command), command.creditNoteId);
}

async function withItem(
  command: commands.WriteOffWork,
  _context: CommandContext,
  around: Surroundings,
): Promise<WriteOffWorkDecision | Refusal> {
  const { items } = await currentRating(command, around);
  const item = items.find((candidate) => candidate.itemId === command.itemId);
  if (!item) {
    return refuse(
      'ItemNotFound',
      `No billable item ${command.itemId} for client ${command.clientId} in ${command.period}.`,
      'Check the id: GET /billable-items',
      {
        itemId: command.itemId,
      },
    );
  }
  const { reasonCode, comment, secondPerson } = command;
  return {
    type: 'WriteOffWork',
    item,
    reasonCode,
    comment,
    secondPerson,
    workBy: await engineersOf(around, item.ticketId, item.workItemId),
    configuration: await configurationOf(around.store),
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

async function withEngineers(
  command: commands.AcceptBillingGap,
  _context: CommandContext,
  around: Surroundings,
): Promise<AcceptBillingGapDecision | Refusal> {
  await around.upToDate();
  const gap = await around.models.gaps.get(command.gapId);
  if (!gap)
    return refuse('GapNotFound', `No gap ${command.gapId}.`, 'Check the id: GET /gaps', { gapId: command.gapId });
  return {
    ...command,
    // A charge is nobody's work.
    workBy: gap.ticketId === null ? [] : await engineersOf(around, gap.ticketId, gap.workItemId),
    configuration: await configurationOf(around.store),
  };
}

/** The people who did the work of a ticket, or one of its work items: nobody decides on their own work. */
async function engineersOf({ store }: Surroundings, ticketId: string, name: string | null): Promise<readonly string[]> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  const engineers = new Set<string>();
  for (const event of events) {
    const { type, data } = event as unknown as TicketEvent;
    if (
      (type === 'TimeEntryLogged' || type === 'TimeEntryCorrected') &&
      (name === null || isNameOfWork(name, ticketId, data.timeEntryId))
    ) {
      engineers.add(data.engineerId);
    }
    const isAssignment = type === 'TicketAssigned' || type === 'TicketReassigned';
    if (name === null && isAssignment && data.engineerId !== null) engineers.add(data.engineerId);
    const workItemId = workItemOf(data);
    if (name !== null && workItemId !== null && isNameOfWork(name, ticketId, workItemId)) engineers.add(event.actor.id);
  }
  return [...engineers];
}

function workItemOf(data: TicketEvent['data']): string | null {
  if ('materialUsageId' in data) return data.materialUsageId;
  return 'expenseId' in data ? data.expenseId : null;
}

const gapStream = (command: { gapId: string }) => streamName('gap', command.gapId);

export const billingDefinitions: readonly CommandDefinition[] = [
  define({
    command: commands.DraftInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withDraftableItems,
  }),
  define({
    command: commands.DiscardInvoiceDraft,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: async (command): Promise<DiscardDraft> => ({ ...command, type: 'DiscardDraft' }),
  }),
  define({ command: commands.ApproveInvoice, roles: ACCOUNTS, stream: accountStream, decider: account }),
  define({
    command: commands.IssueInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withCurrentRating,
    follow: untilIssued,
  }),
  define({
    command: commands.IssueCreditNote,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withItemsToCredit,
    follow: untilCredited,
  }),
  define({
    command: commands.WriteOffWork,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withItem,
  }),
  define({
    command: commands.AssignBillingGap,
    roles: ['operations', 'accounts'],
    stream: gapStream,
    decider: gapDecider,
  }),
  define({
    command: commands.AcceptBillingGap,
    roles: ['operations', 'accounts'],
    stream: gapStream,
    decider: gapDecider,
    prepare: withEngineers,
  }),
  define({
    command: commands.PublishConfiguration,
    roles: [],
    stream: () => CONFIGURATION_STREAM,
    decider: configurationDecider,
  }),
];
