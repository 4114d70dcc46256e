import {
  refuse,
  storedEventTypes,
  type Decider,
  type Decision,
  type DomainEvent,
  type Issued,
  type LocalDate,
  type Minutes,
} from '@billtrail/kernel';

/** What a job does with each thing on its list. */
export const BULK_ACTS = ['approve-work'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

/** One thing on the list of a job: the command that is sent for it, as it stood when the list was made. */
export interface BulkItem {
  /** The name of its command. */
  readonly command: string;
  readonly input: Readonly<Record<string, string | number>>;
  /** What it is about, for whoever looks the list through. */
  readonly about: {
    readonly clientId: string | null;
    /** Whose work it is; null: nobody is named. */
    readonly personId: string | null;
    readonly on: LocalDate;
    readonly minutes: Minutes | null;
  };
  /** Why somebody should look at it first, the worst first. Empty: it is as usual. */
  readonly exceptions: readonly string[];
}

/** A thing of the list that could not be done, and why: its place on the list, from 0. */
export interface BulkRefusal {
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/** Most things on the list of a job. */
export const MAX_BULK_ITEMS = 10_000;
/** Of one event: well below what the store takes, with a hundred ids and exceptions each. */
const ITEMS_PER_EVENT = 500;

/** A list was frozen: nothing is done yet. */
export type BulkJobPrepared = DomainEvent<
  'BulkJobPrepared',
  {
    readonly act: BulkAct;
    /** What was asked for, as JSON: it tells a repeat from another job with the same id. */
    readonly asked: string;
    readonly count: number;
    readonly preparedBy: string;
    /** In whose place, who named whoever prepared it. Absent: it is done by their own right. */
    readonly inPlaceOf?: string;
  }
>;
/** A part of its list, in order; in the same append. */
export type BulkJobListed = DomainEvent<'BulkJobListed', { readonly items: readonly BulkItem[] }>;
/** The person who prepared it lets it run. */
export type BulkJobStarted = DomainEvent<'BulkJobStarted', { readonly withExceptions: boolean }>;
/** All of the list up to here was sent, and this was refused since the entry before. What was done is in the streams where it was done. */
export type BulkJobAdvanced = DomainEvent<
  'BulkJobAdvanced',
  { readonly upTo: number; readonly refused: readonly BulkRefusal[] }
>;
export type BulkJobEvent = BulkJobPrepared | BulkJobListed | BulkJobStarted | BulkJobAdvanced;

export const storedBulkJobEvents = storedEventTypes<BulkJobEvent>()({
  BulkJobPrepared: { storedName: 'bulk-job-prepared', personalFields: ['asked', 'preparedBy', 'inPlaceOf'] },
  BulkJobListed: { storedName: 'bulk-job-listed', personalFields: ['items[].about.personId'] },
  BulkJobStarted: { storedName: 'bulk-job-started', personalFields: [] },
  BulkJobAdvanced: { storedName: 'bulk-job-advanced', personalFields: ['refused[].message'] },
});

export interface BulkJobState {
  readonly prepared: BulkJobPrepared['data'] | null;
  readonly items: readonly BulkItem[];
  /** null: it was not let run. */
  readonly started: BulkJobStarted['data'] | null;
  /** How many of the list were sent. */
  readonly upTo: number;
  readonly refused: readonly BulkRefusal[];
}

export interface PrepareJob {
  readonly type: 'PrepareBulkJob';
  readonly jobId: string;
  readonly act: BulkAct;
  readonly asked: string;
  readonly items: readonly BulkItem[];
  readonly inPlaceOf?: string | null;
}
export interface RunJob {
  readonly type: 'RunBulkJob';
  readonly jobId: string;
  readonly inPlaceOf?: string | null;
  readonly withExceptions?: boolean;
}
export interface AdvanceJob {
  readonly type: 'AdvanceBulkJob';
  readonly jobId: string;
  readonly upTo: number;
  readonly refused: readonly BulkRefusal[];
}

export const bulkJobDecider: Decider<PrepareJob | RunJob | AdvanceJob, BulkJobState, BulkJobEvent> = {
  initialState: { prepared: null, items: [], started: null, upTo: 0, refused: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'BulkJobPrepared':
        return { ...state, prepared: event.data };
      case 'BulkJobListed':
        return { ...state, items: [...state.items, ...event.data.items] };
      case 'BulkJobStarted':
        return { ...state, started: event.data };
      default:
        return { ...state, upTo: event.data.upTo, refused: [...state.refused, ...event.data.refused] };
    }
  },
  decide(command, state) {
    if (command.type === 'PrepareBulkJob') return prepare(command, state);
    if (state.prepared === null) {
      return refuse('BulkJobUnknown', `No bulk job ${command.jobId}.`, 'Prepare it: POST /v1/bulk-jobs', {
        jobId: command.jobId,
      });
    }
    return command.type === 'RunBulkJob' ? run(command, state.prepared, state) : advance(command, state);
  },
};

function prepare(
  { act, asked, items, jobId, at, by, inPlaceOf = null }: PrepareJob & Issued,
  { prepared }: BulkJobState,
): Decision<BulkJobEvent> {
  if (prepared !== null) {
    if (prepared.asked === asked && prepared.act === act && prepared.preparedBy === by.id) return [];
    return refuse('BulkJobExists', `There is another bulk job ${jobId}.`, 'Use another id, or none.', { jobId });
  }
  if (items.length === 0) {
    return refuse('NothingListed', 'There is nothing to do.', 'Ask for other days, another client or another person.');
  }
  if (items.length > MAX_BULK_ITEMS) {
    return refuse(
      'TooManyListed',
      `A bulk job has at most ${MAX_BULK_ITEMS} things on its list.`,
      'Ask for fewer days, or for one client or person.',
      { max: MAX_BULK_ITEMS },
    );
  }
  const events: BulkJobEvent[] = [
    {
      type: 'BulkJobPrepared',
      data: { act, asked, count: items.length, preparedBy: by.id, ...(inPlaceOf !== null && { inPlaceOf }) },
      occurredAt: at,
    },
  ];
  for (let first = 0; first < items.length; first += ITEMS_PER_EVENT) {
    const data = { items: items.slice(first, first + ITEMS_PER_EVENT) };
    events.push({ type: 'BulkJobListed', data, occurredAt: at });
  }
  return events;
}

/** Whoever has looked at the list lets it run; what they decided of its exceptions then holds when it goes on after an end in between. */
function run(
  { jobId, withExceptions = false, at, by, inPlaceOf = null }: RunJob & Issued,
  { preparedBy, inPlaceOf: ofWhom }: BulkJobPrepared['data'],
  { started, items }: BulkJobState,
): Decision<BulkJobEvent> {
  const preparedInPlaceOf = ofWhom ?? null;
  if (preparedBy !== by.id) {
    return refuse(
      'BulkJobOfAnother',
      `Bulk job ${jobId} was prepared by ${preparedBy}, who has seen its list.`,
      'Prepare one of your own: POST /v1/bulk-jobs',
      { jobId, preparedBy },
    );
  }
  if (preparedInPlaceOf !== inPlaceOf)
    return refuse(
      'BulkJobInPlaceOfAnother',
      `Bulk job ${jobId} was prepared ${preparedInPlaceOf === null ? 'in your own name' : `in the place of ${preparedInPlaceOf}`}.`,
      preparedInPlaceOf === null
        ? 'Let it run without `inPlaceOf`, or prepare another one: POST /v1/bulk-jobs'
        : `Let it run with \`inPlaceOf\` ${preparedInPlaceOf}: POST /v1/bulk-jobs/${jobId}/run`,
      { jobId, ...(preparedInPlaceOf !== null && { inPlaceOf: preparedInPlaceOf }) },
    );
  // Let run without them, it would be done with, and nothing approved.
  if (started === null && !withExceptions && items.every(({ exceptions }) => exceptions.length > 0))
    return refuse(
      'OnlyExceptions',
      `All on the list of bulk job ${jobId} is out of the ordinary. Nothing was approved, and the list stays as it is.`,
      `Look at each and why it is listed: GET /v1/bulk-jobs/${jobId}. Then let it run \`withExceptions\`${inPlaceOf === null ? '' : ` and \`inPlaceOf\` ${inPlaceOf}`}: POST /v1/bulk-jobs/${jobId}/run`,
      { jobId, exceptions: items.length },
    );
  if (started === null) return [{ type: 'BulkJobStarted', data: { withExceptions }, occurredAt: at }];
  if (withExceptions && !started.withExceptions) {
    return refuse(
      'BulkJobStarted',
      `Bulk job ${jobId} was let run without its exceptions, and goes on so.`,
      'List what is left as another job: billtrail approve, or POST /v1/bulk-jobs. Then let that run with its exceptions.',
      { jobId },
    );
  }
  return [];
}

/** Of two processes that carry out the same job each entry is recorded once. */
function advance({ upTo, refused, at }: AdvanceJob & Issued, state: BulkJobState): Decision<BulkJobEvent> {
  return upTo <= state.upTo ? [] : [{ type: 'BulkJobAdvanced', data: { upTo, refused }, occurredAt: at }];
}
