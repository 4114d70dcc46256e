import { type Currency, type Decimal, Money, type MoneyJson } from '@billtrail/kernel';
import type { TaxRules } from '../configuration-shape.js';
import type { AdjustmentBasis, Basis, PricedNow } from '../item/basis.js';
import type { BillableItem, Disposition } from '../item/billable-item.js';
import type { FrozenItem } from '../item/frozen-item.js';
import { type ItemRole, invoicesOf, itemIdOf } from '../item/item-key.js';
import { type MadeItem, NO_BASIS } from '../item/made-item.js';
import type { Step, TraceStep } from '../item/trace.js';
import type { ClientPeriod } from '../rating/items/step-8-item.js';
import { hoursText } from '../rating/quantities.js';
import { standsText } from './given-back.js';
import { type Holding, NOTHING, plus } from './holding.js';
import type { SettledWork } from './settled-work.js';

/**
 * Why settled work is held against what it is now: because it changed itself, or because of other work that it shares a price with (`reopenedWork`).
 * That work's ids; none where it is no more to be found. null: it changed itself.
 */
export type Causes = readonly string[] | null;

/** The client-period, with the rules of tax that tell which days are taxed alike. */
export type AdjustedAccount = ClientPeriod & { readonly configuration: Partial<TaxRules> };

/** Work as it is now, against what is settled of it. */
export interface Compared {
  readonly settled: SettledWork;
  readonly account: AdjustedAccount;
  readonly causes: Causes;
  /** All items of now. */
  readonly present: readonly MadeItem[];
  /** The item of now from which an adjustment takes what the work is: its text, day, price, approval. null: there are none. */
  readonly representative: MadeItem | null;
  /** Why, where `causes` does not say it. Absent: it does. */
  readonly why?: string;
}

/** What an adjustment says of one that stands beside it. */
interface Beside extends Pick<AdjustmentBasis, 'writeOffTakenBack'> {
  /** What that changes. */
  readonly beside: Holding;
}

/** The item of a difference between settled work and what it is now. */
export function adjustment(
  of: Compared,
  change: Holding,
  disposition: Disposition,
  { role, number }: { readonly role: ItemRole; readonly number: number },
  { writeOffTakenBack = null, beside = NOTHING }: Partial<Beside> = {},
): MadeItem {
  const { settled, account, representative, causes } = of;
  const { latest } = settled;
  const present = representative?.item ?? null;
  const priced = present !== null && present.contractId !== null ? present : latest;
  const currency = latest.net?.currency ?? present?.net?.currency ?? account.currency;
  const isTime = latest.kind === 'time';
  // Minutes have no price of their own where the price is one whatever they are: then the difference is one piece.
  const isFlat =
    disposition === 'billable' && isTime && [latest.unit, present?.unit ?? 'h'].some((unit) => unit !== 'h');
  const net = Money.of(change.net, currency);
  const item: BillableItem = {
    itemId: itemIdOf({ workItemId: settled.workItemId, role, number }),
    workItemId: settled.workItemId,
    ticketId: present?.ticketId ?? latest.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: latest.kind,
    disposition,
    workDate: present?.workDate ?? latest.workDate,
    description: present?.description ?? latest.description,
    actualMinutes: isTime ? change.actualMinutes : null,
    billableMinutes: isTime ? change.billableMinutes : null,
    ...(isFlat
      ? {
          quantity: net.isNegative() ? '-1' : '1',
          unit: 'adjustment',
          unitPrice: (net.isNegative() ? net.negated() : net).toJSON(),
        }
      : {
          quantity: isTime ? hoursText(change.billableMinutes) : change.quantity.toFixed(),
          unit: isTime ? 'h' : latest.unit,
          unitPrice: present?.disposition === 'billable' ? present.unitPrice : latest.unitPrice,
        }),
    net: net.toJSON(),
    standardValue: null,
    cost: null,
    taxCategory: present?.taxCategory ?? latest.taxCategory,
    contractId: priced.contractId,
    contractVersion: priced.contractVersion,
    approval: present?.approval ?? null,
    invoiceId: null,
    sourceEventIds: [...new Set([...latest.sourceEventIds, ...(present?.sourceEventIds ?? [])])],
  };
  return {
    item,
    basis: () => ({
      // Of work that is gone its rule says what of the contract it was under.
      ...(representative?.basis() ?? placedAs(latest)),
      adjustment: {
        causedBy: causes,
        writeOffTakenBack,
        ...whatIsAdjusted(of),
        ...(disposition === 'billable' ? fromBefore(of) : {}),
      },
    }),
    trace: () => [
      ...(representative?.trace() ?? []),
      adjustmentStep(of, change, currency, { writeOffTakenBack, beside }),
    ],
  };
}

/** What was asked for the work, and each part of it that is asked for now. What a block covers asks nothing. */
function fromBefore({ settled, present }: Compared): Required<Pick<AdjustmentBasis, 'from'>> {
  const now = present.flatMap((made): readonly PricedNow[] => {
    const { draw, disposition, quantity, unit, billableMinutes, unitPrice, net, courtesy } = made.item;
    if (draw !== undefined || disposition !== 'billable' || unitPrice === null || net === null) return [];
    const { price, discount, prepaid, cap, paidOf } = made.basis();
    const paid = paidOf === undefined ? {} : { paidOf };
    return [
      {
        quantity,
        unit,
        billableMinutes,
        unitPrice,
        net,
        price,
        discount,
        prepaid,
        cap,
        ...paid,
        ...(courtesy && { courtesy }),
      },
    ];
  });
  return { from: { before: settled.invoiced.net.toFixed(), now } };
}

/** The documents that carry the work, and why they are adjusted; nothing where none does. */
function whatIsAdjusted({ settled, representative, causes, why }: Compared): Pick<AdjustmentBasis, 'adjusts'> {
  const documentIds = invoicesOf(settled.parts.map(({ invoiceId }) => invoiceId));
  if (documentIds.length === 0) return {};
  return { adjusts: { documentIds, why: why ?? whyChanged(representative?.item ?? null, causes) } };
}

function moneyOf(value: Decimal, currency: Currency): MoneyJson {
  return Money.of(value, currency).toJSON();
}

function adjustmentStep(
  { settled, representative, causes, why }: Compared,
  change: Holding,
  currency: Currency,
  { writeOffTakenBack, beside }: Beside,
): TraceStep {
  const present = representative?.item ?? null;
  const before = plus(settled.invoiced, settled.writtenOff);
  const frozenItemIds = settled.parts.map(({ item }) => item.itemId);
  const frozenNet = moneyOf(before.net, currency).amount;
  const now = before.net.plus(change.net).plus(beside.net);
  const presentNet = present === null ? '0' : present.net === null ? null : moneyOf(now, currency).amount;
  const difference = moneyOf(change.net, currency).amount;
  return {
    step: 'adjustment',
    text:
      `${why ?? whyChanged(present, causes)} after ${frozenItemIds.join(', ')} was frozen at ${frozenNet} ${currency}: ` +
      `now ${presentNet ?? 'without a price'}, difference ${difference}${standsText(settled.givenBack, now)}`,
    facts: {
      frozenItemIds,
      invoiceIds: settled.parts.flatMap(({ invoiceId }) => (invoiceId === null ? [] : [invoiceId])),
      frozenNet,
      presentNet,
      difference,
      currency,
      ...(writeOffTakenBack === null ? {} : { writeOffTakenBack }),
      ...(causes === null ? {} : { causedBy: causes }),
    },
  };
}

function whyChanged(present: BillableItem | null, causes: Causes): string {
  if (present === null) return 'the work was voided or moved out of this period';
  if (causes === null) return 'the work was corrected';
  const others = causes.length === 0 ? 'other work' : causes.join(', ');
  return `${others}, with which the work shares a price, was corrected or voided`;
}

/** The same with another item, and with a step that says why. */
export function withStep(
  made: MadeItem,
  step: Step,
  item: BillableItem,
  more: Partial<ReturnType<MadeItem['basis']>>,
): MadeItem {
  return { item, basis: () => ({ ...made.basis(), ...more }), trace: () => [...made.trace(), step()] };
}

/** The rule, and the version of a card, of work that has no price of now. */
function placedAs({ basis: { ruleId, card } }: FrozenItem): Basis {
  return { ...NO_BASIS, ruleId, ...(card === undefined ? {} : { card }) };
}
