import { type LocalDate, addDays } from '@billtrail/kernel';
import type { ContractTerms, PrepaidBlock, RateCard, RoundingRule } from '../events.js';
import { amountText } from '../prepaid-price.js';
import { type DaySpan, VersionTimeline, nextDay } from '../version-timeline.js';
import { beginsAfter, endsByDecision, renewalOf, termEndOf } from '../renewal.js';
import { type BlockOutOfReachFinding, blocksOutOfReach } from './blocks-out-of-reach.js';
import { type NameFinding, foreignClasses, nearNamesIn, slipFindings, unknownNames } from './names.js';
import { type OneTimeFeeFinding, oneTimeFeeFindings } from './one-time-fees.js';
import { shadowedRules } from './reachability.js';
import type { KnownNames } from './rows.js';
import type { ChainStretch, ContractToAnalyse } from './stretches.js';
import { type UnusedCountFinding, unusedCountFindings } from './unused-counts.js';

/**
 * Something about contracts that their terms alone do not show. `error`: a hole, an overlap, contracts that overlap at the same priority;
 * the price of work on those days is not certain. `warning`: the author may have intended it.
 */
export type CoverageFinding = { readonly days: DaySpan; readonly text: string } & (
  | { readonly severity: 'error'; readonly kind: 'version-hole'; readonly contractId: string }
  | {
      readonly severity: 'error';
      readonly kind: 'versions-overlap';
      readonly contractId: string;
      readonly versionNumbers: readonly [number, number];
    }
  | {
      /** A warning if one of them allows it. */
      readonly severity: 'error' | 'warning';
      readonly kind: 'contracts-match-equally';
      readonly contractIds: readonly string[];
    }
  | {
      readonly severity: 'warning';
      readonly kind: 'rule-never-wins';
      readonly contractId: string;
      readonly versionNumber: number;
      readonly ruleId: string;
      readonly takenBy: readonly string[];
    }
  | {
      readonly severity: 'warning';
      readonly kind: 'prepaid-without-source';
      readonly contractId: string;
      readonly versionNumber: number;
    }
  | {
      /** Blocks are bought without a person: of which size, at which price and when; or none can be, for there is none to be like. */
      readonly severity: 'warning';
      readonly kind: 'blocks-renew';
      readonly contractId: string;
      readonly versionNumber: number;
    }
  | {
      /** What is shorter than the increment is rounded down, and no minimum holds it. */
      readonly severity: 'warning';
      readonly kind: 'rounds-to-nothing';
      readonly contractId: string;
      readonly versionNumber: number;
    }
  | {
      /** Its charges stop although nobody decided so; or it goes on by itself unless somebody gives notice. */
      readonly severity: 'warning';
      readonly kind: 'contract-ends' | 'contract-renews';
      readonly contractId: string;
    }
  | ({ readonly severity: 'warning' } & (OneTimeFeeFinding | UnusedCountFinding | BlockOutOfReachFinding))
  | NameFinding
);

export function findingsOf(
  contracts: readonly ContractToAnalyse[],
  stretches: readonly ChainStretch[],
  known: KnownNames,
): readonly CoverageFinding[] {
  return [
    ...contracts.flatMap(holesAndOverlaps),
    ...stretches.flatMap(equals),
    ...contracts.flatMap((contract) => ofVersions(contract, known)),
    ...contracts.flatMap(oneTimeFeeFindings).map((one): CoverageFinding => ({ severity: 'warning', ...one })),
    ...contracts.flatMap(unusedCountFindings).map((one): CoverageFinding => ({ severity: 'warning', ...one })),
    ...contracts.flatMap(blocksOutOfReach).map((one): CoverageFinding => ({ severity: 'warning', ...one })),
    ...stretches.flatMap(withoutSource),
    ...contracts.flatMap((contract) => endOfTerm(contract, contracts)),
  ];
}

export function daysText({ from, to }: DaySpan): string {
  return to === null ? `from ${from} on` : `from ${from} to ${to}`;
}

function holesAndOverlaps(contract: ContractToAnalyse): readonly CoverageFinding[] {
  const { contractId } = contract;
  const timeline = new VersionTimeline(contract);
  const holes = timeline.holes().map((days): CoverageFinding => {
    const text = `contract ${contractId} has no terms ${daysText(days)}, between two of its versions`;
    return { severity: 'error', kind: 'version-hole', contractId, days, text };
  });
  const overlaps = timeline.overlaps().map(({ earlier, later, days }): CoverageFinding => {
    const text = `versions ${earlier} and ${later} of contract ${contractId} overlap ${daysText(days)}`;
    return {
      severity: 'error',
      kind: 'versions-overlap',
      contractId,
      versionNumbers: [earlier, later],
      days,
      text,
    };
  });
  return [...holes, ...overlaps];
}

function equals({ from, to, equal }: ChainStretch): readonly CoverageFinding[] {
  if (equal.length === 0) return [];
  const contractIds = equal.map((one) => one.contract.contractId).sort();
  const days = { from, to };
  const text = `contracts ${contractIds.join(' and ')} overlap at the same priority ${daysText(days)}: work on a ticket that names none of them has no price`;
  const severity = equal.some(({ contract }) => contract.allowOverlap === true) ? 'warning' : 'error';
  return [{ severity, kind: 'contracts-match-equally', contractIds, days, text }];
}

function ofVersions(contract: ContractToAnalyse, known: KnownNames): readonly CoverageFinding[] {
  const { contractId } = contract;
  return contract.versions.flatMap((version) => {
    const { versionNumber, terms } = version;
    const days = { from: version.effectiveFrom, to: version.effectiveTo };
    const which = `of contract ${contractId} version ${versionNumber}`;
    const shadowed = shadowedRules(terms.coverage).map(({ ruleId, takenBy }): CoverageFinding => {
      const by =
        takenBy.length === 0
          ? 'no work can match it'
          : `${takenBy.join(', ')} ${takenBy.length === 1 ? 'takes' : 'take'} all of its work`;
      const text = `rule ${ruleId} ${which} never wins: ${by}`;
      return { severity: 'warning', kind: 'rule-never-wins', contractId, versionNumber, ruleId, takenBy, days, text };
    });
    const of = { contractId, versionNumber, days };
    return [
      ...shadowed,
      ...unknownNames(terms, known, which, of),
      ...foreignClasses(terms, known, which, of),
      ...nearNamesIn(terms, which, of),
      ...(terms.rateCard.card === undefined ? roundedToNothing(terms.rateCard, which, of) : []),
      ...blocksRenew(contract, terms, of),
      ...slipFindings(terms, known, which, of),
    ];
  });
}

/** Work that the card bills at nothing, for it is short: its line says so, and it is meant or it is not. */
function roundedToNothing(
  card: RateCard,
  which: string,
  of: { readonly contractId: string; readonly versionNumber: number; readonly days: DaySpan },
): readonly CoverageFinding[] {
  const longest = Math.max(
    ...[{}, ...(card.roundingRules ?? [])].map((rule: RoundingRule) => {
      const { minimumMinutes, incrementMinutes, rounding = 'up' } = { ...card, ...rule };
      if (rounding === 'up' || minimumMinutes > 0) return 0;
      return rounding === 'down' ? incrementMinutes - 1 : Math.ceil(incrementMinutes / 2) - 1;
    }),
  );
  if (longest <= 0) return [];
  const text = `the rate card ${which} rounds work of up to ${longest} min to nothing: state minimumMinutes where it shall be billed`;
  return [{ severity: 'warning', kind: 'rounds-to-nothing', ...of, text }];
}

function blocksRenew(
  { contractId, blocks = [] }: ContractToAnalyse,
  { prepaid }: ContractTerms,
  of: { readonly contractId: string; readonly versionNumber: number; readonly days: DaySpan },
): readonly CoverageFinding[] {
  const renewal = prepaid?.renewBlocks;
  if (renewal === undefined) return [];
  const { below, goodForMonths, atMostPerPeriod } = renewal;
  const like = blocks
    .filter(({ amount }) => amount.unit === below.unit)
    .reduce<PrepaidBlock | null>(
      (last, one) => (last === null || one.purchasedOn >= last.purchasedOn ? one : last),
      null,
    );
  const when = `when work leaves less than ${amountText(below)}, or would be overage`;
  const most = atMostPerPeriod === undefined ? '' : `, at most ${atMostPerPeriod} in a month`;
  const good = goodForMonths === undefined ? 'without expiry' : `good for ${goodForMonths} months`;
  const text =
    like === null
      ? `contract ${contractId} renews its blocks ${when}, and has none in that unit that a new one could be like: none is bought until one was purchased`
      : `contract ${contractId} buys another block of ${amountText(like.amount)}${like.price === null ? '' : ` for ${like.price.net.amount} ${like.price.net.currency}`}, as block ${like.blockId} and ${good}, ${when}${most}`;
  return [{ severity: 'warning', kind: 'blocks-renew', ...of, text }];
}

function endOfTerm(contract: ContractToAnalyse, all: readonly ContractToAnalyse[]): readonly CoverageFinding[] {
  const { contractId } = contract;
  const renewal = renewalOf(contract);
  if (renewal !== null) {
    const { lastDay, noticeBy, until } = renewal;
    const text = `contract ${contractId} renews by itself on ${lastDay}, until ${until}, unless notice is recorded that was given by ${noticeBy}`;
    return [{ severity: 'warning', kind: 'contract-renews', contractId, days: { from: lastDay, to: lastDay }, text }];
  }
  const end = endsByDecision(contract) ? null : termEndOf(contract);
  if (end === null || (end.version.terms.recurringCharges ?? []).length === 0) return [];
  if (all.some((other) => other !== contract && beginsAfter(other, end.lastDay))) return [];
  const from = nextDay(end.lastDay);
  if (from === null) return [];
  const text = `contract ${contractId} ends on ${end.lastDay}, and nothing follows it: from ${from} on its charges are gap contract-mismatch while the client has tickets, counts or blocks`;
  return [{ severity: 'warning', kind: 'contract-ends', contractId, days: { from, to: null }, text }];
}

/** Days on which prepaid work has no allotment or block to draw on: all of it is overage. */
function withoutSource({ from, to, links }: ChainStretch): readonly CoverageFinding[] {
  return links.flatMap(({ contract, version }) => {
    const { coverage, prepaid } = version.terms;
    if (prepaid?.allotment !== undefined || !coverage.some((rule) => rule.outcome === 'prepaid')) return [];
    return daysWithoutBlock({ from, to }, contract.blocks ?? []).map((days): CoverageFinding => {
      const { contractId } = contract;
      const { versionNumber } = version;
      const text = `prepaid work of contract ${contractId} version ${versionNumber} has no block to draw on ${daysText(days)}: all of it is overage`;
      return { severity: 'warning', kind: 'prepaid-without-source', contractId, versionNumber, days, text };
    });
  });
}

function daysWithoutBlock(span: DaySpan, blocks: readonly PrepaidBlock[]): readonly DaySpan[] {
  const bare: DaySpan[] = [];
  let cursor: LocalDate | null = span.from;
  for (const block of [...blocks].sort((a, b) => (a.purchasedOn < b.purchasedOn ? -1 : 1))) {
    if (cursor === null || (span.to !== null && block.purchasedOn > span.to)) break;
    if (block.expiresOn !== null && block.expiresOn < cursor) continue;
    if (block.purchasedOn > cursor) bare.push({ from: cursor, to: addDays(block.purchasedOn, -1) });
    cursor = block.expiresOn === null ? null : nextDay(block.expiresOn);
  }
  if (cursor !== null && (span.to === null || cursor <= span.to)) bare.push({ from: cursor, to: span.to });
  return bare;
}
