import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { TicketCommand } from './commands.js';
import { DEFAULT_TICKET_POLICY } from './gates.js';
import { commandsFrom } from './lifecycle.js';
import * as t from './testing/history.js';
import { ticketDecider } from './ticket.js';

const { ticket, ticketId, ops, ana, contact, event } = t;

describe('RequestTicket', () => {
  const request = {
    type: 'RequestTicket',
    ticketId,
    summary: 'No network on floor 2',
    clientId: 'acme',
    category: 'network',
    ticketType: 'incident',
    reference: 'INC0001',
    requestedBy: 'carl',
    ...contact,
  } as const;

  it('requests', () => ticket.given().when(request).then(t.requested));
  it('stays quiet on repeat, at whatever stage', () => {
    ticket
      .given(...t.inRequest)
      .when(request)
      .thenNothing();
    ticket
      .given(...t.inClosed)
      .when(request)
      .thenNothing();
  });
  it('refuses another ticket of the same id', () =>
    ticket
      .given(t.requested)
      .when({ ...request, summary: 'Printer' })
      .thenRefused('TicketExists'));
  it('refuses a blank summary and an id that no stream can carry', () => {
    ticket
      .given()
      .when({ ...request, summary: '  ' })
      .thenRefused('FieldInvalid');
    ticket
      .given()
      .when({ ...request, ticketId: 'T 1' })
      .thenRefused('FieldInvalid');
  });
  it('takes a request with nothing but a summary', () =>
    ticket
      .given()
      .when({ type: 'RequestTicket', ticketId, summary: 'Help', ...contact })
      .thenLike({ data: { clientId: null, contractId: null, priority: null, category: null, description: null } }));
});

describe('every command', () => {
  const start = { type: 'StartWork', ticketId, ...ana } as const;

  it('refuses a ticket that was not requested', () => ticket.given().when(start).thenRefused('TicketUnknown'));
  it('keeps the business time it is given', () =>
    ticket
      .given(...t.inAssigned)
      .when({ ...start, occurredAt: '2026-03-01T09:00:00Z' })
      .then({ type: 'WorkStarted', data: {}, occurredAt: '2026-03-01T09:00:00Z' }));
  it('refuses a business time that is none', () =>
    ticket
      .given(...t.inAssigned)
      .when({ ...start, occurredAt: '2026-03-01 09:00' })
      .thenRefused('OccurredAtInvalid'));
  it('refuses the future, allowing for a clock five minutes ahead', () => {
    const given = ticket.given(...t.inAssigned);
    given.when({ ...start, occurredAt: '2026-03-17T10:05:00+11:00' }).thenLike({ type: 'WorkStarted' });
    given.when({ ...start, occurredAt: '2026-03-17T10:05:01+11:00' }).thenRefused('OccurredInFuture');
  });
});

describe('TriageTicket', () => {
  const triage = { type: 'TriageTicket', ticketId, priority: 'high', ...ops } as const;

  it('adds to what the request told', () => ticket.given(t.requested).when(triage).then(t.triaged));
  it('keeps what is known where it is given null', () =>
    ticket
      .given(t.requested)
      .when({ ...triage, clientId: null })
      .then(t.triaged));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inTriage)
      .when(triage)
      .thenNothing());
  it('refuses from elsewhere', () => {
    ticket
      .given(...t.inTriage)
      .when({ ...triage, priority: 'low' })
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inProgress)
      .when(triage)
      .thenRefused('TransitionNotAllowed');
  });
});

describe('AssignTicket', () => {
  const assign = { type: 'AssignTicket', ticketId, engineerId: 'ana', ...ops } as const;

  it('assigns', () =>
    ticket
      .given(...t.inTriage)
      .when(assign)
      .then(t.assigned));
  it('hands over without moving the ticket', () => {
    const bo = event('TicketReassigned', { engineerId: 'bo', team: 'field' });
    for (const history of [t.inAssigned, t.inProgress, [...t.inProgress, t.pendedOnClient]]) {
      ticket
        .given(...history)
        .when({ ...assign, engineerId: 'bo', team: 'field' })
        .then(bo);
    }
    expect(ticket.given(...t.inProgress, bo).state).toMatchObject({
      stage: 'in-progress',
      record: { engineerId: 'bo', team: 'field' },
    });
  });
  it('stays quiet on repeat', () => {
    ticket
      .given(...t.inAssigned)
      .when(assign)
      .thenNothing();
    ticket
      .given(...t.inProgress)
      .when(assign)
      .thenNothing();
  });
  it('refuses a blank engineer', () =>
    ticket
      .given(...t.inTriage)
      .when({ ...assign, engineerId: '' })
      .thenRefused('FieldInvalid'));
  it('refuses before triage and after the resolution', () => {
    ticket
      .given(...t.inRequest)
      .when(assign)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inResolved)
      .when(assign)
      .thenRefused('TransitionNotAllowed');
  });
});

describe('StartWork', () => {
  const start = { type: 'StartWork', ticketId, ...ana } as const;
  it('starts', () =>
    ticket
      .given(...t.inAssigned)
      .when(start)
      .then(t.started));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inProgress)
      .when(start)
      .thenNothing());
  it('refuses from elsewhere', () =>
    ticket
      .given(...t.inTriage)
      .when(start)
      .thenRefused('TransitionNotAllowed'));
});

describe('PendTicketOnClient, PendTicketOnThirdParty, ResumeTicket', () => {
  const onClient = { type: 'PendTicketOnClient', ticketId, reason: 'waits for the key', ...ana } as const;
  const onThirdParty = { type: 'PendTicketOnThirdParty', ticketId, reason: 'vendor case 7', ...ana } as const;
  const resume = { type: 'ResumeTicket', ticketId, ...ana } as const;
  const waiting = [...t.inProgress, t.pendedOnClient];
  const waitingForVendor = [...t.inProgress, t.pendedOnThirdParty];

  it('pend and resume', () => {
    ticket
      .given(...t.inProgress)
      .when(onClient)
      .then(t.pendedOnClient);
    ticket
      .given(...t.inProgress)
      .when(onThirdParty)
      .then(t.pendedOnThirdParty);
    ticket
      .given(...waiting)
      .when(resume)
      .then(t.resumed);
    ticket
      .given(...waitingForVendor)
      .when(resume)
      .then(t.resumed);
  });
  it('stay quiet on repeat', () => {
    ticket
      .given(...waiting)
      .when(onClient)
      .thenNothing();
    ticket
      .given(...waitingForVendor)
      .when(onThirdParty)
      .thenNothing();
    ticket
      .given(...waiting, t.resumed)
      .when(resume)
      .thenNothing();
  });
  it('refuse from elsewhere', () => {
    ticket
      .given(...t.inAssigned)
      .when(onClient)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...waiting)
      .when(onThirdParty)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...waiting)
      .when({ ...onClient, reason: 'another' })
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inResolved)
      .when(resume)
      .thenRefused('TransitionNotAllowed');
  });
});

describe('ResolveTicket', () => {
  const resolve = { type: 'ResolveTicket', ticketId, ...t.resolutionData, ...ana } as const;

  it('resolves, also while pending', () => {
    ticket
      .given(...t.inProgressWithWork)
      .when(resolve)
      .then(t.resolved);
    ticket
      .given(...t.inProgressWithWork, t.pendedOnClient)
      .when(resolve)
      .then(t.resolved);
  });
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inResolved)
      .when(resolve)
      .thenNothing());
  it('refuses another resolution, and from elsewhere', () => {
    ticket
      .given(...t.inResolved)
      .when({ ...resolve, scope: 'out-of-scope' })
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inAssigned)
      .when(resolve)
      .thenRefused('TransitionNotAllowed');
    ticket
      .given(...t.inClosed)
      .when(resolve)
      .thenRefused('TransitionNotAllowed');
  });
});

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
  it('is named in the remedy of a move that it does not hold', () => {
    const command: TicketCommand = { type: 'CloseTicket', ticketId };
    const decider = ticketDecider();
    const decision = decider.decide({ ...command, ...ops }, ticket.given(...t.inTriage).state);
    expect(isRefusal(decision) && decision.remedy).toBe('From triage a ticket goes on by: AssignTicket, CancelTicket.');
  });
});
