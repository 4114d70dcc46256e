import { isRefusal, refuse, type LocalDate, type Refusal, type Role } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import { NotSettled, type DocumentAsked, type DocumentFacts, type ReadModels } from '@billtrail/read-models';
import {
  account,
  draftableCharges,
  draftableItems,
  moneyForgone,
  type BillingConfiguration,
  type DiscardDraft,
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
import { notAdopted } from '../gate/gate.js';
import { accountStream } from '../invoicing/account.js';
import { completeIssue, completeUnderWay, dayReached } from '../invoicing/complete-issue.js';
import { CREDIT_NOTE, INVOICE, type DocumentKind } from '../invoicing/document-kinds.js';
import { claimsOf, idOfCreditNote, idOfInvoice } from '../invoicing/document-id.js';
import * as commands from './billing.commands.js';
import { forgoneByCredit } from './credited.js';
import { withDrafter } from './drafter.js';
import { forgoingOf } from './forgone.js';
import { clientOf, contractProblem, siteProblem } from './references.js';

const ACCOUNTS: readonly Role[] = ['accounts'];

/** The day of issue that a command names, else today. */
function dateAsked(
  { issueDate = null }: { readonly issueDate?: LocalDate | null },
  configuration: BillingConfiguration,
  { at }: Pick<CommandContext, 'at'>,
) {
  return { issueDate: issueDate ?? todayOf(configuration, at), isDateStated: issueDate !== null };
}

async function refuseDraft(command: commands.DraftInvoice, _context: CommandContext, ports: CommandPorts) {
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  const refusal = await namedProblem(command, ports);
  if (refusal) return refusal;
  await ports.upToDate(command);
  return command;
}

export function withDraftableItems(
  command: commands.DraftInvoice,
  facts: DocumentFacts,
  context: Pick<CommandContext, 'at'>,
): DraftInvoiceDecision {
  const { configuration, client, contracts, elsewhere, receiving, ratedUpTo } = facts;
  const { tickets: _tickets, charges: _charges, ...asked } = command;
  const named = namedBy(command);
  return {
    ...asked,
    items: draftableItems(facts.items, command.invoiceId),
    charges: draftableCharges(
      facts.charges,
      { at: context.at, contracts, clientTimeZone: client.timeZone, configuration },
      command.invoiceId,
    ),
    ...dateAsked(command, configuration, context),
    ...(named === null ? {} : { named, rated: facts.withOthersNamed }),
    configuration,
    client,
    contracts,
    elsewhere,
    receiving,
    ratedUpTo: String(ratedUpTo),
  };
}

/** What a draft is limited to; null: it takes everything. */
function namedBy({ tickets, charges }: commands.DraftInvoice): NonNullable<DocumentAsked['named']> | null {
  return tickets === undefined && charges === undefined ? null : { tickets: tickets ?? [], charges: charges ?? [] };
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

async function withDayReached(
  command: commands.IssueInvoice,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<(commands.IssueInvoice & DayReached) | Refusal> {
  const shut = await ports.gate.shut();
  if (shut !== null) return notAdopted(shut);
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  await ports.upToDate(command);
  return { ...command, ...(await reachedBy(INVOICE, ports)) };
}

interface DayReached {
  /** The day of the last number of the series. Where another document gets one before this one does, that decides (`completeIssue`). */
  readonly seriesReached: LocalDate | null;
}

async function reachedBy(kind: DocumentKind, { store }: CommandPorts): Promise<DayReached> {
  const { series } = kind.seriesOf(await configurationOf(store));
  return { seriesReached: await dayReached(store, series) };
}

function withCurrentRating(
  command: commands.IssueInvoice & DayReached,
  { configuration, client, items, charges, contracts, elsewhere, receiving, ratedUpTo }: DocumentFacts,
  context: CommandContext,
): RequestInvoiceIssue {
  return {
    ...command,
    type: 'RequestInvoiceIssue',
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    client,
    items,
    charges,
    contracts,
    elsewhere,
    receiving,
    configuration,
    comparedUpTo: String(ratedUpTo),
  };
}

function untilIssued(
  command: commands.IssueInvoice,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<Position | Refusal> {
  return completeIssue(ports, INVOICE, accountStream(command), command.invoiceId);
}

async function withCreditDayReached(
  command: commands.IssueCreditNote,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<(commands.IssueCreditNote & DayReached) | Refusal> {
  const shut = await ports.gate.shut();
  if (shut !== null) return notAdopted(shut);
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  await ports.upToDate(command);
  return { ...command, ...(await reachedBy(CREDIT_NOTE, ports)) };
}

function withItemsToCredit(
  command: commands.IssueCreditNote & DayReached,
  { items, charges, contracts, receiving, configuration, ratedUpTo }: DocumentFacts,
  context: CommandContext,
  models: ReadModels,
): RequestCreditNoteIssue | Refusal {
  const { invoiceId, creditNoteId, reasonCode, comment, seriesReached } = command;
  const workBy = engineersOfLines(command, models);
  if (isRefusal(workBy)) return workBy;
  return {
    type: 'RequestCreditNoteIssue',
    seriesReached,
    creditNoteId,
    invoiceId,
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    credits: command.items.map(({ itemId, outcome, net }): CreditAsked => ({ itemId, outcome, ...(net && { net }) })),
    reasonCode,
    comment,
    workBy,
    items,
    charges,
    contracts,
    receiving,
    configuration,
    comparedUpTo: String(ratedUpTo),
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

/** The engineers whose work a credit note writes off. */
function engineersOfLines(
  { invoiceId, items }: commands.IssueCreditNote,
  { invoices, approvals }: ReadModels,
): readonly string[] | Refusal {
  const forgone = new Set(items.flatMap(({ itemId, outcome }) => (outcome === 'written-off' ? [itemId] : [])));
  if (forgone.size === 0) return [];
  const rules = approvals.rulesNow(invoices.linesNow(invoiceId).filter(({ itemId }) => forgone.has(itemId)));
  return isRefusal(rules) ? rules : rules.workBy;
}

async function refuseOwnNote(command: commands.GiveCredits, _context: CommandContext, ports: CommandPorts) {
  const shut = await ports.gate.shut();
  if (shut !== null) return notAdopted(shut);
  const client = await clientOf(ports.store, command.clientId);
  if (isRefusal(client)) return client;
  await ports.upToDate(command);
  return { ...command, ...(await reachedBy(CREDIT_NOTE, ports)) };
}

function withOwedCredits(
  { items: itemIds, ...command }: commands.GiveCredits & DayReached,
  { configuration, client, items, charges, elsewhere, receiving, ratedUpTo }: DocumentFacts,
  context: CommandContext,
): GiveCreditsDecision {
  return {
    ...command,
    ...dateAsked(command, configuration, context),
    today: todayOf(configuration, context.at),
    itemIds,
    client,
    items,
    charges,
    elsewhere,
    receiving,
    configuration,
    comparedUpTo: String(ratedUpTo),
  };
}

function untilCredited(
  command: commands.IssueCreditNote | commands.GiveCredits,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<Position | Refusal> {
  return completeIssue(ports, CREDIT_NOTE, accountStream(command), command.creditNoteId);
}

async function ratedToday(command: commands.WriteOffWork, _context: CommandContext, ports: CommandPorts) {
  if (isRefusal(await clientOf(ports.store, command.clientId))) return itemNotFound(command);
  await ports.upToDate(command);
  return command;
}

function withItem(
  command: commands.WriteOffWork,
  { items, configuration }: DocumentFacts,
  _context: CommandContext,
  { approvals }: ReadModels,
): WriteOffWorkDecision | Refusal {
  const item = items.find(({ itemId }) => itemId === command.itemId);
  if (item === undefined) return itemNotFound(command);
  const rules = approvals.rulesNow([item]);
  if (isRefusal(rules)) return rules;
  const { workBy } = rules;
  const { reasonCode, comment } = command;
  return {
    type: 'WriteOffWork',
    item,
    reasonCode,
    comment,
    workBy,
    configuration,
    ...(command.occurredAt === undefined ? {} : { occurredAt: command.occurredAt }),
  };
}

/** What was given of it as a courtesy was an act of its own. */
function writtenOff({ item, workBy, configuration }: WriteOffWorkDecision) {
  const { itemId: target, clientId, period, ticketId, net, actualMinutes } = item;
  const money = moneyForgone({ money: net, minutes: actualMinutes }, configuration);
  return forgoingOf({ target, clientId, period, workBy }, [{ ticketId, money }]);
}

function itemNotFound({ itemId, clientId, period }: Pick<commands.WriteOffWork, 'itemId' | 'clientId' | 'period'>) {
  return refuse(
    'ItemNotFound',
    `No billable item ${itemId} for client ${clientId} in ${period}.`,
    'Check the id: GET /v1/billable-items',
    { itemId },
  );
}

/** Reads all facts of a document at once, and joins them to what is asked. `names`: the tickets and charges that it is limited to. */
const atOnce =
  <P extends Pick<DocumentAsked, 'clientId' | 'period' | 'invoiceId'> & object, D>(
    join: (asked: P, facts: DocumentFacts, context: CommandContext, models: ReadModels) => D | Refusal,
    names: (asked: P) => DocumentAsked['named'] | null = () => null,
  ) =>
  (asked: P, context: CommandContext, models: ReadModels, from: Position): D | Refusal | NotSettled => {
    const { clientId, period, invoiceId } = asked;
    const named = names(asked) ?? undefined;
    const about = { clientId, period, ...(invoiceId && { invoiceId }), ...(named && { named }) };
    return models.settled(from, () => {
      const facts = models.documentFacts.of(about, from);
      return facts instanceof NotSettled || isRefusal(facts) ? facts : join(asked, facts, context, models);
    });
  };

/** For what is decided on the draft alone: nobody lets money go out of a month of which not all is known. */
function whereAllIsKnown<C>(command: C, _context: CommandContext, { documentFacts }: ReadModels, from: Position) {
  const { clientId, period } = command as unknown as Pick<DocumentAsked, 'clientId' | 'period'>;
  return documentFacts.unsettledOf({ clientId, period }, from) ?? command;
}

/** No document is decided on while the verdict on another of the account is open. */
const underWay: NonNullable<CommandDefinition['completes']> = { code: 'DocumentUnderWay', complete: completeUnderWay };

/** Their routes look the client and period of an invoice or item up first, so that controllers have them. */
export const accountDefinitions: readonly CommandDefinition[] = [
  define({
    command: commands.DraftInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    completes: underWay,
    prepare: refuseDraft,
    collect: atOnce(withDraftableItems, namedBy),
    claims: (command, { store }) => claimsOf(store, idOfInvoice(command)),
  }),
  define({
    command: commands.DiscardInvoiceDraft,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: async (command): Promise<DiscardDraft> => ({ ...command, type: 'DiscardDraft' }),
  }),
  define({
    command: commands.ApproveInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    prepare: withDrafter,
    collect: whereAllIsKnown,
  }),
  define({
    command: commands.IssueInvoice,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    completes: underWay,
    prepare: withDayReached,
    collect: atOnce(withCurrentRating),
    follow: untilIssued,
  }),
  define({
    command: commands.IssueCreditNote,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    completes: underWay,
    prepare: withCreditDayReached,
    collect: atOnce(withItemsToCredit),
    forgoes: { act: 'credit', of: forgoneByCredit },
    claims: (command, { store }) => claimsOf(store, idOfCreditNote(command)),
    follow: untilCredited,
  }),
  define({
    command: commands.GiveCredits,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    completes: underWay,
    prepare: refuseOwnNote,
    collect: atOnce(withOwedCredits),
    claims: (command, { store }) => claimsOf(store, idOfCreditNote(command)),
    follow: untilCredited,
  }),
  define({
    command: commands.WriteOffWork,
    roles: ACCOUNTS,
    stream: accountStream,
    decider: account,
    completes: underWay,
    prepare: ratedToday,
    collect: atOnce(withItem),
    forgoes: { act: 'write-off', of: writtenOff },
  }),
];
