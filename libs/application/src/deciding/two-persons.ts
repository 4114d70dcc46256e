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
import { beginningOf } from './beginning.js';
import { keyedByOne, isPerson, keyedUntil, rolesOf, type HolderOfBoth } from './keyed-by.js';
import { isReserved } from '../access/person-ids.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf, todayOf } from '../configuration.js';
import { delegationsTo } from './delegations.js';

type Log = Pick<CommandPorts, 'store'>;
/** The clock says whether an organisation begins, whatever a caller says of when it was done. */
export type DecidingPorts = Pick<CommandPorts, 'store' | 'models' | 'clock'>;

/** Decide on all that waits, and on drafts. */
export const DECIDE_ALL: readonly Role[] = ['accounts', 'admin'];

/** What two persons agree to, as far as it says who else could. */
interface Agreed {
  readonly requestedBy: string;
  readonly workBy: readonly string[];
  /** The roles of which one is needed. */
  readonly approvers: readonly Role[];
}

/**
 * Why who approves can't be told from who made what they approve; null: they are two persons. Refuses: NotAPerson, RequesterNotAPerson, KeyedByRequester, RequesterKeyed,
 * KeyedByOne.
 */
export async function refuseSame(
  ports: DecidingPorts,
  { madeBy, approvers }: { readonly madeBy: string; readonly approvers: readonly Role[] },
  by: Actor,
  at: Instant,
): Promise<Refusal | null> {
  return (
    (await refuseStranger(ports, by)) ??
    (await refuseRelated(ports, madeBy, by.id, at)) ??
    refuseKeyedByOne(ports, { requestedBy: madeBy, workBy: [], approvers }, by.id, at)
  );
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

/** Whoever acts in somebody's place these days is no second person to them. */
export async function refuseDelegate(
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
 * Two actors are two persons only where both are known, and neither they nor who could act as them hold a key of the other, whichever of both asks. Of a third one who made
 * keys of both says {@link refuseKeyedByOne}. Refuses, in this order: RequesterNotAPerson, KeyedByRequester, RequesterKeyed.
 */
export async function refuseRelated(
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

/**
 * One who registered two persons, or made keys of both, in the last 30 days could ask as the one and decide as the other. So somebody else decides of whom that one holds
 * no key, or it waits. Only as long as whoever holds the keys is bound to nobody yet ({@link beginningOf}), and nobody else can decide, the two are two: an organisation
 * has all its persons from one then. Refuses: KeyedByOne, ReadModelsDiffer.
 */
export async function refuseKeyedByOne(
  ports: DecidingPorts,
  agreed: Agreed,
  personId: string,
  at: Instant,
): Promise<Refusal | null> {
  const { requestedBy } = agreed;
  const holders = await holdersOfBoth(ports, [requestedBy, personId], at);
  const [one] = holders;
  if (one === undefined) return null;
  const other = await whoElse(ports, agreed, personId, at);
  if (isRefusal(other)) return other;
  if (other === null) {
    const begins = beginsWith(ports, holders);
    if (isRefusal(begins)) return begins;
    if (begins) return null;
  }
  const { holderId: keyedBy, until: from } = one;
  return refuse(
    'KeyedByOne',
    `${keyedBy} may hold keys of both ${requestedBy} and ${personId}: they, or who could act as them, registered both or made keys for them in the last 30 days. From ${from} on ${personId} may decide.`,
    `${other === null ? `Nobody else can decide now: ${personId} does from ${from} on` : `Another person decides, such as ${other}, or ${personId} does from ${from} on`}. Who made their keys: GET /v1/persons/${personId}`,
    { requestedBy, personId, keyedBy, from },
  );
}

/** Whether somebody may hold keys of both: whether they are taken for two then depends on what they agree to ({@link refuseKeyedByOne}). */
export async function isKeyedByOne(
  ports: DecidingPorts,
  pair: readonly [string, string],
  at: Instant,
): Promise<boolean> {
  return (await holdersOfBoth(ports, pair, at)).length > 0;
}

async function holdersOfBoth(
  { store }: Log,
  pair: readonly [string, string],
  at: Instant,
): Promise<readonly HolderOfBoth[]> {
  const { organisation } = await configurationOf(store);
  const dayOf = (moment: Instant) => localDateIn(organisation.timeZone, moment);
  return keyedByOne(store, pair, dayOf(at), ({ occurredAt }) => dayOf(occurredAt));
}

/** Each of them is bound to nobody yet. Refuses: ReadModelsDiffer. */
function beginsWith({ models, clock }: DecidingPorts, holders: readonly HolderOfBoth[]): boolean | Refusal {
  for (const { holderId } of holders) {
    const others = models.approvals.othersGivenNow(holderId, DECIDE_ALL);
    if (isRefusal(others)) return others;
    if (beginningOf(others, holderId, clock()) === null) return false;
  }
  return true;
}

/** Somebody else who may decide on it now, of whom nobody holds a key who may hold one of whoever asked; null: nobody can. Refuses: ReadModelsDiffer. */
async function whoElse(
  ports: DecidingPorts,
  { requestedBy, workBy, approvers }: Agreed,
  personId: string,
  at: Instant,
): Promise<string | Refusal | null> {
  const others = ports.models.approvals.othersGivenNow(requestedBy, approvers);
  if (isRefusal(others)) return others;
  for (const { id } of others) {
    if (id === personId || workBy.includes(id)) continue;
    if (!(await rolesOf(ports.store, id)).some((role) => approvers.includes(role))) continue;
    if ((await refuseDelegate(ports, requestedBy, id, at)) !== null) continue;
    if ((await refuseRelated(ports, requestedBy, id, at)) !== null) continue;
    if ((await holdersOfBoth(ports, [requestedBy, id], at)).length === 0) return id;
  }
  return null;
}
