import {
  isEffectOf,
  openForgoings,
  refuse,
  type Decider,
  type ForgoingEvent,
  type ForgoingRequested,
  type Issued,
} from '@billtrail/kernel';
import { streamName, type RecordedEvent, type StreamName } from '@billtrail/event-store';
import { whyLapsed, type Lapse } from '@billtrail/read-models';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { requestEnded } from '../command-path/forgoing-request.js';
import { CommandName, IsAnId, IsLine } from './fields.js';

/** Takes back a request to forgo money that has no effect yet: mostly one that waits for a second person. */
export class WithdrawForgoingRequest {
  @CommandName('WithdrawForgoingRequest')
  readonly type = 'WithdrawForgoingRequest';
  /** As the list of requests names it. */
  @IsAnId()
  requestId: string;
  @IsLine()
  reason: string;
}

/** What is known of the request beside its stream. */
type Known = WithdrawForgoingRequest & { readonly lapse: Lapse | null };

/** The stream of a ticket, gap or account, as far as it tells of requests. */
type Told = readonly RecordedEvent[];

const requests: Decider<Known, Told, ForgoingEvent> = {
  initialState: [],
  evolve: (told, event) => [...told, event as unknown as RecordedEvent],
  decide({ requestId, reason, lapse, at, by }: Known & Issued, told) {
    if (lapse !== null) return requestEnded(requestId, whyLapsed(lapse));
    if (openForgoings(told).some((open) => open.requestId === requestId))
      return [{ type: 'ForgoingWithdrawn', data: { requestId, reason, withdrawnBy: by.id }, occurredAt: at }];
    const request = told.find(({ id, type }) => id === requestId && type === 'ForgoingRequested');
    if (request === undefined) return unknown(requestId);
    const { act } = request.data as ForgoingRequested['data'];
    const effect = told.find((event) => isEffectOf(event, { requestId, act }));
    if (effect !== undefined) return requestEnded(requestId, `it was carried out before, by event ${effect.id}`);
    return [];
  },
};

function unknown(requestId: string) {
  return refuse(
    'ForgoingRequestUnknown',
    `There is no request ${requestId} to forgo money.`,
    'Check the id: GET /v1/approvals',
    { requestId },
  );
}

async function withLapse(
  command: WithdrawForgoingRequest,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<Known> {
  await ports.upToDate();
  return { ...command, lapse: (await ports.models.approvals.get(command.requestId))?.lapse ?? null };
}

/** Where the request is recorded; of one that nobody knows a stream that nobody writes. */
async function streamOf({ requestId }: WithdrawForgoingRequest, ports: CommandPorts): Promise<StreamName> {
  await ports.upToDate();
  const found = await ports.models.approvals.get(requestId);
  return found?.stream ?? streamName('approvals', requestId);
}

export const approvalFamily: CommandFamily = {
  heading: 'Gaps',
  path: 'approvals',
  commands: [
    define({
      command: WithdrawForgoingRequest,
      route: { summary: 'Withdraw a request to forgo money', path: ':requestId/withdraw' },
      roles: ['operations', 'accounts'],
      stream: streamOf,
      prepare: withLapse,
      decider: requests,
    }),
  ],
};
