import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { bodyOf } from './body-of.js';
import type { CommandClass } from '@billtrail/application';

/** What the caller may not have meant; it was carried out all the same. */
export class CommandWarningDto {
  /** Stable: `WorkUnpriced`. */
  @ApiProperty()
  code: string;
  @ApiProperty()
  message: string;
  @ApiProperty({ type: Object })
  details: object;
}

/** What every write answers. The ETag header holds the version too. */
export class WriteAnswerDto {
  /** Where it was recorded: `ticket-INC0001`. */
  @ApiProperty()
  stream: string;
  /** Version of that stream now. */
  @ApiProperty()
  version: number;
  /** Read with `?atLeast=` this position to see the effect. */
  @ApiProperty()
  position: number;
  /** True where this very request had been carried out before, or there was nothing to do. */
  @ApiProperty()
  repeated: boolean;
  /** Of writes that look for any: contracts, their versions and counts. */
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
  /** What to do about it. */
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
    Post(path),
    HttpCode(status),
    ApiOperation({ summary, operationId: command.name }),
    ApiBody({ type: bodyOf(command, ...fromPath), required: true }),
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ApiParam({ name, type: String })),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The same key has one effect; another body under it is refused.',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag you have seen; refused when it has changed since.',
    }),
    ApiResponse({ status, type: WriteAnswerDto }),
    ...[400, 401, 403, 404, 409, 412, 422, 503].map((code) =>
      ApiResponse({ status: code, type: ProblemDto, description: 'Refused' }),
    ),
  );
}
