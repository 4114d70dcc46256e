import { type LocalDate, Money, type MoneyJson } from '@billtrail/kernel';
import type { ClientPeriodFacts } from './client-period.js';
import { rate } from './rate.js';

/** What of a fee that invoices ask for goes back. */
export interface FeeGivenBack {
  readonly chargeId: string;
  readonly name: string;
  /** The last day that was asked for. */
  readonly to: LocalDate;
  /** Before tax, above zero. */
  readonly net: MoneyJson;
}

/** What of a contract's fees an account gives back of those that invoices ask for days after one: what is on no document yet. */
export function givenBackAfter(facts: ClientPeriodFacts, contractId: string, day: LocalDate): readonly FeeGivenBack[] {
  return rate(facts).charges.flatMap((charge): readonly FeeGivenBack[] => {
    const { kind, disposition, chargeId, description: name, to } = charge;
    const net = Money.from(charge.net);
    const isOfDays = kind === 'recurring' && charge.contractId === contractId && to > day;
    if (!isOfDays || disposition === 'invoiced' || !net.isNegative()) return [];
    return [{ chargeId, name, to, net: net.negated().toJSON() }];
  });
}
