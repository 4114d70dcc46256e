import { IntersectionType, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DELEGATION_STATES, IsALocalDate, IsAMonth, type DelegationState } from '@billtrail/application';
import { FORGOING_ACTS, type ForgoingAct } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import {
  CHARGE_KINDS,
  DISPOSITIONS,
  GAP_KINDS,
  LEAK_OF,
  type ChargeItem,
  type ChargeKind,
  type Disposition,
  type GapKind,
} from '@billtrail/billing';
import { WORK_KINDS, type WorkKind } from '@billtrail/contracts';
import {
  CREDIT_NOTE_STATUSES,
  FATES,
  APPROVAL_STATES,
  GAP_STATES,
  INVOICE_STATUSES,
  MAX_PAGE,
  type CreditNoteStatus,
  type Fate,
  type ApprovalState,
  type GapState,
  type InvoiceStatus,
  type Leak,
} from '@billtrail/read-models';
import { IsAPosition } from './is-a-position.js';

export class ReadQuery {
  /** Answer from this log position or later: the `position` of a write, to read your own writes. */
  @IsOptional()
  @IsAPosition()
  atLeast?: Position;
}

export class PageQuery extends ReadQuery {
  /** Rows per page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit?: number;
  /** `nextCursor` of the previous page. */
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;
}

/** A page of the current state, or of a past one. */
export class PastPageQuery extends PageQuery {
  /** As it was at this position of the log. It is computed from the log, which takes as long as reading it up to there. */
  @IsOptional()
  @IsAPosition()
  upTo?: Position;
}

/** One resource as it is now, or as it was. */
export class PastQuery extends OmitType(PastPageQuery, ['limit', 'cursor']) {}

/** Selects among items with the same id: work that crosses the end of a month, or was moved to another month, has one in each. */
export class ItemPlaceQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  /** A month: 2026-03. */
  @IsOptional()
  @IsAMonth()
  period?: string;
}

export class OneItemQuery extends IntersectionType(PastQuery, ItemPlaceQuery) {}

export class ItemQuery extends PastPageQuery {
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
  @IsOptional()
  @IsIn([...WORK_KINDS])
  kind?: WorkKind;
}

export class UnpricedQuery extends OmitType(ItemQuery, ['disposition']) {}

export class ChargeQuery extends PastPageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @MaxLength(100)
  contractId?: string;
  @IsOptional()
  @IsIn([...CHARGE_KINDS])
  kind?: ChargeKind;
  @IsOptional()
  @IsIn(['billable', 'claimed', 'invoiced'])
  disposition?: ChargeItem['disposition'];
}

export class PrepaidListQuery extends PastPageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @MaxLength(100)
  contractId?: string;
  /** Only blocks and allotments that work on this day can draw on. */
  @IsOptional()
  @IsALocalDate()
  inForceOn?: string;
}

/** A block, or the allotment of a month. */
export class StatementQuery extends PastPageQuery {
  @MaxLength(100)
  @IsString()
  contractId: string;
  @IsOptional()
  @MaxLength(100)
  blockId?: string;
  /** Together with `month`, instead of `blockId`. */
  @IsOptional()
  @MaxLength(100)
  allotmentId?: string;
  /** The month in which the allotment was granted. */
  @IsOptional()
  @IsAMonth()
  month?: string;
}

export class BurnDownQuery extends PastQuery {
  /** Count draws up to this day; by default today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  asOf?: string;
}

export class ApprovalsOfQuery extends PageQuery {
  /** `waiting`: for a second person; `standing`: about to have effect. The others are endings. */
  @IsOptional()
  @IsIn([...APPROVAL_STATES])
  state?: ApprovalState;
  @IsOptional()
  @IsIn([...FORGOING_ACTS])
  act?: ForgoingAct;
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
  /** A person. */
  @IsOptional()
  @MaxLength(100)
  requestedBy?: string;
  /** What waits and whoever asks may approve or refuse. */
  @IsOptional()
  @IsIn(['to-decide'])
  mine?: 'to-decide';
}

export class DelegationsQuery extends PageQuery {
  /** As of today. */
  @IsOptional()
  @IsIn([...DELEGATION_STATES])
  state?: DelegationState;
  /** Who named a delegate, or was named. */
  @IsOptional()
  @MaxLength(100)
  personId?: string;
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
  /** The client served. */
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  /** The client that receives and pays. */
  @IsOptional()
  @MaxLength(100)
  recipientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @IsIn([...INVOICE_STATUSES])
  status?: InvoiceStatus;
  /** `true`: each draft says whether it is stale (`freshness`, `stale`). The months of the drafts are rated for it, so that a page has at most 50 invoices. */
  @IsOptional()
  @IsIn(['true', 'false'])
  stale?: 'true' | 'false';
}

export class CreditNoteQuery extends PageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  /** The client that receives it. */
  @IsOptional()
  @MaxLength(100)
  recipientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  @IsOptional()
  @MaxLength(100)
  invoiceId?: string;
  @IsOptional()
  @IsIn([...CREDIT_NOTE_STATUSES])
  status?: CreditNoteStatus;
}

class ReconciliationScopeQuery extends PageQuery {
  @IsOptional()
  @MaxLength(100)
  clientId?: string;
  @IsOptional()
  @IsAMonth()
  period?: string;
  /** Count what is due by this day; by default today in the organisation's time zone. */
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

export class TimelineQuery extends PastPageQuery {}
