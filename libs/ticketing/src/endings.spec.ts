import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { TicketCommand } from './ticket.js';
import type { TicketEvent } from './events.js';
import { DEFAULT_TICKET_POLICY } from './gates.js';
import { commandsFrom } from './lifecycle.js';
import * as t from './testing/history.js';
import { ticketDecider } from './ticket.js';

const { ticket, ticketId, ops, ana, contact, event } = t;

describe('service verification', () => {
  const request = { type: 'RequestServiceVerification', ticketId, ...ana } as const;
  const approve = { type: 'ApproveServiceVerification', ticketId, ...contact } as const;
  const reject = { type: 'RejectServiceVerification', ticketId, reason: 'still down', ...contact } as const;
  const rejected = event('ServiceVerificationRejected', { rejectedBy: 'carl', reason: 'still down' });

  it('is requested with the work that is not voided', () => {
    ticket
      .given(...t.inResolved)
      .when(request)
      .then(t.verificationRequested);
    ticket
      .given(...t.inResolved, t.voidedEntry)
      .when(request)
      .then(event('ServiceVerificationRequested', { workItemIds: [] }));
  });
  it('is requested again when work came since, and then awaits approval anew', () => {
    const late = event('ServiceVerificationRequested', { workItemIds: ['E-1', 'X-1'] });
    ticket
      .given(...t.inSvrPending, t.verificationApproved, t.expenseIncurred)
      .when(request)
      .then(late);
    const again = ticket.given(...t.inSvrPending, t.verificationApproved, t.expenseIncurred, late);
    again.when({ type: 'CloseTicket', ticketId, ...ops }).thenRefused('ServiceNotVerified');
  });
  it('is approved by a contact of the client, or in silence', () => {
    ticket
      .given(...t.inSvrPending)
      .when(approve)
      .then(t.verificationApproved);
    ticket
      .given(...t.inSvrPending)
      .when({ ...approve, ...t.policyActor })
      .then(event('ServiceVerificationApproved', { approvedBy: 'silent-approval', silent: true }));
  });
  it('is approved by nobody else', () => {
    for (const role of ['support', 'operations', 'accounts', 'admin'] as const) {
      ticket
        .given(...t.inSvrPending)
        .when({ ...approve, by: { id: 'x', role } })
        .thenRefused('ApprovalNotByClient');
    }
  });
  it('is rejected back into progress', () => {
    ticket
      .given(...t.inSvrPending)
      .when(reject)
      .then(rejected);
    expect(ticket.given(...t.inSvrPending, rejected).state.stage).toBe('in-progress');
    ticket
      .given(...t.inSvrPending)
      .when({ ...reject, reason: '' })
      .thenRefused('FieldInvalid');
  });
  it('stays quiet on repeat', () => {
    ticket
      .given(...t.inSvrPending)
      .when(request)
      .thenNothing();
    ticket
      .given(...t.inSvrPending, t.verificationApproved)
      .when(approve)
      .thenNothing();
    ticket
      .given(...t.inClosed)
      .when(approve)
      .thenNothing();
    ticket
      .given(...t.inSvrPending, rejected)
      .when(reject)
      .thenNothing();
  });
  it('refuses from elsewhere', () => {
    ticket
      .given(...t.inProgress)
      .when(request)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inResolved)
      .when(approve)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inSvrPending, t.verificationApproved, rejected)
      .when(approve)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inResolved)
      .when(reject)
      .thenRefused('TransitionNotAllowed');
  });
  it('does not outlive another resolution', () => {
    const reopened = event('TicketReopened', { reason: null });
    ticket
      .given(...t.inSvrPending, rejected, t.resolved, reopened)
      .when(reject)
      .thenRefused('TransitionNotAllowed');
    const again = [...t.inSvrPending, t.verificationApproved, event('TicketReopened', { reason: null }), t.resolved];
    ticket
      .given(...again)
      .when({ type: 'CloseTicket', ticketId, ...ops })
      .thenRefused('ServiceNotVerified');
  });
});

describe('CloseTicket', () => {
  const close = { type: 'CloseTicket', ticketId, ...ops } as const;
  it('closes', () =>
    ticket
      .given(...t.inSvrPending, t.verificationApproved)
      .when(close)
      .then(t.closed));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inClosed)
      .when(close)
      .thenNothing());
  it('refuses from elsewhere', () => {
    ticket
      .given(...t.inProgress)
      .when(close)
      .thenRefused('TransitionNotAllowed');
    const cancelled = event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: 'not needed' });
    ticket.given(t.requested, cancelled).when(close).thenRefused('TransitionNotAllowed');
  });
});

describe('CancelTicket', () => {
  const cancel = { type: 'CancelTicket', ticketId, as: 'cancelled', reason: 'not needed', ...ops } as const;
  const duplicate = {
    type: 'CancelTicket',
    ticketId,
    as: 'duplicate',
    duplicateOf: 'T-0',
    reason: 'same',
    ...ops,
  } as const;
  const cancelled = event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: 'not needed' });
  const duplicated = event('TicketCancelled', { as: 'duplicate', duplicateOf: 'T-0', reason: 'same' });

  it('cancels a request or a ticket in triage', () => {
    ticket.given(t.requested).when(cancel).then(cancelled);
    ticket
      .given(...t.inTriage)
      .when(duplicate)
      .then(duplicated);
  });
  it('stays quiet on repeat', () => {
    ticket.given(t.requested, cancelled).when(cancel).thenNothing();
    ticket.given(t.requested, duplicated).when(duplicate).thenNothing();
  });
  it('refuses without a reason, without the other ticket, and as a duplicate of itself', () => {
    ticket
      .given(t.requested)
      .when({ ...cancel, reason: ' ' })
      .thenRefused('FieldInvalid');
    ticket
      .given(t.requested)
      .when({ ...duplicate, duplicateOf: null })
      .thenRefused('FieldInvalid');
    ticket
      .given(t.requested)
      .when({ ...duplicate, duplicateOf: ticketId })
      .thenRefused('FieldInvalid');
  });
  it('refuses once somebody is assigned, and as something else than before', () => {
    ticket
      .given(...t.inAssigned)
      .when(cancel)
      .thenRefused('TransitionNotAllowed');
    ticket.given(t.requested, cancelled).when(duplicate).thenRefused('TransitionNotAllowed');
  });
});

describe('ReopenTicket', () => {
  const reopen = { type: 'ReopenTicket', ticketId, reason: 'down again', ...ops } as const;
  const reopened = event('TicketReopened', { reason: 'down again' });
  const later = (days: number, seconds = 0) =>
    new Date(Date.parse(t.at) + days * 86_400_000 + seconds * 1000).toISOString();

  it('reopens from Resolved, SVR Pending and Closed', () => {
    for (const history of [t.inResolved, t.inSvrPending, t.inClosed])
      ticket
        .given(...history)
        .when(reopen)
        .then(reopened);
  });
  it('hands the ticket to another engineer when one is named', () =>
    ticket
      .given(...t.inClosed)
      .when({ ...reopen, engineerId: 'bo' })
      .then(reopened, event('TicketReassigned', { engineerId: 'bo', team: null })));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inClosed, reopened)
      .when(reopen)
      .thenNothing());
  it('refuses after fourteen days, to the second', () => {
    ticket
      .given(...t.inClosed)
      .when({ ...reopen, at: later(14) })
      .thenLike({ type: 'TicketReopened' });
    ticket
      .given(...t.inClosed)
      .when({ ...reopen, at: later(14, 1) })
      .thenRefused('ReopenWindowPassed');
  });
  it('takes the window from the policy', () => {
    const strict = spec(ticketDecider({ ...DEFAULT_TICKET_POLICY, reopenWindowDays: 0 }));
    strict
      .given(...t.inClosed)
      .when({ ...reopen, at: later(0, 1) })
      .thenRefused('ReopenWindowPassed');
    strict
      .given(...t.inResolved)
      .when({ ...reopen, at: later(900) })
      .thenLike({ type: 'TicketReopened' });
  });
  it('needs an engineer for a ticket that was cancelled before it had one', () => {
    const cancelled = event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: 'not needed' });
    ticket.given(t.requested, cancelled).when(reopen).thenRefused('EngineerMissing');
    ticket
      .given(t.requested, cancelled)
      .when({ ...reopen, engineerId: 'bo' })
      .thenLike({ type: 'TicketReopened' }, { type: 'TicketReassigned', data: { engineerId: 'bo' } });
  });
  it('refuses from elsewhere', () =>
    ticket
      .given(...t.inAssigned)
      .when(reopen)
      .thenRefused('TransitionNotAllowed'));
});

describe('the table of stages', () => {
  it('tells which commands lead on', () => {
    expect(commandsFrom('in-progress')).toEqual(['PendTicketOnClient', 'PendTicketOnThirdParty', 'ResolveTicket']);
    expect(commandsFrom('closed')).toEqual(['ReopenTicket']);
  });
  const refused = (command: TicketCommand, ...given: readonly TicketEvent[]): string => {
    const decision = ticketDecider().decide({ ...command, ...ops }, ticket.given(...given).state);
    return isRefusal(decision) ? `${decision.message} ${decision.remedy}` : 'taken';
  };
  it('tells the first step towards a move that it forbids, as a route', () => {
    const start: TicketCommand = { type: 'StartWork', ticketId };
    expect(refused(start, ...t.inClosed)).toBe(
      `${ticketId} is closed, so work can't start. Reopen it: POST /v1/tickets/${ticketId}/reopen`,
    );
    expect(refused(start, ...t.inRequest)).toBe(
      `${ticketId} has not been triaged, so work can't start. Triage it first: POST /v1/tickets/${ticketId}/triage`,
    );
    expect(refused({ type: 'ApproveServiceVerification', ticketId }, ...t.inResolved)).toBe(
      `${ticketId} is resolved, so there is no report to approve. Send the report: POST /v1/tickets/${ticketId}/service-verification`,
    );
  });
  it('tells what is possible where no step leads there', () => {
    expect(refused({ type: 'TriageTicket', ticketId, category: 'mail' }, ...t.inClosed)).toBe(
      `${ticketId} is closed, so it can't be triaged. Possible now: POST /v1/tickets/${ticketId}/reopen`,
    );
  });
});
