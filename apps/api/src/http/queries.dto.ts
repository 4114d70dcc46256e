import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsALocalDate, IsAMonth } from '@billtrail/application';
import { DISPOSITIONS, GAP_KINDS, LEAK_OF, type Disposition, type GapKind } from '@billtrail/billing';
import {
  FATES,
  GAP_STATES,
  INVOICE_STATUSES,
  MAX_PAGE,
  type Fate,
  type GapState,
  type InvoiceStatus,
  type Leak,
} from '@billtrail/read-models';

export class ReadQuery {
  /** Answer from this log position at least: what a write answered. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  atLeast?: number;
}

export class PageQuery extends ReadQuery {
  /** Rows of a page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit?: number;
  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;
}

export class ItemQuery extends PageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @MaxLength(100)
  ticketId?: string;
  /** A month: 2026-03. */
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @IsIn([...DISPOSITIONS])
  disposition?: Disposition;
}

export class GapQuery extends PageQuery {
  @IsOptional()
  @IsIn([...GAP_KINDS])
  kind?: GapKind;
  @IsOptional()
  @IsIn([...new Set(Object.values(LEAK_OF))])
  leak?: Leak;
  @IsOptional()
  @IsIn([...GAP_STATES])
  state?: GapState;
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @MaxLength(100)
  ticketId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @MaxLength(100)
  ownerId?: string;
}

export class InvoiceQuery extends PageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @IsIn([...INVOICE_STATUSES])
  status?: InvoiceStatus;
}

class ReconciliationScopeQuery extends PageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  /** Count what is due by this day; without it, today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  asOf?: string;
}

export class ReconciliationQuery extends OmitType(ReconciliationScopeQuery, ['limit', 'cursor']) {}

export class PeriodsQuery extends ReconciliationScopeQuery {}

export class FatesQuery extends ReconciliationScopeQuery {
  @IsOptional()
  @IsIn([...FATES])
  fate?: Fate;
}

export class TimelineQuery extends PageQuery {
  /** As it was at this position of the log. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  upTo?: number;
}
