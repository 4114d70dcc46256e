import { IsOptional } from 'class-validator';
import {
  isEffectOf,
  isRefusal,
  openForgoings,
  refuse,
  unreachable,
  type Actor,
  type Decider,
  type Decision,
  type ForgoingApproved,
  type ForgoingEvent,
  type ForgoingRefused,
  type ForgoingRequested,
  type Issued,
  type OpenForgoing,
  type Refusal,
} from '@billtrail/kernel';
import { Position, streamName, type RecordedEvent, type StreamName } from '@billtrail/event-store';
import { whyLapsed, type Approval } from '@billtrail/read-models';
import { carryOutFound } from '../command-path/carry-out-request.js';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { requestDecided, requestEnded } from '../command-path/forgoing-request.js';
import { CommandName, IsAHash, IsAnId, IsLine } from './fields.js';
import { definitionOfRequest } from './forgoing-acts.js';
import { refuseDecider } from '../deciding/who-decides.js';

abstract class ForgoingRequestFields {
  /** As the list of requests names it. */
  @IsAnId()
  requestId: string;
}

abstract class DecisionOnRequest extends ForgoingRequestFields {
  /** The person in whose place you decide: they named you for these days. Left out: you decide by your own right. */
  @IsOptional()
  @IsAnId()
  inPlaceOf?: string | null;
}

/** A second person agrees to what waits for one: it has its effect. */
export class ApproveForgoingRequest extends DecisionOnRequest {
  @CommandName('ApproveForgoingRequest')
  readonly type = 'ApproveForgoingRequest';
  /** Of what the person has seen, as the request tells it. */
  @IsAHash()
  hash: string;
  @IsOptional()
  @IsLine()
  comment: string | null = null;
}

/** A second person does not agree: nothing is forgone. */
export class RefuseForgoingRequest extends DecisionOnRequest {
  @CommandName('RefuseForgoingRequest')
  readonly type = 'RefuseForgoingRequest';
  @IsLine()
  reason: string;
}

/** Takes back a request to forgo money that has no effect yet: by whoever asked, or may decide on it. */
export class WithdrawForgoingRequest extends ForgoingRequestFields {
  @CommandName('WithdrawForgoingRequest')
  readonly type = 'WithdrawForgoingRequest';
  @IsLine()
  reason: string;
}

type OnRequest = ApproveForgoingRequest | RefuseForgoingRequest | WithdrawForgoingRequest;

/** What is known of the request beside its stream. */
interface Judged {
  readonly judged: Approval;
  /** Why whoever sends it may not decide; null: they may. */
  readonly refused: Refusal | null;
}

/** The stream of a ticket, gap or account, as far as it tells of requests. */
type Told = readonly RecordedEvent[];

const requests: Decider<OnRequest & Judged, Told, ForgoingEvent> = {
  initialState: [],
  evolve: (told, event) => [...told, event as unknown as RecordedEvent],
  decide(command: OnRequest & Judged & Issued, told): Decision<ForgoingEvent> {
    const { requestId, judged, refused, at: occurredAt, by } = command;
    if (isRepeat(command, told, by)) return [];
    if (judged.lapse !== null) return requestEnded(requestId, whyLapsed(judged.lapse));
    const open = openForgoings(told).find((one) => one.requestId === requestId);
    if (open === undefined) return ended(requestId, told);
    switch (command.type) {
      case 'WithdrawForgoingRequest': {
        if (by.id !== judged.requestedBy && refused !== null) return refused;
        const { reason } = command;
        return [{ type: 'ForgoingWithdrawn', data: { requestId, reason, withdrawnBy: by.id }, occurredAt }];
      }
      case 'RefuseForgoingRequest': {
        const decided = refuseDecided(open, judged) ?? refused;
        if (decided !== null) return decided;
        const data = { requestId, reason: command.reason, refusedBy: by.id, ...inPlace(command) };
        return [{ type: 'ForgoingRefused', data, occurredAt }];
      }
      case 'ApproveForgoingRequest': {
        const { hash, comment } = command;
        const decided = refuseDecided(open, judged) ?? refused ?? (hash === judged.hash ? null : otherHash(judged));
        if (decided !== null) return decided;
        const data = { requestId, hash, comment, approvedBy: by.id, ...inPlace(command) };
        return [{ type: 'ForgoingApproved', data, occurredAt }];
      }
      default:
        return unreachable(command);
    }
  },
};

function inPlace({ inPlaceOf = null }: DecisionOnRequest): { readonly inPlaceOf?: string } {
  return inPlaceOf === null ? {} : { inPlaceOf };
}

/** The same person has done the same before, whatever became of it. */
function isRepeat(command: OnRequest, told: Told, by: Actor): boolean {
  return told.some(({ type, data, actor }) => {
    if (actor.id !== by.id || (data as { readonly requestId?: string }).requestId !== command.requestId) return false;
    if (type === 'ForgoingApproved')
      return command.type === 'ApproveForgoingRequest' && (data as ForgoingApproved['data']).hash === command.hash;
    return (
      (type === 'ForgoingRefused' && command.type === 'RefuseForgoingRequest') ||
      (type === 'ForgoingWithdrawn' && command.type === 'WithdrawForgoingRequest')
    );
  });
}

/** Nobody decides twice, or on what stands by its verdict. */
function refuseDecided({ approvedBy }: OpenForgoing, { requestId, state }: Approval): Refusal | null {
  if (approvedBy !== null) return requestDecided(requestId, `approved by ${approvedBy}, and its effect follows`);
  if (state === 'waiting') return null;
  return refuse(
    'ApprovalNotNeeded',
    `Request ${requestId} is within the limit and needs no approval.`,
    `Look what became of it: GET /v1/approvals/${requestId}`,
    { requestId },
  );
}

function otherHash({ requestId, hash }: Approval): Refusal {
  return refuse(
    'HashDiffers',
    `This is not the hash of what request ${requestId} would do.`,
    'Look at the request, and approve it with the hash that it shows: GET /v1/approvals/{requestId}',
    { requestId, hash },
  );
}

function ended(requestId: string, told: Told): Refusal {
  const request = told.find(({ id }) => id === requestId);
  const act = (request?.data as ForgoingRequested['data'] | undefined)?.act;
  const effect = act === undefined ? undefined : told.find((event) => isEffectOf(event, { requestId, act }));
  if (effect !== undefined) return requestDecided(requestId, `carried out already (event ${effect.id})`);
  const refusal = told.find(
    ({ type, data }) => type === 'ForgoingRefused' && (data as ForgoingRefused['data']).requestId === requestId,
  );
  const how =
    refusal === undefined
      ? 'it was withdrawn'
      : `${(refusal.data as ForgoingRefused['data']).refusedBy} has refused it`;
  return requestEnded(requestId, how);
}

async function judge<C extends OnRequest>(
  command: C,
  { actor, at }: CommandContext,
  ports: CommandPorts,
): Promise<(C & Judged) | Refusal> {
  const { requestId } = command;
  await ports.upToDate();
  const judged = ports.models.approvals.judgedNow(requestId);
  if (isRefusal(judged)) return judged;
  if (judged === null)
    return refuse(
      'ForgoingRequestUnknown',
      `There is no request ${requestId} to forgo money.`,
      'Check the id: GET /v1/approvals',
      { requestId },
    );
  const inPlaceOf = command.type === 'WithdrawForgoingRequest' ? null : command.inPlaceOf;
  return { ...command, judged, refused: await refuseDecider(ports, judged, actor, at, inPlaceOf) };
}

/** Where the request is recorded; of one that nobody knows a stream that nobody writes. */
async function streamOf({ requestId }: OnRequest, ports: CommandPorts): Promise<StreamName> {
  await ports.upToDate();
  const found = await ports.models.approvals.get(requestId);
  return found?.stream ?? streamName('approvals', requestId);
}

/** What was approved has its effect, and all that follows it, before its second person is answered. After a crash a policy does it. */
async function haveEffect(
  { requestId }: ApproveForgoingRequest,
  context: CommandContext,
  ports: CommandPorts,
): Promise<Position | Refusal | null> {
  await ports.upToDate();
  const found = await ports.models.approvals.get(requestId);
  if (found === null) return null;
  const { store } = ports;
  const answer = await carryOutFound(ports, definitionOfRequest, found);
  if (answer === null || isRefusal(answer)) return answer;
  const { events } = await store.readStream(found.stream);
  const request = events.find(({ id }) => id === requestId)?.data as ForgoingRequested['data'] | undefined;
  const definition = request && definitionOfRequest(request);
  if (request === undefined || definition?.follow === undefined) return answer.position;
  const command = Object.assign(new definition.command(), request.asked);
  return (await definition.follow(command, context, ports)) ?? answer.position;
}

const DECIDE = { roles: ['operations', 'accounts'], stream: streamOf, prepare: judge, decider: requests } as const;

export const approvalFamily: CommandFamily = {
  heading: 'Approvals',
  path: 'approvals',
  commands: [
    define({
      ...DECIDE,
      command: ApproveForgoingRequest,
      byDelegates: true,
      route: { summary: 'Approve a request to forgo money', path: ':requestId/approve' },
      follow: haveEffect,
    }),
    define({
      ...DECIDE,
      command: RefuseForgoingRequest,
      byDelegates: true,
      route: { summary: 'Refuse a request to forgo money', path: ':requestId/refuse' },
    }),
    define({
      ...DECIDE,
      // An engineer takes back what they asked for.
      roles: ['support', ...DECIDE.roles],
      command: WithdrawForgoingRequest,
      route: { summary: 'Withdraw a request to forgo money', path: ':requestId/withdraw' },
    }),
  ],
};
