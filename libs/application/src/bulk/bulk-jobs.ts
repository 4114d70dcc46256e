import { addDays, refuse, type Actor, type LocalDate, type Minutes, type Refusal } from '@billtrail/kernel';
import type { CommandPorts } from '../command-path/command-definition.js';
import { DISPATCHERS } from '../commands/any-ticket.commands.js';
import type { BulkAct, BulkItem } from './bulk-job.js';
import { bulkJobStateOf } from './run-bulk-job.js';

/** What became of a thing on the list: `left-out` for its exceptions, `waiting` while the job is not there yet. */
export type BulkOutcome = 'waiting' | 'done' | 'refused' | 'left-out';

/** A thing on the list of a job, and what became of it. */
export interface BulkJobItem extends BulkItem {
  /** Its place on the list, from 0. */
  readonly index: number;
  readonly outcome: BulkOutcome;
  /** Why it could not be done; null: it could, or was not tried. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** The things of a list of one person and one week. */
export interface BulkGroup {
  /** The Monday. */
  readonly week: LocalDate;
  /** null: nobody is named. */
  readonly personId: string | null;
  readonly items: number;
  readonly minutes: Minutes;
  /** How many have exceptions. */
  readonly exceptions: number;
}

export interface BulkJob {
  readonly jobId: string;
  readonly act: BulkAct;
  readonly preparedBy: string;
  /** In whose place; null: it is done by the own right of whoever prepared it. */
  readonly inPlaceOf: string | null;
  /** `prepared`: nothing is done yet; `running`, also where the process that ran it has ended: let it run again. */
  readonly state: 'prepared' | 'running' | 'finished';
  readonly items: number;
  /** How many of the list were gone through. */
  readonly upTo: number;
  readonly done: number;
  readonly refused: number;
  readonly leftOut: number;
  /** What should be looked at first, the worst first; at most {@link MAX_SHOWN}. */
  readonly exceptions: readonly BulkJobItem[];
  /** What could not be done; at most {@link MAX_SHOWN}. */
  readonly refusals: readonly BulkJobItem[];
  /** By week and person. */
  readonly groups: readonly BulkGroup[];
}

/** Most things that a job shows beside its groups; all of them are listed by themselves. */
export const MAX_SHOWN = 200;

/** Whoever dispatches looks at any job, and who prepared one in the place of another at their own; null: they may. Refuses: NotAllowed. */
export async function refusedToLook(
  ports: Pick<CommandPorts, 'store'>,
  jobId: string,
  { id, role }: Actor,
): Promise<Refusal | null> {
  if (role === 'admin' || DISPATCHERS.includes(role)) return null;
  const { prepared } = await bulkJobStateOf(ports, jobId);
  if (prepared?.preparedBy === id && prepared.inPlaceOf !== undefined) return null;
  return refuse(
    'NotAllowed',
    `The role ${role} can't look at this.`,
    `It takes one of these roles: ${[...DISPATCHERS, 'admin'].join(', ')}; or a job that you prepared in the place of such a person.`,
    { role, jobId },
  );
}

/** A job as it is now, from its own stream. */
export async function bulkJobOf(ports: Pick<CommandPorts, 'store'>, jobId: string): Promise<BulkJob | Refusal> {
  const all = await itemsOf(ports, jobId);
  if (all === null) return unknownJob(jobId);
  const { prepared, started, upTo, items } = all;
  const of = (outcome: BulkOutcome): number => items.filter((item) => item.outcome === outcome).length;
  return {
    jobId,
    act: prepared.act,
    preparedBy: prepared.preparedBy,
    inPlaceOf: prepared.inPlaceOf ?? null,
    state: started === null ? 'prepared' : upTo < items.length ? 'running' : 'finished',
    items: items.length,
    upTo,
    done: of('done'),
    refused: of('refused'),
    leftOut: of('left-out'),
    exceptions: exceptionsFirst(items),
    refusals: items.filter(({ outcome }) => outcome === 'refused').slice(0, MAX_SHOWN),
    groups: groupsOf(items),
  };
}

/** The list of a job in its order. */
export async function bulkJobItems(
  ports: Pick<CommandPorts, 'store'>,
  jobId: string,
): Promise<readonly BulkJobItem[] | Refusal> {
  return (await itemsOf(ports, jobId))?.items ?? unknownJob(jobId);
}

async function itemsOf(ports: Pick<CommandPorts, 'store'>, jobId: string) {
  const { prepared, started, upTo, items, refused } = await bulkJobStateOf(ports, jobId);
  if (prepared === null) return null;
  const refusals = new Map(refused.map(({ index, code, message }) => [index, { code, message }]));
  const shown = items.map((item, index): BulkJobItem => {
    const refusal = refusals.get(index) ?? null;
    const isLeftOut = started?.withExceptions === false && item.exceptions.length > 0;
    const outcome = index >= upTo ? 'waiting' : refusal !== null ? 'refused' : isLeftOut ? 'left-out' : 'done';
    return { index, ...item, outcome, refusal };
  });
  return { prepared, started, upTo, items: shown };
}

function unknownJob(jobId: string): Refusal {
  return refuse('BulkJobUnknown', `No bulk job ${jobId}.`, 'Prepare it: POST /v1/bulk-jobs', { jobId });
}

/** Those with the most exceptions first. */
function exceptionsFirst(items: readonly BulkJobItem[]): readonly BulkJobItem[] {
  const found = items.filter(({ exceptions }) => exceptions.length > 0);
  found.sort((one, other) => other.exceptions.length - one.exceptions.length || one.index - other.index);
  return found.slice(0, MAX_SHOWN);
}

function mondayOf(on: LocalDate): LocalDate {
  return addDays(on, -((new Date(`${on}T00:00:00Z`).getUTCDay() + 6) % 7));
}

function groupsOf(items: readonly BulkJobItem[]): readonly BulkGroup[] {
  const groups = new Map<string, BulkGroup>();
  for (const { about, exceptions } of items) {
    const { personId, minutes } = about;
    const week = mondayOf(about.on);
    const key = `${week} ${personId ?? ''}`;
    const known = groups.get(key) ?? { week, personId, items: 0, minutes: 0, exceptions: 0 };
    groups.set(key, {
      ...known,
      items: known.items + 1,
      minutes: known.minutes + (minutes ?? 0),
      exceptions: known.exceptions + (exceptions.length > 0 ? 1 : 0),
    });
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}
