import { isRefusal, refuse, type Actor, type Instant, type Refusal, type Role } from '@billtrail/kernel';
import { whyItWaits, type Approval, type MineToDecide } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { decidesAs, delegatorsOf } from './in-place-of.js';
import { actsDecidedBy, approversOf } from './approvers.js';
import { askedChanges, type AskedChange } from './asked-changes.js';
import {
  isKeyedByOne,
  refuseDelegate,
  refuseKeyedByOne,
  refuseRelated,
  refuseStranger,
  type DecidingPorts,
} from './two-persons.js';

/** A request, as far as it says who may decide on it. */
type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;

/**
 * Why somebody may not approve or refuse a request to forgo money; null: they may. Four eyes are two persons: by what the log says of them, and never by keys. In
 * the place of another (`inPlaceOf`) they decide by the role of that one, and on nothing that either of both may not decide.
 * Refuses, in this order: NotADelegate, NotAllowed, NotAPerson, OwnRequest, OwnWork, DelegateOfRequester, RequesterNotAPerson, KeyedByRequester, RequesterKeyed,
 * KeyedByOne.
 */
export async function refuseDecider(
  ports: DecidingPorts,
  asked: Asked,
  by: Actor,
  at: Instant,
  inPlaceOf: string | null = null,
): Promise<Refusal | null> {
  const { requestId, act } = asked;
  const approvers = approversOf(act);
  const as = await decidesAs(ports, { inPlaceOf }, by, at, approvers);
  if (isRefusal(as)) return as;
  if (!approvers.includes(as.role)) {
    return refuse(
      'NotAllowed',
      `The role ${as.role} can't decide on a request to ${act}.`,
      `It takes one of these roles: ${approvers.join(', ')}.`,
      { requestId, role: as.role, approvers },
    );
  }
  for (const one of inPlaceOf === null ? [by] : [by, as]) {
    const no = await refuseOne(ports, asked, one, at);
    if (no !== null) return no;
  }
  return null;
}

/** Refuses, in this order: NotAPerson, OwnRequest, OwnWork, DelegateOfRequester, RequesterNotAPerson, KeyedByRequester, RequesterKeyed, KeyedByOne. */
async function refuseOne(ports: DecidingPorts, asked: Asked, by: Actor, at: Instant): Promise<Refusal | null> {
  const { requestId, act, requestedBy, workBy } = asked;
  const unknown = await refuseStranger(ports, by);
  if (unknown !== null) return unknown;
  if (by.id === requestedBy)
    return refuse(
      'OwnRequest',
      `${by.id} asked for this, and a second person is another one, whatever key they hold.`,
      `Another person decides. To take it back instead: POST /v1/approvals/${requestId}/withdraw`,
      { requestId, requestedBy },
    );
  if (workBy.includes(by.id))
    return refuse(
      'OwnWork',
      `${by.id} did this work and can't decide to forgo money for it.`,
      'Ask somebody else to decide.',
      { requestId, person: by.id },
    );
  return (
    (await refuseDelegate(ports, requestedBy, by.id, at)) ??
    (await refuseRelated(ports, requestedBy, by.id, at)) ??
    refuseKeyedByOne(ports, { requestedBy, workBy, approvers: approversOf(act) }, by.id, at)
  );
}

/**
 * What somebody may decide of all that waits: by their own right, and in the place of each who named them.
 * @keepsRefusals
 */
export async function mineToDecide(ports: DecidingPorts, by: Actor): Promise<readonly MineToDecide[]> {
  const { models, clock } = ports;
  const at = clock();
  const requesters = await models.approvals.requestersOfWaiting();
  const mine: MineToDecide[] = [];
  for (const as of [by, ...(await delegatorsOf(ports, by.id, at))]) {
    const both = as === by ? [by] : [by, as];
    const stranger = await firstOf(both, (one) => refuseStranger(ports, one));
    const acts = stranger === null ? actsDecidedBy(as.role) : [];
    if (acts.length === 0) continue;
    const personIds = both.map(({ id }) => id);
    const requestedBy: string[] = [];
    const requestIds: string[] = [];
    for (const requesterId of requesters) {
      const no = await firstOf(personIds, async (id) =>
        id === requesterId
          ? id
          : ((await refuseDelegate(ports, requesterId, id, at)) ?? refuseRelated(ports, requesterId, id, at)),
      );
      if (no !== null) continue;
      const keyed = await firstOf(personIds, async (id) =>
        (await isKeyedByOne(ports, [requesterId, id], at)) ? id : null,
      );
      if (keyed === null) requestedBy.push(requesterId);
      else requestIds.push(...(await takenForTwo(ports, requesterId, personIds, at)));
    }
    mine.push({ personIds, acts, requestedBy, requestIds });
  }
  return mine;
}

/** Of what somebody asked for and waits, what these may decide although one may hold keys of them and of whoever asked: it depends on who else could. */
async function takenForTwo(
  ports: DecidingPorts,
  requesterId: string,
  personIds: readonly string[],
  at: Instant,
): Promise<readonly string[]> {
  const requestIds: string[] = [];
  for (const { requestId, act, requestedBy, workBy } of await ports.models.approvals.waitingOf(requesterId)) {
    const agreed = { requestedBy, workBy, approvers: approversOf(act) };
    if ((await firstOf(personIds, (id) => refuseKeyedByOne(ports, agreed, id, at))) === null)
      requestIds.push(requestId);
  }
  return requestIds;
}

async function firstOf<One, Found>(
  all: readonly One[],
  look: (one: One) => Promise<Found | null>,
): Promise<Found | null> {
  for (const one of all) {
    const found = await look(one);
    if (found !== null) return found;
  }
  return null;
}

/** Which requests somebody may see: an engineer those that they asked for themselves, whoever may decide on one, or does so in the place of another, all. */
export async function seenBy(
  { store, clock }: Pick<CommandPorts, 'store' | 'clock'>,
  { id, role }: Actor,
): Promise<{ readonly requestedBy?: string }> {
  if (actsDecidedBy(role).length > 0) return {};
  return (await delegatorsOf({ store }, id, clock())).length > 0 ? {} : { requestedBy: id };
}

/** A request as it is told to somebody: with why it waits, who decides, and whether they may. */
export interface ApprovalTold extends Approval {
  /** In a sentence; null: it stands by its verdict. */
  readonly why: string | null;
  /** Of a request to publish a configuration: what is stated otherwise than in the one before. null: it is another request. */
  readonly changes: readonly AskedChange[] | null;
  /** The roles of which somebody else approves or refuses it. */
  readonly decidedBy: readonly Role[];
  /** Whether whoever asks may decide on it now, or why not; null: there is nothing to decide, or nobody asks. */
  readonly you: YouMay | ({ readonly may: false } & Omit<Refusal, 'refused'>) | null;
}

interface YouMay {
  readonly may: true;
  /** In whose place alone; null: by their own right. */
  readonly inPlaceOf: string | null;
}

/**
 * A request with whether whoever asks may decide on it.
 * @keepsRefusals
 */
export async function toldTo(ports: DecidingPorts, approval: Approval, by: Actor | null): Promise<ApprovalTold> {
  const decidedBy = approversOf(approval.act);
  const why = approval.waitsBecause === null ? null : whyItWaits(approval);
  const changes = await askedChanges(ports, approval);
  const told = { ...approval, why, changes, decidedBy };
  if (by === null || approval.state !== 'waiting') return { ...told, you: null };
  const at = ports.clock();
  const no = await refuseDecider(ports, approval, by, at);
  if (no === null) return { ...told, you: { may: true, inPlaceOf: null } };
  for (const { id: inPlaceOf } of await delegatorsOf(ports, by.id, at))
    if ((await refuseDecider(ports, approval, by, at, inPlaceOf)) === null)
      return { ...told, you: { may: true, inPlaceOf } };
  const { code, message, remedy, details } = no;
  return { ...told, you: { may: false, code, message, remedy, details } };
}
