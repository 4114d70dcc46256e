import {
  type Instant,
  type LocalDate,
  Money,
  type MoneyJson,
  type Refusal,
  isBusinessDate,
  localDateIn,
} from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import type { MaterialFacts } from './events.js';
import { routeOf } from './next-steps.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import { voided, workItem } from './work-items.js';
import { courtesyRule, plainMoney } from './work-rules.js';

/**
 * What the supplier gives back for goods under warranty: the claim ends by as much. Yields nothing if it is recorded already. Refuses, in this order:
 * WorkItemUnknown, WorkItemVoided, FieldInvalid, WarrantyClaimMissing, MoneyInvalid, OwnWork, SupplierCreditExists.
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

export type WarrantyCommand = RecordSupplierCredit;

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
    const known = item.supplierCredits?.find((one) => one.reference === reference);
    if (known !== undefined)
      return sameData(known, { amount, reference, creditedOn }) ? [] : exists(materialUsageId, known.amount, reference);
    return [{ type: 'SupplierCreditRecorded', data: { ...data, amount, recordedBy: by.id }, occurredAt }];
  },
};

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

function exists(materialUsageId: string, amount: MoneyJson, reference: string): Refusal<TicketRefusalCode> {
  return no(
    'SupplierCreditExists',
    `Credit ${reference} for ${materialUsageId} is recorded already, of ${amount.amount} ${amount.currency}.`,
    'Use the number of the other document.',
    { materialUsageId, reference, amount },
  );
}
