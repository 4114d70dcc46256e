import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import { shape, type Instant, type LocalDate, type Month, type MoneyJson } from '@billtrail/kernel';
import {
  CREDIT_OUTCOMES,
  MAX_LINES_PER_INVOICE,
  billingConfiguration,
  problemsOfConfiguration,
  type PublishedConfiguration,
  type CreditOutcome,
} from '@billtrail/billing';
import { InspectedWhole } from '../command-path/validate.js';
import {
  AreIds,
  AreItemIds,
  CommandName,
  Field,
  IsAHash,
  IsALocalDate,
  IsAMonth,
  IsAnId,
  IsAnInstant,
  IsAnItemId,
  IsLine,
  IsMoney,
  IsOneOf,
  MayBeLeftOut,
} from './fields.js';

abstract class Dated {
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

/** A client in one month. */
abstract class ClientPeriodFields extends Dated {
  @IsAnId()
  clientId: string;
  @IsAMonth()
  period: Month;
}

abstract class InvoiceFields extends ClientPeriodFields {
  @IsAnId()
  invoiceId: string;
}

/** Most tickets, and most charges, that one draft names. */
export const MAX_NAMED_ON_DRAFT = 1_000;

/** Drafts an invoice with everything billable for the client in that month, or of one contract, or with the tickets and charges named. */
export class DraftInvoice extends InvoiceFields {
  @CommandName('DraftInvoice')
  readonly type = 'DraftInvoice';
  /** Id of a contract of the client: the draft takes only what is priced by it. Needed where the client's invoices are by contract and several have something to bill. */
  @MayBeLeftOut()
  @IsAnId()
  contractId?: string;
  /** Id of a client: the draft takes only what that one receives and pays (`billTo`). Needed where what the client is served goes to several. */
  @MayBeLeftOut()
  @IsAnId()
  recipientId?: string;
  /** Id of a site of the client: the draft takes only what is for it; null: what is for no site. Needed where the client's invoices are by site and several have something to bill. */
  @MayBeLeftOut()
  @Field(shape.nullable(shape.id))
  siteId?: string | null;
  /** Ids of tickets. Where tickets or charges are named, the draft takes only the items of these tickets, and these charges. */
  @MayBeLeftOut()
  @AreIds(MAX_NAMED_ON_DRAFT)
  tickets?: string[];
  /** Ids of charges (`chargeItemId`). */
  @MayBeLeftOut()
  @AreItemIds(MAX_NAMED_ON_DRAFT)
  charges?: string[];
  /** The day on which it is meant to be issued: its tax is that of this day, and it is issued on it unless another is named then. By default today in the organisation's time zone. */
  @MayBeLeftOut()
  @IsALocalDate()
  issueDate?: LocalDate;
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
  /** `hash` of the draft that you have seen: if the draft has another, the approval is refused. By default none is compared. */
  @MayBeLeftOut()
  @IsAHash()
  hash?: string;
}

/** Checks the approved draft against current rating, assigns its number and issues it. */
export class IssueInvoice extends InvoiceFields {
  @CommandName('IssueInvoice')
  readonly type = 'IssueInvoice';
  /** The date on the document; by default the day that the draft was made for (its `issueDate`), else today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  issueDate: LocalDate | null = null;
}

/** One item that a credit note reverses: a line or charge of the invoice, or a credit derived by rating. */
export class CreditedItemInput {
  @IsAnItemId()
  itemId: string;
  /** `bill-again`: rated again; `written-off`: forgone; `corrected`: an adjustment or credit with a negative net is given. */
  @IsOneOf(CREDIT_OUTCOMES)
  outcome: CreditOutcome;
  /** Only with `written-off`: this part of the line; the line stays invoiced. By default all that is left of the line. */
  @IsOptional()
  @IsMoney()
  net: MoneyJson | null = null;
}

/** Reverses items of an issued invoice, under a number of its own. The invoice does not change. */
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
  /** The date on the document; by default today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  issueDate: LocalDate | null = null;
}

/** Gives credits that are owed and that no document of the period carries, by a credit note of no invoice. */
export class GiveCredits extends ClientPeriodFields {
  @CommandName('GiveCredits')
  readonly type = 'GiveCredits';
  @IsAnId()
  creditNoteId: string;
  /** Billable items (`itemId`) and charges (`chargeItemId`) with a negative net: adjustments, discounts, service credits. Each is given whole. */
  @AreItemIds(MAX_NAMED_ON_DRAFT)
  items: string[];
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  comment: string;
  /** The date on the document; by default today in the organisation's time zone. */
  @IsOptional()
  @IsALocalDate()
  issueDate: LocalDate | null = null;
}

export class WriteOffWork extends ClientPeriodFields {
  @CommandName('WriteOffWork')
  readonly type = 'WriteOffWork';
  @IsAnItemId()
  itemId: string;
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  comment: string;
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
}

export class PublishConfiguration extends Dated {
  @CommandName('PublishConfiguration')
  readonly type = 'PublishConfiguration';
  @Field(billingConfiguration)
  @InspectedWhole(billingConfiguration, 'ConfigurationMalformed', (sound) =>
    problemsOfConfiguration(sound).map(({ path, problem }) => ({ path: `configuration.${path}`, problem })),
  )
  configuration: PublishedConfiguration;
}
