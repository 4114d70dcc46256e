import { join } from 'node:path';
import { isRefusal } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { PrepareBulkJob, RunBulkJob, bulkJobOf } from '@billtrail/application';
import { House, OPERATOR } from '../laws/kit/house.js';
import type { BenchRow } from './bench-row.js';
import { CLIENTS, Log, requested, timeEntry, timed } from './read-models.bench.js';

const ENTRIES = 2_500;
const PER_TICKET = 3;
const AT_ONCE = 32;

/** A month of time sheets: each ticket with some entries, over all engineers' days. */
function monthOf(log: Log): Promise<void> {
  return log.tickets(0, Math.ceil(ENTRIES / PER_TICKET), 'JOB', (number) => {
    const id = `JOB${number}`;
    const day = String(1 + (number % 28)).padStart(2, '0');
    const at = `2026-03-${day}T10:00:00+11:00`;
    const entries = Array.from({ length: PER_TICKET }, (_, index) => number * PER_TICKET + index).filter(
      (entry) => entry < ENTRIES,
    );
    const logged = entries.flatMap((entry) => {
      const [first] = timeEntry(`${id}-${entry}`, `2026-03-${day}`, 3 + (entry % 5), at);
      if (first === undefined) return [];
      return [{ ...first, data: { ...first.data, engineerId: `eng-${entry % 10}`, loggedBy: `eng-${entry % 10}` } }];
    });
    return [requested(id, `client-${number % CLIENTS}`, at), ...logged];
  });
}

/** Approving the time of a month in bulk, on a log of its own on disk; beside it as many bare appends, so many at once. */
export async function approvalsBench(dir: string): Promise<BenchRow[]> {
  const log = new Log(join(dir, 'events.db'));
  await log.house();
  await monthOf(log);
  await log.store.close();
  const house = await House.open('2026-04-01T09:00:00+11:00', dir);
  await house.settle();
  const sending = { actor: OPERATOR };
  // What the bench appends is recorded by the clock of the machine, long after March.
  const asked = { jobId: 'J1', act: 'approve-work', from: '2026-03-01', to: '2026-03-31', normalDays: 366 };
  const preparing = await timed(() => house.must(PrepareBulkJob, asked, sending));
  const looks: number[] = [];
  const look = async (): Promise<void> => {
    const job = await bulkJobOf(house.billtrail, 'J1');
    if (!isRefusal(job)) looks.push(job.upTo);
  };
  const looking = setInterval(() => void look(), 250);
  const millis = await timed(() => house.must(RunBulkJob, { jobId: 'J1' }, sending));
  clearInterval(looking);
  const job = await bulkJobOf(house.billtrail, 'J1');
  if (isRefusal(job) || job.done !== ENTRIES)
    throw new Error(`not all was approved: ${JSON.stringify(job).slice(0, 300)}`);
  await house.close();
  const bare = await bareAppends(join(dir, 'bare-events.db'));
  return [
    {
      name: `approvals: ${ENTRIES.toLocaleString('en')} entries of a month in bulk`,
      value: millis / 1000,
      unit: 's',
      target: '<= 5 s',
      note: `each decided and recorded by itself; preview ${(preparing / 1000).toFixed(2)} s; progress was read ${looks.length} times meanwhile, ${new Set(looks).size} figures`,
    },
    {
      name: 'approvals: as many bare appends',
      value: bare / 1000,
      unit: 's',
      target: '',
      note: `in the same run, ${AT_ONCE} at once, nothing decided; approving takes ${(millis / bare).toFixed(1)} x of it`,
    },
  ];
}

async function bareAppends(file: string): Promise<number> {
  const log = new Log(file);
  const numbers = Array.from({ length: ENTRIES }, (_, number) => number).values();
  const at = '2026-03-15T10:00:00+11:00';
  const worker = async (): Promise<void> => {
    for (const number of numbers) {
      const data = { timeEntryId: `E${number}`, approvedBy: 'ops-1', version: 1 };
      await log.append(streamName('ticket', `JOB${number}`), [{ type: 'TimeEntryApproved', data, occurredAt: at }]);
    }
  };
  const millis = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, worker)));
  await log.store.close();
  return millis;
}
