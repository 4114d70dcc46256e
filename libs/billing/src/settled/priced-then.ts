import type { Minutes } from '@billtrail/kernel';
import { type RateClass, versionInForce } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Segment } from '../item/billable-item.js';
import type { FrozenItem } from '../item/frozen-item.js';
import type { Step } from '../item/trace.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import { ruleNamed } from '../rating/coverage/scope.js';
import { type SettledPart, type SettledWork, isForgiven } from './settled-work.js';
import { isOfWork } from '../item/item-key.js';

/** A contract version that priced a frozen item, as the one link of a chain. */
export interface PricedThen {
  readonly inForce: InForce;
  readonly step: Step;
}

/** Contracts, and what their terms may name. */
export type PublishedTerms = Pick<ClientPeriodFacts, 'contracts' | 'configuration'>;

/**
 * The contract version that priced a frozen item, with the version of a card that did; null where it had no price, or its contract is not among the
 * facts.
 */
export function versionOf(
  item: Pick<FrozenItem, 'contractId' | 'contractVersion' | 'workDate' | 'basis'>,
  { contracts, configuration }: PublishedTerms,
): PricedThen['inForce'] | null {
  const { contractId, contractVersion, workDate, basis } = item;
  const contract = contracts.find((one) => one.contractId === contractId);
  const version = contract?.versions.find((one) => one.versionNumber === contractVersion);
  if (contract === undefined || version === undefined) return null;
  return { contract, version: versionInForce(version, workDate, configuration, basis.card?.version) };
}

/** The version under which a minute was priced; null: it had no price. Of parts that of the part in which the minute lies, else of the last one. */
export function pricedUnder(settled: SettledWork, published: PublishedTerms, minute: Minutes): PricedThen | null {
  const part = pricedPartAt(settled, minute);
  const inForce = part === null ? null : versionOf(part.item, published);
  return inForce === null ? null : { inForce, step: () => contractStep(inForce) };
}

/**
 * Where a minute was put when it was frozen: under the very rule of then, whatever was said of its ticket since. null: that can no longer be
 * told.
 */
export function placedThen(settled: SettledWork, published: PublishedTerms, minute: Minutes): Placement | null {
  const part = pricedPartAt(settled, minute);
  const inForce = part === null ? null : versionOf(part.item, published);
  if (part === null || inForce === null) return null;
  const rule = ruleNamed(inForce.version, part.item.basis.ruleId);
  if (rule === undefined || rule.outcome === 'excluded') return null;
  const { contractId } = inForce.contract;
  const { versionNumber: contractVersion } = inForce.version;
  const step: Step = () => ({
    step: 'coverage',
    text: `rule ${rule.name} (${rule.id}) of contract ${contractId} version ${contractVersion}, as it was taken then: ${rule.outcome}`,
    facts: { ruleId: rule.id, outcome: rule.outcome, contractId, contractVersion },
  });
  return { as: rule.outcome, inForce, rule, steps: [() => contractStep(inForce), step] };
}

/** The class that a frozen item had: of its segment, else as step 2 said. */
export function classOf({ segment, basis }: Pick<FrozenItem, 'segment' | 'basis'>): RateClass | null {
  return segment === undefined ? basis.rateClass : segment.rateClass;
}

/** Of a line that was credited to be billed again nothing is priced by what priced it then. */
function pricedPartAt({ parts }: SettledWork, minute: Minutes): SettledPart | null {
  const isBilledAgain = parts.some(isForgiven);
  const priced = parts.filter((part) => part.item.contractId !== null && part.item.net !== null && !isForgiven(part));
  const found = priced.find(({ item }) => holdsMinute(item.segment, minute));
  if (found !== undefined || !isBilledAgain) return found ?? priced.at(-1) ?? null;
  // What adjusts the whole holds every minute.
  return priced.findLast(({ item, key }) => item.segment === undefined && !isOfWork(key)) ?? null;
}

function holdsMinute(segment: Segment | undefined, minute: Minutes): boolean {
  return segment !== undefined && minute >= segment.fromMinute && minute < segment.toMinute;
}

function contractStep({ contract, version }: InForce): ReturnType<Step> {
  const { contractId, name } = contract;
  const { versionNumber: contractVersion } = version;
  return {
    step: 'contract',
    text: `contract ${name} (${contractId}), version ${contractVersion}: the one that priced the frozen item`,
    facts: { contractId, contractVersion, chosenBy: 'frozen' },
  };
}
