import {
  Money,
  addDays,
  at,
  localDateIn,
  monthOf,
  monthsBetween,
  monthsLater,
  type Instant,
  type Month,
  type MoneyJson,
} from '@billtrail/kernel';
import {
  rateExplained,
  whatIf,
  withBought,
  type BoughtBlock,
  type CarriedOver,
  type ClientPeriodFacts,
  type ContractFacts,
  type DerivedGap,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { SupposedFacts } from './supposed-facts.js';

/** What a contract changes in a month of its client, where the contracts before it are as they would be by then. */
export interface MonthOfPlan {
  readonly period: Month;
  /** The change for what is on no document yet. */
  readonly net: MoneyJson;
  /** The change for lines of work on invoices, which stay as they are: so much more, or less, their gaps `contract-mismatch` are about. */
  readonly frozen: MoneyJson;
}

/**
 * The months that each of a client's contracts would change, put in force one after the other in this order; months without a change are left out.
 * Charges of months that have not come are not there yet.
 */
export async function moneyOf(
  ports: CommandPorts,
  clientId: string,
  contracts: readonly ContractFacts[],
): Promise<readonly (readonly MonthOfPlan[])[]> {
  const { models, clock } = ports;
  const found = contracts.map((): MonthOfPlan[] => []);
  const supposed: SupposedFacts[] = [];
  for (let count = 1; count <= contracts.length; count += 1)
    supposed.push(await SupposedFacts.of(ports, clientId, contracts.slice(0, count)));
  // Each month starts with what the month before carries over: with the first contract, with the first two ...
  const carried: (CarriedOver | undefined)[] = [];
  const bought: BoughtBlock[] = [];
  for (const period of await monthsOf(models, clientId, contracts, clock())) {
    const recorded = await models.billableItems.periodFacts(clientId, period);
    let facts = recorded;
    let before = mismatchOf(rateExplained(recorded).gaps, recorded);
    for (const [index, contract] of contracts.entries()) {
      const ofPeriod = await at(supposed, index, 'the facts by a contract').ofPeriod(period);
      const read = { ...ofPeriod, contracts: ofPeriod.contracts.map((one) => withBought(one, bought)) };
      const carriedOver = carried[index];
      const {
        result,
        net,
        bought: now,
      } = whatIf(facts, { contract: withBought(contract, bought), facts: read }, { carriedOver });
      const after = mismatchOf(result.gaps, read);
      const frozen = after.minus(before);
      if (!Money.from(net).isZero() || !frozen.isZero())
        at(found, index, 'the months of a contract').push({ period, net, frozen: frozen.toJSON() });
      bought.push(...now);
      const withNow = { ...read, contracts: read.contracts.map((one) => withBought(one, now)) };
      facts = carriedOver === undefined ? withNow : { ...withNow, carriedOver };
      carried[index] = result.carriedOver;
      before = after;
    }
  }
  return found;
}

/** What gaps say of work that an invoice has. Of what a draft has, the change is in what is rated. */
function mismatchOf(gaps: readonly DerivedGap[], { invoiced, currency }: ClientPeriodFacts): Money {
  const onInvoices = new Set(invoiced.map(({ line }) => line.workItemId));
  return Money.sum(
    gaps.flatMap(({ kind, workItemId, valueAtRisk: { money } }) => {
      const isOfLine = kind === 'contract-mismatch' && workItemId !== null && onInvoices.has(workItemId);
      return isOfLine && money?.currency === currency ? [Money.from(money)] : [];
    }),
    currency,
  );
}

/** The client's months, and those in whose accounts the contracts may have a charge by now. */
async function monthsOf(
  { billableItems, charges }: CommandPorts['models'],
  clientId: string,
  contracts: readonly ContractFacts[],
  now: Instant,
): Promise<readonly Month[]> {
  if (contracts.length === 0) return [];
  const known = (await billableItems.periods({ clientId })).map(({ period }) => period);
  const { month: horizon, leadDays } = charges.horizonNow();
  const { clientTimeZone, configuration } = await billableItems.periodFacts(clientId, '1970-01');
  // Once the contracts are in force, their months come by the days of their own zones.
  const come = contracts
    .flatMap(({ versions }) => versions)
    .map(({ terms }) => terms.timeZone ?? clientTimeZone ?? configuration.organisation.timeZone)
    .map((zone) => monthOf(addDays(localDateIn(zone, now), leadDays)));
  const [first] = [...known, ...contracts.map(firstAccount)].sort();
  const last = [...known, ...come, ...(horizon === null ? [] : [horizon])].sort().at(-1);
  return first === undefined || last === undefined ? [] : monthsBetween(first, last);
}

/** A fee in advance is in the account of its cycle's first month, but no cycle begins before the contract's first version, unless a later one is back-dated. */
function firstAccount({ versions }: ContractFacts): Month {
  const [anchor = '', ...later] = versions.map(({ effectiveFrom }) => monthOf(effectiveFrom));
  const longest = Math.max(
    1,
    ...versions.flatMap(({ terms }) => (terms.recurringCharges ?? []).map((fee) => fee.everyMonths ?? 1)),
  );
  return (
    [anchor, ...later.filter((month) => month < anchor).map((month) => monthsLater(month, 1 - longest))].sort()[0] ??
    anchor
  );
}
