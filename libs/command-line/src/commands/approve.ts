import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { PrepareBulkJob, RunBulkJob, bulkJobOf, type BulkJob, type BulkJobItem } from '@billtrail/application';
import { WORK_KINDS } from '@billtrail/contracts';
import { isRefusal } from '@billtrail/kernel';
import { refused, Session, type GlobalOptions } from '../session.js';
import { counted, table } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';
import { dayArgument, idArgument, inPlaceOfOption } from './options.js';

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
    .option('--with-exceptions', 'what has exceptions too', false)
    .addOption(inPlaceOfOption())
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<ApproveOptions>();
      await Session.run(options, async (session) => {
        const jobId = options.job ?? (await prepared(session, options));
        if (options.yes) await runs(session, jobId, options);
        const job = await jobNow(session, jobId);
        session.out.answer(job, () => jobText(job));
      });
    });
}

async function prepared(session: Session, options: ApproveOptions): Promise<string> {
  const { client: clientId, ticket: ticketId, engineer: engineerId, kind, from, to, inPlaceOf } = options;
  const jobId = `bj-${randomUUID()}`;
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

function jobText(job: BulkJob): string {
  const { jobId, state, items, done, leftOut, exceptions, refusals, groups, inPlaceOf } = job;
  const parts = [
    exceptions.length === 0
      ? ''
      : `To be looked at first:\n${table(['Work', 'Of', 'On', 'Minutes', 'Why'], exceptions.map(exceptionRow))}`,
    table(
      ['Week of', 'Person', 'Pieces', 'Minutes', 'Exceptions'],
      groups.map((one) => [
        one.week,
        one.personId ?? '',
        String(one.items),
        String(one.minutes),
        String(one.exceptions),
      ]),
    ),
    refusals.length === 0
      ? ''
      : `Not approved:\n${table(
          ['Work', 'Why'],
          refusals.map((one) => [workOf(one), one.refusal?.message ?? '']),
        )}`,
    state === 'prepared'
      ? `Nothing is approved yet. To approve what has no exceptions: npm run -s billtrail -- approve --job ${jobId} --yes`
      : `${counted(done, 'piece')} of ${items} approved${leftOut === 0 ? '' : `, ${leftOut} left out for their exceptions`}.`,
    inPlaceOf === null || state === 'finished' ? '' : `Add --in-place-of ${inPlaceOf}, as it was listed.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function exceptionRow(item: BulkJobItem): readonly string[] {
  const { personId, on, minutes } = item.about;
  return [workOf(item), personId ?? '', on, minutes === null ? '' : String(minutes), item.exceptions.join(', ')];
}

function workOf({ input }: BulkJobItem): string {
  const { ticketId, version: _, inPlaceOf: _whose, ...named } = input;
  return `${Object.values(named).join(' ')} of ${ticketId ?? ''}`;
}
