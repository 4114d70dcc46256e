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

/** The end of a contract. */
interface End {
  readonly contractId: string;
  readonly lastDay: LocalDate;
  readonly releasesCommitments: boolean;
}

/**
 * What an end gives back of a contract's fees that invoices ask for later days: what is on no document yet, less what would be given back if the contract had no end. The facts may know of
 * the end, or not yet.
 */
export function givenBackAfter(facts: ClientPeriodFacts, end: End): readonly FeeGivenBack[] {
  const without = creditsOf(facts, { ...end, lastDay: null, releasesCommitments: false });
  return [...creditsOf(facts, end)].flatMap(([chargeId, { net, ...told }]): readonly FeeGivenBack[] => {
    const before = without.get(chargeId)?.net ?? Money.zero(net.currency);
    const caused = before.minus(net);
    if (told.to <= end.lastDay || caused.isZero() || caused.isNegative()) return [];
    return [{ chargeId, ...told, net: caused.toJSON() }];
  });
}

/** Of each fee of the contract that is given back: what, and the last day that was asked for. */
function creditsOf(
  facts: ClientPeriodFacts,
  { contractId, ...end }: Omit<End, 'lastDay'> & { readonly lastDay: LocalDate | null },
): ReadonlyMap<string, { readonly name: string; readonly to: LocalDate; readonly net: Money }> {
  const contracts = facts.contracts.map((one) => (one.contractId === contractId ? { ...one, ...end } : one));
  const credits = new Map<string, { name: string; to: LocalDate; net: Money }>();
  for (const charge of rate({ ...facts, contracts }).charges) {
    const { kind, disposition, chargeId, description: name, to } = charge;
    const net = Money.from(charge.net);
    if (kind !== 'recurring' || charge.contractId !== contractId) continue;
    if (disposition === 'invoiced' || !net.isNegative()) continue;
    const others = credits.get(chargeId);
    const last = others === undefined || others.to < to ? to : others.to;
    credits.set(chargeId, { name, to: last, net: others?.net.plus(net) ?? net });
  }
  return credits;
}
