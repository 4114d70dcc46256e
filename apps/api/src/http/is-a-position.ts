import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { Position } from '@billtrail/event-store';

/** A position of the log as answers give it out: `912.3f0a96d1`. Whether it is of this log is seen when it is asked for. */
export function IsAPosition(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, required: false, pattern: '^\\d+\\.[0-9a-f]{8}$', example: '912.3f0a96d1' }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (Position.parse(value) ?? value) : value,
    ),
    ValidateBy({
      name: 'isAPosition',
      validator: {
        validate: (value) => value instanceof Position,
        defaultMessage: () => '$property must be a position as an answer gave it, such as 912.3f0a96d1',
      },
    }),
  );
}
