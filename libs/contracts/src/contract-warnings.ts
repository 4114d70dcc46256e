import { type LocalDate, type MoneyJson, addDays } from '@billtrail/kernel';
import { blocksOutOfReach } from './analysis/blocks-out-of-reach.js';
import { daysText } from './analysis/findings.js';
import { foreignClasses, nearNamesIn, slipFindings, unknownNames } from './analysis/names.js';
import { oneTimeFeeFindings } from './analysis/one-time-fees.js';
import type { KnownNames } from './analysis/rows.js';
import { rowText } from './analysis/table.js';
import type { AnalysedOutcome } from './analysis/outcomes.js';
import { unusedCount } from './analysis/unused-counts.js';
import { type ContractToAnalyse, type CoverageAnalysis, analyseCoverage, unpricedWork } from './coverage-analysis.js';
import type { KnownContract } from './contract-state.js';
import type { ContractVersion, CoverageRule } from './events.js';
import { type TermedContract, renewalOf, termEndOf } from './renewal.js';
import { withKnownCalendar } from './shared-calendars.js';
import { VersionTimeline, nextDay } from './version-timeline.js';

/**
 * Something in a contract in force that its author may not have intended, so it is only a warning. `WorkUnpriced`: work that becomes a gap
 * `unpriced`. `RateCardWithoutRate`: rules bill time, but the rate card has no rate at all. `CountWithoutCharge`: no charge uses the count. `NoticeTooLate`: the contract
 * renews once more. `RenewalReversed`: it was given in time and recorded when the contract had renewed, so the
 * renewal was undone. `NoticeAfterRenewal`: the same, but somebody had decided on the renewed term.
 * `EndsBeforeRenewal`: a version ends where the contract was renewed, and the one that was renewed goes on. `CommitmentHolds`: a charge stays owed after the contract's end, or
 * while it is suspended. `NameUnknown`: a name that the organisation does not have, or nearly one that it has.
 * `FeeNeverDue`: a one-time fee that no version charges. `FeeChargedAgain`: it looks like one of an earlier version under another id.
 * `BlockOutOfReach`: something is left of a block, and no rule draws on it any more. `MilestoneDropped`: a version leaves out a milestone that was not reached.
 */
export interface ContractWarning {
  readonly code:
    | 'WorkUnpriced'
    | 'RateCardWithoutRate'
    | 'CountWithoutCharge'
    | 'NoticeTooLate'
    | 'RenewalReversed'
    | 'NoticeAfterRenewal'
    | 'EndsBeforeRenewal'
    | 'CommitmentHolds'
    | 'NameUnknown'
    | 'FeeNeverDue'
    | 'FeeChargedAgain'
    | 'BlockOutOfReach'
    | 'MilestoneDropped';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Most kinds of work that one warning names; it says how many more there are. */
const MAX_NAMED = 50;

/** Work that a contract leaves without a price, given the client's other contracts (rules may exclude work to one of them). */
export function warningsOfTerms(
  contract: ContractToAnalyse,
  beside: readonly ContractToAnalyse[],
  known: KnownNames = {},
): readonly ContractWarning[] {
  return [
    ...contract.versions.flatMap(cardWithoutRate),
    ...unpricedBy(contract, beside, known.shared),
    ...contract.versions.flatMap((version) => unknownIn(contract.contractId, version, known)),
    ...warningsOfOneTimeFees(contract),
  ];
}

/** Blocks of which something is left, by `left` in words, and that no rule draws on any more. */
export function warningsOfBlocks(
  contract: ContractToAnalyse,
  left: ReadonlyMap<string, string>,
): readonly ContractWarning[] {
  return blocksOutOfReach(contract).flatMap(({ blockId, text, versionNumber, days }): readonly ContractWarning[] => {
    const rest = left.get(blockId);
    if (rest === undefined) return [];
    const { contractId } = contract;
    const details = { contractId, versionNumber, blockId, from: days.from, left: rest };
    return [{ code: 'BlockOutOfReach', message: `${rest} are left: ${text}.`, details }];
  });
}

/** Fees that come once, and may not come, or twice. */
export function warningsOfOneTimeFees(contract: ContractToAnalyse): readonly ContractWarning[] {
  return oneTimeFeeFindings(contract).map(({ kind, text, contractId, versionNumber, termId }): ContractWarning => {
    const code = kind === 'fee-never-due' ? 'FeeNeverDue' : 'FeeChargedAgain';
    return { code, message: sentence(text), details: { contractId, versionNumber, termId } };
  });
}

/** Milestones that the version published last leaves out of those in force before it, and that were not reached: nobody will ask for them. */
export function warningsOfDroppedMilestones({
  contractId,
  versions,
  milestones = [],
}: Pick<KnownContract, 'contractId' | 'versions' | 'milestones'>): readonly ContractWarning[] {
  const version = versions.at(-1);
  if (version === undefined) return [];
  const { versionNumber, effectiveFrom, terms } = version;
  const before = new VersionTimeline({ versions: versions.slice(0, -1), lastDay: null });
  const superseded = before.publishedFor(effectiveFrom);
  const kept = new Set((terms.milestones ?? []).map(({ id }) => id));
  const reached = new Set(milestones.flatMap((one) => (one.isWithdrawn === true ? [] : [one.milestoneId])));
  const dropped = (superseded?.terms.milestones ?? []).filter(({ id }) => !kept.has(id) && !reached.has(id));
  return dropped.map(({ id, name, amount }): ContractWarning => {
    const { currency } = terms.rateCard;
    const remedy = `If it is still owed, publish a version with it from ${effectiveFrom} on: POST /v1/contracts/${contractId}/versions. If it was reached before: POST /v1/contracts/${contractId}/milestones/${id}/reached`;
    const message = `Milestone ${name} (${id}) of contract ${contractId}, ${amount} ${currency}, was not reached, and version ${versionNumber} leaves it out: it is not charged from ${effectiveFrom} on. ${remedy}`;
    return { code: 'MilestoneDropped', message, details: { contractId, versionNumber, milestoneId: id } };
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function unknownIn(
  contractId: string,
  { versionNumber, terms: stated, effectiveFrom: from, effectiveTo: to }: ContractVersion,
  known: KnownNames,
): readonly ContractWarning[] {
  const terms = withKnownCalendar(stated, known.shared);
  const which = `of contract ${contractId} version ${versionNumber}`;
  const of = { contractId, versionNumber, days: { from, to } };
  const found = [
    ...unknownNames(terms, known, which, of),
    ...(known.rateClasses === undefined ? [] : foreignClasses(terms, known, which, of)),
    ...nearNamesIn(terms, which, of),
    ...slipFindings(terms, known, which, of),
  ];
  return found.map(({ text, names }): ContractWarning => nameUnknown(text, { contractId, versionNumber, names }));
}

function nameUnknown(text: string, details: ContractWarning['details']): ContractWarning {
  return { code: 'NameUnknown', message: sentence(text), details };
}

function unpricedBy(
  contract: ContractToAnalyse,
  beside: readonly ContractToAnalyse[],
  shared: KnownNames['shared'],
): readonly ContractWarning[] {
  const { contractId } = contract;
  const analysis = analyseCoverage({ contracts: [contract, ...beside], ...(shared === undefined ? {} : { shared }) });
  const work = analysis.stretches.flatMap((stretch) =>
    unpricedWork({ ...analysis, stretches: [stretch] }).filter(({ outcome }) =>
      isStoppedBy(contractId, outcome, stretch),
    ),
  );
  if (work.length === 0) return [];
  const named = work.slice(0, MAX_NAMED).map(({ from, to, row, outcome }) => ({
    days: daysText({ from, to }),
    work: rowText(row, outcome),
    reason: outcome.reason,
  }));
  const list = named.map(({ work: what, days, reason }) => `${what} ${days} (${reason ?? ''})`).join('; ');
  const more = work.length > named.length ? `; and ${work.length - named.length} more` : '';
  const message = `Under contract ${contractId} this work has no price and becomes a gap: ${list}${more}.`;
  return [{ code: 'WorkUnpriced', message, details: { contractId, kinds: work.length, work: named } }];
}

/** True where it is this contract that leaves the work without a price, be it that no rule of it matches, that it excludes it to nobody, or that its card has no rate. */
function isStoppedBy(
  contractId: string,
  { reason, rules }: AnalysedOutcome,
  { chain }: CoverageAnalysis['stretches'][number],
): boolean {
  if (reason === 'contracts-match-equally') return chain.some((link) => link.contractId === contractId);
  const stop = reason === 'no-coverage' ? chain[rules.length] : rules.at(-1);
  return stop?.contractId === contractId;
}

function cardWithoutRate({ versionNumber, terms }: ContractVersion): readonly ContractWarning[] {
  const { coverage, rateCard } = terms;
  if (rateCard.card !== undefined) return [];
  const prices = (rateCard.workTypes ?? []).some(({ mode }) => mode === 'flat' || mode === 'tiers');
  const ruleIds = coverage.filter(billsTime).map(({ id }) => id);
  if (rateCard.labour.length > 0 || prices || ruleIds.length === 0) return [];
  return [
    {
      code: 'RateCardWithoutRate',
      message: `Rate card ${rateCard.id} (${rateCard.name}) of version ${versionNumber} has no labour rate, but ${ruleIds.join(', ')} would price time by it.`,
      details: { versionNumber, rateCardId: rateCard.id, ruleIds },
    },
  ];
}

function billsTime({ match, outcome }: CoverageRule): boolean {
  const isPriced = outcome === 'billable' || outcome === 'prepaid';
  return isPriced && (match.kinds === undefined || match.kinds.includes('time'));
}

/** A count that no charge of any version uses. */
export function warningsOfCount(
  contract: Pick<ContractToAnalyse, 'contractId' | 'versions'>,
  countOf: string,
): readonly ContractWarning[] {
  const unused = unusedCount(contract, countOf);
  if (unused === null) return [];
  const { counted, text } = unused;
  const { contractId } = contract;
  return [{ code: 'CountWithoutCharge', message: sentence(text), details: { contractId, countOf, counted } }];
}

/** A version published last, on which a term ends that has been renewed since: after its own last day the version that was renewed is in force again. */
export function warningsOfRenewedTerm({
  contractId,
  versions,
  published,
  renewals = [],
  lastDay,
}: Pick<KnownContract, 'contractId' | 'versions' | 'published' | 'renewals'> &
  Pick<TermedContract, 'lastDay'>): readonly ContractWarning[] {
  const version = versions.at(-1);
  const ends = version?.effectiveTo ?? null;
  const after = ends === null ? null : nextDay(ends);
  if (version === undefined || ends === null || after === null) return [];
  const renewed = new VersionTimeline({ versions, lastDay }).publishedFor(after);
  if (renewed === null || renewed.effectiveFrom > ends) return [];
  const isOfRenewed = ({ versionNumber }: { readonly versionNumber: number }): boolean =>
    versionNumber === renewed.versionNumber;
  const terms = [published.find(isOfRenewed)?.effectiveTo, ...renewals.filter(isOfRenewed).map((one) => one.lastDay)];
  const term = terms.findLast((day) => typeof day === 'string' && version.effectiveFrom <= day && day <= ends);
  if (typeof term !== 'string') return [];
  const until = renewed.effectiveTo;
  const days = until === null ? `from ${after} on` : `from ${after} to ${until}`;
  const message = `Version ${version.versionNumber} of contract ${contractId} ends on ${ends}, but the term to ${term} was renewed: ${days} version ${renewed.versionNumber} is in force again. If version ${version.versionNumber} shall go on, publish it with ${until === null ? 'no last day' : `its last day on ${until}`}: POST /v1/contracts/${contractId}/versions. If the contract shall end: POST /v1/contracts/${contractId}/terminate`;
  return [
    {
      code: 'EndsBeforeRenewal',
      message,
      details: { contractId, versionNumber: version.versionNumber, ends, renewed: renewed.versionNumber, until },
    },
  ];
}

/** Charges that are committed to a day after `endsOn`, as the version in force on it has them: they stay owed, whatever ends. */
export function warningsOfCommitments(
  { contractId, versions }: Pick<ContractToAnalyse, 'contractId' | 'versions'>,
  endsOn: LocalDate,
  remedy: string,
): readonly ContractWarning[] {
  const version = new VersionTimeline({ versions, lastDay: null }).publishedFor(endsOn);
  return (version?.terms.recurringCharges ?? []).flatMap(({ id, name, commitment }): readonly ContractWarning[] => {
    if (commitment?.increaseOnly !== true || commitment.until <= endsOn) return [];
    const { until } = commitment;
    const message = `${name} (${id}) of contract ${contractId} is committed until ${until}, and is charged for to that day. ${remedy}`;
    return [{ code: 'CommitmentHolds', message, details: { contractId, chargeId: id, until } }];
  });
}

/** What becomes of a contract although notice was recorded. `givenBack`: of a renewal that it undid, what of invoices goes back; null: nothing, or nobody looked. */
export function warningsOfNotice(
  contract: TermedContract & Pick<KnownContract, 'contractId' | 'published' | 'reversedUntil'>,
  givenBack: MoneyJson | null = null,
): readonly ContractWarning[] {
  const { contractId, notice, published } = contract;
  if (notice === undefined) return [];
  const { givenOn } = notice;
  const renewal = renewalOf(contract);
  if (renewal !== null) {
    const { lastDay, noticeBy, until } = renewal;
    const message = `Notice of ${givenOn} for contract ${contractId} is too late for the term that ends on ${lastDay}, which wanted it by ${noticeBy}: the contract renews until ${until} and ends then.`;
    return [{ code: 'NoticeTooLate', message, details: { contractId, givenOn, lastDay, noticeBy, until } }];
  }
  const end = termEndOf(contract);
  if (end !== null && typeof contract.reversedUntil === 'string' && !notice.isWithdrawn) {
    const { lastDay } = end;
    const back = givenBack === null ? '' : `: ${givenBack.amount} ${givenBack.currency} before tax`;
    const message = `Notice of ${givenOn} for contract ${contractId} was recorded after it had renewed until ${contract.reversedUntil}: the renewal is undone, the contract ends on ${lastDay}, and what was invoiced for later days is to be given back${back}.`;
    const details = { contractId, givenOn, lastDay, renewed: contract.reversedUntil, net: givenBack };
    return [{ code: 'RenewalReversed', message, details }];
  }
  const first = published.find(({ versionNumber }) => versionNumber === end?.version.versionNumber)?.effectiveTo;
  const noticeDays = end?.version.terms.renewal?.noticeDays;
  if (end === null || noticeDays === undefined || typeof first !== 'string' || first >= end.lastDay) return [];
  if (givenOn > addDays(first, -noticeDays)) return [];
  const message = `Notice of ${givenOn} for contract ${contractId} was in time for the term that ended on ${first}, but somebody renewed the contract since, or published a version: it ends on ${end.lastDay}. To end it earlier: POST /v1/contracts/${contractId}/terminate`;
  return [{ code: 'NoticeAfterRenewal', message, details: { contractId, givenOn, lastDay: end.lastDay, first } }];
}
