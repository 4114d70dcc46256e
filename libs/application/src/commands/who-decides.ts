import {
  localDateIn,
  refuse,
  type Actor,
  type Instant,
  type LocalDate,
  type Refusal,
  type Role,
} from '@billtrail/kernel';
import { whyItWaits, type Approval, type MineToDecide } from '@billtrail/read-models';
import { isPerson, keyedUntil } from '../access/keyed-by.js';
import { isReserved } from '../access/person-ids.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf } from '../configuration.js';
import { actsDecidedBy, approversOf } from './approvers.js';

/** A request, as far as it says who may decide on it. */
type Asked = Pick<Approval, 'requestId' | 'act' | 'requestedBy' | 'workBy'>;
type Log = Pick<CommandPorts, 'store'>;

/**
 * Why somebody may not approve or refuse a request to forgo money; null: they may. Four eyes are two persons: by what the log says of them, and never by keys.
 * Refuses, in this order: NotAllowed, NotAPerson, OwnRequest, OwnWork, RequesterNotAPerson, KeyedByRequester, RequesterKeyed.
 */
export async function refuseDecider(log: Log, asked: Asked, by: Actor, at: Instant): Promise<Refusal | null> {
  const { requestId, act, requestedBy, workBy } = asked;
  const approvers = approversOf(act);
  if (!approvers.includes(by.role)) {
    return refuse(
      'NotAllowed',
      `The role ${by.role} can't decide on a request to ${act}.`,
      `It takes one of these roles: ${approvers.join(', ')}.`,
      { requestId, role: by.role, approvers },
    );
  }
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
  return refuseRelated(log, requestedBy, by.id, at);
}

/** What somebody may decide of all that waits. */
export async function mineToDecide(
  { store, models, clock }: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
  by: Actor,
): Promise<MineToDecide> {
  const acts = (await refuseStranger({ store }, by)) === null ? actsDecidedBy(by.role) : [];
  const requestedBy: string[] = [];
  for (const requesterId of acts.length === 0 ? [] : await models.approvals.requestersOfWaiting()) {
    if (requesterId !== by.id && (await refuseRelated({ store }, requesterId, by.id, clock())) === null)
      requestedBy.push(requesterId);
  }
  return { personId: by.id, acts, requestedBy };
}

/** Why who approves can't be told from who made what they approve; null: they are two persons. Refuses: NotAPerson, RequesterNotAPerson, KeyedByRequester, RequesterKeyed. */
export async function refuseSame(log: Log, madeBy: string, by: Actor, at: Instant): Promise<Refusal | null> {
  return (await refuseStranger(log, by)) ?? refuseRelated(log, madeBy, by.id, at);
}

/** Whoever decides is a person whom somebody has named. */
async function refuseStranger({ store }: Log, { id, role }: Actor): Promise<Refusal | null> {
  if (!isReserved(id) && role !== 'system' && (await isPerson(store, id))) return null;
  return refuse(
    'NotAPerson',
    `${id} is not a registered person.`,
    'Decide with the key of a person who is registered, or have somebody who did not ask for this register this one: POST /v1/persons',
    { personId: id },
  );
}

/**
 * Two actors are two persons only where both are known, and neither they nor who could act as them hold a key of the other, whichever of both asks. Two for whom a third
 * one made keys are two: a new organisation has one admin who does so. Refuses, in this order: RequesterNotAPerson, KeyedByRequester, RequesterKeyed.
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

/** Which requests somebody may see: an engineer those that they asked for themselves, whoever may decide on one all. */
export function seenBy({ id, role }: Actor): { readonly requestedBy?: string } {
  return actsDecidedBy(role).length === 0 ? { requestedBy: id } : {};
}

/** A request as it is told to somebody: with why it waits, who decides, and whether they may. */
export interface ApprovalTold extends Approval {
  /** In a sentence; null: it stands by its verdict. */
  readonly why: string | null;
  /** The roles of which somebody else approves or refuses it. */
  readonly decidedBy: readonly Role[];
  /** Whether whoever asks may decide on it now, or why not; null: there is nothing to decide, or nobody asks. */
  readonly you: { readonly may: true } | ({ readonly may: false } & Omit<Refusal, 'refused'>) | null;
}

export async function toldTo(
  { store, clock }: Pick<CommandPorts, 'store' | 'clock'>,
  approval: Approval,
  by: Actor | null,
): Promise<ApprovalTold> {
  const decidedBy = approversOf(approval.act);
  const why = approval.waitsBecause === null ? null : whyItWaits(approval);
  if (by === null || approval.state !== 'waiting') return { ...approval, why, decidedBy, you: null };
  const no = await refuseDecider({ store }, approval, by, clock());
  if (no === null) return { ...approval, why, decidedBy, you: { may: true } };
  const { code, message, remedy, details } = no;
  return { ...approval, why, decidedBy, you: { may: false, code, message, remedy, details } };
}
