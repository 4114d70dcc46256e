import { OmitType } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';
import { PageQuery } from './queries.dto.js';

export class PersonQuery extends OmitType(PageQuery, ['atLeast']) {}

export class KeyQuery extends PersonQuery {
  /** Only those of this person. */
  @IsOptional()
  @MaxLength(100)
  personId?: string;
}
