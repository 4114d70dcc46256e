import {
  invariant,
  isEffectOf,
  isRefusal,
  openForgoings,
  type ForgoingRequested,
  type Refusal,
} from '@billtrail/kernel';
import { Position, WrongExpectedVersion, type RecordedEvent } from '@billtrail/event-store';
import { whyItWaits, whyLapsed, type Approval } from '@billtrail/read-models';
import { appendAs } from './append-as.js';
import type { CommandDefinition, CommandPorts } from './command-definition.js';
import {
  isPassing,
  type Accepted,
  type CommandAnswer,
  type CommandContext,
  type CommandWarning,
} from './command-envelope.js';
import { MAX_ATTEMPTS, decideAndAppend } from './decide-and-append.js';
import { REQUEST_OPEN, requestEnded } from './forgoing-request.js';
import { whoDecidesIt } from '../deciding/may-decide.js';

/** The actor of what ends a request without effect. */
const POLICY = 'carry-out-forgoing';

type Request = RecordedEvent<ForgoingRequested>;

/**
 * What becomes of a command that forgoes money once it is recorded: where it recorded a request, its verdict is waited for. What stands is carried out; what
 * waits is answered with a warning, and has no effect. Whatever was not only asked for is answered as it is.
 */
export async function carryOutRequest(
  ports: CommandPorts,
  definition: CommandDefinition,
  { commandId }: CommandContext,
  recorded: Accepted,
): Promise<CommandAnswer> {
  const { events } = await ports.store.readStream(recorded.stream);
  const request = events.findLast((event) => event.type === 'ForgoingRequested' && event.commandId === commandId);
  if (request === undefined) return recorded;
  return carryOut(ports, definition, request as Request, recorded);
}

/**
 * Where a command was refused because the same is asked for already: carries that request out if it stands, by the command that it was asked for by. False: it waits for a second person, or the
 * command was not refused for this.
 * @keepsRefusals
 */
export async function isCarriedOutBefore(
  ports: CommandPorts,
  definitionOf: (asked: ForgoingRequested['data']) => CommandDefinition,
  recorded: CommandAnswer,
): Promise<boolean> {
  if (!isRefusal(recorded) || recorded.code !== REQUEST_OPEN) return false;
  await ports.upToDate();
  const judged = ports.models.approvals.judgedNow(String(recorded.details['requestId']));
  if (judged === null || isRefusal(judged) || judged.state === 'waiting') return false;
  if (judged.state === 'standing') await carryOutFound(ports, definitionOf, judged);
  return true;
}

/** A request as the read models name it, by the command that its own event names. Null where its stream has none of this id. */
export async function carryOutFound(
  ports: CommandPorts,
  definitionOf: (asked: ForgoingRequested['data']) => CommandDefinition,
  { requestId, stream }: Pick<Approval, 'requestId' | 'stream'>,
): Promise<CommandAnswer | null> {
  const { events } = await ports.store.readStream(stream);
  const request = events.find(({ id }) => id === requestId);
  if (request === undefined) return null;
  const recorded = { stream, ...placeOf(request), repeated: true };
  const found = request as Request;
  return carryOut(ports, definitionOf(found.data), found, recorded);
}

async function carryOut(
  ports: CommandPorts,
  definition: CommandDefinition,
  request: Request,
  recorded: Accepted,
): Promise<CommandAnswer> {
  await ports.upToDate(Position.of(request));
  const judged = ports.models.approvals.judgedNow(request.id);
  if (isRefusal(judged)) return judged;
  invariant(judged !== null, () => `the read models passed request ${request.id} and have no verdict`);
  if (judged.lapse !== null) return requestEnded(request.id, whyLapsed(judged.lapse));
  if (judged.state === 'waiting')
    return { ...recorded, waits: true, warnings: [waits(judged, await whoDecidesIt(ports, judged, ports.clock()))] };
  for (let attempt = 1; ; attempt++) {
    const slice = await ports.store.readStream(request.stream);
    const effect = slice.events.findLast((event) =>
      isEffectOf(event, { requestId: request.id, act: request.data.act }),
    );
    if (effect !== undefined) return { ...recorded, ...placeOf(effect) };
    if (!openForgoings(slice.events).some(({ requestId }) => requestId === request.id))
      return requestEnded(request.id, 'it was withdrawn');
    const answer = await decided(ports, definition, request);
    if (!isRefusal(answer)) {
      invariant(attempt < MAX_ATTEMPTS, () => `request ${request.id} was carried out, and has no effect on its stream`);
      if (!answer.repeated) return { ...answer, repeated: recorded.repeated };
      // A policy was faster. It is the caller's request all the same, and is answered with its effect, whatever was recorded after that.
      continue;
    }
    // It still stands, for whoever tries next.
    if (isPassing(answer)) return answer;
    try {
      await withdraw(ports, request, slice.version, answer);
      return answer;
    } catch (error) {
      // Somebody wrote to its stream meanwhile: what was refused may be possible now.
      if (!(error instanceof WrongExpectedVersion) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const WITHDRAWN = 'ForgoingWithdrawn';

/** As if it were sent now by whoever asked, with the verdict known. */
async function decided(ports: CommandPorts, definition: CommandDefinition, request: Request): Promise<CommandAnswer> {
  const { id, stream, actor, correlationId, data } = request;
  const command = Object.assign(new definition.command(), data.asked);
  const context = { actor, at: ports.clock(), commandId: `forgone/${id}`, correlationId, causationId: id };
  const carriedOut = { requestId: id, data };
  return ports.inTurn(stream, async () => {
    const loaded = await ports.store.readStream(stream);
    return decideAndAppend(
      ports,
      definition,
      { command, context, asked: data.asked, claimed: null, carriedOut },
      loaded,
    );
  });
}

/** On the stream where its effect would land: whoever carries it out at this moment fails, and looks again. */
async function withdraw(
  { store, clock }: CommandPorts,
  { id, stream, correlationId }: Request,
  version: number,
  because: Refusal,
): Promise<void> {
  const reason = `${because.code}: ${because.message}`;
  const data = { requestId: id, reason, withdrawnBy: POLICY };
  const events = [{ type: WITHDRAWN, data, occurredAt: clock() }];
  const entry = { events, commandId: `withdrawn/${id}`, correlationId, causationId: null, asked: { requestId: id } };
  await appendAs(store, POLICY, { stream, expected: version }, entry);
}

function placeOf(event: RecordedEvent): Pick<Accepted, 'version' | 'last' | 'position'> {
  const position = Position.of(event);
  return { version: event.version, last: position, position };
}

/** Nothing has happened yet: how it goes on. */
function waits(judged: Approval, whoDecides: string): CommandWarning {
  const { requestId, value, hash, waitsBecause, act } = judged;
  const nothing = act === 'configure' ? 'Nothing is published yet.' : 'Nothing is forgone yet.';
  return {
    code: 'WaitsForSecondPerson',
    message: `${nothing} ${whyItWaits(judged)} ${whoDecides} Or withdraw it: POST /v1/approvals/${requestId}/withdraw`,
    details: { requestId, hash, value, ...waitsBecause },
  };
}
