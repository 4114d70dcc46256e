import { type DaySpan, VersionTimeline } from '../version-timeline.js';
import type { ContractToAnalyse } from './stretches.js';

/** A block that no rule draws on any more: what is left of it on the first of the days was paid for, and no work can take it. */
export interface BlockOutOfReachFinding {
  readonly kind: 'block-out-of-reach';
  readonly contractId: string;
  /** In force on the first of the days. */
  readonly versionNumber: number;
  readonly blockId: string;
  /** To the block's last day. */
  readonly days: DaySpan;
  readonly text: string;
}

/** Blocks on which work can't draw to the end of their days, for no version then has a rule that is prepaid. Days without a version are another finding's. */
export function blocksOutOfReach(contract: ContractToAnalyse): readonly BlockOutOfReachFinding[] {
  const { contractId, blocks = [] } = contract;
  if (blocks.length === 0) return [];
  const timeline = new VersionTimeline(contract);
  const points = timeline.changePoints();
  return blocks.flatMap(({ blockId, purchasedOn, expiresOn: to }): readonly BlockOutOfReachFinding[] => {
    const days = [purchasedOn, ...points.filter((day) => day > purchasedOn && (to === null || day <= to))];
    const inForce = days.flatMap((from) => {
      const version = timeline.publishedFor(from);
      if (version === null) return [];
      const { versionNumber, terms } = version;
      return [{ from, versionNumber, draws: terms.coverage.some(({ outcome }) => outcome === 'prepaid') }];
    });
    const first = inForce[inForce.findLastIndex(({ draws }) => draws) + 1];
    if (first === undefined) return [];
    const { from, versionNumber } = first;
    const good = to === null ? 'does not expire' : `is good to ${to}`;
    const text = `block ${blockId} of contract ${contractId} ${good}, and from ${from} on version ${versionNumber} has no rule that draws on it: keep a rule with the outcome prepaid, or return what is left: POST /v1/contracts/${contractId}/prepaid-blocks/${blockId}/return`;
    return [{ kind: 'block-out-of-reach', contractId, versionNumber, blockId, days: { from, to }, text }];
  });
}
