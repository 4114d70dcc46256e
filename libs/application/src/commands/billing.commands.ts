import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import type { Instant, LocalDate, Month } from '@billtrail/kernel';
import {
  CREDIT_OUTCOMES,
  MAX_LINES_PER_INVOICE,
  type BillingConfiguration,
  type CreditOutcome,
} from '@billtrail/billing';
import { CommandName, IsALocalDate, IsAMonth, IsAnId, IsAnInstant, IsAnItemId, IsLine, IsOneOf } from './fields.js';
import { IsMoneyOrNull, MoneyInput } from './money.dto.js';

abstract class Dated {
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

/** The account of a client in one month. */
abstract class AccountFields extends Dated {
  @IsAnId()
  clientId: string;
  @IsAMonth()
  period: Month;
}

abstract class InvoiceFields extends AccountFields {
  @IsAnId()
  invoiceId: string;
}

/** Most tickets, and most charges, that one draft names. */
const MAX_NAMED_ON_DRAFT = 1_000;

/** Drafts an invoice of everything that is billable now in the client's period, or of the tickets and charges that it names. */
export class DraftInvoice extends InvoiceFields {
  @CommandName('DraftInvoice')
  readonly type = 'DraftInvoice';
  /** Ids of tickets. Where tickets or charges are named, the draft takes only the items of these tickets, and these charges. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_NAMED_ON_DRAFT)
  @ArrayUnique()
  @IsAnId({ each: true })
  tickets?: string[];
  /** Ids of charges (`chargeItemId`). */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_NAMED_ON_DRAFT)
  @ArrayUnique()
  @IsAnItemId({ each: true })
  charges?: string[];
}

export class DiscardInvoiceDraft extends InvoiceFields {
  @CommandName('DiscardInvoiceDraft')
  readonly type = 'DiscardInvoiceDraft';
  @IsLine()
  reason: string;
}

export class ApproveInvoice extends InvoiceFields {
  @CommandName('ApproveInvoice')
  readonly type = 'ApproveInvoice';
}

/** Checks the approved draft against the rating of now, gives it its number and issues it. */
export class IssueInvoice extends InvoiceFields {
  @CommandName('IssueInvoice')
  readonly type = 'IssueInvoice';
  /** The date on the document; without it, today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  issueDate: LocalDate | null = null;
}

/** One item that a credit note takes back: a line or a charge of the invoice, or a credit that rating derived. */
export class CreditedItemInput {
  @IsAnItemId()
  itemId: string;
  /** `bill-again`: rated as of now; `written-off`: forgone; `corrected`: an adjustment or credit with a negative net, settled. */
  @IsOneOf(CREDIT_OUTCOMES)
  outcome: CreditOutcome;
  /** Only with `written-off`: so much of the line, which stays invoiced. Without it, what is left of the line. */
  @IsMoneyOrNull()
  net: MoneyInput | null = null;
}

/** Takes items of an issued invoice back, under a number of its own. The invoice stays as it is. */
export class IssueCreditNote extends InvoiceFields {
  @CommandName('IssueCreditNote')
  readonly type = 'IssueCreditNote';
  @IsAnId()
  creditNoteId: string;
  @IsArray()
  @ArrayMaxSize(MAX_LINES_PER_INVOICE)
  @ValidateNested({ each: true })
  @Type(() => CreditedItemInput)
  items: CreditedItemInput[];
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  comment: string;
  /** Who agreed to what is written off, where that is above the configured limit. */
  @IsOptional()
  @IsAnId()
  secondPerson: string | null = null;
  /** The date on the document; without it, today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  issueDate: LocalDate | null = null;
}

export class WriteOffWork extends AccountFields {
  @CommandName('WriteOffWork')
  readonly type = 'WriteOffWork';
  @IsAnItemId()
  itemId: string;
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  comment: string;
  /** Who agreed, where the value is above the configured limit. */
  @IsOptional()
  @IsAnId()
  secondPerson: string | null = null;
}

abstract class GapFields extends Dated {
  @IsAnId()
  gapId: string;
}

export class AssignBillingGap extends GapFields {
  @CommandName('AssignBillingGap')
  readonly type = 'AssignBillingGap';
  @IsAnId()
  ownerId: string;
}

export class AcceptBillingGap extends GapFields {
  @CommandName('AcceptBillingGap')
  readonly type = 'AcceptBillingGap';
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  comment: string;
  @IsOptional()
  @IsAnId()
  secondPerson: string | null = null;
}

export class PublishConfiguration extends Dated {
  @CommandName('PublishConfiguration')
  readonly type = 'PublishConfiguration';
  /** Validated whole by its decider, which answers every problem at once. */
  @IsObject()
  configuration: BillingConfiguration;
}
