import type { Instant } from '@billtrail/kernel';
import type { Approval } from '@billtrail/read-models';
import { isPerson, rolesOf } from './keyed-by.js';
import { configurationOf, todayOf } from '../configuration.js';
import { delegationsOf, stateOfDelegation } from './delegations.js';
import { approversOf } from './approvers.js';
import type { DecidingPorts } from './two-persons.js';
import { refuseDecider } from './who-decides.js';

type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;

/** Most people who are named: one who decides is enough. */
const MAX_NAMED = 10;

/** One more is looked for than is named: whether there are others is seen by that one. */
const MAX_LOOKED_FOR = MAX_NAMED + 1;

/** Ids of registered people who may decide on a request now by their own right, in the order in which they were registered; at most {@link MAX_LOOKED_FOR}. */
async function mayDecideThemselves(ports: DecidingPorts, asked: Asked, at: Instant): Promise<readonly string[]> {
  if (!(await isPerson(ports.store, asked.requestedBy))) return [];
  const approvers = approversOf(asked.act);
  const named: string[] = [];
  for (const { id, roles } of await ports.models.approvals.knownWith(approvers)) {
    const role = roles.find((one) => approvers.includes(one));
    if (role !== undefined && (await refuseDecider(ports, asked, { id, role }, at)) === null) named.push(id);
    if (named.length === MAX_LOOKED_FOR) break;
  }
  return named;
}

/** A delegate who may decide on a request now. */
export interface MayDecideInPlace {
  readonly personId: string;
  /** As they name it when they decide. */
  readonly inPlaceOf: string;
}

/** Delegates who may decide on a request now, in the order in which they were named, without `own`, who may by their own right; at most {@link MAX_LOOKED_FOR}. */
async function mayDecideInPlace(
  ports: DecidingPorts,
  asked: Asked,
  at: Instant,
  own: readonly string[],
): Promise<readonly MayDecideInPlace[]> {
  const today = todayOf(await configurationOf(ports.store), at);
  const named: MayDecideInPlace[] = [];
  for (const delegation of await delegationsOf(ports.store)) {
    if (named.length === MAX_LOOKED_FOR) break;
    const { personId: inPlaceOf, delegateId: personId } = delegation;
    const isNamed = own.includes(personId) || named.some((one) => one.personId === personId);
    if (isNamed || stateOfDelegation(delegation, today) !== 'in-force') continue;
    const [role] = await rolesOf(ports.store, personId);
    if (role !== undefined && (await refuseDecider(ports, asked, { id: personId, role }, at, inPlaceOf)) === null)
      named.push({ personId, inPlaceOf });
  }
  return named;
}

/** Who may decide on a request now, as it is told: at most {@link MAX_NAMED} of each. */
export interface WhoMayDecide {
  /** Registered people by their own right. */
  readonly mayDecide: readonly string[];
  /** Delegates of such people, who decide with the key of their own. */
  readonly mayDecideInPlace: readonly MayDecideInPlace[];
}

/**
 * Of a request that is ended, or stands, nobody.
 * @keepsRefusals
 */
export async function whoMayDecide(
  ports: DecidingPorts,
  asked: Asked & Pick<Approval, 'state'>,
  at: Instant,
): Promise<WhoMayDecide> {
  const { mayDecide, mayDecideInPlace: delegates } = await lookedFor(ports, asked, at);
  return { mayDecide: mayDecide.slice(0, MAX_NAMED), mayDecideInPlace: delegates.slice(0, MAX_NAMED) };
}

/** The same, at most {@link MAX_LOOKED_FOR} of each. */
async function lookedFor(
  ports: DecidingPorts,
  asked: Asked & Pick<Approval, 'state'>,
  at: Instant,
): Promise<WhoMayDecide> {
  if (asked.state !== 'waiting') return { mayDecide: [], mayDecideInPlace: [] };
  const mayDecide = await mayDecideThemselves(ports, asked, at);
  return { mayDecide, mayDecideInPlace: await mayDecideInPlace(ports, asked, at, mayDecide) };
}

/** Who decides, in a sentence for whoever asked. */
export async function whoDecidesIt(
  ports: DecidingPorts,
  asked: Asked & Pick<Approval, 'state'>,
  at: Instant,
): Promise<string> {
  const { requestId, requestedBy, act } = asked;
  const path = `/v1/approvals/${requestId}`;
  const seen = `See GET ${path}; approve with POST ${path}/approve, or refuse with POST ${path}/refuse.`;
  const { mayDecide, mayDecideInPlace: delegates } = await lookedFor(ports, asked, at);
  const inPlace = delegates.map(({ personId, inPlaceOf }) => `${personId} in the place of ${inPlaceOf}`);
  const may = [mayDecide, inPlace].flatMap((all) => all.slice(0, MAX_NAMED));
  const areOthers = may.length < mayDecide.length + inPlace.length;
  if (may.length > 0) return `These people can decide: ${may.join(', ')}${areOthers ? ', and others' : ''}. ${seen}`;
  const register = (await isPerson(ports.store, requestedBy))
    ? `another person with one of the roles ${approversOf(act).join(', ')}`
    : `${requestedBy}, and another person who decides`;
  return `Nobody who is registered can decide yet. Have an admin register ${register}: POST /v1/persons. ${seen}`;
}
