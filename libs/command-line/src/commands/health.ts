import { Command } from 'commander';
import { readinessOf, type Readiness } from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { counted, table } from '../terminal/output.js';

export function healthCommand(): Command {
  return new Command('health')
    .description('check log, vault, and that read models keep up, as the server tells it')
    .action(async (_options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const readiness = await readinessOf(session.billtrail);
        session.out.answer(readiness, () => healthText(readiness));
        if (readiness.status !== 'ready')
          throw new CommandFailed(
            EXIT.found,
            'NotReady',
            'Not ready: not everything can be asked and recorded.',
            'See what is said of the log, the vault and the read models. What they have not read yet is read by: billtrail reconcile. One that has stopped is filled anew by: billtrail rebuild',
          );
      });
    });
}

/** The command line runs none, and what a server's could not do is in the memory of that server. */
const ELSEWHERE =
  'run by servers alone; what they could not do a server that runs on this folder tells: GET /health/ready';

function behind(ageSeconds: number | null): string {
  return ageSeconds === null ? '' : `; the first event after it was recorded ${counted(ageSeconds, 'second')} ago`;
}

function healthText({
  status,
  log,
  vault,
  head,
  position,
  isCaughtUp,
  ageSeconds,
  readModels,
  parked,
  runsPolicies,
  lease,
  policies,
}: Readiness): string {
  const reads = table(
    ['Read model', 'State', 'Position', 'Why'],
    readModels.map((model) => [model.name, model.state, String(model.position), model.error]),
    ['Position'],
  );
  return [
    status,
    `Log: ${log === null ? `ends at ${head}` : `${log.problem}: ${log.cause}`}`,
    `Vault: ${vault === null ? 'answers' : vault.cause}`,
    `Read models: complete up to ${position}${isCaughtUp ? ', the end of the log' : behind(ageSeconds)}`,
    ...(parked === null
      ? []
      : [
          `Can't be read or taken: events of ${counted(parked.streams, 'stream')}${parked.periods === 0 ? '' : `, and ${counted(parked.periods, 'month')} of clients`}, the first at ${parked.oldest}: ${parked.cause}`,
        ]),
    `Policies: ${runsPolicies ? 'run by this process' : ELSEWHERE}`,
    ...(lease === null ? [] : [`Lease: ${lease.cause}`]),
    ...policies.map(({ policy, cause, times }) => `The policy ${policy} failed ${counted(times, 'time')}: ${cause}`),
    '',
    reads,
  ].join('\n');
}
