import { describe, expect, it } from '@jest/globals';
import { type Issued, fold } from '@billtrail/kernel';
import type { TicketEvent } from './events.js';
import * as t from './testing/history.js';
import type { MergeTarget } from './merging.js';
import { type TicketCommand, ticketDecider } from './ticket.js';

const { ticket, ticketId, ops, ana, event } = t;

const OPEN: MergeTarget = { clientId: 'acme', stage: 'in-progress', closedAs: null, mergedInto: null };
const merge = (target: MergeTarget | null, into = 'T-2') =>
  ({ type: 'MergeTicket', ticketId, into, reason: 'same outage', target, ...ops }) as const;
const merged = event('TicketMerged', { into: 'T-2', reason: 'same outage' });
const split = { type: 'SplitTicket', ticketId, reason: 'another outage', ...ops } as const;

const decider = ticketDecider();
/** All that the answer says. */
function answerTo(given: readonly TicketEvent[], command: TicketCommand & Issued): unknown {
  return decider.decide(command, fold(decider, given));
}

describe('merging a ticket', () => {
  it('says where it went, whatever stage it is in', () => {
    for (const begun of [t.inRequest, t.inTriage, t.inProgressWithWork])
      ticket
        .given(...begun)
        .when(merge(OPEN))
        .then(merged);
    ticket
      .given(...t.inResolved)
      .when(merge({ ...OPEN, stage: 'closed', closedAs: 'completed' }))
      .then(merged);
  });

  it('refuses what can not be one ticket, each with its remedy', () => {
    const begun = ticket.given(...t.inProgress);
    begun.when(merge(OPEN, ticketId)).thenRefused('FieldInvalid');
    begun.when({ ...merge(OPEN), reason: ' ' }).thenRefused('FieldInvalid');
    begun.when(merge(null)).thenRefused('TicketUnknown');
    begun.when(merge({ ...OPEN, clientId: 'other' })).thenRefused('TicketOfAnotherClient');
    begun.when(merge({ ...OPEN, clientId: null })).thenRefused('TicketOfAnotherClient');
    begun.when(merge({ ...OPEN, stage: 'resolved' })).thenRefused('MergeTargetResolved');
    begun.when(merge({ ...OPEN, stage: 'closed', closedAs: 'duplicate' })).thenRefused('MergeTargetGone');
    const gone = { ...OPEN, stage: 'closed', closedAs: 'merged', mergedInto: 'T-3' } as const;
    expect(answerTo(t.inProgress, merge(gone))).toMatchObject({
      code: 'MergeTargetGone',
      remedy: 'Merge it into T-3: POST /v1/tickets/T-1/merge',
    });
    expect(answerTo(t.inProgress, merge({ ...gone, mergedInto: ticketId }))).toMatchObject({
      code: 'MergeTargetGone',
      remedy: expect.stringContaining('POST /v1/tickets/T-2/split'),
    });
    ticket
      .given(...t.inProgress, event('TimerStarted', { timerId: 'R-1', engineerId: 'ana', startedAt: t.at }))
      .when(merge(OPEN))
      .thenRefused('TimerRunning');
  });

  it('is quiet on repeat, and refused into a second one', () => {
    const gone = ticket.given(...t.inProgress, merged);
    gone.when(merge(OPEN)).thenNothing();
    gone.when(merge(OPEN, 'T-3')).thenRefused('TicketMerged');
  });

  it('takes no more work, and names the ticket that does', () => {
    const gone = ticket.given(...t.inProgressWithWork, merged);
    const late = { type: 'LogTimeEntry', ticketId, timeEntryId: 'E-9', ...t.timeInput, ...ana } as const;
    expect(answerTo([...t.inProgressWithWork, merged], late)).toMatchObject({
      code: 'TicketMerged',
      message: 'T-1 was merged into T-2: what is new goes there.',
      remedy: 'Send it to T-2, or take the merge back: POST /v1/tickets/T-1/split',
    });
    for (const type of ['ReopenTicket', 'CloseTicket', 'StartWork'] as const)
      gone.when({ type, ticketId, ...ana }).thenRefused('TicketMerged');
  });

  it('still lets its own work be judged, corrected and voided', () => {
    const gone = ticket.given(...t.inProgressWithWork, merged);
    gone
      .when({ type: 'ApproveTimeEntry', ticketId, timeEntryId: 'E-1', ...ops })
      .then(event('TimeEntryApproved', { timeEntryId: 'E-1', approvedBy: 'olga', version: 1 }));
    gone
      .when({ type: 'VoidTimeEntry', ticketId, timeEntryId: 'E-1', reason: 'twice', ...ana })
      .then(event('TimeEntryVoided', { timeEntryId: 'E-1', reason: 'twice' }));
  });
});

describe('reclassifying a merged ticket', () => {
  const gone = ticket.given(...t.inProgressWithWork, merged);
  const reclassify = { type: 'ReclassifyTicket', ticketId, reason: 'a project', ...ops } as const;

  it('says what prices its own work', () => {
    expect(answerTo([...t.inProgressWithWork, merged], { ...reclassify, category: 'project' })).toMatchObject([
      { type: 'TicketReclassified', data: { category: 'project', clientId: 'acme' } },
    ]);
  });

  it('moves it to no other client: its work is of the client of the other', () => {
    gone.when({ ...reclassify, clientId: 'other' }).thenRefused('TicketMerged');
  });
});

describe('splitting a merged ticket', () => {
  it('brings it back to the stage in which it was merged', () => {
    const taken = event('TicketSplit', { from: 'T-2', stage: 'in-progress', reason: 'another outage' });
    ticket
      .given(...t.inProgress, merged)
      .when(split)
      .then(taken);
    expect(ticket.given(...t.inProgress, merged, taken).state.stage).toBe('in-progress');
    ticket
      .given(...t.inProgress, merged, taken)
      .when(split)
      .thenNothing();
  });

  it('refuses what was not merged, and a blank reason', () => {
    ticket
      .given(...t.inProgress)
      .when(split)
      .thenRefused('TicketNotMerged');
    ticket
      .given(...t.inProgress, merged)
      .when({ ...split, reason: '' })
      .thenRefused('FieldInvalid');
  });
});

describe('the ticket that others were merged into', () => {
  const others = [{ ticketId: 'T-0', workItemIds: ['E-7'], materialUsageIds: ['M-7'] }];
  const resolve = { type: 'ResolveTicket', ticketId, ...t.resolutionData, merged: others, ...ana } as const;

  it('is resolved on their work, and declares their materials', () => {
    const begun = ticket.given(...t.inProgress);
    begun
      .when({ ...resolve, materials: 'listed' })
      .then(event('TicketResolved', { ...t.resolutionData, materials: 'listed' }));
    begun.when(resolve).thenRefused('MaterialsContradicted');
    begun.when({ ...resolve, materials: 'listed', merged: [] }).thenRefused('WorkUndeclared');
  });

  it('shows their work on its report', () => {
    ticket
      .given(...t.inResolved)
      .when({ type: 'RequestServiceVerification', ticketId, merged: others, ...ana })
      .then(
        event('ServiceVerificationRequested', {
          workItemIds: ['E-1'],
          merged: [{ ticketId: 'T-0', workItemIds: ['E-7'] }],
        }),
      );
  });
});
