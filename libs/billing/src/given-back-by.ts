import { type LocalDate, Money, type MoneyJson } from '@billtrail/kernel';
import type { ClientPeriodFacts } from './client-period.js';
import { rate } from './rate.js';
import type { ContractFacts } from './rating/facts.js';

/** What a change of a contract gives back of what the invoices of an account ask for. */
interface GivenBack {
  /** Before tax, above zero: what is owed for other charges of the contract is taken off. */
  readonly net: MoneyJson;
  /** Those that the change makes another amount of. `to`: the last day that was asked for. */
  readonly charges: readonly { readonly chargeId: string; readonly name: string; readonly to: LocalDate }[];
}

/**
 * What goes back of the charges that the account's invoices ask for by a contract, because it is as it `is`, and not as it `was`: fees, what is charged once, minimums, amounts off, all
 * that it charges. Work on an invoice is priced anew by a credit note only. The facts may know of the change, or not yet. null: nothing goes back.
 */
export function givenBackBy(
  facts: ClientPeriodFacts,
  { was, is }: { readonly was: ContractFacts; readonly is: ContractFacts },
): GivenBack | null {
  const [before, after] = [openOf(facts, was), openOf(facts, is)];
  const [first] = after.values();
  if (first === undefined) return null;
  const owed = (open: ReadonlyMap<string, Open>): Money => {
    const sum = Money.sum(
      [...open.values()].map(({ net }) => net),
      first.net.currency,
    );
    return sum.isNegative() ? sum.negated() : Money.zero(sum.currency);
  };
  const net = owed(after).minus(owed(before));
  if (net.isZero() || net.isNegative()) return null;
  const charges = [...after].flatMap(([chargeId, one]) => {
    const isOther = !(before.get(chargeId)?.net ?? Money.zero(one.net.currency)).equals(one.net);
    return isOther ? [{ chargeId, name: one.name, to: one.to }] : [];
  });
  return { net: net.toJSON(), charges };
}

interface Open {
  readonly name: string;
  readonly to: LocalDate;
  readonly net: Money;
}

/** Of each charge of the contract that invoices ask for: what is on no document yet, owed or to be given back. */
function openOf(facts: ClientPeriodFacts, contract: ContractFacts): ReadonlyMap<string, Open> {
  const { contractId } = contract;
  const contracts = facts.contracts.map((one) => (one.contractId === contractId ? contract : one));
  const charges = rate({ ...facts, contracts }).charges.filter((charge) => charge.contractId === contractId);
  const open = new Map<string, Open>();
  for (const { chargeId, description: name, disposition, to, net } of charges) {
    if (disposition !== 'invoiced') continue;
    const last = open.get(chargeId)?.to ?? to;
    open.set(chargeId, { name, to: last < to ? to : last, net: Money.zero(net.currency) });
  }
  for (const { chargeId, disposition, net } of charges) {
    const asked = open.get(chargeId);
    if (disposition === 'invoiced' || asked === undefined) continue;
    open.set(chargeId, { ...asked, net: asked.net.plus(Money.from(net)) });
  }
  return open;
}
