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
  /** How the target stands now, or at the position that is asked for. */
  @IsOptional()
  @IsIn([...SLA_STATES])
  state?: SlaState;
}
