import { fold, isRefusal, refuse, type LocalDate, type Month, type Refusal, type Role } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import {
  account,
  draftableCharges,
  draftableItems,
  namesOf,
  type AccountEvent,
  type BillableItem,
  type BillingConfiguration,
  type ChargeItem,
  type DiscardDraft,
  type ExplainedItem,
  type InvoiceLine,
  type CreditAsked,
  type DraftInvoice as DraftInvoiceDecision,
  type GiveCredits as GiveCreditsDecision,
  type RequestCreditNoteIssue,
  type RequestInvoiceIssue,
  type WriteOffWork as WriteOffWorkDecision,
} from '@billtrail/billing';
import { define, type CommandDefinition, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { configurationOf, todayOf } from '../configuration.js';
import { accountStream } from '../invoicing/account.js';
import { askedElsewhere } from '../invoicing/asked-elsewhere.js';
import { CREDIT_NOTE, INVOICE, completeIssue } from '../invoicing/complete-issue.js';
import { receivingOf } from '../invoicing/receiving.js';
import { claimsOf, idOfCreditNote, idOfInvoice, refuseTakenId } from '../invoicing/document-id.js';
import * as commands from './billing.commands.js';
import { engineersOf } from './engineers.js';
import { clientOf, contractProblem, siteProblem } from './references.js';

const ACCOUNTS: readonly Role[] = ['accounts'];

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}

/** Current rating, explained: the read models catch up with the log first. */
async function currentRating({ clientId, period }: ClientPeriod, ports: CommandPorts): Promise<CurrentRating> {
  await ports.upToDate();
  return ports.models.billableItems.explainedOfPeriod(clientId, period);
}

interface CurrentRating {
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
}

/** Current rating with what a document of it rests on besides: the client's contracts, what other accounts asked, and who receives it. */
async function ratedForDocument(command: ClientPeriod & { readonly invoiceId?: string }, ports: CommandPorts) {
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  const { items, charges, siteOfTicket } = await currentRating(command, ports);
  const contracts = await ports.models.billableItems.contractsOf(command.clientId);
  const elsewhere = await askedElsewhere(ports, command.clientId, charges);
  const { invoiceId } = command;
  const of = { items, charges, siteOfTicket, contracts, elsewhere, ...(invoiceId === undefined ? {} : { invoiceId }) };
  const receiving = await receivingOf(ports, client, of);
  return { client, items, charges, contracts, elsewhere, receiving };
}

/** The day of issue that a command names, else today. */
function dateAsked(
  { issueDate = null }: { readonly issueDate?: LocalDate | null },
  configuration: BillingConfiguration,
  { at }: CommandContext,
) {
  return { issueDate: issueDate ?? todayOf(configuration, at), isDateStated: issueDate !== null };
}

async function withDraftableItems(
  { tickets, charges: chargeItemIds, ...command }: commands.DraftInvoice,
  context: CommandContext,
  ports: CommandPorts,
): Promise<DraftInvoiceDecision | Refusal> {
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  const taken = await refuseTakenId(ports.store, idOfInvoice(command));
  if (taken) return taken;
  const foreign = await namedProblem(command, ports);
  if (foreign) return foreign;
  const rated = await ratedForDocument(command, ports);
  if (isRefusal(rated)) return rated;
  const { items, charges, contracts, elsewhere, receiving } = rated;
  const configuration = await configurationOf(ports.store);
  const isNamed = tickets !== undefined || chargeItemIds !== undefined;
  const named = { tickets: tickets ?? [], charges: chargeItemIds ?? [] };
  return {
    ...command,
    items: draftableItems(items, command.invoiceId),
    charges: draftableCharges(
      charges,
      { at: context.at, contracts, clientTimeZone: client.timeZone, configuration },
      command.invoiceId,
    ),
    ...dateAsked(command, configuration, context),
    ...(isNamed ? { named, rated: await withOthersNamed(named, { items, charges }, ports) } : {}),
    configuration,
    client,
    contracts,
    elsewhere,
    receiving,
  };
}

/** A contract, a site or a recipient that a draft is limited to must be there. */
async function namedProblem(
  {
    clientId,
    contractId,
    siteId,
    recipientId,
  }: Pick<commands.DraftInvoice, 'clientId' | 'contractId' | 'siteId' | 'recipientId'>,
  { store }: CommandPorts,
): Promise<Refusal | null> {
  const ofContract = contractId === undefined ? null : await contractProblem(store, contractId, clientId);
  if (ofContract) return ofContract;
  const ofSite = siteId === undefined || siteId === null ? null : await siteProblem(store, siteId, clientId);
  if (ofSite) return ofSite;
  const recipient = recipientId === undefined ? null : await clientOf(store, recipientId);
  return isRefusal(recipient) ? recipient : null;
}

/** With what the names stand for where the client-period has nothing of the name: in another month, of another client, or no charge but an item. */
async function withOthersNamed(
  named: NonNullable<DraftInvoiceDecision['named']>,
  { items, charges }: Pick<CurrentRating, 'items' | 'charges'>,
  { models: { billableItems, charges: ofCharges } }: CommandPorts,
): Promise<NonNullable<DraftInvoiceDecision['rated']>> {
  const tickets = new Set(items.flatMap(namesOf));
  const chargeItemIds = new Set(charges.map(({ chargeItemId }) => chargeItemId));
  const others: BillableItem[] = [];
  const otherCharges: ChargeItem[] = [];
  for (const ticketId of named.tickets) {
    if (!tickets.has(ticketId)) others.push(...(await billableItems.ofTicket(ticketId)));
  }
  for (const id of named.charges) {
    if (chargeItemIds.has(id)) continue;
    otherCharges.push(...(await ofCharges.byId(id)));
    others.push(...(await billableItems.byId(id)));
  }
  return { items: [...items, ...others], charges: [...charges, ...otherCharges] };
}

async function withCurrentRating(
  command: commands.IssueInvoice,
  context: CommandContext,
  ports: CommandPorts,
): Promise<RequestInvoiceIssue | Refusal> {
  const rated = await ratedForDocument(command, ports);
  if (isRefusal(rated)) return rated;
  const configuration = await configurationOf(ports.store);
  return {
    ...command,
    type: 'RequestInvoiceIssue',
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    ...rated,
    configuration,
  };
}

function untilIssued(command: commands.IssueInvoice, _context: CommandContext, ports: CommandPorts): Promise<Position> {
  return completeIssue(ports, INVOICE, accountStream(command), command.invoiceId);
}

async function withItemsToCredit(
  command: commands.IssueCreditNote,
  context: CommandContext,
  ports: CommandPorts,
): Promise<RequestCreditNoteIssue | Refusal> {
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  const { invoiceId, creditNoteId, reasonCode, comment, secondPerson } = command;
  const { events } = await ports.store.readStream(accountStream(command));
  const state = fold(account, events as readonly AccountEvent[]);
  const taken = state.invoices.has(invoiceId) ? await refuseTakenId(ports.store, idOfCreditNote(command)) : null;
  if (taken) return taken;
  const rated = await ratedForDocument(command, ports);
  if (isRefusal(rated)) return rated;
  const { items, charges, contracts, receiving } = rated;
  const configuration = await configurationOf(ports.store);
  return {
    type: 'RequestCreditNoteIssue',
    creditNoteId,
    invoiceId,
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    credits: command.items.map(({ itemId, outcome, net }): CreditAsked => ({ itemId, outcome, ...(net && { net }) })),
    reasonCode,
    comment,
    secondPerson,
    workBy: await engineersOfLines(command, state.invoices.get(invoiceId)?.lines ?? [], ports),
    items,
    charges,
    contracts,
    receiving,
    configuration,
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

/** The engineers whose work a credit note writes off. */
async function engineersOfLines(
  { items }: commands.IssueCreditNote,
  lines: readonly InvoiceLine[],
  ports: CommandPorts,
): Promise<readonly string[]> {
  const forgone = new Set(items.flatMap(({ itemId, outcome }) => (outcome === 'written-off' ? [itemId] : [])));
  const engineers = new Set<string>();
  for (const { itemId, ticketId, workItemId } of lines) {
    if (!forgone.has(itemId)) continue;
    for (const engineer of await engineersOf(ports, ticketId, workItemId)) engineers.add(engineer);
  }
  return [...engineers];
}

async function withOwedCredits(
  { items: itemIds, ...command }: commands.GiveCredits,
  context: CommandContext,
  ports: CommandPorts,
): Promise<GiveCreditsDecision | Refusal> {
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  const taken = await refuseTakenId(ports.store, idOfCreditNote(command));
  if (taken) return taken;
  const configuration = await configurationOf(ports.store);
  const rated = await ratedForDocument(command, ports);
  if (isRefusal(rated)) return rated;
  const { contracts: _, ...known } = rated;
  return {
    ...command,
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    itemIds,
    ...known,
    configuration,
  };
}

function untilCredited(
  command: commands.IssueCreditNote | commands.GiveCredits,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<Position> {
  return completeIssue(ports, CREDIT_NOTE, accountStream(command), command.creditNoteId);
}

async function withItem(
  command: commands.WriteOffWork,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<WriteOffWorkDecision | Refusal> {
  const { items } = await currentRating(command, ports);
  const item = items.find((candidate) => candidate.itemId === command.itemId);
  if (!item) {
    return refuse(
      'ItemNotFound',
      `No billable item ${command.itemId} for client ${command.clientId} in ${command.period}.`,
      'Check the id: GET /billable-items',
      { itemId: command.itemId },
    );
  }
  const { reasonCode, comment, secondPerson } = command;
  return {
    type: 'WriteOffWork',
    item,
    reasonCode,
    comment,
    secondPerson,
    workBy: await engineersOf(ports, item.ticketId, item.workItemId),
    configuration: await configurationOf(ports.store),
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

/** Their routes look the client and period of an invoice or item up first, so that controllers have them. */
export const accountDefinitions: readonly CommandDefinition[] = [
  define({
    command: commands.DraftInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withDraftableItems,
    claims: (command, { store }) => claimsOf(store, idOfInvoice(command)),
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
    claims: (command, { store }) => claimsOf(store, idOfCreditNote(command)),
    follow: untilCredited,
  }),
  define({
    command: commands.GiveCredits,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withOwedCredits,
    claims: (command, { store }) => claimsOf(store, idOfCreditNote(command)),
    follow: untilCredited,
  }),
  define({
    command: commands.WriteOffWork,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withItem,
  }),
];
