import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { bodyOf } from './body-of.js';
import type { CommandClass } from '@billtrail/application';

/** Something the caller may not have intended. The command was carried out all the same. */
export class CommandWarningDto {
  /** Stable: `WorkUnpriced`. */
  @ApiProperty()
  code: string;
  @ApiProperty()
  message: string;
  @ApiProperty({ type: Object })
  details: object;
}

/** The answer to every write. The ETag header has the position of the stream's last event, for `If-Match`. */
export class WriteAnswerDto {
  /** The stream it was recorded in: `ticket-INC0001`. */
  @ApiProperty()
  stream: string;
  /** The current version of that stream. */
  @ApiProperty()
  version: number;
  /** Read with `?atLeast=POSITION` to see the effect: `912.3f0a96d1`. */
  @ApiProperty()
  position: string;
  /** True if this request was already carried out, or there was nothing to do. */
  @ApiProperty()
  repeated: boolean;
  /** Only from writes that can have warnings: contracts, their versions and counts, drafts and invoices. */
  @ApiProperty({ required: false, type: [CommandWarningDto] })
  warnings?: CommandWarningDto[];
}

export class ProblemDto {
  /** Stable: `urn:billtrail:problem:TicketNotFound`. */
  @ApiProperty()
  type: string;
  @ApiProperty()
  title: string;
  @ApiProperty()
  status: number;
  /** The refusal's code, stable. */
  @ApiProperty()
  code: string;
  @ApiProperty()
  detail: string;
  /** What the caller can do about it. */
  @ApiProperty()
  remedy: string;
  @ApiProperty()
  correlationId: string;
  @ApiProperty({ required: false, type: Object })
  details?: object;
}

/** A route that carries a command: `Writes('Log a time entry', ':ticketId/time-entries', LogTimeEntry, ['ticketId'], 201)`. */
export function Writes<C extends object>(
  summary: string,
  path: string,
  command: CommandClass<C>,
  fromPath: readonly (keyof C & string)[] = [],
  status: 200 | 201 = 200,
): MethodDecorator {
  return applyDecorators(
    written(summary, path, command.name, bodyOf(command, ...fromPath), status),
    ApiResponse({ status, type: WriteAnswerDto }),
  );
}

/** A route that records something of persons and keys, which is no command of the business. */
export function Records(summary: string, path: string, body: CommandClass, status: 200 | 201 = 200): MethodDecorator {
  return applyDecorators(
    written(summary, path, body.name, body, status),
    ApiResponse({ status, description: 'What was recorded' }),
  );
}

function written(
  summary: string,
  path: string,
  operationId: string,
  body: CommandClass,
  status: 200 | 201,
): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(status),
    ApiOperation({ summary, operationId }),
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
    ...[400, 401, 403, 404, 409, 412, 422, 503].map((code) =>
      ApiResponse({ status: code, type: ProblemDto, description: 'Refused' }),
    ),
  );
}
