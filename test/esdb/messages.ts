import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { AllFrom, Appended, Direction, ExpectedRevision, HeldEvent, ProposedEvent } from './log-in-memory.js';

/** What a read asks for. */
export interface AskedRead {
  /** Null: the whole log. */
  readonly stream: string | null;
  readonly from: AllFrom;
  readonly direction: Direction;
  readonly count: number;
  readonly isSubscription: boolean;
  /** It asks for events of some names alone. */
  readonly isFiltered: boolean;
}

/** Nanoseconds of a tick of the engine's clock are 100. */
const TICKS_OF_A_MILLISECOND = 10_000n;

export function readAsked(request: ReadReq): AskedRead {
  const options = request.getOptions();
  const stream = options?.getStream();
  const all = options?.getAll();
  const isStart = stream?.hasStart() ?? all?.hasStart() ?? false;
  const isEnd = stream?.hasEnd() ?? all?.hasEnd() ?? false;
  const from = stream?.getRevision() ?? all?.getPosition()?.getCommitPosition() ?? '0';
  return {
    stream: stream ? text(stream.getStreamIdentifier()?.getStreamName_asU8()) : null,
    from: isStart ? 'start' : isEnd ? 'end' : Number(from),
    direction:
      options?.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS ? 'backwards' : 'forwards',
    count: Number(options?.getCount() ?? 0),
    isSubscription: options?.hasSubscription() ?? false,
    isFiltered: options?.hasFilter() ?? false,
  };
}

export interface AskedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

export function appendAsked(request: AppendReq): AskedAppend {
  const options = request.getOptions();
  const stream = text(options?.getStreamIdentifier()?.getStreamName_asU8());
  if (options?.hasNoStream()) return { stream, expected: 'no-stream' };
  if (options?.hasAny()) return { stream, expected: 'any' };
  if (options?.hasStreamExists()) return { stream, expected: 'exists' };
  return { stream, expected: Number(options?.getRevision()) };
}

export function proposed(request: AppendReq): ProposedEvent | null {
  const message = request.getProposedMessage();
  if (message === undefined) return null;
  return {
    id: message.getId()?.getString() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function appendAnswer(outcome: Appended, { expected }: AskedAppend): AppendResp {
  const answer = new streams.AppendResp();
  if ('last' in outcome) {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(outcome.last.position));
    position.setPreparePosition(String(outcome.last.position));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(outcome.last.revision));
    success.setPosition(position);
    answer.setSuccess(success);
    return answer;
  }
  const conflict = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.conflict === null) conflict.setCurrentNoStream(new shared.Empty());
  else conflict.setCurrentRevision(String(outcome.conflict));
  if (expected === 'no-stream') conflict.setExpectedNoStream(new shared.Empty());
  else if (expected === 'exists') conflict.setExpectedStreamExists(new shared.Empty());
  else conflict.setExpectedRevision(String(expected));
  answer.setWrongExpectedVersion(conflict);
  return answer;
}

const answers = new WeakMap<HeldEvent, Buffer>();

/** As it is sent: events never change, and are read often. */
export function eventAnswer(event: HeldEvent): Buffer {
  let answer = answers.get(event);
  if (answer === undefined) answers.set(event, (answer = Buffer.from(answerOf(event).serializeBinary())));
  return answer;
}

function answerOf(event: HeldEvent): ReadResp {
  const id = new shared.UUID();
  id.setString(event.id);
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(new TextEncoder().encode(event.stream));
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  record.setId(id);
  record.setStreamIdentifier(stream);
  record.setStreamRevision(String(event.revision));
  record.setCommitPosition(String(event.position));
  record.setPreparePosition(String(event.position));
  record.getMetadataMap().set('type', event.type);
  record.getMetadataMap().set('content-type', event.contentType);
  record.getMetadataMap().set('created', String(BigInt(event.created) * TICKS_OF_A_MILLISECOND));
  record.setCustomMetadata(event.metadata);
  record.setData(event.data);
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(record);
  read.setCommitPosition(String(event.position));
  const answer = new streams.ReadResp();
  answer.setEvent(read);
  return answer;
}

export function notFoundAnswer(stream: string): ReadResp {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(new TextEncoder().encode(stream));
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifier);
  const answer = new streams.ReadResp();
  answer.setStreamNotFound(notFound);
  return answer;
}

export function confirmedAnswer(id: string): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(id);
  const answer = new streams.ReadResp();
  answer.setConfirmation(confirmation);
  return answer;
}

export function caughtUpAnswer(): ReadResp {
  const answer = new streams.ReadResp();
  answer.setCaughtUp(new streams.ReadResp.CaughtUp());
  return answer;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
