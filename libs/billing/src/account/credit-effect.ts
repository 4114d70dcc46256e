import { unreachable } from '@billtrail/kernel';
import type { CreditedCharge, CreditedLine } from '../events.js';

/**
 * What a line of a credit note does to the item that it names. `freed`: it is on no document any more and is billed again; `forgone`: it is
 * written off; `reduced`: it stays invoiced, for less; `settled`: it is frozen beside the lines of the invoice that the note corrects.
 */
export type CreditEffect = 'freed' | 'forgone' | 'reduced' | 'settled';

export function effectOnLine({ outcome, isWhole }: Pick<CreditedLine, 'outcome' | 'isWhole'>): CreditEffect {
  switch (outcome) {
    case 'corrected':
      return 'settled';
    case 'bill-again':
      return 'freed';
    case 'written-off':
      return isWhole ? 'forgone' : 'reduced';
    default:
      return unreachable(outcome);
  }
}

/** A charge has no disposition for what is forgone: written off, it stays invoiced less its credit. */
export function effectOnCharge({ outcome }: Pick<CreditedCharge, 'outcome'>): Exclude<CreditEffect, 'forgone'> {
  const effect = effectOnLine({ outcome, isWhole: false });
  return effect === 'forgone' ? 'reduced' : effect;
}
