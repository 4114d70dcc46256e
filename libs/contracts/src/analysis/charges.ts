import type {
  ContractTerms,
  Count,
  CreditByBreaches,
  Discount,
  Cap,
  Milestone,
  MinimumCommitment,
  OneTimeFee,
  PrepaidBlock,
  PrepaidTerms,
  RecurringCharge,
  ServiceCredit,
  TravelTerm,
} from '../events.js';
import type { ChainStretch, Link } from './stretches.js';

interface Terms {
  readonly 'recurring-charge': RecurringCharge;
  readonly 'one-time-fee': OneTimeFee;
  readonly milestone: Milestone;
  readonly minimum: MinimumCommitment;
  readonly discount: Discount;
  readonly cap: Cap;
  readonly allotment: NonNullable<PrepaidTerms['allotment']>;
  readonly block: PrepaidBlock;
  readonly travel: TravelTerm;
  readonly credit: ServiceCredit;
  readonly 'credit-by-breaches': CreditByBreaches;
}

type TermOf<Kind extends keyof Terms> = {
  readonly contractId: string;
  readonly versionNumber: number;
  readonly currency: string;
  readonly kind: Kind;
  readonly term: Terms[Kind];
  /** Of a charge by device or user, how many there are from which day on. Absent: it has no count, or none is known. */
  readonly counts?: readonly Count[];
  /** Of a service credit, what all of a month are at most. Absent: its recurring charges. */
  readonly most?: string;
};

/** What a contract charges, takes off, gives back or limits besides the prices of work, under one version. */
export type AnalysedCharge = { [Kind in keyof Terms]: TermOf<Kind> }[keyof Terms];

/** Those of the contracts that are asked, in their order. */
export function chargesOf({ from, to, links }: ChainStretch): readonly AnalysedCharge[] {
  return links.flatMap((link) => [...ofVersion(link), ...blocksOf(link, from, to)]);
}

function ofVersion({ contract, version }: Link): readonly AnalysedCharge[] {
  const { terms, versionNumber } = version;
  const of = { contractId: contract.contractId, versionNumber, currency: terms.rateCard.currency };
  const { recurringCharges = [], oneTimeFees = [], milestones = [], discounts = [], caps = [], travel = [] } = terms;
  const { minimumCommitment, prepaid } = terms;
  return [
    ...recurringCharges.map(
      (term) => ({ ...of, kind: 'recurring-charge', term, ...countsOf(term, contract) }) as const,
    ),
    ...oneTimeFees.map((term) => ({ ...of, kind: 'one-time-fee', term }) as const),
    ...milestones.map((term) => ({ ...of, kind: 'milestone', term }) as const),
    ...(minimumCommitment === undefined ? [] : [{ ...of, kind: 'minimum', term: minimumCommitment } as const]),
    ...discounts.map((term) => ({ ...of, kind: 'discount', term }) as const),
    ...caps.map((term) => ({ ...of, kind: 'cap', term }) as const),
    ...(prepaid?.allotment === undefined ? [] : [{ ...of, kind: 'allotment', term: prepaid.allotment } as const]),
    ...travel.map((term) => ({ ...of, kind: 'travel', term }) as const),
    ...creditsOf(terms).map((one) => ({ ...of, ...one })),
  ];
}

function creditsOf({ serviceLevels }: ContractTerms) {
  if (serviceLevels === undefined) return [];
  const { credits, creditsByBreaches = [], maximumCreditPerPeriod: limit } = serviceLevels;
  const most = limit === undefined ? {} : { most: limit };
  return [
    ...credits.map((term) => ({ kind: 'credit', term, ...most }) as const),
    ...creditsByBreaches.map((term) => ({ kind: 'credit-by-breaches', term, ...most }) as const),
  ];
}

function countsOf({ countOf }: RecurringCharge, { counts }: Link['contract']): { readonly counts?: readonly Count[] } {
  if (countOf === undefined || counts === undefined) return {};
  const own = counts.filter((one) => one.countOf === countOf);
  return { counts: own.sort((a, b) => (a.from < b.from ? -1 : 1)) };
}

/** Those that work of these days may draw on. */
function blocksOf({ contract, version }: Link, from: string, to: string | null): readonly AnalysedCharge[] {
  const of = { contractId: contract.contractId, versionNumber: version.versionNumber };
  return (contract.blocks ?? [])
    .filter(
      ({ purchasedOn, expiresOn }) => (to === null || purchasedOn <= to) && (expiresOn === null || expiresOn >= from),
    )
    .map((term) => ({ ...of, currency: version.terms.rateCard.currency, kind: 'block', term }) as const);
}
