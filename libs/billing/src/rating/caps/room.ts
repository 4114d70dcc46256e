import type { Money } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import type { CapBasis } from '../../item/basis.js';
import type { TraceStep } from '../../item/trace.js';
import { unpricedStep } from '../coverage/placement.js';

/** A cap of a contract with what it still lets through. */
export interface Room {
  readonly contractId: string;
  readonly cap: Cap;
  /** What it asks, in words. */
  readonly asks: string;
  readonly used: Money;
  /** Never below zero. */
  readonly left: Money;
}

/** The cap that held a part, with what it had let through until then. */
export interface HeldUnder {
  readonly room: Room;
  /** What of the part's price is billed, or lies above the cap. */
  readonly amount: Money;
  readonly isAbove: boolean;
}

export function capBasis({ room, amount, isAbove }: HeldUnder): CapBasis {
  const { contractId, cap, left } = room;
  return { contractId, capId: cap.id, currency: left.currency, above: isAbove ? amount.amount : null, heldBack: null };
}

export function capStep({ room, amount, isAbove }: HeldUnder): TraceStep {
  const { contractId, cap, asks, used, left } = room;
  const { currency } = left;
  const before = `${asks}, ${used.amount} billed before: ${amount.amount} ${currency}`;
  const facts = {
    contractId,
    capId: cap.id,
    scope: cap.scope,
    amount: cap.amount,
    usedBefore: used.amount,
    left: left.amount,
    currency,
  };
  if (!isAbove) return { step: 'cap', text: `${before} billed`, facts: { ...facts, billed: amount.amount } };
  const above = { ...facts, above: amount.amount, rule: cap.above };
  if (cap.above === 'gap') return unpricedStep('cap', 'above-cap', `${before} above it has no price`, above);
  return { step: 'cap', text: `${before} above it is written down, as the contract says`, facts: above };
}
