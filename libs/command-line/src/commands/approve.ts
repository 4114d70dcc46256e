import { Command, Option } from 'commander';
import {
  PrepareBulkJob,
  RunBulkJob,
  bulkJobItems,
  bulkJobOf,
  type BulkJob,
  type BulkJobItem,
} from '@billtrail/application';
import { WORK_KINDS } from '@billtrail/contracts';
import { Money, isRefusal } from '@billtrail/kernel';
import { MAX_PAGE } from '@billtrail/read-models';
import { refused, Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { MAX_LISTED, bulkListText, type WorkTold } from '../terminal/bulk-list.js';
import { progressBar } from '../terminal/progress.js';
import { dayArgument, idArgument, inPlaceOfOption } from './options.js';
import { madeId } from '../under-key.js';

interface ApproveOptions extends GlobalOptions {
  readonly client?: string;
  readonly ticket?: string;
  readonly engineer?: string;
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly job?: string;
  readonly yes: boolean;
  readonly withExceptions: boolean;
  readonly inPlaceOf?: string;
}

/** How often the progress of a job is looked at. */
const LOOK_EVERY_MS = 200;

export function approveCommand(): Command {
  return new Command('approve')
    .description('approve work in bulk: shows the list, its exceptions first, and approves it with --yes')
    .option('--client <id>', 'only work of this client', idArgument)
    .option('--ticket <id>', 'only work of this ticket', idArgument)
    .option('--engineer <id>', 'only time of this engineer', idArgument)
    .addOption(new Option('--kind <kind>', 'only work of this kind').choices(WORK_KINDS))
    .option('--from <date>', 'first day of the work', dayArgument)
    .option('--to <date>', 'last day of the work', dayArgument)
    .option('--job <id>', 'go on with this list, as it was shown before', idArgument)
    .option('--yes', 'approve it', false)
    .option('--with-exceptions', 'what has exceptions too, on a list that you have seen (--job)', false)
    .addOption(inPlaceOfOption())
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<ApproveOptions>();
      if (options.yes && options.withExceptions && options.job === undefined)
        throw new CommandFailed(
          EXIT.badInput,
          'BadUsage',
          '--with-exceptions approves a list that you have seen, and --job names none.',
          'List the work first, with the same options but --yes and --with-exceptions: it tells what to type then.',
        );
      await Session.run(options, async (session) => {
        const jobId = options.job ?? (await prepared(session, options));
        if (options.yes) await runs(session, jobId, options);
        const job = await jobNow(session, jobId);
        const text = session.out.json ? '' : await listText(session, job);
        session.out.answer(job, () => text);
      });
    });
}

async function prepared(session: Session, options: ApproveOptions): Promise<string> {
  const { client: clientId, ticket: ticketId, engineer: engineerId, kind, from, to, inPlaceOf } = options;
  const jobId = madeId('bj');
  const asked = { clientId, ticketId, engineerId, kind, from, to, inPlaceOf };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  await session.send(PrepareBulkJob, { jobId, act: 'approve-work', ...given });
  return jobId;
}

/** The job runs here; how far it is is read from the log meanwhile. */
async function runs(
  session: Session,
  jobId: string,
  { withExceptions, inPlaceOf }: Pick<ApproveOptions, 'withExceptions' | 'inPlaceOf'>,
): Promise<void> {
  const bar = progressBar('approving', session.out.json);
  const looking = setInterval(() => {
    void jobNow(session, jobId).then(
      ({ upTo, items }) => bar.to(upTo, items),
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  try {
    await session.send(RunBulkJob, {
      jobId,
      ...(withExceptions && { withExceptions }),
      ...(inPlaceOf === undefined ? {} : { inPlaceOf }),
    });
  } finally {
    clearInterval(looking);
    bar.done();
  }
}

async function jobNow(session: Session, jobId: string): Promise<BulkJob> {
  const job = await bulkJobOf(session.billtrail, jobId);
  if (isRefusal(job)) throw refused(job);
  return job;
}

/** The list as a person reads it: the pieces that one screen shows, with what rating makes of each. */
async function listText(session: Session, job: BulkJob): Promise<string> {
  const all = await bulkJobItems(session.billtrail, job.jobId);
  if (isRefusal(all)) throw refused(all);
  const ordinary = all.filter(({ exceptions }) => exceptions.length === 0).slice(0, MAX_LISTED);
  const shown = [...job.exceptions.slice(0, MAX_LISTED), ...ordinary];
  await session.catchUp();
  const told = new Map<string, WorkTold>();
  for (const ticketId of new Set(shown.map(({ input }) => String(input['ticketId'])))) {
    const { items } = await session.ask(({ models }) => models.billableItems.list({ ticketId }, { limit: MAX_PAGE }));
    for (const { workItemId, description, net } of items) {
      const key = `${ticketId} ${workItemId}`;
      // Work that was cut has an item for each part.
      const before = told.get(key)?.net ?? null;
      const isMore = before !== null && before.currency === net?.currency;
      const sum = isMore ? Money.from(before).plus(Money.from(net)).toJSON() : (net ?? before);
      told.set(key, { description, net: sum });
    }
  }
  const toldOf = ({ input }: BulkJobItem) => told.get(`${input['ticketId']} ${workIdOf(input)}`) ?? null;
  return bulkListText(job, ordinary, toldOf);
}

function workIdOf({ timeEntryId, materialUsageId, expenseId }: BulkJobItem['input']): string {
  return String(timeEntryId ?? materialUsageId ?? expenseId);
}
