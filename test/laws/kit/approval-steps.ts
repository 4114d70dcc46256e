import type { Actor } from '@billtrail/kernel';
import {
  ApproveForgoingRequest,
  EndDelegation,
  NameDelegate,
  RefuseForgoingRequest,
  WithdrawForgoingRequest,
} from '@billtrail/application';
import { MAX_PAGE, type Approval } from '@billtrail/read-models';
import { chosen, type History } from './history.js';
import { SECOND } from './house.js';
import type { Step } from './steps.js';
import { voidWork } from './work-steps.js';

const DELEGATE: Actor = { id: 'ops-away', role: 'operations' };

/**
 * What waits is decided on, mostly by another person, who approves or refuses it; now and then in that person's place, or whoever asked for it approves it themselves, or takes it back. Where nothing
 * waits, an engineer asks that something be voided.
 */
export async function decide(history: History, { pick: [which, how] }: Step): Promise<void> {
  if ((await waiting(history)).length === 0) await askToVoid(history, which);
  const request = chosen(await waiting(history), which);
  if (request === undefined) return;
  const { requestId, hash, requestedBy, requestedAs } = request;
  const requester: Actor = { id: requestedBy, role: requestedAs };
  for (const person of [SECOND.id, requestedBy]) await history.house.registers(person);
  switch (how % 6) {
    case 0:
    case 1:
      await history.send(RefuseForgoingRequest, { requestId, reason: 'it was done' }, SECOND);
      return;
    case 2:
      await history.send(WithdrawForgoingRequest, { requestId, reason: 'asked by mistake' }, SECOND);
      return;
    case 3:
      await history.send(ApproveForgoingRequest, { requestId, hash }, requester);
      return;
    case 4:
      if (await approveByDelegate(history, request, which)) noteWhatWasVoided(history, request);
      return;
    default:
      if (await history.send(ApproveForgoingRequest, { requestId, hash }, SECOND)) noteWhatWasVoided(history, request);
  }
}

/** The second person is away from today on, and operations approve in their place; often they are back the same day. */
async function approveByDelegate(history: History, { requestId, hash }: Approval, which: number): Promise<boolean> {
  await history.house.registers(DELEGATE.id, undefined, ['operations']);
  const delegationId = `D-${which}`;
  const named = { delegationId, delegateId: DELEGATE.id, from: history.dayBack(0), until: history.dayBack(-7) };
  await history.send(NameDelegate, named, SECOND);
  const approval = { requestId, hash, inPlaceOf: SECOND.id };
  const isApproved = await history.send(ApproveForgoingRequest, approval, DELEGATE);
  if (which % 2 === 0) await history.send(EndDelegation, { delegationId }, SECOND);
  return isApproved;
}

async function waiting({ house: { billtrail } }: History): Promise<readonly Approval[]> {
  await billtrail.upToDate();
  return (await billtrail.models.approvals.list({ state: 'waiting' }, { limit: MAX_PAGE })).items;
}

/** Work of a ticket that was resolved, or of any. */
async function askToVoid(history: History, which: number): Promise<void> {
  const open = new Set(history.tickets.flatMap(({ ticketId, stage }) => (stage === 'in-progress' ? [ticketId] : [])));
  const all = history.works(() => true);
  const held = all.filter(({ ticketId }) => !open.has(ticketId));
  const work = chosen(held.length === 0 ? all : held, which);
  if (work !== undefined) await voidWork(history, work, false);
}

function noteWhatWasVoided(history: History, { act, ticketId, target }: Approval): void {
  if (act !== 'void-work') return;
  for (const work of history.works((one) => one.ticketId === ticketId && one.id === target)) work.voided = true;
}
