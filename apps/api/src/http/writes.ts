import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { bodyOf } from './body-of.js';
import type { CommandClass } from '@billtrail/application';

/** In the document while it is made: the method of a controller that answers, by which what it answers is known. */
export const ANSWERED_BY = 'x-answered-by';

/** Tells the document which method answers: an operation is called by the command that it carries. */
export const AnsweredByItself: MethodDecorator = (target, key, descriptor) =>
  ApiExtension(ANSWERED_BY, `${target.constructor.name}_${String(key)}`)(target, key, descriptor);

/** A route that carries a command: `Writes('Log a time entry', ':ticketId/time-entries', LogTimeEntry, ['ticketId'], 201)`. */
export function Writes<C extends object>(
  summary: string,
  path: string,
  command: CommandClass<C>,
  fromPath: readonly (keyof C & string)[] = [],
  status: 200 | 201 = 200,
): MethodDecorator {
  return written(summary, path, command.name, bodyOf(command, ...fromPath), status);
}

/** A route that records something of persons and keys, which is no command of the business. */
export function Records(
  summary: string,
  path: string,
  body: CommandClass,
  status: 200 | 201 = 200,
  description?: string,
): MethodDecorator {
  return written(summary, path, body.name, body, status, description);
}

function written(
  summary: string,
  path: string,
  operationId: string,
  body: CommandClass,
  status: 200 | 201,
  description?: string,
): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(status),
    AnsweredByItself,
    ApiResponse({ status, description: 'What was recorded' }),
    ApiOperation({ summary, operationId, ...(description === undefined ? {} : { description }) }),
    ApiBody({ type: body, required: true }),
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ApiParam({ name, type: String })),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Requests of yours with the same key take effect once, wherever they are sent; another request under the same key is refused.',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag you last saw; the request is refused if it has changed since.',
    }),
  );
}
