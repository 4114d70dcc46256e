import {
  type Instant,
  type LocalDate,
  Money,
  type MoneyJson,
  type Refusal,
  isBusinessDate,
  localDateIn,
} from '@billtrail/kernel';
import { higherCost, netUnitCost } from './cost-of-goods.js';
import type { About, Decisions } from './decisions.js';
import type { MaterialFacts } from './events.js';
import { routeOf, timelineOf } from './next-steps.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import type { SupplierCredit, WorkOfKind } from './recorded-work.js';
import { sameData } from './same-data.js';
import type { Ticket } from './state.js';
import { voided, workItem } from './work-items.js';
import { courtesyRule, plainMoney } from './work-rules.js';

/**
 * What the supplier gives back for goods under warranty: the claim ends by as much. Yields nothing if it is recorded already. Refuses, in this order:
 * WorkItemUnknown, WorkItemVoided, FieldInvalid, WarrantyClaimMissing, MoneyInvalid, OwnWork, SupplierCreditExists, SupplierCreditAboveCost.
 */
export interface RecordSupplierCredit extends About {
  readonly type: 'RecordSupplierCredit';
  readonly materialUsageId: string;
  /** Net of tax, of all pieces. */
  readonly amount: MoneyJson;
  /** Number of the supplier's document. */
  readonly reference: string;
  readonly creditedOn: LocalDate;
}

/**
 * The credit was recorded by mistake, or the supplier took it back: the claim is open again by as much. Yields nothing if it is withdrawn already. Refuses, in this
 * order: WorkItemUnknown, WorkItemVoided, FieldInvalid, SupplierCreditUnknown.
 */
export interface WithdrawSupplierCredit extends About {
  readonly type: 'WithdrawSupplierCredit';
  readonly materialUsageId: string;
  /** Number of the supplier's document. */
  readonly reference: string;
  readonly reason: string;
}

export type WarrantyCommand = RecordSupplierCredit | WithdrawSupplierCredit;

/** Goods that their maker replaces. */
export const WARRANTY: Decisions<WarrantyCommand> = {
  RecordSupplierCredit(command, ticket, occurredAt) {
    const { materialUsageId, reference, creditedOn, by } = command;
    const item = workItem(ticket, 'material', materialUsageId);
    if ('refused' in item) return item;
    if (item.voided) return voided(materialUsageId);
    const amount = plainMoney(command.amount);
    const data = { materialUsageId, amount, reference, creditedOn };
    const malformed = blankField({ reference }) ?? dayRule(creditedOn, command.at);
    if (malformed !== null) return malformed;
    if (item.facts.warrantyClaim === undefined)
      return no(
        'WarrantyClaimMissing',
        `${materialUsageId} is not under warranty by a claim, so no supplier gives it back.`,
        `Record the claim first, with its number: ${routeOf(ticket, `materials/${materialUsageId}/correct`)}`,
        { materialUsageId },
      );
    const wrong = courtesyRule(amount) ?? currencyRule(item.facts, amount);
    if (wrong !== null || amount === null) return wrong ?? [];
    if (item.writtenBy.includes(by.id))
      return no(
        'OwnWork',
        `You recorded ${materialUsageId}: someone else must record its credit.`,
        'Ask somebody else to record the credit.',
        { materialUsageId, person: by.id },
      );
    const standing = (item.supplierCredits ?? []).filter((one) => one.withdrawn !== true);
    const known = standing.find((one) => one.reference === reference);
    if (known !== undefined)
      return sameData(known, { amount, reference, creditedOn })
        ? []
        : exists(ticket, materialUsageId, known.amount, reference);
    const alike = standing.find((one) => plainReference(one.reference) === plainReference(reference));
    if (alike !== undefined) return sameDocument(materialUsageId, alike, reference);
    const above = costRule(materialUsageId, item, amount, standing, ticket);
    if (above !== null) return above;
    const claimedCost = costOf(item);
    const credit = { ...data, amount, recordedBy: by.id, ...(claimedCost && { claimedCost }) };
    return [{ type: 'SupplierCreditRecorded', data: credit, occurredAt }];
  },
  WithdrawSupplierCredit(command, ticket, occurredAt) {
    const { materialUsageId, reference, reason, by } = command;
    const item = workItem(ticket, 'material', materialUsageId);
    if ('refused' in item) return item;
    if (item.voided) return voided(materialUsageId);
    const broken = blankField({ reference, reason });
    if (broken !== null) return broken;
    const known = (item.supplierCredits ?? []).filter((one) => one.reference === reference);
    if (known.length === 0)
      return no(
        'SupplierCreditUnknown',
        `No credit ${reference} of a supplier is recorded for ${materialUsageId}.`,
        `Check its number in the story of the ticket: ${timelineOf(ticket)}`,
        { materialUsageId, reference },
      );
    if (known.every((one) => one.withdrawn === true)) return [];
    const data = { materialUsageId, reference, reason, withdrawnBy: by.id };
    return [{ type: 'SupplierCreditWithdrawn', data, occurredAt }];
  },
};

/** What a piece costs by the claim: what it was lowered to after somebody approved it makes no smaller credit pay for it. */
function costOf({ facts, approvedCost }: WorkOfKind<'material'>): MoneyJson | null {
  return higherCost(netUnitCost(facts), approvedCost ?? null);
}

/** A supplier gives back no more than the goods cost; without a cost, than they are sold for. null: nobody stated either, or it is within that. */
function costRule(
  materialUsageId: string,
  item: WorkOfKind<'material'>,
  amount: MoneyJson,
  standing: readonly SupplierCredit[],
  ticket: Ticket,
): Refusal<TicketRefusalCode> | null {
  const { quantity, listPrice } = item.facts;
  const each = costOf(item) ?? listPrice;
  if (each === null || each.currency !== amount.currency) return null;
  const most = Money.from(each).times(quantity).rounded();
  const before = standing.filter(({ amount: { currency } }) => currency === each.currency);
  const paid = Money.sum([...before.map((one) => Money.from(one.amount)), Money.from(amount)], each.currency);
  if (paid.compare(most) <= 0) return null;
  const left = most.minus(paid.minus(Money.from(amount)));
  const dearer = `If they cost more, correct their cost first: ${routeOf(ticket, `materials/${materialUsageId}/correct`)}`;
  if (left.isZero() || left.isNegative()) {
    const credits = before.map((one) => `${one.reference} (${String(Money.from(one.amount))})`).join(', ');
    return no(
      'SupplierCreditAboveCost',
      `The supplier has given back all of these goods, ${String(most)}, already: ${credits}.`,
      `If one of these is wrong, withdraw it first: ${withdrawalOf(ticket, materialUsageId)} ${dearer}`,
      { materialUsageId, most: most.toJSON(), paid: paid.toJSON(), references: before.map((one) => one.reference) },
    );
  }
  return no(
    'SupplierCreditAboveCost',
    `With this credit the supplier would have given back ${String(paid)} for goods of ${String(most)}.`,
    `Send what is of these goods, at most ${String(left)}. ${dearer}`,
    { materialUsageId, most: most.toJSON(), paid: paid.toJSON() },
  );
}

/** Goods go for nothing by a warranty only with the number of a claim, and a claim is of goods under warranty. */
export function warrantyRule({
  underWarranty,
  warrantyClaim = '',
}: Pick<MaterialFacts, 'underWarranty' | 'warrantyClaim'>): Refusal<TicketRefusalCode> | null {
  if (underWarranty)
    return warrantyClaim.trim() === ''
      ? no(
          'WarrantyClaimMissing',
          'Goods under warranty need a claim number.',
          'Send `warrantyClaim`: the number of the claim. Without one record them as sold, and correct that once the claim has its number.',
          { field: 'warrantyClaim' },
        )
      : null;
  if (warrantyClaim === '') return null;
  return no(
    'FieldInvalid',
    'A claim number was sent, but `underWarranty` is false.',
    'Send `underWarranty: true` as well, or leave the claim out.',
    { field: 'warrantyClaim' },
  );
}

/** The zone in which a day begins first. */
const EARLIEST_DAY_ZONE = 'Pacific/Kiritimati';

function dayRule(creditedOn: LocalDate, at: Instant): Refusal<TicketRefusalCode> | null {
  if (isBusinessDate(creditedOn) && creditedOn <= localDateIn(EARLIEST_DAY_ZONE, at)) return null;
  return no(
    'FieldInvalid',
    '`creditedOn` is not a date, or is in the future.',
    "Send the day of the supplier's document, for example 2026-03-31.",
    { field: 'creditedOn' },
  );
}

/** It is set against what the goods are worth. */
function currencyRule(facts: MaterialFacts, amount: MoneyJson | null): Refusal<TicketRefusalCode> | null {
  const worth = facts.unitCost ?? facts.listPrice;
  if (worth === null || amount === null || Money.from(amount).currency === worth.currency) return null;
  return no(
    'MoneyInvalid',
    `The goods are in ${worth.currency}, and the credit is in ${amount.currency}.`,
    `Send the amount in ${worth.currency}.`,
    { field: 'amount', currency: worth.currency },
  );
}

function exists(
  ticket: Ticket,
  materialUsageId: string,
  amount: MoneyJson,
  reference: string,
): Refusal<TicketRefusalCode> {
  return no(
    'SupplierCreditExists',
    `Credit ${reference} for ${materialUsageId} is recorded already, of ${amount.amount} ${amount.currency}.`,
    `Use the number of the other document. If this one is wrong, withdraw it first: ${withdrawalOf(ticket, materialUsageId)}`,
    { materialUsageId, reference, amount },
  );
}

function withdrawalOf(ticket: Ticket, materialUsageId: string): string {
  return routeOf(ticket, `materials/${materialUsageId}/supplier-credits/withdraw`);
}

/** One number, in whatever letters and with whatever spaces somebody types it. */
function plainReference(reference: string): string {
  return reference.replaceAll(/\s+/g, '').toLowerCase();
}

function sameDocument(
  materialUsageId: string,
  { reference: known, amount }: SupplierCredit,
  reference: string,
): Refusal<TicketRefusalCode> {
  return no(
    'SupplierCreditExists',
    `The number ${reference} differs from ${known} in letters' case or spaces alone: that document is recorded for ${materialUsageId} already, of ${amount.amount} ${amount.currency}.`,
    `Send the number as it is recorded, ${known}, if it is that document, or the number of the other one.`,
    { materialUsageId, reference: known, amount },
  );
}
