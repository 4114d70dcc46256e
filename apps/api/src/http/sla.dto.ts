import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { SLA_STATES, type SlaState } from '@billtrail/read-models';
import { PastPageQuery } from './queries.dto.js';

export class SlaListQuery extends PastPageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @MaxLength(100)
  ticketId?: string;
  /** The state of the target, now or at `upTo`. */
  @IsOptional()
  @IsIn([...SLA_STATES])
  state?: SlaState;
}
