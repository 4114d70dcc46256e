import {
  isRefusal,
  localDateIn,
  refuse,
  type Actor,
  type Instant,
  type LocalDate,
  type Refusal,
  type Role,
} from '@billtrail/kernel';
import { whyItWaits, type Approval, type MineToDecide } from '@billtrail/read-models';
import { isPerson, keyedByOne, keyedUntil, rolesOf } from './keyed-by.js';
import { isReserved } from '../access/person-ids.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf, todayOf } from '../configuration.js';
import { delegationsTo } from './delegations.js';
import { decidesAs, delegatorsOf } from './in-place-of.js';
import { actsDecidedBy, approversOf } from './approvers.js';
import { askedChanges, type AskedChange } from './asked-changes.js';

/** A request, as far as it says who may decide on it. */
type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;
type Log = Pick<CommandPorts, 'store'>;
type LogAndPeople = Pick<CommandPorts, 'store' | 'models'>;

/**
 * Why somebody may not approve or refuse a request to forgo money; null: they may. Four eyes are two persons: by what the log says of them, and never by keys. In
 * the place of another (`inPlaceOf`) they decide by the role of that one, and on nothing that either of both may not decide.
 * Refuses, in this order: NotADelegate, NotAllowed, NotAPerson, OwnRequest, OwnWork, DelegateOfRequester, RequesterNotAPerson, KeyedByRequester, RequesterKeyed.
 */
export async function refuseDecider(
  log: LogAndPeople,
  asked: Asked,
  by: Actor,
  at: Instant,
  inPlaceOf: string | null = null,
): Promise<Refusal | null> {
  const { requestId, act } = asked;
  const approvers = approversOf(act);
  const as = await decidesAs(log, { inPlaceOf }, by, at, approvers);
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
    const no = await refuseOne(log, asked, one, at);
    if (no !== null) return no;
  }
  return null;
}

/** Refuses, in this order: NotAPerson, OwnRequest, OwnWork, DelegateOfRequester, RequesterNotAPerson, KeyedByRequester, RequesterKeyed. */
async function refuseOne(log: LogAndPeople, asked: Asked, by: Actor, at: Instant): Promise<Refusal | null> {
  const { requestId, requestedBy, workBy } = asked;
  const unknown = await refuseStranger(log, by);
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
    (await refuseDelegate(log, requestedBy, by.id, at)) ??
    (await refuseRelated(log, requestedBy, by.id, at)) ??
    refuseKeyedByOne(log, requestedBy, by.id, at)
  );
}

/** Decide on all that waits. */
const DECIDE_ALL: readonly Role[] = ['accounts', 'admin'];

/**
 * One who registered two persons, or made keys of both, in the last 30 days could ask as the one and decide as the other. Where somebody else can decide of whom that one holds no key,
 * they do; where nobody can, as in the first month of an organisation, the two are two. Refuses: KeyedByRequester.
 */
async function refuseKeyedByOne(
  { store, models }: LogAndPeople,
  requestedBy: string,
  personId: string,
  at: Instant,
): Promise<Refusal | null> {
  const { organisation } = await configurationOf(store);
  const dayOf = (moment: Instant) => localDateIn(organisation.timeZone, moment);
  const keyed = (pair: readonly [string, string]) =>
    keyedByOne(store, pair, dayOf(at), ({ occurredAt }) => dayOf(occurredAt));
  const one = await keyed([requestedBy, personId]);
  if (one === null) return null;
  const others = models.approvals.othersGivenNow(requestedBy, DECIDE_ALL);
  if (isRefusal(others)) return others;
  for (const { id } of others) {
    if (id === personId || id === one.holderId) continue;
    if (!(await rolesOf(store, id)).some((role) => DECIDE_ALL.includes(role))) continue;
    if ((await refuseRelated({ store }, requestedBy, id, at)) !== null || (await keyed([requestedBy, id])) !== null)
      continue;
    const { holderId: keyedBy, until: from } = one;
    return refuse(
      'KeyedByRequester',
      `${keyedBy} may hold keys of both ${requestedBy} and ${personId}: they, or who could act as them, registered both or made keys for them in the last 30 days. From ${from} on ${personId} may decide.`,
      `Another person decides, such as ${id}, or ${personId} does from ${from} on: GET /v1/persons/${personId} names who made their keys.`,
      { requestedBy, personId, keyedBy, from },
    );
  }
  return null;
}

/** Whoever acts in somebody's place these days is no second person to them. */
async function refuseDelegate(
  { store }: Log,
  requestedBy: string,
  personId: string,
  at: Instant,
): Promise<Refusal | null> {
  const today = todayOf(await configurationOf(store), at);
  const named = (await delegationsTo(store, personId, today)).find((one) => one.personId === requestedBy);
  if (named === undefined) return null;
  const { delegationId, until } = named;
  return refuse(
    'DelegateOfRequester',
    `${personId} decides in the place of ${requestedBy} until ${until}, and ${requestedBy} asked for this: four eyes are two persons.`,
    `Another person decides, or the delegation is ended first: POST /v1/delegations/${delegationId}/end`,
    { requestedBy, personId, delegationId, until },
  );
}

/**
 * What somebody may decide of all that waits: by their own right, and in the place of each who named them.
 * @keepsRefusals
 */
export async function mineToDecide(
  { store, models, clock }: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
  by: Actor,
): Promise<readonly MineToDecide[]> {
  const at = clock();
  const requesters = await models.approvals.requestersOfWaiting();
  const mine: MineToDecide[] = [];
  for (const as of [by, ...(await delegatorsOf({ store }, by.id, at))]) {
    const both = as === by ? [by] : [by, as];
    const stranger = await firstOf(both, (one) => refuseStranger({ store }, one));
    const acts = stranger === null ? actsDecidedBy(as.role) : [];
    if (acts.length === 0) continue;
    const requestedBy: string[] = [];
    for (const requesterId of requesters) {
      const no = await firstOf(both, async ({ id }) =>
        id === requesterId
          ? id
          : ((await refuseDelegate({ store }, requesterId, id, at)) ??
            (await refuseRelated({ store }, requesterId, id, at)) ??
            (await refuseKeyedByOne({ store, models }, requesterId, id, at))),
      );
      if (no === null) requestedBy.push(requesterId);
    }
    mine.push({ personIds: both.map(({ id }) => id), acts, requestedBy });
  }
  return mine;
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

/** Why who approves can't be told from who made what they approve; null: they are two persons. Refuses: NotAPerson, RequesterNotAPerson, KeyedByRequester, RequesterKeyed. */
export async function refuseSame(log: Log, madeBy: string, by: Actor, at: Instant): Promise<Refusal | null> {
  return (await refuseStranger(log, by)) ?? refuseRelated(log, madeBy, by.id, at);
}

/** Whoever decides is a person whom somebody has named. */
export async function refuseStranger({ store }: Log, { id, role }: Actor): Promise<Refusal | null> {
  if (!isReserved(id) && role !== 'system' && (await isPerson(store, id))) return null;
  return refuse(
    'NotAPerson',
    `${id} is not a registered person.`,
    'Decide with the key of a person who is registered, or have somebody who did not ask for this register this one: POST /v1/persons',
    { personId: id },
  );
}

/**
 * Two actors are two persons only where both are known, and neither they nor who could act as them hold a key of the other, whichever of both asks. Of a third one who made
 * keys of both says {@link refuseKeyedByOne}. Refuses, in this order: RequesterNotAPerson, KeyedByRequester, RequesterKeyed.
 */
async function refuseRelated(
  { store }: Log,
  requesterId: string,
  deciderId: string,
  at: Instant,
): Promise<Refusal | null> {
  if (!(await isPerson(store, requesterId)))
    return refuse(
      'RequesterNotAPerson',
      `${requesterId} is not a registered person, so nobody can tell whether you are another one.`,
      'Have an admin who does not decide on this register them, under this id: POST /v1/persons',
      { requestedBy: requesterId },
    );
  const { organisation } = await configurationOf(store);
  const dayOf = (moment: Instant) => localDateIn(organisation.timeZone, moment);
  const heldUntil = (ownerId: string, holderId: string) =>
    keyedUntil(store, { ownerId, holderId }, dayOf(at), ({ occurredAt }) => dayOf(occurredAt));
  const byRequester = await heldUntil(deciderId, requesterId);
  const byDecider = await heldUntil(requesterId, deciderId);
  const from = latest(byRequester, byDecider);
  if (from === null) return null;
  const details = { requestedBy: requesterId, personId: deciderId, from };
  if (byRequester !== null)
    return refuse(
      'KeyedByRequester',
      `${requesterId} may hold a key of ${deciderId}: they, or who could act as them, registered ${deciderId} or made a key for them in the last 30 days. From ${from} on ${deciderId} may decide.`,
      `Another person decides, or ${deciderId} does from ${from} on: GET /v1/persons/${deciderId} names who made their keys.`,
      details,
    );
  return refuse(
    'RequesterKeyed',
    `You may hold a key of ${requesterId}: you, or somebody whose key you may hold, registered ${requesterId} or made a key for them in the last 30 days, so another person must decide. From ${from} on you may.`,
    `Another person decides, or you do from ${from} on: GET /v1/persons/${requesterId} names who made their keys.`,
    details,
  );
}

function latest(one: LocalDate | null, other: LocalDate | null): LocalDate | null {
  return one !== null && (other === null || one > other) ? one : other;
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
export async function toldTo(
  { store, models, clock }: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
  approval: Approval,
  by: Actor | null,
): Promise<ApprovalTold> {
  const decidedBy = approversOf(approval.act);
  const why = approval.waitsBecause === null ? null : whyItWaits(approval);
  const changes = await askedChanges({ store }, approval);
  const told = { ...approval, why, changes, decidedBy };
  if (by === null || approval.state !== 'waiting') return { ...told, you: null };
  const at = clock();
  const no = await refuseDecider({ store, models }, approval, by, at);
  if (no === null) return { ...told, you: { may: true, inPlaceOf: null } };
  for (const { id: inPlaceOf } of await delegatorsOf({ store }, by.id, at))
    if ((await refuseDecider({ store, models }, approval, by, at, inPlaceOf)) === null)
      return { ...told, you: { may: true, inPlaceOf } };
  const { code, message, remedy, details } = no;
  return { ...told, you: { may: false, code, message, remedy, details } };
}
