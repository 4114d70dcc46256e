import { describe, expect, it } from '@jest/globals';
import * as t from './testing/history.js';

const { ticket, ticketId, ana, ops, event } = t;
const log = { type: 'LogTimeEntry', ticketId, timeEntryId: 'E-1', ...t.timeInput, ...ana } as const;
const cancelled = event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: 'not needed' });

describe('LogTimeEntry', () => {
  it('logs, with who typed it in', () => {
    ticket
      .given(...t.inProgress)
      .when(log)
      .then(t.logged);
    ticket
      .given(...t.inProgress)
      .when({ ...log, ...ops })
      .thenLike({ data: { engineerId: 'ana', loggedBy: 'olga' } });
  });
  it('logs a duration without times', () =>
    ticket
      .given(...t.inProgress)
      .when({ ...log, startedAt: null, endedAt: null, minutes: 1 })
      .thenLike({ data: { minutes: 1, startedAt: null, endedAt: null } }));
  it('takes late work on resolved and closed tickets: refused, it would be lost', () => {
    for (const history of [t.inAssigned, t.inResolved, t.inSvrPending, t.inClosed, [t.requested, cancelled]]) {
      ticket
        .given(...history)
        .when({ ...log, timeEntryId: 'E-2' })
        .thenLike({ type: 'TimeEntryLogged' });
    }
  });
  it('stays quiet on repeat, also after a correction or a void', () => {
    const corrected = event('TimeEntryCorrected', {
      ...t.timeFacts,
      workType: 'onsite',
      timeEntryId: 'E-1',
      reason: 'was there',
      correctedBy: 'ana',
    });
    ticket
      .given(...t.inProgressWithWork)
      .when(log)
      .thenNothing();
    ticket
      .given(...t.inProgressWithWork, corrected)
      .when(log)
      .thenNothing();
    ticket
      .given(...t.inProgressWithWork, corrected)
      .when({ ...log, workType: 'onsite' })
      .thenNothing();
    ticket
      .given(...t.inProgressWithWork, t.voidedEntry)
      .when(log)
      .thenNothing();
  });
  it('refuses another entry, and another kind of work, under an id in use', () => {
    ticket
      .given(...t.inProgressWithWork)
      .when({ ...log, description: 'Other' })
      .thenRefused('WorkItemExists');
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when({ ...log, timeEntryId: 'M-1' })
      .thenRefused('WorkItemExists');
  });
  it('refuses work before the assignment', () => {
    ticket
      .given(...t.inRequest)
      .when(log)
      .thenRefused('TicketNotAssigned');
    ticket
      .given(...t.inTriage)
      .when(log)
      .thenRefused('TicketNotAssigned');
  });
  it.each([
    ['FieldInvalid', { timeEntryId: 'E 1' }],
    ['FieldInvalid', { engineerId: '' }],
    ['FieldInvalid', { engineerRole: ' ' }],
    ['FieldInvalid', { workType: '' }],
    ['FieldInvalid', { description: '' }],
    ['MinutesInvalid', { minutes: 0 }],
    ['MinutesInvalid', { minutes: 1441 }],
    ['MinutesInvalid', { minutes: 7.5 }],
    ['MinutesInvalid', { minutes: -1 }],
    ['MinutesInvalid', { minutes: NaN }],
    ['MinutesInvalid', { statedBillableMinutes: 0 }],
    ['MinutesInvalid', { statedBillableMinutes: 1441 }],
    ['WorkDateInvalid', { workDate: '2026-02-29' }],
    ['WorkDateInvalid', { workDate: '1989-12-31' }],
    ['WorkDateInvalid', { workDate: '9999-12-31' }],
    ['WorkDateInFuture', { workDate: '2026-03-18' }],
    ['TimesIncomplete', { endedAt: null }],
    ['TimesIncomplete', { startedAt: null }],
    ['TimesInvalid', { startedAt: '2026-03-17T08:00:00' }],
    ['TimesInvalid', { startedAt: '2026-03-17T08:00:01+11:00' }],
    ['TimesInvalid', { endedAt: '2026-03-17T08:45:00.001+11:00' }],
    ['TimesInvalid', { endedAt: '2026-03-17T08:00:00+11:00' }],
    ['TimesInvalid', { endedAt: '2026-03-17T07:15:00+11:00' }],
    ['MinutesDisagree', { minutes: 46 }],
    ['MinutesDisagree', { endedAt: '2026-03-17T08:46:00+11:00' }],
    ['WorkDateDisagrees', { workDate: '2026-03-15' }],
  ])('refuses with %s: %j', (code, changed) => {
    ticket
      .given(...t.inProgress)
      .when({ ...log, ...changed })
      .thenRefused(code);
  });
  it('takes a whole day, and a single billable minute', () => {
    const given = ticket.given(...t.inProgress);
    given.when({ ...log, statedBillableMinutes: 1 }).thenLike({ data: { statedBillableMinutes: 1 } });
    given.when({ ...log, minutes: 1440, startedAt: null, endedAt: null }).thenLike({ data: { minutes: 1440 } });
  });
  it('takes the day of any time zone: today where the day begins first, and the day on which the work began', () => {
    // 10:00 in Sydney is 17 March, 23:00 UTC of the 16th, and 13:00 of the 17th on Kiritimati.
    ticket
      .given(...t.inProgress)
      .when({ ...log, workDate: '2026-03-16' })
      .thenLike({ data: { workDate: '2026-03-16' } });
    const evening = { ...log, at: '2026-03-17T10:00:00Z', startedAt: null, endedAt: null, workDate: '2026-03-18' };
    ticket
      .given(...t.inProgress)
      .when(evening)
      .thenLike({ data: { workDate: '2026-03-18' } });
    ticket
      .given(...t.inProgress)
      .when({ ...evening, at: '2026-03-17T09:59:59Z' })
      .thenRefused('WorkDateInFuture');
  });
});

describe('CorrectTimeEntry', () => {
  const correct = {
    ...log,
    type: 'CorrectTimeEntry',
    timeEntryId: 'E-1',
    workType: 'onsite',
    reason: 'was there',
  } as const;
  const corrected = event('TimeEntryCorrected', {
    ...t.timeFacts,
    workType: 'onsite',
    timeEntryId: 'E-1',
    reason: 'was there',
    correctedBy: 'ana',
  });
  const approved = event('TimeEntryApproved', { timeEntryId: 'E-1', approvedBy: 'olga', version: 1 });

  it('corrects, at any stage', () => {
    ticket
      .given(...t.inProgressWithWork)
      .when(correct)
      .then(corrected);
    ticket
      .given(...t.inClosed)
      .when(correct)
      .then(corrected);
  });
  it('takes the approval back: it was of the facts before', () => {
    const { state } = ticket.given(...t.inProgressWithWork, approved, corrected);
    expect(state).toMatchObject({ stage: 'in-progress' });
    expect(state.stage !== 'not-requested' && state.record.workItems.get('E-1')).toMatchObject({
      approval: 'unapproved',
      facts: { workType: 'onsite' },
      original: { workType: 'remote' },
    });
  });
  it('stays quiet when nothing changes', () => {
    ticket
      .given(...t.inProgressWithWork, corrected)
      .when(correct)
      .thenNothing();
    ticket
      .given(...t.inProgressWithWork, approved)
      .when({ ...correct, workType: 'remote' })
      .thenNothing();
  });
  it('refuses', () => {
    ticket
      .given(...t.inProgress)
      .when(correct)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when({ ...correct, timeEntryId: 'M-1' })
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgressWithWork, t.voidedEntry)
      .when(correct)
      .thenRefused('WorkItemVoided');
    ticket
      .given(...t.inProgressWithWork)
      .when({ ...correct, reason: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inProgressWithWork)
      .when({ ...correct, minutes: 0 })
      .thenRefused('MinutesInvalid');
  });
});

describe('VoidTimeEntry', () => {
  const voidIt = { type: 'VoidTimeEntry', ticketId, timeEntryId: 'E-1', reason: 'wrong ticket', ...ana } as const;
  it('voids', () =>
    ticket
      .given(...t.inClosed)
      .when(voidIt)
      .then(t.voidedEntry));
  it('stays quiet on repeat, whatever the reason now', () =>
    ticket
      .given(...t.inProgressWithWork, t.voidedEntry)
      .when({ ...voidIt, reason: 'again' })
      .thenNothing());
  it('refuses', () => {
    ticket
      .given(...t.inProgress)
      .when(voidIt)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgressWithWork)
      .when({ ...voidIt, reason: '' })
      .thenRefused('FieldInvalid');
  });
});
