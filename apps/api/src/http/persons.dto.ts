import { OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { IsAnInstant } from '@billtrail/application';
import { KINDS_OF_ACCESS, type KindOfAccess } from '@billtrail/vault';
import { PageQuery } from './queries.dto.js';

export class PersonQuery extends OmitType(PageQuery, ['atLeast']) {}

export class KeyQuery extends PersonQuery {
  /** Only those of this person. */
  @IsOptional()
  @MaxLength(100)
  personId?: string;
}

export class AccessRecordQuery extends PersonQuery {
  /** `refusal`: who was refused, summed by source and minute; `read`: who read what is personal. */
  @IsOptional()
  @IsIn([...KINDS_OF_ACCESS])
  kind?: KindOfAccess;
  /** Only of this person. */
  @IsOptional()
  @MaxLength(100)
  personId?: string;
  /** Only with this key. */
  @IsOptional()
  @MaxLength(100)
  keyId?: string;
  /** From this moment on: 2026-03-02T09:00:00Z. */
  @IsOptional()
  @IsAnInstant()
  since?: string;
}
