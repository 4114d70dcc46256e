import { type Refusal, invariant, refuse } from '@billtrail/kernel';
import { ownNoteOf } from '../item/item-key.js';
import { type CreditEffect, effectOnCharge, effectOnLine } from './credit-effect.js';
import type { AccountState, CreditNote } from './state.js';

/** Why an item can't be claimed or written off: somebody holds it already. null: it is free. */
export function refuseHeldItem(itemId: string, { invoiced, claimed }: AccountState): Refusal | null {
  return refuseHeld(itemId, invoiced, claimed);
}

/** The same for a charge. */
export function refuseHeldCharge(
  chargeItemId: string,
  { invoicedCharges, claimedCharges }: AccountState,
): Refusal | null {
  return refuseHeld(chargeItemId, invoicedCharges, claimedCharges);
}

function refuseHeld(
  itemId: string,
  invoiced: AccountState['invoiced'],
  claimed: AccountState['claimed'],
): Refusal | null {
  const invoicedOn = invoiced.get(itemId);
  const note = invoicedOn === undefined ? null : ownNoteOf(invoicedOn);
  if (note !== null) {
    return refuse(
      'ItemAlreadyInvoiced',
      `Item ${itemId} is on credit note ${note}.`,
      'Leave it out: what is wrong with it follows as an adjustment.',
      { itemId, creditNoteId: note },
    );
  }
  if (invoicedOn !== undefined) {
    return refuse(
      'ItemAlreadyInvoiced',
      `Item ${itemId} is on invoice ${invoicedOn}.`,
      'Correct it with a credit note.',
      {
        itemId,
        invoiceId: invoicedOn,
      },
    );
  }
  const claimedBy = claimed.get(itemId);
  if (claimedBy === undefined) return null;
  return refuse(
    'ItemAlreadyClaimed',
    `Item ${itemId} is on draft ${claimedBy}.`,
    'Issue or discard that draft first.',
    {
      itemId,
      invoiceId: claimedBy,
    },
  );
}

/** The same for an item that was written off. */
export function refuseWrittenOff(itemId: string, state: AccountState): Refusal | null {
  if (!state.writtenOff.has(itemId)) return null;
  return refuse('ItemWrittenOff', `Item ${itemId} was written off.`, 'Leave it out of the draft.', { itemId });
}

/**
 * Nothing moves between the request of a note and its issue: what it settles is still held by nobody, what it takes back by its invoice, or is written off (law L3).
 * @throws InvariantViolation
 */
export function assertHeldAsAsked(note: CreditNote, state: AccountState): void {
  const { invoiced, claimed, invoicedCharges, claimedCharges, writtenOff } = state;
  for (const one of note.lines) {
    const { itemId } = one.line;
    const holder = invoiced.get(itemId) ?? claimed.get(itemId) ?? (writtenOff.has(itemId) ? WRITTEN_OFF : null);
    assertHeld(note, itemId, effectOnLine(one), holder);
  }
  for (const one of note.charges) {
    const { chargeItemId } = one.charge;
    const holder = invoicedCharges.get(chargeItemId) ?? claimedCharges.get(chargeItemId) ?? null;
    assertHeld(note, chargeItemId, effectOnCharge(one), holder);
  }
}

const WRITTEN_OFF = 'a write-off';

function assertHeld({ facts, hasVerdict }: CreditNote, id: string, effect: CreditEffect, holder: string | null): void {
  const isAsAsked =
    effect === 'settled'
      ? holder === null
      : !hasVerdict || holder === facts.invoiceId || (effect === 'freed' && holder === WRITTEN_OFF);
  const by = holder ?? 'nobody';
  invariant(isAsAsked, () => `credit note ${facts.creditNoteId} has ${id} as ${effect}, which is held by ${by}`);
}
