import { describe, expect, it } from '@jest/globals';
import * as t from './testing/history.js';

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
  it.each(['2026-03-01 09:00', '0000-01-01T00:00:00Z', '9999-12-31T23:00:00Z'])(
    'refuses the business time %s',
    (occurredAt) =>
      ticket
        .given(...t.inAssigned)
        .when({ ...start, occurredAt })
        .thenRefused('OccurredAtInvalid'),
  );
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
