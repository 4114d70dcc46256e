import { IsOptional } from 'class-validator';
import { WORK_KINDS, type WorkKind } from '@billtrail/contracts';
import { streamName } from '@billtrail/event-store';
import type { LocalDate } from '@billtrail/kernel';
import { define, type CommandFamily } from '../command-path/command-definition.js';
import { APPROVING } from './approving.commands.js';
import { DISPATCHERS } from './any-ticket.commands.js';
import { AreMinutes, CommandName, IsALocalDate, IsAnId, IsOneOf, IsTrueOrFalse, IsWholeNumber } from './fields.js';
import { workToApprove } from '../bulk/approve-work.js';
import {
  BULK_ACTS,
  MAX_BULK_ITEMS,
  bulkJobDecider,
  type AdvanceJob,
  type BulkAct,
  type BulkRefusal,
  type RunJob,
} from '../bulk/bulk-job.js';
import { runBulkJob } from '../bulk/run-bulk-job.js';

const NORMAL_MINUTES = 480;
const NORMAL_DAYS = 7;
const MAX_DAYS = 366;

/** Freezes a list of what is to be done in bulk, each thing as it stands, and does nothing yet. */
export class PrepareBulkJob {
  @CommandName('PrepareBulkJob')
  readonly type = 'PrepareBulkJob';
  @IsAnId()
  jobId: string;
  /** `approve-work`: approve what nobody approved or rejected yet. */
  @IsOneOf(BULK_ACTS)
  act: BulkAct;
  @IsOptional()
  @IsAnId()
  clientId?: string;
  @IsOptional()
  @IsAnId()
  ticketId?: string;
  /** Only the time of this engineer. */
  @IsOptional()
  @IsAnId()
  engineerId?: string;
  @IsOptional()
  @IsOneOf(WORK_KINDS)
  kind?: WorkKind;
  /** First day of the work. */
  @IsOptional()
  @IsALocalDate()
  from?: LocalDate;
  /** Last day of the work. */
  @IsOptional()
  @IsALocalDate()
  to?: LocalDate;
  /** A longer entry is an exception. By default 480. */
  @AreMinutes()
  normalMinutes: number = NORMAL_MINUTES;
  /** Work that was recorded later than so many days after its day is an exception. By default 7. */
  @IsWholeNumber(0, MAX_DAYS)
  normalDays: number = NORMAL_DAYS;
  /** The person in whose place you approve: they named you for these days. Left out: you approve by your own right. */
  @IsOptional()
  @IsAnId()
  inPlaceOf?: string | null;
}

/** Lets a job run that you prepared, or go on where it ended. Done before, each thing of its list is not done again. */
export class RunBulkJob implements RunJob {
  @CommandName('RunBulkJob')
  readonly type = 'RunBulkJob';
  @IsAnId()
  jobId: string;
  /** True: what has exceptions too. By default it is left out. */
  @IsOptional()
  @IsTrueOrFalse()
  withExceptions?: boolean;
  /** In whose place you prepared it. */
  @IsOptional()
  @IsAnId()
  inPlaceOf?: string | null;
}

/** How far a job is. Only a job that runs sends it. */
class AdvanceBulkJob implements AdvanceJob {
  @CommandName('AdvanceBulkJob')
  readonly type = 'AdvanceBulkJob';
  @IsAnId()
  jobId: string;
  @IsWholeNumber(1, MAX_BULK_ITEMS)
  upTo: number;
  @IsOptional()
  refused: readonly BulkRefusal[];
}

const streamOf = ({ jobId }: { readonly jobId: string }) => streamName('bulk', jobId);

const PROGRESS = define({ command: AdvanceBulkJob, roles: DISPATCHERS, stream: streamOf, decider: bulkJobDecider });

const SENT = { ofItems: new Map(APPROVING.map((one) => [one.command.name, one])), ofProgress: PROGRESS };

export const bulkFamily: CommandFamily = {
  heading: 'Bulk jobs',
  path: 'bulk-jobs',
  commands: [
    define({
      command: PrepareBulkJob,
      roles: DISPATCHERS,
      byDelegates: true,
      route: { summary: 'Prepare a bulk job: a list to look through', path: '', adds: true, makes: { jobId: 'bj' } },
      stream: streamOf,
      decider: bulkJobDecider,
      prepare: async (command, _context, ports) => {
        await ports.upToDate();
        return command;
      },
      collect: ({ type, jobId, act, ...asked }: PrepareBulkJob, { actor }, models, from) =>
        models.settled(from, () => {
          const { inPlaceOf = null } = asked;
          const items = workToApprove(models, { ...asked, inPlaceOf, personId: actor.id });
          return { type, jobId, act, asked: JSON.stringify(asked), items, inPlaceOf };
        }),
    }),
    define({
      command: RunBulkJob,
      roles: DISPATCHERS,
      byDelegates: true,
      route: { summary: 'Run a bulk job that you prepared', path: ':jobId/run' },
      stream: streamOf,
      decider: bulkJobDecider,
      follow: ({ jobId }, context, ports) => runBulkJob(ports, SENT, jobId, context),
    }),
  ],
};
