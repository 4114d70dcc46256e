import type { LocalDate } from '@billtrail/kernel';
import type { ChargeItem, FrozenCharge } from '../item/charge-item.js';
import { NO_DETAILS } from '../item/frozen-item.js';
import { partsOfCharge } from './line-parts.js';
import { type LineDifference, changedFields, goneLine, isOn } from './lines.js';

/** The charges that a draft of this day may take: on no draft yet, and due for billing; with the id of a draft also those that it has already. */
export function draftableCharges(
  charges: readonly ChargeItem[],
  on: LocalDate,
  invoiceId: string | null = null,
): readonly ChargeItem[] {
  return charges.filter(
    (charge) => (charge.disposition === 'billable' && charge.billableFrom <= on) || isOn(charge, invoiceId),
  );
}

/** What of a charge is frozen when a document takes it. */
export function frozenChargeOf(charge: ChargeItem): FrozenCharge {
  const {
    clientId: _clientId,
    period: _period,
    disposition: _is,
    invoiceId: _on,
    billableFrom: _from,
    credited: _credited,
    creditNoteId: _by,
    ...frozen
  } = charge;
  return { ...frozen, ...NO_DETAILS, parts: partsOfCharge(charge) };
}

const COMPARED = [
  'chargeId',
  'kind',
  'description',
  'from',
  'to',
  'quantity',
  'unit',
  'unitPrice',
  'net',
  'taxCategory',
  'contractId',
  'contractVersion',
  'ticketId',
] as const satisfies readonly (keyof FrozenCharge)[];

/** Every charge of a draft that is not what rating makes of it now. Empty: the draft is fresh. */
export function staleCharges(
  drafted: readonly FrozenCharge[],
  charges: readonly ChargeItem[],
  invoiceId: string,
): readonly LineDifference[] {
  const now = new Map(charges.map((charge) => [charge.chargeItemId, charge]));
  return drafted.flatMap((charge): readonly LineDifference[] => {
    const present = now.get(charge.chargeItemId);
    const isHeldElsewhere =
      present?.disposition === 'invoiced' || (present?.disposition === 'claimed' && present.invoiceId !== invoiceId);
    if (present === undefined || isHeldElsewhere)
      return [goneLine(charge.chargeItemId, present?.disposition ?? 'absent')];
    const fields = changedFields(COMPARED, charge, present);
    return Object.keys(fields).length === 0 ? [] : [{ itemId: charge.chargeItemId, difference: 'changed', fields }];
  });
}
