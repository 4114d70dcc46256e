import { daysOf, monthOf, monthsLater } from '@billtrail/kernel';
import type {
  ContractEvent,
  ContractVersion,
  Count,
  PrepaidAmount,
  PrepaidBlock,
  RecurringCharge,
  Suspension,
} from '@billtrail/contracts';
import { fraction, halfUp, minorOf, minorUnits } from './integers.js';
import { thirtiethsOf } from './thirtieths.js';

export interface ModelBlock {
  readonly block: PrepaidBlock;
  readonly purchaseId: string;
  withdrawn: boolean;
  /** As `prepaidValueOf`. */
  returned: bigint;
}

/** What a block or an allotment holds: ten-thousandths of a minute, or minor units. */
export function prepaidValueOf(amount: PrepaidAmount): bigint {
  return amount.unit === 'minutes' ? BigInt(Math.round(amount.minutes * 10_000)) : minorOf(amount.money);
}

/** A contract as its events leave it. */
export interface ModelContract {
  readonly contractId: string;
  readonly clientId: string;
  lastDay: string | null;
  /** Its end released it from what was committed beyond that. */
  isReleased: boolean;
  versions: ContractVersion[];
  suspensions: Suspension[];
  readonly counts: Count[];
  /** Days on which milestones were reached, by their ids. */
  readonly reached: Map<string, string>;
  readonly blocks: ModelBlock[];
}

/** Contracts folded by other means than the product's, and their fees counted day by day. */
export class ModelContracts {
  readonly byId = new Map<string, ModelContract>();

  apply(eventId: string, event: ContractEvent): void {
    if (event.type === 'ContractActivated') {
      const { contractId, clientId } = event.data;
      const nothing = {
        lastDay: null,
        isReleased: false,
        versions: [],
        suspensions: [],
        counts: [],
        reached: new Map<string, string>(),
        blocks: [],
      };
      this.byId.set(contractId, { contractId, clientId, ...nothing });
      return;
    }
    const contract = this.byId.get((event.data as { readonly contractId?: string }).contractId ?? '');
    if (contract) change(contract, eventId, event);
  }
}

function change(contract: ModelContract, eventId: string, event: ContractEvent): void {
  switch (event.type) {
    case 'ContractVersionPublished':
      contract.versions.push(event.data);
      return;
    case 'ContractRenewed':
    case 'ContractRenewalReversed': {
      const { versionNumber, effectiveTo } = event.data;
      contract.versions = contract.versions.map((one) =>
        one.versionNumber === versionNumber ? { ...one, effectiveTo } : one,
      );
      return;
    }
    case 'ContractTerminated':
      contract.lastDay = event.data.lastDay;
      contract.isReleased = event.data.releasesCommitments === true;
      return;
    case 'ContractSuspended':
      contract.suspensions.push({ from: event.data.from, resumedOn: null });
      return;
    case 'ContractResumed': {
      const { resumedOn } = event.data;
      contract.suspensions = contract.suspensions.map((one) => (one.resumedOn === null ? { ...one, resumedOn } : one));
      return;
    }
    case 'CountRecorded':
      contract.counts.push(event.data);
      return;
    case 'MilestoneReached':
      contract.reached.set(event.data.milestoneId, event.data.reachedOn);
      return;
    case 'MilestoneDeclarationWithdrawn':
      contract.reached.delete(event.data.milestoneId);
      return;
    case 'PrepaidBlockPurchased':
      contract.blocks.push({ block: event.data, purchaseId: eventId, withdrawn: false, returned: 0n });
      return;
    case 'PrepaidBlockReturned': {
      const { blockId, amount } = event.data;
      const value = prepaidValueOf(amount);
      for (const one of contract.blocks) if (one.block.blockId === blockId) one.returned += value;
      return;
    }
    case 'PrepaidBlockWithdrawn':
      for (const one of contract.blocks) if (one.block.blockId === event.data.blockId) one.withdrawn = true;
      return;
    default:
  }
}

/** The version in force on a day: of those that claim it the one published last. */
export function versionOn({ versions, lastDay, suspensions }: ModelContract, day: string): ContractVersion | null {
  if (lastDay !== null && day > lastDay) return null;
  if (suspensions.some(({ from, resumedOn }) => from <= day && (resumedOn === null || day < resumedOn))) return null;
  const claims = versions.filter(({ effectiveFrom, effectiveTo }) => {
    if (effectiveFrom > day) return false;
    if (effectiveTo !== null) return day <= effectiveTo;
    return !versions.some((other) => other.effectiveFrom > effectiveFrom && other.effectiveFrom <= day);
  });
  return claims.at(-1) ?? null;
}

/** What a contract's fees of one name come to in the account of each month, in minor units of the cards' currency. */
export function feesByMonth(
  contract: ModelContract,
  horizon: string,
): ReadonlyMap<string, ReadonlyMap<string, bigint>> {
  const anchor = monthOf(contract.versions[0]?.effectiveFrom ?? '2026-01-01');
  const names = new Map<string, RecurringCharge>();
  for (const { terms } of contract.versions) for (const fee of terms.recurringCharges ?? []) names.set(fee.name, fee);
  const fees = new Map<string, ReadonlyMap<string, bigint>>();
  for (const [name, { everyMonths = 1, billed }] of names) {
    const byMonth = new Map<string, bigint>();
    let from = anchor;
    // Versions may begin before the one that was published first.
    while (contract.versions.some(({ effectiveFrom }) => monthOf(effectiveFrom) < from))
      from = monthsLater(from, -everyMonths);
    for (; from <= horizon; from = monthsLater(from, everyMonths)) {
      const last = monthsLater(from, everyMonths - 1);
      const due = feeOfDays(contract, name, `${from}-01`, daysOf(last).last);
      byMonth.set(billed === 'in-advance' ? from : last, due);
    }
    fees.set(name, byMonth);
  }
  return fees;
}

const DAY_MILLIS = 86_400_000;

/** Days with one price and one count are a part of the cycle each, rounded once. */
function feeOfDays(contract: ModelContract, name: string, first: string, last: string): bigint {
  const days = new Map<string, number>();
  const stretches: { from: number; key: string | null }[] = [];
  let isThirtieths = false;
  const [begin, end] = [Date.parse(first), Date.parse(last)];
  for (let millis = begin; millis <= end; millis += DAY_MILLIS) {
    const day = new Date(millis).toISOString().slice(0, 'YYYY-MM-DD'.length);
    const version = versionOn(contract, day);
    const fee = version?.terms.recurringCharges?.find((one) => one.name === name);
    const count = fee && countOn(contract, fee, day);
    isThirtieths ||= fee?.proration?.increases === 'thirtieths';
    const has = version && fee && count !== undefined;
    const key = has ? `${unitsOf(fee, count).join(' ')} ${version.terms.rateCard.currency}` : null;
    if (stretches.at(-1)?.key !== key) stretches.push({ from: Number(day.slice('YYYY-MM-'.length)), key });
    if (key !== null) days.set(key, (days.get(key) ?? 0) + 1);
  }
  const cycleDays = (end - begin) / DAY_MILLIS + 1;
  const cycle = BigInt(isThirtieths ? 30 : cycleDays);
  let sum = 0n;
  for (const [key, covered] of isThirtieths ? thirtiethsOf(stretches, cycleDays) : days) {
    const [over = '0', under = '1', currency = ''] = key.split(' ');
    sum += halfUp(BigInt(over) * BigInt(covered) * minorUnits(currency), BigInt(under) * cycle);
  }
  return sum;
}

/** What units cost in a whole cycle, as a number over another: each by itself, whatever they are grouped by. */
export function unitsOf(fee: RecurringCharge, counted: number): readonly [over: bigint, under: bigint] {
  const { price = '0', tiers = [{ upTo: null, price }], tierPricing, minimumCount = 0 } = fee;
  const units = Math.max(counted, minimumCount);
  const fine = 10n ** 6n;
  let over = 0n;
  for (let unit = 1; unit <= units; unit += 1) {
    const place = tierPricing === 'volume' ? units : unit;
    const tier = tiers.find(({ upTo }) => upTo === null || place <= upTo);
    const each = fraction(tier?.price ?? '0');
    over += (each.over * fine) / each.under;
  }
  return [over, fine];
}

/** How many are charged on a day; undefined: nobody counted. */
export function countOn(
  { counts }: ModelContract,
  { basis, countOf }: RecurringCharge,
  day: string,
): number | undefined {
  if (basis === 'fixed' || basis === 'retainer') return 1;
  const known = counts.filter((one) => one.countOf === countOf && one.from <= day);
  const latest = known
    .map(({ from }) => from)
    .sort()
    .at(-1);
  return known.findLast(({ from }) => from === latest)?.count;
}
