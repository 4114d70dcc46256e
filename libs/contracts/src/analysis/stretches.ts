import { type LocalDate, addDays, namedIn } from '@billtrail/kernel';
import type { ContractVersion, Count, PrepaidBlock } from '../events.js';
import type { TermedContract } from '../renewal.js';
import { cardDays, cardVersionOn, versionInForce } from '../shared-cards.js';
import type { SharedCards } from '../terms/shared-cards.js';
import { VersionTimeline } from '../version-timeline.js';

/** A contract with all that says when it is in force and what may be drawn on. The contract facts of rating are such. */
export interface ContractToAnalyse extends TermedContract {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
  /** True if it may overlap with others at the same priority, because tickets name their contract. Absent: false. */
  readonly allowOverlap?: boolean;
  /** Absent: none. */
  readonly blocks?: readonly PrepaidBlock[];
  /** Of devices and users. Absent: none is known. */
  readonly counts?: readonly Count[];
}

/** One contract that is asked, and the version in force. */
export interface Link {
  readonly contract: ContractToAnalyse;
  readonly version: ContractVersion;
}

/** Days on which a client's work goes along the same chain of contracts (rating.md step 1). */
export interface ChainStretch {
  readonly from: LocalDate;
  /** null: without end. */
  readonly to: LocalDate | null;
  readonly links: readonly Link[];
  /** Contracts at which the chain ends because they overlap at the same priority. Empty: it ends after the last link. */
  readonly equal: readonly Link[];
}

/**
 * The days of a client's contracts, cut wherever another chain applies, or another version of a card that the caller knows. Days before the first contract and after the last are left out; days
 * between, on which none is in force, have a chain without links.
 */
export function stretchesOf(
  contracts: readonly ContractToAnalyse[],
  shared: SharedCards = {},
): readonly ChainStretch[] {
  const timelines = contracts.map((contract) => ({ contract, timeline: new VersionTimeline(contract) }));
  const points = [
    ...new Set(
      timelines.flatMap(({ contract, timeline }) => [
        ...timeline.changePoints(),
        ...contract.versions.flatMap(({ terms }) => cardDays(terms, shared)),
      ]),
    ),
  ].sort();
  const stretches: ChainStretch[] = [];
  let signature = '';
  points.forEach((from, index) => {
    const next = points[index + 1];
    const to = next === undefined ? null : addDays(next, -1);
    const inForce = timelines.flatMap(({ contract, timeline }) => {
      const version = timeline.versionOn(from);
      return version === null ? [] : [{ contract, version: withKnownCard(version, from, shared) }];
    });
    const chain = chainOf(inForce);
    const signatureNow = JSON.stringify([chain.links.map(nameOf), chain.equal.map(nameOf)]);
    const last = stretches.at(-1);
    if (last !== undefined && signatureNow === signature) stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ from, to, ...chain });
    signature = signatureNow;
  });
  return withoutEmptyEnds(stretches);
}

/** The version with the prices of the day; as it is stated, where the card that it names is not known. */
function withKnownCard(version: ContractVersion, day: LocalDate, shared: SharedCards): ContractVersion {
  const { card } = version.terms.rateCard;
  const known = card === undefined ? undefined : namedIn(shared.rateCards, card);
  return known === undefined || cardVersionOn(known, day) === null ? version : versionInForce(version, day, shared);
}

function nameOf({ contract, version }: Link): readonly [string, number, number] {
  const { rateCard } = version.terms;
  return [contract.contractId, version.versionNumber, rateCard.card === undefined ? (rateCard.taken?.version ?? 0) : 0];
}

function chainOf(inForce: readonly Link[]): Pick<ChainStretch, 'links' | 'equal'> {
  const sorted = [...inForce].sort((a, b) => a.contract.priority - b.contract.priority);
  const links: Link[] = [];
  for (const one of sorted) {
    const equal = sorted.filter((other) => other.contract.priority === one.contract.priority);
    if (equal.length > 1) return { links, equal };
    links.push(one);
  }
  return { links, equal: [] };
}

function withoutEmptyEnds(stretches: readonly ChainStretch[]): readonly ChainStretch[] {
  const isInForce = (stretch: ChainStretch): boolean => stretch.links.length > 0 || stretch.equal.length > 0;
  const first = stretches.findIndex(isInForce);
  return first < 0 ? [] : stretches.slice(first, stretches.findLastIndex(isInForce) + 1);
}
