import { Money, type MoneyJson, invariant } from '@billtrail/kernel';
import type { BillableItem, Disposition } from '../item/billable-item.js';
import { creditIdOf, invoiceOfHolder } from '../item/item-key.js';
import type { FrozenItem, InvoiceLine } from '../item/frozen-item.js';
import { type MadeItem, NO_BASIS } from '../item/made-item.js';
import type { TraceStep } from '../item/trace.js';
import type { ClientPeriod } from '../rating/items/step-8-item.js';
import type { SettledPart } from './settled-work.js';

/**
 * The items of a settled part, as it was frozen. What a credit note took back of a line that stays invoiced is written off: the line's item keeps
 * the work and what is left of its money, its credit holds the rest, so that both together are what was invoiced (law L1).
 */
export function settledItems(part: SettledPart, account: ClientPeriod): readonly MadeItem[] {
  const { item, credited, creditNoteId } = part;
  const basis = (): typeof item.basis => item.basis;
  const frozen = frozenItem(part, account);
  if (credited === null) return [{ item: frozen, basis, trace: () => item.trace }];
  invariant(frozen.net !== null, () => `money of ${item.itemId} was given back, and it has none`);
  const invoiced = Money.from(frozen.net);
  const back = Money.from(credited);
  const left = invoiced.minus(back);
  invariant(creditNoteId !== null, () => `money of ${item.itemId} was given back on no credit note`);
  invariant(
    !left.isNegative() && !back.isNegative(),
    () => `${back.toString()} was given back of ${invoiced.toString()} for ${item.itemId}`,
  );
  const step = (): TraceStep => ({
    step: 'credit',
    text: `invoiced at ${invoiced.toString()}, of which ${back.toString()} was given back on credit notes, the last ${creditNoteId}: ${left.toString()} left`,
    facts: {
      creditNoteId,
      invoiced: invoiced.toJSON().amount,
      credited: back.toJSON().amount,
      left: left.toJSON().amount,
      currency: invoiced.currency,
    },
  });
  const trace = () => [...item.trace, step()];
  const { draw: _draw, segment: _segment, courtesy: _courtesy, ...whole } = frozen;
  const credit: BillableItem = {
    ...whole,
    itemId: creditIdOf(item.itemId),
    disposition: 'written-off',
    actualMinutes: item.actualMinutes === null ? null : 0,
    billableMinutes: item.billableMinutes === null ? null : 0,
    quantity: '0',
    net: back.toJSON(),
    standardValue: item.standardValue === null ? null : Money.zero(item.standardValue.currency).toJSON(),
    cost: item.cost === null ? null : Money.zero(item.cost.currency).toJSON(),
    approval: null,
  };
  return [
    { item: { ...frozen, net: left.toJSON() }, basis, trace },
    { item: credit, basis, trace },
  ];
}

/**
 * False for what was forgone and never asked of the client. What was asked once and written off on a credit note counts for its charges, so that
 * giving money back never makes a minimum ask for it.
 */
export function wasNotForgone({ item }: Pick<MadeItem, 'item'>): boolean {
  return item.disposition !== 'written-off' || item.creditNoteId !== undefined;
}

/** Only approved time was ever put on an invoice. */
function frozenItem({ item, invoiceId, creditNoteId }: SettledPart, account: ClientPeriod): BillableItem {
  const disposition: Disposition = invoiceId === null ? 'written-off' : 'invoiced';
  return {
    itemId: item.itemId,
    workItemId: item.workItemId,
    ticketId: item.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: item.kind,
    disposition,
    workDate: item.workDate,
    description: item.description,
    actualMinutes: item.actualMinutes,
    billableMinutes: item.billableMinutes,
    quantity: item.quantity,
    unit: item.unit,
    unitPrice: item.unitPrice,
    net: item.net,
    standardValue: item.standardValue,
    cost: item.cost,
    taxCategory: item.taxCategory,
    contractId: item.contractId,
    contractVersion: item.contractVersion,
    approval: item.kind === 'time' && disposition === 'invoiced' ? 'approved' : null,
    invoiceId: invoiceOfHolder(invoiceId),
    sourceEventIds: item.sourceEventIds,
    ...(creditNoteId === null ? {} : { creditNoteId }),
    ...(item.segment === undefined ? {} : { segment: item.segment }),
    ...(item.draw === undefined ? {} : { draw: item.draw }),
    ...(item.courtesy === undefined ? {} : { courtesy: item.courtesy }),
  };
}

/** What was given back of a line that is credited to be billed again: that much of its work stays forgone, and holds none of its minutes. */
export function forgivenOf(line: InvoiceLine, net: MoneyJson): FrozenItem {
  const { draw: _draw, segment: _segment, courtesy: _courtesy, ...item } = line;
  const { work, ruleId, card, rateClass, rounding, price } = line.basis;
  const nothing = (of: MoneyJson | null): MoneyJson | null => of && Money.zero(of.currency).toJSON();
  return {
    ...item,
    itemId: creditIdOf(line.itemId),
    actualMinutes: line.actualMinutes === null ? null : 0,
    billableMinutes: line.billableMinutes === null ? null : 0,
    quantity: '0',
    net,
    standardValue: nothing(line.standardValue),
    cost: nothing(line.cost),
    basis: {
      ...NO_BASIS,
      work,
      ruleId,
      ...(card === undefined ? {} : { card }),
      forgivenOf: { rateClass, rounding, price },
    },
  };
}
