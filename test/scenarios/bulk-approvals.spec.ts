import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrepareBulkJob, RunBulkJob, bulkJobOf, ticketCommands as tickets } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { Msp } from './msp.js';
import { OMAR, PRIYA } from './people.js';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { House } from '../laws/kit/house.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = ['bluegum', '2026-03'] as const;
const ASKED = { act: 'approve-work', from: '2026-03-01', to: '2026-03-31' } as const;
const NORA = { id: 'nora', role: 'operations' } as const;

describe('work that is approved in bulk', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens(DAY, {}, folder.path);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(async () => {
    await msp.closes();
    folder.remove();
  });

  const prepares = (jobId: string, more: object = {}, actor: typeof OMAR = OMAR) =>
    msp.tries(PrepareBulkJob, { jobId, ...ASKED, ...more }, { actor });
  const runs = (jobId: string, more: object = {}, actor: typeof OMAR = OMAR) =>
    msp.tries(RunBulkJob, { jobId, ...more }, { actor });
  const job = async (jobId: string) => {
    const answer = await bulkJobOf(msp.house.billtrail, jobId);
    if (isRefusal(answer)) throw new Error(answer.message);
    return answer;
  };
  const waits = (timeEntryId: string, minutes: number, more: object = {}) =>
    ticket.time(timeEntryId, minutes, DAY, { approved: false, ...more });
  const approvals = async (): Promise<readonly string[]> =>
    (await msp.house.events()).flatMap(({ type, data }) =>
      type === 'TimeEntryApproved' ? [(data as { timeEntryId: string }).timeEntryId] : [],
    );

  it('is listed with its exceptions first, by week and person, and approved but for these', async () => {
    await waits('W1', 60);
    await waits('W2', 540);
    await waits('W3', 30, { from: '2026-03-02T09:00:00+11:00', until: '2026-03-02T09:30:00+11:00' });
    await waits('W4', 30, { from: '2026-03-02T09:15:00+11:00', until: '2026-03-02T09:45:00+11:00' });
    expect(await prepares('J1')).toBe('accepted');
    const prepared = await job('J1');
    expect(prepared).toMatchObject({ state: 'prepared', items: 4, done: 0, upTo: 0, preparedBy: 'omar' });
    expect(prepared.exceptions.map(({ input, exceptions }) => [input['timeEntryId'], ...exceptions])).toEqual([
      ['W2', 'long'],
      ['W3', 'overlaps'],
      ['W4', 'overlaps'],
    ]);
    expect(prepared.groups).toEqual([{ week: DAY, personId: 'priya', items: 4, minutes: 660, exceptions: 3 }]);
    expect(await approvals()).toEqual([]);
    expect(await runs('J1')).toBe('accepted');
    expect(await approvals()).toEqual(['W1']);
    expect(await job('J1')).toMatchObject({ state: 'finished', done: 1, leftOut: 3, refused: 0, upTo: 4 });
    // Sent again it approves nothing twice, and what was left out is listed anew.
    expect(await runs('J1')).toBe('accepted');
    expect(await runs('J1', { withExceptions: true })).toBe('BulkJobStarted');
    expect(await approvals()).toEqual(['W1']);
    expect(await prepares('J2')).toBe('accepted');
    expect(await runs('J2', { withExceptions: true })).toBe('accepted');
    expect([...(await approvals())].sort()).toEqual(['W1', 'W2', 'W3', 'W4']);
    expect(await prepares('J3')).toBe('NothingListed');
  });

  it('tells what somebody asks to correct, void or reject, which an approval would end', async () => {
    await waits('W1', 90);
    await ticket.resolves();
    const facts = { ticketId: 'T1', timeEntryId: 'W1', engineerId: 'priya', engineerRole: 'engineer', workDate: DAY };
    const right = { ...facts, workType: 'remote', minutes: 60, description: 'Work', reason: 'it was an hour' };
    expect(await msp.tries(tickets.CorrectTimeEntry, right, { actor: PRIYA })).toBe('waits');
    expect(await prepares('J1')).toBe('accepted');
    expect((await job('J1')).exceptions.map(({ exceptions }) => exceptions)).toEqual([['change-requested']]);
    expect(await runs('J1')).toBe('OnlyExceptions');
    expect(await approvals()).toEqual([]);
  });

  it('Y7: what was corrected between the preview and the approval is refused by name, and goes on waiting', async () => {
    await waits('W1', 60);
    await waits('W2', 60);
    await prepares('J1');
    await ticket.corrects('W1', 1_440, DAY, { approved: false });
    expect(await runs('J1')).toBe('accepted');
    const { refusals, done } = await job('J1');
    expect(refusals.map(({ input, refusal }) => [input['timeEntryId'], refusal?.code])).toEqual([
      ['W1', 'WorkChanged'],
    ]);
    expect(done).toBe(1);
    expect(await approvals()).toEqual(['W2']);
    expect(await msp.bills('I1', ...MARCH)).toContain('W2 1 h 150.00');
  });

  it('Y8: five entries of 24 hours of one engineer on one day are warned of and are exceptions, each of them', async () => {
    const warned: (string | undefined)[] = [];
    for (const id of ['W1', 'W2', 'W3', 'W4', 'W5']) {
      await msp.house.settle();
      const entry = {
        engineerId: 'priya',
        engineerRole: 'engineer',
        workType: 'remote',
        workDate: DAY,
        minutes: 1_440,
      };
      const input = { ticketId: 'T1', timeEntryId: id, ...entry, description: 'Worked' };
      const answer = await msp.house.send(tickets.LogTimeEntry, input, { actor: PRIYA });
      warned.push(isRefusal(answer) ? answer.code : answer.warnings?.map(({ code }) => code).join());
    }
    expect(warned).toEqual(['', 'MoreThanADay', 'MoreThanADay', 'MoreThanADay', 'MoreThanADay']);
    await prepares('J1');
    expect((await job('J1')).exceptions.map(({ exceptions }) => exceptions)).toEqual(
      ['W1', 'W2', 'W3', 'W4', 'W5'].map(() => ['over-24-hours', 'long']),
    );
    expect(await runs('J1')).toBe('OnlyExceptions');
    expect(await approvals()).toEqual([]);
    // The list is not used up: whoever has looked at it lets it run.
    expect(await job('J1')).toMatchObject({ state: 'prepared', items: 5, upTo: 0 });
    expect(await runs('J1', { withExceptions: true })).toBe('accepted');
    expect([...(await approvals())].sort()).toEqual(['W1', 'W2', 'W3', 'W4', 'W5']);
  });

  it('Y8: an entry at the time of another, on any ticket, is told which one it overlaps', async () => {
    await waits('W1', 60, { from: '2026-03-02T09:00:00+11:00', until: '2026-03-02T10:00:00+11:00' });
    await msp.ticket('T2', 'bluegum');
    await msp.house.settle();
    const times = { startedAt: '2026-03-02T09:59:00+11:00', endedAt: '2026-03-02T10:59:00+11:00' };
    const entry = { engineerId: 'priya', engineerRole: 'engineer', workType: 'remote', workDate: DAY, minutes: 60 };
    const input = { ticketId: 'T2', timeEntryId: 'V1', ...entry, ...times, description: 'Worked' };
    const answer = await msp.house.send(tickets.LogTimeEntry, input, { actor: PRIYA });
    expect(isRefusal(answer) ? [] : answer.warnings).toEqual([
      expect.objectContaining({ code: 'TimeOverlaps', message: expect.stringContaining('W1 of T1') }),
    ]);
  });

  it('own work is an exception, and refused where it is approved all the same', async () => {
    const typed = { engineerId: 'priya', engineerRole: 'engineer', workType: 'remote', workDate: DAY, minutes: 60 };
    const input = { ticketId: 'T1', timeEntryId: 'W1', ...typed, description: 'Typed in by Omar' };
    await msp.send(tickets.LogTimeEntry, input, { actor: OMAR });
    await prepares('J1');
    await runs('J1', { withExceptions: true });
    const { exceptions, refusals } = await job('J1');
    expect(exceptions.map((one) => one.exceptions)).toEqual([['own-work']]);
    expect(refusals.map(({ refusal }) => refusal?.code)).toEqual(['OwnWork']);
  });

  it('runs for whoever prepared it alone, and not for engineers', async () => {
    await waits('W1', 60);
    expect(await prepares('J1', {}, { ...PRIYA })).toBe('NotAllowed');
    await prepares('J1');
    expect(await runs('J1', {}, { ...PRIYA })).toBe('NotAllowed');
    expect(await runs('J1', {}, NORA)).toBe('BulkJobOfAnother');
    expect(await runs('J9')).toBe('BulkJobUnknown');
    expect(await prepares('J1', { clientId: 'bluegum' })).toBe('BulkJobExists');
    expect(await prepares('J1')).toBe('accepted');
    expect(await approvals()).toEqual([]);
  });

  it('of two jobs at once over the same work each piece is approved once', async () => {
    for (let number = 1; number <= 20; number++) await waits(`W${number}`, 10);
    await prepares('J1');
    await prepares('J2', {}, NORA);
    expect(await Promise.all([runs('J1'), runs('J2', {}, NORA), runs('J1')])).toEqual(Array(3).fill('accepted'));
    const all = await approvals();
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
    expect([(await job('J1')).state, (await job('J2')).state]).toEqual(['finished', 'finished']);
  });

  it('goes on in another process where the first one was killed midway, and approves nothing twice', async () => {
    for (let number = 1; number <= 20; number++) await waits(`W${number}`, 10);
    await prepares('J1');
    // The first process is killed: what it was to record last of its progress is lost, and some of its approvals are there.
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    let appends = 0;
    store.append = async (...given) => {
      appends += 1;
      if (appends > 8) throw new Error('killed');
      return append(...given);
    };
    await expect(msp.house.send(RunBulkJob, { jobId: 'J1' }, { actor: OMAR })).rejects.toThrow('killed');
    store.append = append;
    expect(await job('J1')).toMatchObject({ state: 'running', upTo: 0 });
    expect((await approvals()).length).toBe(7);
    const other = await House.open('2026-03-03T09:00:00+11:00', folder.path, 1_000);
    await other.must(RunBulkJob, { jobId: 'J1' }, { actor: OMAR });
    await other.close();
    const all = await approvals();
    expect([...new Set(all)]).toHaveLength(20);
    expect(all).toHaveLength(20);
    expect(await job('J1')).toMatchObject({ state: 'finished', done: 20 });
  });
});
