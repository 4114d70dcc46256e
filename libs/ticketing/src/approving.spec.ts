import { describe, expect, it } from '@jest/globals';
import { DEFAULT_TICKET_POLICY } from './gates.js';
import * as t from './testing/history.js';
import { ticketDecider, type TicketCommand } from './ticket.js';
import type { TicketEvent } from './events.js';
import { spec } from '@billtrail/kernel/testing';

const { ticket, ticketId, ana, ops, event } = t;
const otto = { at: t.at, by: { id: 'otto', role: 'operations' } } as const;
const WHY = { reason: 'no such visit' };

/** One piece of work of each kind, recorded by Ana, and all that may become of it. */
const KINDS = {
  'a time entry': {
    name: { timeEntryId: 'E-1' },
    recorded: t.logged,
    corrected: event('TimeEntryCorrected', {
      ...t.timeFacts,
      timeEntryId: 'E-1',
      minutes: 1_440,
      reason: 'typo',
      correctedBy: 'olga',
    }),
    voided: t.voidedEntry,
    approve: 'ApproveTimeEntry',
    reject: 'RejectTimeEntry',
    approved: 'TimeEntryApproved',
    rejected: 'TimeEntryRejected',
  },
  'material usage': {
    name: { materialUsageId: 'M-1' },
    recorded: t.materialUsed,
    corrected: event('MaterialUsageCorrected', {
      ...t.materialFacts,
      materialUsageId: 'M-1',
      quantity: '40',
      reason: 'typo',
      correctedBy: 'olga',
    }),
    voided: event('MaterialUsageVoided', { materialUsageId: 'M-1', reason: 'not used' }),
    approve: 'ApproveMaterialUsage',
    reject: 'RejectMaterialUsage',
    approved: 'MaterialUsageApproved',
    rejected: 'MaterialUsageRejected',
  },
  'an expense': {
    name: { expenseId: 'X-1' },
    recorded: t.expenseIncurred,
    corrected: event('ExpenseCorrected', {
      ...t.expenseFacts,
      expenseId: 'X-1',
      description: 'Hotel',
      reason: 'typo',
      correctedBy: 'olga',
    }),
    voided: event('ExpenseVoided', { expenseId: 'X-1', reason: 'paid twice' }),
    approve: 'ApproveExpense',
    reject: 'RejectExpense',
    approved: 'ExpenseApproved',
    rejected: 'ExpenseRejected',
  },
} as const;

describe.each(Object.entries(KINDS))('approving and rejecting %s', (_, kind) => {
  const id = Object.values(kind.name)[0];
  const approve = { type: kind.approve, ticketId, ...kind.name, ...ops } as unknown as TicketCommand & typeof ops;
  const reject = { ...approve, type: kind.reject, ...WHY } as unknown as TicketCommand & typeof ops;
  const approved = (version = 1, rest: object = { approvedBy: 'olga' }) =>
    event(kind.approved, { ...kind.name, ...rest, version } as never);
  const rejected = event(kind.rejected, { ...kind.name, rejectedBy: 'olga', ...WHY, version: 1 });
  const given = (...events: readonly TicketEvent[]) => ticket.given(...t.inProgress, kind.recorded, ...events);

  it('approve and reject, and each after the other', () => {
    given().when(approve).then(approved());
    given().when(reject).then(rejected);
    given(rejected).when(approve).then(approved());
    given(approved()).when(reject).then(rejected);
  });
  it('stay quiet on repeat', () => {
    given(approved()).when(approve).thenNothing();
    given(rejected).when(reject).thenNothing();
  });
  it('Y7: what is approved is the version that was seen, and a correction ends the approval', () => {
    given(kind.corrected).when(approve).thenRefused('WorkChanged');
    given(kind.corrected)
      .when({ ...approve, version: 1 } as typeof approve)
      .thenRefused('WorkChanged');
    given(approved(), kind.corrected).when(approve).thenRefused('WorkChanged');
    given()
      .when({ ...approve, version: 2 } as typeof approve)
      .thenRefused('WorkChanged');
    given(kind.corrected).when(reject).thenRefused('WorkChanged');
    const seen = { ...approve, version: 2, ...otto } as typeof approve;
    given(kind.corrected)
      .when(seen)
      .then(approved(2, { approvedBy: 'otto' }));
    given(approved(), kind.corrected)
      .when(seen)
      .then(approved(2, { approvedBy: 'otto' }));
    // Approved already, but not what is named.
    given(kind.corrected, approved(2, { approvedBy: 'otto' }))
      .when(approve)
      .thenRefused('WorkChanged');
    const details = { workItemId: id, version: 2, named: 1, facts: expect.any(Object) };
    const remedy = expect.stringContaining('`version` 2');
    expect(ticketDecider().decide(approve, given(kind.corrected).state)).toMatchObject({ remedy, details });
  });
  it('nobody approves their own work: not who did or entered it, not who corrected it', () => {
    given()
      .when({ ...approve, ...ana })
      .thenRefused('OwnWork');
    given(kind.corrected)
      .when({ ...approve, version: 2 } as typeof approve)
      .thenRefused('OwnWork');
  });
  it('in a firm that allows it they do, and the event says so', () => {
    const alone = spec(ticketDecider({ ...DEFAULT_TICKET_POLICY, selfApproval: 'recorded' }));
    alone
      .given(...t.inProgress, kind.recorded)
      .when({ ...approve, ...ana })
      .then(approved(1, { approvedBy: 'ana', isOwnWork: true }));
  });
  it('refuse what is not there, was voided, or has no reason', () => {
    ticket
      .given(...t.inProgress)
      .when(approve)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgress)
      .when(reject)
      .thenRefused('WorkItemUnknown');
    given(kind.voided).when(approve).thenRefused('WorkItemVoided');
    given(kind.voided).when(reject).thenRefused('WorkItemVoided');
    given()
      .when({ ...reject, reason: '' } as typeof reject)
      .thenRefused('FieldInvalid');
  });
});

describe('approving', () => {
  it('of what the engineer did and others typed in, or others did and they typed in, is refused to both', () => {
    const approve = { type: 'ApproveTimeEntry', ticketId, timeEntryId: 'E-1', ...ops } as const;
    const typedIn = event('TimeEntryLogged', { ...t.timeFacts, timeEntryId: 'E-1', loggedBy: 'olga' });
    ticket
      .given(...t.inProgress, typedIn)
      .when(approve)
      .thenRefused('OwnWork');
    ticket
      .given(...t.inProgress, typedIn)
      .when({ ...approve, ...ana })
      .thenRefused('OwnWork');
  });
  it('an import approves what it typed in for others', () => {
    const system = { at: t.at, by: { id: 'import', role: 'system' } } as const;
    const typedIn = event('TimeEntryLogged', { ...t.timeFacts, timeEntryId: 'E-1', loggedBy: 'import' });
    ticket
      .given(...t.inProgress, typedIn)
      .when({ type: 'ApproveTimeEntry', ticketId, timeEntryId: 'E-1', ...system })
      .thenLike({ type: 'TimeEntryApproved' });
  });
  it('goods that were recorded before goods were approved need none, until they are corrected or rejected', () => {
    const before = event('MaterialUsed', { ...t.materialFacts, materialUsageId: 'M-1' });
    const approve = { type: 'ApproveMaterialUsage', ticketId, materialUsageId: 'M-1', ...ops } as const;
    ticket
      .given(...t.inProgress, before)
      .when(approve)
      .thenNothing();
    ticket
      .given(...t.inProgress, before)
      .when({ ...approve, type: 'RejectMaterialUsage', ...WHY })
      .thenLike({ type: 'MaterialUsageRejected' });
    const oldCorrection = { ...t.materialFacts, quantity: '2', materialUsageId: 'M-1', reason: 'two' };
    const corrected = event('MaterialUsageCorrected', oldCorrection);
    ticket
      .given(...t.inProgress, before, corrected)
      .when({ ...approve, version: 2 })
      .thenNothing();
    const since = event('MaterialUsageCorrected', { ...oldCorrection, correctedBy: 'ana' });
    ticket
      .given(...t.inProgress, before, since)
      .when({ ...approve, version: 2 })
      .thenLike({ type: 'MaterialUsageApproved' });
  });
});
