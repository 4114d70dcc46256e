import type { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '@billtrail/kernel';

/** What a caller is told of an error that nobody has foreseen. `correlationId`: where it is told nowhere else. */
export function internalError(correlationId?: string): Refusal {
  return refuse(
    'InternalError',
    'Something went wrong on the server. Nothing that was recorded is lost.',
    `Try again. If it happens again, report the correlation id${correlationId === undefined ? '' : ` ${correlationId}`}.`,
    correlationId === undefined ? {} : { correlationId },
  );
}

/** Logs why a request failed: its caller is not told. */
export function logFailure(logger: Logger, request: FastifyRequest, error: unknown): void {
  logger.error({
    correlationId: request.id,
    method: request.method,
    route: request.routeOptions.url,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
