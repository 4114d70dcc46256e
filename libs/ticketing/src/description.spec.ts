import { describe, expect, it } from '@jest/globals';
import type { TicketEvent, TimeEntryLogged } from './events.js';
import { storedTicketEvents } from './events/stored.js';
import * as t from './testing/history.js';

const { ticket, ticketId, ana, ops, event } = t;

describe('ReclassifyTicket', () => {
  const reclassify = {
    type: 'ReclassifyTicket',
    ticketId,
    contractId: 'C-9',
    reason: 'contract found',
    ...ops,
  } as const;
  const reclassified = event('TicketReclassified', {
    ...t.classification,
    contractId: 'C-9',
    reason: 'contract found',
  });

  it('puts the classification right at any stage, and leaves the stage', () => {
    for (const history of [t.inTriage, t.inProgress, t.inResolved, t.inClosed]) {
      ticket
        .given(...history)
        .when(reclassify)
        .then(reclassified);
      expect(ticket.given(...history, reclassified).state.stage).toBe(ticket.given(...history).state.stage);
    }
  });
  it('stays quiet when nothing changes', () => {
    ticket
      .given(...t.inProgress, reclassified)
      .when(reclassify)
      .thenNothing();
    ticket
      .given(...t.inProgress)
      .when({ ...reclassify, contractId: null })
      .thenNothing();
  });
  it('refuses an unknown ticket', () => ticket.given().when(reclassify).thenRefused('TicketUnknown'));
});

describe('ReprioritiseTicket', () => {
  const reprioritise = { type: 'ReprioritiseTicket', ticketId, priority: 'critical', ...ops } as const;
  const reprioritised = event('TicketReprioritised', { priority: 'critical' });
  it('sets the priority', () =>
    ticket
      .given(...t.inProgress)
      .when(reprioritise)
      .then(reprioritised));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inProgress, reprioritised)
      .when(reprioritise)
      .thenNothing());
  it('refuses an unknown ticket', () => ticket.given().when(reprioritise).thenRefused('TicketUnknown'));
});

describe('ClassifyScope', () => {
  const classify = {
    type: 'ClassifyScope',
    ticketId,
    scope: 'out-of-scope',
    reason: 'a new office is a project',
    ...ops,
  } as const;
  const classified = event('ScopeClassified', {
    scope: 'out-of-scope',
    reason: 'a new office is a project',
    classifiedBy: ops.by.id,
  });
  it('decides on the scope of the work at any stage', () => {
    for (const history of [t.inTriage, t.inResolved, t.inClosed])
      ticket
        .given(...history)
        .when(classify)
        .then(classified);
  });
  it('stays quiet on repeat, and is asked again after another resolution', () => {
    ticket
      .given(...t.inResolved, classified)
      .when(classify)
      .thenNothing();
    const resolved = t.inResolved.at(-1) ?? classified;
    ticket
      .given(...t.inResolved, classified, resolved)
      .when(classify)
      .then(classified);
  });
  it('refuses to decide without a reason', () =>
    ticket
      .given(...t.inResolved)
      .when({ ...classify, reason: ' ' })
      .thenRefused('FieldInvalid'));
  it('refuses an unknown ticket', () => ticket.given().when(classify).thenRefused('TicketUnknown'));
});

describe('AddNote', () => {
  const add = {
    type: 'AddNote',
    ticketId,
    noteId: 'N-1',
    text: 'Used a spare cable',
    visibility: 'internal',
    ...ana,
  } as const;
  const added = event('NoteAdded', {
    noteId: 'N-1',
    author: 'ana',
    text: 'Used a spare cable',
    visibility: 'internal',
  });
  it('adds, at any stage', () => {
    ticket
      .given(...t.inRequest)
      .when(add)
      .then(added);
    ticket
      .given(...t.inClosed)
      .when(add)
      .then(added);
  });
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inRequest, added)
      .when(add)
      .thenNothing());
  it('refuses', () => {
    ticket
      .given(...t.inRequest, added)
      .when({ ...add, text: 'Other' })
      .thenRefused('NoteExists');
    ticket
      .given(...t.inRequest, added)
      .when({ ...add, ...ops })
      .thenRefused('NoteExists');
    ticket
      .given(...t.inRequest)
      .when({ ...add, text: ' ' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inRequest)
      .when({ ...add, noteId: 'N 1' })
      .thenRefused('FieldInvalid');
  });
});

describe('DeclareNoCharge', () => {
  const declare = { type: 'DeclareNoCharge', ticketId, reasonCode: 'goodwill', reason: 'our mistake', ...ops } as const;
  const declared = event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'our mistake', declaredBy: 'olga' });
  it('declares, until the resolution', () => {
    for (const history of [t.inRequest, t.inTriage, t.inAssigned, t.inProgress, [...t.inProgress, t.pendedOnClient]]) {
      ticket
        .given(...history)
        .when(declare)
        .then(declared);
    }
  });
  it('stays quiet on repeat, also when resolved since', () => {
    ticket
      .given(...t.inProgress, declared)
      .when(declare)
      .thenNothing();
    ticket
      .given(...t.inProgress, declared, t.resolved)
      .when(declare)
      .thenNothing();
  });
  const { loggedBy: correctedBy, ...facts } = t.logged.data as TimeEntryLogged['data'];
  const corrected = event('TimeEntryCorrected', { ...facts, minutes: 600, reason: 'all day', correctedBy });
  it('declares anew once work was recorded or corrected since, which the declaration does not cover', () => {
    ticket
      .given(...t.inProgress, declared, t.logged)
      .when(declare)
      .then(declared);
    ticket
      .given(...t.inProgress, t.logged, declared, corrected)
      .when(declare)
      .then(declared);
    ticket
      .given(...t.inProgress, declared, t.logged, declared)
      .when(declare)
      .thenNothing();
  });
  it('refuses after the resolution: that is a write-off', () => {
    for (const history of [t.inResolved, t.inSvrPending, t.inClosed]) {
      ticket
        .given(...history)
        .when(declare)
        .thenRefused('TicketAlreadyResolved');
    }
  });
  it('refuses without code or reason', () => {
    ticket
      .given(...t.inProgress)
      .when({ ...declare, reasonCode: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inProgress)
      .when({ ...declare, reason: '' })
      .thenRefused('FieldInvalid');
  });
});

describe('stored ticket events', () => {
  it('have one stored name each, apart from the code name, at schema version 1', () => {
    const types = storedTicketEvents.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(new Set(storedTicketEvents.map(({ storedName }) => storedName)).size).toBe(types.length);
    const reassigned: TicketEvent['type'] = 'TicketReassigned';
    expect(storedTicketEvents.find(({ type }) => type === reassigned)).toEqual({
      type: reassigned,
      storedName: 'ticket-reassigned',
      schemaVersion: 1,
      personalFields: ['engineerId'],
    });
  });
});
