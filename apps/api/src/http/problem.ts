import { PASSING_REFUSALS } from '@billtrail/application';
import type { Refusal } from '@billtrail/kernel';

/** RFC 9457 problem details. `type` and `code` are stable; `detail` and `remedy` are for people. */
export interface Problem {
  /** `urn:billtrail:problem:TicketNotFound`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** The refusal's code. */
  readonly code: string;
  readonly detail: string;
  /** What the caller can do about it. */
  readonly remedy: string;
  readonly correlationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Statuses of refusals that are neither a conflict with the rules (409) nor have a status by the last word of their code. */
const STATUS_OF: Readonly<Record<string, number>> = {
  InvalidInput: 400,
  MalformedRequest: 400,
  BodyTooDeep: 400,
  NotSignedIn: 401,
  NotAllowed: 403,
  KeyReadOnly: 403,
  KeyOutOfScope: 403,
  KeyStronger: 403,
  NotAPerson: 403,
  OwnRequest: 403,
  OwnDraft: 403,
  KeyedByRequester: 403,
  RequesterKeyed: 403,
  KeyedByOne: 403,
  NotADelegate: 403,
  DelegateOfRequester: 403,
  DelegationOfOthers: 403,
  TicketUnknown: 404,
  WorkItemUnknown: 404,
  TimerUnknown: 404,
  ContractUnknown: 404,
  InvoiceUnknown: 404,
  CreditNoteUnknown: 404,
  GapUnknown: 404,
  PrepaidBlockUnknown: 404,
  VersionUnknown: 404,
  PersonUnknown: 404,
  DelegateUnknown: 404,
  KeyUnknown: 404,
  ForgoingRequestUnknown: 404,
  BulkJobUnknown: 404,
  BulkJobOfAnother: 403,
  RequestTimeout: 408,
  PreconditionFailed: 412,
  BodyTooLarge: 413,
  RecordTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  TooManyRequests: 429,
  HeadersTooLarge: 431,
  InternalError: 500,
  ReadModelsStopped: 503,
  ServerBusy: 503,
  ServerStopping: 503,
  StoreUnavailable: 503,
  VaultUnavailable: 503,
  VaultIncomplete: 503,
  ReadModelsUnavailable: 503,
  OutcomeUnknown: 503,
  ClockSuspect: 503,
  ClockApart: 503,
  NewerEvent: 503,
  EventUnreadable: 503,
  NotKnown: 503,
  PolicyFailed: 503,
  ReadModelsBehind: 503,
  PastUnanswered: 503,
  ...Object.fromEntries(PASSING_REFUSALS.map((code) => [code, 503])),
};

export function statusOf(code: string): number {
  const status = STATUS_OF[code];
  if (status !== undefined) return status;
  if (code.endsWith('NotFound')) return 404;
  return code.endsWith('Malformed') || code.endsWith('Invalid') ? 400 : 409;
}

/** `TicketNotFound` -> `Ticket not found`. */
function titleOf(code: string): string {
  const words = code.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function problemOf(refusal: Refusal, correlationId: string): Problem {
  return {
    type: `urn:billtrail:problem:${refusal.code}`,
    title: titleOf(refusal.code),
    status: statusOf(refusal.code),
    code: refusal.code,
    detail: refusal.message,
    remedy: refusal.remedy,
    correlationId,
    ...(Object.keys(refusal.details).length > 0 ? { details: refusal.details } : {}),
  };
}
