import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '@billtrail/kernel';
import { foreseen } from '@billtrail/application';
import { InvalidPageRequest } from '@billtrail/read-models';
import { internalError, logFailure } from './internal-error.js';
import { LIMITS, megabytes } from './limits.js';
import { problemOf } from './problem.js';
import { Refused } from './refused.js';

const RETRY_AFTER_SECONDS = 5;

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
  if (error instanceof Refused) return error.refusal;
  if (error instanceof InvalidPageRequest) {
    const { message, remedy, details } = error.refusal;
    return refuse('InvalidInput', `${capitalised(message)}.`, `${capitalised(remedy)}.`, details);
  }
  const failure = foreseen(error);
  if (failure !== null) return failure.told;
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
