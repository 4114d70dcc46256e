import { refuse, unreachable, type Refusal } from '@billtrail/kernel';
import {
  Position,
  PositionUnknown,
  START,
  StoreUnavailable,
  UnknownStoredEvent,
  type KeysByStream,
  type StoreProblem,
  type StreamName,
  type WhyUnread,
} from '@billtrail/event-store';
import { InvalidPageRequest, NotKnown, ReadModelStopped, type NeededOfLog } from '@billtrail/read-models';
import type { GivenTo, QuestionOfAnyTime } from '../queries/questions-of-any-time.js';

/** A question of the past: by its name, with what it is given, and what it needs of the log up to a position. */
export interface AskedOfPast<Name extends QuestionOfAnyTime = QuestionOfAnyTime> {
  readonly name: Name;
  readonly given: GivenTo<Name>;
  readonly upTo: Position;
  readonly needed: NeededOfLog;
}

/** Keys of streams as text: one list of keys in base64 for each stream. */
type KeysTold = readonly (readonly [StreamName, keys: readonly string[], lostUpTo: number])[];

/** What is told to the thread that answers. All messages are JSON. */
export type ToAnswerer =
  | { readonly kind: 'ask'; readonly asked: AskedOfPast }
  | { readonly kind: 'keys'; readonly request: number; readonly keys: KeysTold }
  /** The keys can't be had: why, whoever asked knows already. */
  | { readonly kind: 'no-keys'; readonly request: number };

/** What that thread tells. */
export type FromAnswerer =
  | { readonly kind: 'keys-of'; readonly request: number; readonly streams: readonly StreamName[] }
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorTold };

/** An error as it crosses between threads: what it was made from where whoever catches it looks at more than its text. */
type ErrorTold = { readonly message: string; readonly stack: string | undefined } & (
  | { readonly name: 'StoreUnavailable'; readonly problem: StoreProblem; readonly remedy: string }
  | { readonly name: 'PositionUnknown'; readonly position: string }
  | {
      readonly name: 'UnknownStoredEvent';
      readonly stream: StreamName;
      readonly why: string;
      readonly kind: WhyUnread;
    }
  | { readonly name: 'ReadModelStopped'; readonly model: string; readonly position: string | null }
  | { readonly name: 'InvalidPageRequest'; readonly refusal: Refusal }
  | { readonly name: 'Error' }
);

export function written(message: ToAnswerer | FromAnswerer): string {
  return JSON.stringify(message);
}

/** Positions cross as their texts. */
export function readQuestion(text: string): ToAnswerer {
  const message = JSON.parse(text) as ToAnswerer;
  if (message.kind !== 'ask') return message;
  return { kind: 'ask', asked: { ...message.asked, upTo: positionOf(String(message.asked.upTo)) } };
}

export function readAnswer(text: string): FromAnswerer {
  return JSON.parse(text) as FromAnswerer;
}

export function keysTold(keys: KeysByStream): KeysTold {
  return [...keys].map(([stream, held]) => [stream, held.keys.map((key) => key.toString('base64')), held.lostUpTo]);
}

export function keysOfTold(told: KeysTold): KeysByStream {
  return new Map(
    told.map(([stream, keys, lostUpTo]) => [stream, { keys: keys.map((key) => Buffer.from(key, 'base64')), lostUpTo }]),
  );
}

/** What a question that failed is answered with. */
export function failureTold(error: unknown): FromAnswerer {
  if (error instanceof NotKnown) return { kind: 'answer', answer: error.refusal };
  if (isOfTemporaryFile(error)) return { kind: 'answer', answer: noTemporaryFile(error) };
  return { kind: 'failed', error: errorTold(error) };
}

/** What SQLite says of a file that it can't make, read or write. The log's own errors are named (`StoreUnavailable`): this is of the file in which the past is folded. */
const FILE_FAILED = /^SQLITE_(CANTOPEN|IOERR|READONLY|FULL|PERM)/;

function isOfTemporaryFile(error: unknown): error is Error {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' && FILE_FAILED.test(code);
}

function noTemporaryFile({ message: cause }: Error): Refusal {
  return refuse(
    'PastUnanswered',
    'What was recorded up to there has to be folded in a temporary file, and that could not be written.',
    'Let the server write to the folder for temporary files of its system (TMPDIR, or /var/tmp and /tmp) and see that there is room, then ask again. About one client, ticket or contract little is needed.',
    { cause },
  );
}

function errorTold(error: unknown): ErrorTold {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = { message, stack };
  if (error instanceof StoreUnavailable)
    return { ...text, name: 'StoreUnavailable', problem: error.problem, remedy: error.remedy };
  if (error instanceof PositionUnknown) return { ...text, name: 'PositionUnknown', position: String(error.position) };
  if (error instanceof UnknownStoredEvent) {
    const { stream, why, kind } = error;
    return { ...text, name: 'UnknownStoredEvent', stream, why, kind };
  }
  if (error instanceof ReadModelStopped) {
    const { model, position } = error;
    return { ...text, name: 'ReadModelStopped', model, position: position && String(position) };
  }
  if (error instanceof InvalidPageRequest) return { ...text, name: 'InvalidPageRequest', refusal: error.refusal };
  return { ...text, name: 'Error' };
}

/** The error that was told, of its kind and with its text. */
export function errorOf(told: ErrorTold): Error {
  const { message, stack } = told;
  return Object.assign(madeAgain(told), { message, stack });
}

function madeAgain(told: ErrorTold): Error {
  switch (told.name) {
    case 'StoreUnavailable':
      return new StoreUnavailable(told.problem, '', told.remedy);
    case 'PositionUnknown':
      return new PositionUnknown(positionOf(told.position));
    case 'UnknownStoredEvent':
      return new UnknownStoredEvent(told.stream, told.why, told.kind);
    case 'ReadModelStopped':
      return new ReadModelStopped(told.model, told.position === null ? null : positionOf(told.position), '');
    case 'InvalidPageRequest':
      return new InvalidPageRequest(told.refusal);
    case 'Error':
      return new Error();
    default:
      return unreachable(told);
  }
}

function positionOf(text: string): Position {
  return Position.parse(text) ?? START;
}
