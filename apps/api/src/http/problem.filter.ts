import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '@billtrail/kernel';
import { VaultIncomplete, VaultUnavailable } from '@billtrail/vault';
import {
  ClockApart,
  ClockSuspect,
  OutcomeUnknown,
  StoreUnavailable,
  UnknownStoredEvent,
  UNLIFTED_REMEDY,
  VAULT_INCOMPLETE_REMEDY,
} from '@billtrail/event-store';
import {
  InvalidPageRequest,
  isDamagedFile,
  ReadModelsBehind,
  NotKnown,
  ReadModelStopped,
  RowUnreadable,
} from '@billtrail/read-models';
import { PolicyFailed } from '@billtrail/application';
import { internalError, logFailure } from './internal-error.js';
import { LIMITS, megabytes } from './limits.js';
import { problemOf } from './problem.js';
import { Refused } from './refused.js';

const RETRY_AFTER_SECONDS = 5;
const UNREADABLE = {
  sealed: ['VaultIncomplete', VAULT_INCOMPLETE_REMEDY],
  unlifted: ['EventUnreadable', UNLIFTED_REMEDY],
} as const;

/** The one place where a failed request becomes an answer: `application/problem+json`, never a stack trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = refusalOf(error, request);
    const problem = problemOf(refusal, request.id);
    if (problem.status >= 500) logFailure(this.logger, request, error);
    request.refusedAs = refusal.code;
    if (problem.status === 503 || problem.status === 429) {
      const seconds = refusal.details['retryAfterSeconds'];
      void reply.header('retry-after', String(typeof seconds === 'number' ? seconds : RETRY_AFTER_SECONDS));
    }
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="billtrail"');
    void reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(problem);
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bodyTooLarge(limit: number): Refusal {
  return refuse('BodyTooLarge', `The body is larger than ${megabytes(limit)}.`, 'Split it into smaller requests.', {
    limit,
  });
}

function refusalOf(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refused || error instanceof NotKnown || error instanceof PolicyFailed) return error.refusal;
  if (error instanceof InvalidPageRequest) {
    const { message, remedy, details } = error.refusal;
    return refuse('InvalidInput', `${capitalised(message)}.`, `${capitalised(remedy)}.`, details);
  }
  if (error instanceof StoreUnavailable) {
    return refuse('StoreUnavailable', `The store is unavailable: ${error.problem}.`, error.remedy, {
      problem: error.problem,
    });
  }
  if (error instanceof VaultIncomplete) {
    return refuse('VaultIncomplete', 'The vault lacks keys of streams, and makes no new ones.', error.remedy, {
      streams: error.streams.length,
    });
  }
  if (error instanceof VaultUnavailable) {
    return refuse('VaultUnavailable', 'The vault of keys is unavailable.', error.remedy);
  }
  if (error instanceof ClockApart) {
    const { clock, store, remedy } = error;
    return refuse('ClockApart', `${capitalised(error.message)}.`, remedy, { clock, store });
  }
  if (error instanceof ClockSuspect) {
    const { clock, last, remedy } = error;
    return refuse('ClockSuspect', `${capitalised(error.message)}.`, remedy, { clock, lastRecordedAt: last });
  }
  if (error instanceof OutcomeUnknown) {
    return refuse(
      'OutcomeUnknown',
      'Whether this was recorded is not known: the store failed in that moment.',
      'Send the request again with the same Idempotency-Key: it has one effect.',
      { commandIds: error.commandIds },
    );
  }
  if (error instanceof UnknownStoredEvent && error.kind !== 'newer') {
    const [code, remedy] = UNREADABLE[error.kind];
    return refuse(code, `This can't be read: ${error.message}.`, remedy, { stream: error.stream });
  }
  if (error instanceof UnknownStoredEvent) {
    return refuse(
      'NewerEvent',
      `A newer version of Billtrail has recorded something here: ${error.message}.`,
      'Use the version that wrote it, or a newer one. Nothing is lost.',
      { stream: error.stream },
    );
  }
  if (error instanceof ReadModelsBehind) {
    return refuse(
      'ReadModelsBehind',
      `The read models are at position ${error.reached}, and this rests on what was recorded up to ${error.wanted}.`,
      'Send it again in a moment, under the same Idempotency-Key. If this persists, see GET /health/ready',
      { wanted: error.wanted, position: error.reached },
    );
  }
  if (error instanceof ReadModelStopped) {
    return refuse(
      'ReadModelsStopped',
      capitalised(error.message),
      'See GET /health/ready for the cause. Run a version of Billtrail that can read the event, or: billtrail rebuild',
      { readModel: error.model, position: error.position },
    );
  }
  if (error instanceof RowUnreadable)
    return refuse(
      'ReadModelsUnavailable',
      `A row of the read models can't be read, for something else has changed their file: ${error.what}. Nothing that was recorded is lost.`,
      'Fill the read models anew from the log: billtrail rebuild',
    );
  // The log's own errors are named by then.
  if (isDamagedFile(error)) {
    return refuse(
      'ReadModelsUnavailable',
      'The file of the read models is damaged. The log is another file: nothing that was recorded is lost.',
      'Start the server again: it fills them anew from the log.',
    );
  }
  const status =
    error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number } | null)?.statusCode ?? 500);
  switch (status) {
    case 404:
      return refuse(
        'RouteNotFound',
        `No route ${request.method} ${request.url.split('?')[0]}.`,
        request.url.startsWith('/v1/')
          ? 'See /docs for all routes.'
          : 'All routes that ask or record stand under /v1; see /docs.',
      );
    case 413:
      return bodyTooLarge(request.routeOptions.bodyLimit ?? LIMITS.bodyBytes);
    case 415:
      return refuse('UnsupportedMediaType', 'The body must be JSON.', 'Send it with content-type: application/json.');
    case 500:
      return internalError();
    default:
      return refuse(
        'MalformedRequest',
        error instanceof Error ? error.message : 'The request is malformed.',
        'Correct the request and send it again.',
      );
  }
}
