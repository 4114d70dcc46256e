import type { Instant } from '@billtrail/kernel';
import type { Approval } from '@billtrail/read-models';
import { isPerson } from '../access/keyed-by.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { approversOf } from './approvers.js';
import { refuseDecider } from './who-decides.js';

type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;
type Ports = Pick<CommandPorts, 'store' | 'models'>;

/** Most people who are named: one who decides is enough. */
const MAX_NAMED = 10;

/**
 * Ids of registered people who may decide on a request now by their own right, in the order in which they were registered; at most {@link MAX_NAMED}.
 * @keepsRefusals
 */
export async function whoMayDecide({ store, models }: Ports, asked: Asked, at: Instant): Promise<readonly string[]> {
  if (!(await isPerson(store, asked.requestedBy))) return [];
  const approvers = approversOf(asked.act);
  const named: string[] = [];
  for (const { id, roles } of await models.approvals.knownWith(approvers)) {
    const role = roles.find((one) => approvers.includes(one));
    if (role !== undefined && (await refuseDecider({ store }, asked, { id, role }, at)) === null) named.push(id);
    if (named.length === MAX_NAMED) break;
  }
  return named;
}

/** Who decides, in a sentence for whoever asked. */
export async function whoDecidesIt(ports: Ports, asked: Asked, at: Instant): Promise<string> {
  const { requestId, requestedBy, act } = asked;
  const path = `/v1/approvals/${requestId}`;
  const seen = `See GET ${path}; approve with POST ${path}/approve, or refuse with POST ${path}/refuse.`;
  const may = await whoMayDecide(ports, asked, at);
  if (may.length > 0)
    return `These people can decide: ${may.join(', ')}${may.length === MAX_NAMED ? ', and others' : ''}. ${seen}`;
  const register = (await isPerson(ports.store, requestedBy))
    ? `another person with one of the roles ${approversOf(act).join(', ')}`
    : `${requestedBy}, and another person who decides`;
  return `Nobody who is registered can decide yet. Have an admin register ${register}: POST /v1/persons. ${seen}`;
}
