import {
  ApproveForgoingRequest,
  EndDelegation,
  NameDelegate,
  PrepareBulkJob,
  RefuseForgoingRequest,
  RunBulkJob,
  WithdrawForgoingRequest,
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
  type CommandClass,
} from '@billtrail/application';
import { MAX_READ } from '@billtrail/event-store';
import { chosen, type History } from './history.js';
import { ADMIN } from './house.js';
import type { Step } from './steps.js';

type Wrong = readonly [command: CommandClass, input: object];

const TICKET = { ticketId: 'T-nowhere', reason: 'a slip' };
const TIME = {
  ...TICKET,
  timeEntryId: 'W-nowhere',
  engineerId: 'eng-1',
  engineerRole: 'engineer',
  workType: 'remote',
  minutes: 10,
  workDate: '2026-03-01',
  description: 'Nothing',
};
const MATERIAL = {
  ...TICKET,
  materialUsageId: 'M-nowhere',
  itemCode: 'X',
  description: 'Nothing',
  quantity: '1',
  workDate: '2026-03-01',
};
const EXPENSE = {
  ...TICKET,
  expenseId: 'X-nowhere',
  description: 'Nothing',
  cost: { amount: '1.00', currency: 'AUD' },
  workDate: '2026-03-01',
};
const WRONG_TICKETS: readonly Wrong[] = [
  [tickets.RequestTicket, { ticketId: 'T-nowhere', clientId: 'nobody', summary: 'Help' }],
  [tickets.TriageTicket, { ...TICKET, category: 'network', priority: 'low' }],
  [tickets.ReclassifyTicket, { ...TICKET, category: 'network' }],
  [tickets.AssignTicket, { ...TICKET, engineerId: 'eng-1' }],
  [tickets.StartWork, TICKET],
  [tickets.PendTicketOnClient, TICKET],
  [tickets.PendTicketOnThirdParty, TICKET],
  [tickets.ResumeTicket, TICKET],
  [tickets.ResolveTicket, TICKET],
  [tickets.RequestServiceVerification, TICKET],
  [tickets.ApproveServiceVerification, TICKET],
  [tickets.RejectServiceVerification, TICKET],
  [tickets.CloseTicket, TICKET],
  [tickets.CancelTicket, { ...TICKET, as: 'cancelled' }],
  [tickets.ReopenTicket, TICKET],
  [tickets.MergeTicket, { ...TICKET, into: 'T-elsewhere' }],
  [tickets.SplitTicket, TICKET],
  [tickets.ReprioritiseTicket, { ...TICKET, priority: 'low' }],
  [tickets.AddNote, { ...TICKET, noteId: 'N-nowhere', text: 'Nothing' }],
  [tickets.StartTimer, { ...TICKET, timerId: 'R-nowhere', engineerId: 'eng-1' }],
  [tickets.StopTimer, { ...TICKET, timerId: 'R-nowhere' }],
  [tickets.LogTimeEntry, TIME],
  [tickets.CorrectTimeEntry, TIME],
  [tickets.ApproveTimeEntry, TIME],
  [tickets.RejectTimeEntry, TIME],
  [tickets.WithdrawCourtesy, { ...TICKET, workItemId: 'W-nowhere' }],
  [tickets.OverrideTimeEntryPrice, { ...TIME, pricePerHour: null }],
  [tickets.VoidTimeEntry, TIME],
  [tickets.RecordMaterialUsage, MATERIAL],
  [
    tickets.RecordSupplierCredit,
    {
      ...TICKET,
      materialUsageId: 'M-none',
      amount: { amount: '1.00', currency: 'AUD' },
      reference: 'C-1',
      creditedOn: '2026-03-01',
    },
  ],
  [tickets.WithdrawSupplierCredit, { ...TICKET, materialUsageId: 'M-none', reference: 'C-1', reason: 'a slip' }],
  [tickets.CorrectMaterialUsage, MATERIAL],
  [tickets.ApproveMaterialUsage, MATERIAL],
  [tickets.RejectMaterialUsage, MATERIAL],
  [tickets.VoidMaterialUsage, MATERIAL],
  [tickets.RecordExpense, EXPENSE],
  [tickets.CorrectExpense, EXPENSE],
  [tickets.ApproveExpense, EXPENSE],
  [tickets.RejectExpense, EXPENSE],
  [tickets.VoidExpense, EXPENSE],
  [tickets.DeclareNoCharge, { ...TICKET, reasonCode: 'goodwill' }],
  [tickets.ClassifyScope, { ...TICKET, scope: 'out-of-scope' }],
];

const CONTRACT = { contractId: 'C-nowhere', reason: 'a slip' };
const CLIENT = { name: 'Another', currency: 'EUR', timeZone: 'Europe/Berlin' };
const WRONG_CONTRACTS: readonly Wrong[] = [
  [contracts.RegisterClient, { ...CLIENT, clientId: 'bluegum-dental' }],
  [contracts.ChangeClientDetails, { ...CLIENT, clientId: 'nobody' }],
  [contracts.RegisterSite, { clientId: 'nobody', siteId: 'S', from: '2026-03-01', name: 'x' }],
  [contracts.ChangeSiteDetails, { clientId: 'bluegum-dental', siteId: 'S-nowhere', from: '2026-03-01', name: 'x' }],
  [contracts.ActivateContract, { ...CONTRACT, clientId: 'nobody', name: 'x', effectiveFrom: '2026-03-01', terms: {} }],
  [contracts.PublishContractVersion, { ...CONTRACT, effectiveFrom: '2026-03-01', terms: {} }],
  [contracts.TerminateContract, { ...CONTRACT, lastDay: '2026-03-01' }],
  [contracts.RenewContract, { ...CONTRACT, versionNumber: 1, effectiveTo: null }],
  [
    contracts.StateContract,
    {
      ...CONTRACT,
      parts: [{ type: 'SuspendContract', contractId: 'C-nowhere', from: '2026-03-01', reason: 'a slip' }],
    },
  ],
  [contracts.RecordNotice, { ...CONTRACT, givenOn: '2026-03-01' }],
  [contracts.WithdrawNotice, { ...CONTRACT }],
  [contracts.SuspendContract, { ...CONTRACT, from: '2026-03-01' }],
  [contracts.ResumeContract, { ...CONTRACT, resumedOn: '2026-03-01' }],
  [
    contracts.PurchasePrepaidBlock,
    { ...CONTRACT, blockId: 'B-x', amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-03-01' },
  ],
  [contracts.ReturnPrepaidBlock, { ...CONTRACT, contractId: 'redgum-care', blockId: 'B-nowhere', returnId: 'R-x' }],
  [contracts.WithdrawPrepaidBlock, { ...CONTRACT, contractId: 'redgum-care', blockId: 'B-nowhere' }],
  [contracts.DeclareMilestoneReached, { ...CONTRACT, milestoneId: 'M', reachedOn: '2026-03-01', acceptedBy: 'x' }],
  [contracts.WithdrawMilestoneDeclaration, { ...CONTRACT, milestoneId: 'M' }],
  [contracts.RecordCount, { ...CONTRACT, countOf: 'server', count: 1, from: '2026-03-01' }],
];

const INVOICE = { invoiceId: 'I-nowhere', clientId: 'nobody', period: '2025-01', reason: 'a slip' };
const WHY = { reasonCode: 'goodwill', comment: 'a slip' };
const WRONG_BILLING: readonly Wrong[] = [
  [billing.DraftInvoice, INVOICE],
  [billing.DiscardInvoiceDraft, INVOICE],
  [billing.ApproveInvoice, INVOICE],
  [billing.IssueInvoice, INVOICE],
  [billing.IssueCreditNote, { ...INVOICE, ...WHY, creditNoteId: 'K-nowhere', items: [] }],
  [billing.GiveCredits, { ...INVOICE, ...WHY, creditNoteId: 'K-nowhere', items: ['W-nowhere'] }],
  [billing.WriteOffWork, { ...INVOICE, ...WHY, itemId: 'W-nowhere' }],
  [billing.AssignBillingGap, { gapId: 'nowhere', ownerId: 'ops-1' }],
  [billing.AcceptBillingGap, { ...WHY, gapId: 'nowhere' }],
  [PrepareBulkJob, { jobId: 'J-nowhere', act: 'approve-work', ticketId: 'T-nowhere' }],
  [RunBulkJob, { jobId: 'J-nowhere' }],
  [ApproveForgoingRequest, { requestId: 'nowhere', hash: '0'.repeat(64) }],
  [RefuseForgoingRequest, { requestId: 'nowhere', reason: 'a slip' }],
  [WithdrawForgoingRequest, { requestId: 'nowhere', reason: 'a slip' }],
  [NameDelegate, { delegationId: 'D-nobody', delegateId: 'nobody', from: '2026-03-01', until: '2026-03-31' }],
  [EndDelegation, { delegationId: 'D-nowhere' }],
  [billing.PublishConfiguration, { configuration: { unbilledAfterDays: -1 } }],
];

/** Every command once, with a reason to be refused. Fields that a command does not have are left out. */
const WRONG_COMMANDS: readonly Wrong[] = [...WRONG_TICKETS, ...WRONG_CONTRACTS, ...WRONG_BILLING];

/** Somebody asks for what can't be: nothing may come of it. */
export async function goWrong(history: History, { pick: [which, more] }: Step): Promise<void> {
  for (let one = 0; one <= more % 4; one++) {
    const wrong = chosen(WRONG_COMMANDS, which + 17 * one);
    if (!wrong) return;
    const { store } = history.house.billtrail;
    // What time alone brings is there before, so that nothing comes of the command alone.
    await history.house.billtrail.upToDate();
    const before = await store.head();
    const [command, input] = wrong;
    const known = new command();
    const fields = Object.fromEntries(Object.entries(input).filter(([field]) => field in known));
    const accepted = await history.send(command, fields, ADMIN);
    // What the passing of time alone brings may be recorded on the way.
    const { events } = await store.readAll({ after: before, limit: MAX_READ });
    if (accepted || events.some(({ actor }) => actor.role !== 'system'))
      throw new Error(`${command.name} was to be refused`);
  }
}
