import type { Instant, Role } from '@billtrail/kernel';
import { MAX_READ, START, type EventStore } from '@billtrail/event-store';
import { PERSON_CATEGORY, type PersonEvent } from '@billtrail/vault';
import type { Approval } from '@billtrail/read-models';
import { isPerson } from '../access/keyed-by.js';
import { approversOf } from './approvers.js';
import { refuseDecider } from './who-decides.js';

type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;
interface Log {
  readonly store: EventStore;
}

/** Most people who are named: one who decides is enough. */
const MAX_NAMED = 10;

/** Ids of registered people who may decide on a request now by their own right, in the order in which they were registered; at most {@link MAX_NAMED}. */
export async function whoMayDecide({ store }: Log, asked: Asked, at: Instant): Promise<readonly string[]> {
  if (!(await isPerson(store, asked.requestedBy))) return [];
  const approvers = approversOf(asked.act);
  const named: string[] = [];
  for (const [id, roles] of await rolesOfAll(store)) {
    const role = roles.find((one) => approvers.includes(one));
    if (role !== undefined && (await refuseDecider({ store }, asked, { id, role }, at)) === null) named.push(id);
    if (named.length === MAX_NAMED) break;
  }
  return named;
}

/** Who decides, in a sentence for whoever asked. */
export async function whoDecidesIt(log: Log, asked: Asked, at: Instant): Promise<string> {
  const { requestId, requestedBy, act } = asked;
  const decide = `(GET /v1/approvals/${requestId}): POST /v1/approvals/${requestId}/approve, or /refuse.`;
  const may = await whoMayDecide(log, asked, at);
  if (may.length > 0)
    return `${may.join(', ')} may decide ${decide.slice(0, -1)}${may.length === MAX_NAMED ? '; others too.' : '.'}`;
  const register = (await isPerson(log.store, requestedBy))
    ? `another person of one of the roles ${approversOf(act).join(', ')}`
    : `${requestedBy}, and another person who decides`;
  return `Nobody who is registered may decide yet: have an admin register ${register}: POST /v1/persons. They decide ${decide}`;
}

/** Which everybody whom the log knows may have by now. */
async function rolesOfAll(store: EventStore): Promise<ReadonlyMap<string, readonly Role[]>> {
  const types = ['PersonRegistered', 'PersonChanged'] satisfies PersonEvent['type'][];
  const all = new Map<string, readonly Role[]>();
  for (let after = START; ;) {
    const { events, next, atEnd } = await store.readAll({
      after,
      limit: MAX_READ,
      categories: [PERSON_CATEGORY],
      types,
    });
    for (const { stream, data } of events) {
      const { roles = [] } = data as { readonly roles?: readonly Role[] };
      all.set(stream.slice(`${PERSON_CATEGORY}-`.length), roles);
    }
    if (atEnd) return all;
    after = next;
  }
}
