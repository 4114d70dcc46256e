import type { Decimal, LocalDate, Money, MoneyJson } from '@billtrail/kernel';
import type { FeeBasis } from '../../item/basis.js';
import type { EndsGap } from './ends-by.js';
import type { Charge, ChargeKind } from '../../item/charge-item.js';
import type { PricedAtSite } from '../bill-to.js';

/** A charge as it should be by the facts of now. */
export interface ExpectedCharge extends Omit<Charge, 'chargeItemId'> {
  readonly billableFrom: LocalDate;
}

/** What is settled of one charge, as the charges ask it. */
export interface EarlierCharge extends Pick<
  Charge,
  'chargeId' | 'kind' | 'contractId' | 'contractVersion' | 'from' | 'to' | 'taxCategory' | 'basis' | 'sourceEventIds'
> {
  /** The invoice that asked for it first; null: it stands on a credit note of none. */
  readonly invoiceId: string | null;
  /** Who received that; null: the client served. */
  readonly billTo: string | null;
  /** What was asked for it in all, its adjustments too. */
  readonly net: Money;
  /** What credit notes took back of that, never to be billed again. */
  readonly credited: Money;
  /** Of a fee: the figures by which it was asked last; null: they were not kept. */
  readonly figures: readonly FeeBasis[] | null;
  /** Both in each tax category, that of the charge itself first. */
  readonly byCategory: ReadonlyMap<string, Pick<EarlierCharge, 'net' | 'credited'>>;
}

/** What a charge should be in one tax category. */
export interface CategoryNet {
  readonly taxCategory: string;
  readonly net: Money;
  /** The figures of that net, where it is one of a fee. */
  readonly fee?: readonly FeeBasis[];
  /** What makes it now. Absent: what made it before, or nothing is charged any more. */
  readonly priced?: PricedCharge;
}

/** What makes a fee what it is now: the version that its adjustment comes from, its events, and why, for people. */
export interface PricedCharge extends Pick<Charge, 'contractVersion' | 'sourceEventIds' | 'trace' | 'unit'> {}

/** What of a charge can't be priced, or not in the client's currency. */
export interface LackingCharge {
  readonly chargeId: string;
  readonly contractId: string;
  readonly cause: string;
  readonly value: MoneyJson | null;
  readonly sourceEventIds: readonly string[];
  /** First day on which it lacks. Absent: at once. */
  readonly dueOn?: LocalDate;
  /** Absent: its cause says it, or its kind does. */
  readonly endsBy?: EndsGap;
}

/**
 * The charges of a client-period while they are worked out. It holds what is settled; each charge says what it should be, and what differs follows
 * as an adjustment. Whoever knows what is settled makes it.
 */
export interface ChargeLedger {
  earlier(chargeId: string): EarlierCharge | null;
  earlierOfKind(kind: ChargeKind): readonly EarlierCharge[];
  /** States what a charge should be. */
  expect(expected: ExpectedCharge): void;
  /** States what a settled charge should be in each tax category, none of them twice, with all else as it was. */
  expectNets(chargeId: string, nets: readonly CategoryNet[], why: string): void;
  /** States that a settled charge stays as it is, whatever the terms say now. */
  stands(chargeId: string): void;
  lacks(charge: LackingCharge): void;
  /** What frozen work of any period has drawn on a block, in its unit. */
  frozenDraws(contractId: string, blockId: string): Decimal;
  /** Sums of all items of a kind, a contract, a term and a tax category, those that are settled too, by who receives them, in the client's currency. */
  netsOf(
    of: Pick<Charge, 'kind' | 'contractId' | 'taxCategory'> & Pick<Charge['basis'], 'termId'>,
  ): ReadonlyMap<string, Money>;
  /** Who receives something: who received the last of these documents that the account knows, else who is named for it today. */
  recipientOf(priced: PricedAtSite, documentIds: readonly (string | null)[]): string;
}
