import { describe, it } from '@jest/globals';
import * as t from './testing/history.js';

const { ticket, ticketId, ana, event } = t;

describe('StartTimer', () => {
  const start = { type: 'StartTimer', ticketId, timerId: 'R-1', engineerId: 'ana', ...ana } as const;
  const running = event('TimerStarted', { timerId: 'R-1', engineerId: 'ana', startedAt: t.at });
  const stopped = event('TimerStopped', { timerId: 'R-1', stoppedAt: t.at });

  it('starts, one for each engineer', () => {
    ticket
      .given(...t.inProgress)
      .when(start)
      .then(running);
    ticket
      .given(...t.inProgress, running)
      .when({ ...start, timerId: 'R-2', engineerId: 'bo' })
      .thenLike({ type: 'TimerStarted' });
    ticket
      .given(...t.inProgress, running, stopped)
      .when({ ...start, timerId: 'R-2' })
      .thenLike({ type: 'TimerStarted' });
  });
  it('stays quiet on repeat', () => {
    ticket
      .given(...t.inProgress, running)
      .when(start)
      .thenNothing();
    ticket
      .given(...t.inProgress, running, stopped)
      .when(start)
      .thenNothing();
  });
  it('refuses', () => {
    ticket
      .given(...t.inProgress, running)
      .when({ ...start, engineerId: 'bo' })
      .thenRefused('TimerExists');
    ticket
      .given(...t.inProgress, running)
      .when({ ...start, timerId: 'R-2' })
      .thenRefused('TimerAlreadyRunning');
    ticket
      .given(...t.inProgress)
      .when({ ...start, timerId: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inProgress)
      .when({ ...start, engineerId: '' })
      .thenRefused('FieldInvalid');
    for (const history of [t.inTriage, t.inResolved, t.inClosed]) {
      ticket
        .given(...history)
        .when(start)
        .thenRefused('TicketNotInWork');
    }
  });
});

describe('StopTimer', () => {
  const startedAt = '2026-03-17T09:14:40+11:00';
  const running = [...t.inProgress, event('TimerStarted', { timerId: 'R-1', engineerId: 'ana', startedAt })];
  const discard = { type: 'StopTimer', ticketId, timerId: 'R-1', ...ana } as const;
  const entry = {
    timeEntryId: 'E-9',
    engineerRole: 'engineer',
    workType: 'remote',
    workDate: '2026-03-17',
    description: 'Call',
  };
  const stop = { ...discard, ...entry } as const;
  const stopped = event('TimerStopped', { timerId: 'R-1', stoppedAt: t.at });

  it('leaves the time that passed, to the nearest minute', () =>
    ticket
      .given(...running)
      .when(stop)
      .then(
        stopped,
        event('TimeEntryLogged', {
          timeEntryId: 'E-9',
          engineerId: 'ana',
          engineerRole: 'engineer',
          workType: 'remote',
          minutes: 45,
          workDate: '2026-03-17',
          startedAt: '2026-03-16T22:14:00.000Z',
          endedAt: '2026-03-16T22:59:00.000Z',
          statedBillableMinutes: null,
          rateClass: null,
          description: 'Call',
          loggedBy: 'ana',
        }),
      ));
  it('leaves at least a minute', () =>
    ticket
      .given(...running)
      .when({ ...stop, occurredAt: startedAt })
      .thenLike({ type: 'TimerStopped' }, { data: { minutes: 1 } }));
  it('leaves a whole day at most', () => {
    ticket
      .given(...running)
      .when({ ...stop, at: '2026-03-18T09:14:40+11:00' })
      .thenLike({}, { data: { minutes: 1440 } });
    ticket
      .given(...running)
      .when({ ...stop, at: '2026-03-18T09:15:40+11:00' })
      .thenRefused('TimerTooLong');
    ticket
      .given(...running)
      .when({ ...discard, at: '2026-03-18T09:15:40+11:00' })
      .thenLike({ type: 'TimerStopped' });
  });
  it('leaves nothing when no entry is named', () =>
    ticket
      .given(...running)
      .when(discard)
      .then(stopped));
  it('stops also after the resolution, which a switched-off gate lets pass', () =>
    ticket
      .given(...running, t.resolved)
      .when(stop)
      .thenLike({ type: 'TimerStopped' }, { type: 'TimeEntryLogged' }));
  it('stays quiet on repeat', () =>
    ticket
      .given(...running, stopped)
      .when(stop)
      .thenNothing());
  it('refuses', () => {
    ticket
      .given(...t.inProgress)
      .when(stop)
      .thenRefused('TimerUnknown');
    ticket
      .given(...running)
      .when({ ...stop, occurredAt: '2026-03-17T09:14:39+11:00' })
      .thenRefused('TimerStopsBeforeStart');
    for (const field of ['engineerRole', 'workType', 'workDate', 'description'] as const) {
      ticket
        .given(...running)
        .when({ ...stop, [field]: null })
        .thenRefused('TimeEntryIncomplete');
    }
    ticket
      .given(...running)
      .when({ ...stop, workDate: '2026-03-01' })
      .thenRefused('WorkDateDisagrees');
    ticket
      .given(...running, t.materialUsed)
      .when({ ...stop, timeEntryId: 'M-1' })
      .thenRefused('WorkItemExists');
  });
});
