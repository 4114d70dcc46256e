import type { Readiness } from '@billtrail/application';
import { REBUILT_ON_A_NODE } from '../run-here.js';
import { counted, table } from './output.js';

const LOOK = 'See what is said of the log, the vault and the read models.';

/** What to do where not everything can be asked and recorded. `isNode`: a node tells of itself, to somebody elsewhere. */
export function notReadyRemedy(isNode: boolean): string {
  return isNode
    ? `${LOOK} What the node has not read yet it reads by itself: ask again. Where a read model has stopped: ${REBUILT_ON_A_NODE}`
    : `${LOOK} What they have not read yet is read by: billtrail reconcile. One that has stopped is filled anew by: billtrail rebuild`;
}

/** The command line runs none, and what a server's could not do is in the memory of that server. */
const ELSEWHERE =
  'run by servers alone; what they could not do a server that runs on this folder tells: GET /health/ready';

function policiesText(runsPolicies: boolean, isNode: boolean): string {
  if (isNode) return runsPolicies ? 'run by this node' : 'run by another node of this log, or by none yet';
  return runsPolicies ? 'run by this process' : ELSEWHERE;
}

function behind(ageSeconds: number | null): string {
  return ageSeconds === null ? '' : `; the first event after it was recorded ${counted(ageSeconds, 'second')} ago`;
}

/** Readiness in words. */
export function healthText(
  {
    status,
    log,
    vault,
    numbering,
    head,
    position,
    isCaughtUp,
    ageSeconds,
    readModels,
    parked,
    runsPolicies,
    lease,
    isDraining,
    policies,
  }: Readiness,
  isNode: boolean,
): string {
  const reads = table(
    ['Read model', 'State', 'Position', 'Why'],
    readModels.map((model) => [model.name, model.state, String(model.position), model.error]),
    ['Position'],
  );
  return [
    status,
    ...(isDraining ? ['Ending: it takes no more requests, and finishes those that it has.'] : []),
    `Log: ${log === null ? `ends at ${head}` : `${log.problem}: ${log.cause}`}`,
    `Vault: ${vault === null ? 'answers' : vault.cause}`,
    ...(numbering === null ? [] : [`Numbering: ${numbering.cause} ${numbering.remedy}`]),
    `Read models: complete up to ${position}${isCaughtUp ? ', the end of the log' : behind(ageSeconds)}`,
    ...(parked === null
      ? []
      : [
          `Can't be read or taken: events of ${counted(parked.streams, 'stream')}${parked.periods === 0 ? '' : `, and ${counted(parked.periods, 'month')} of clients`}, the first at ${parked.oldest}: ${parked.cause}`,
        ]),
    `Policies: ${policiesText(runsPolicies, isNode)}`,
    ...(lease === null ? [] : [`Lease: ${lease.cause}`]),
    ...policies.map(({ policy, cause, times }) => `The policy ${policy} failed ${counted(times, 'time')}: ${cause}`),
    '',
    reads,
  ].join('\n');
}
