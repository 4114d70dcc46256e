import type { Currency, Partly } from '@billtrail/kernel';
import type { ContractCommand } from './commands.js';
import type { ContractTerms } from './events.js';
import { each, filledPrices, withLabourFilled, withTaxFilled } from './filled-prices.js';
import { type Note, isStated } from './problems.js';
import { WORK_KINDS } from './terms/coverage-rule.js';

type Written = Partly<ContractTerms>;

/** All work has the price of the card, where no rule says otherwise. */
const ALL_BILLABLE: Written['coverage'] = [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }];
const PLAIN_CHARGE = { basis: 'fixed', billed: 'in-advance' } as const;
const PLAIN_ALLOTMENT = { rollOver: 'none' } as const;
const PLAIN_POLICY = { name: 'Service level', pausesOnThirdParty: false, warnAtPercent: [] } as const;
const BEST_EFFORT = { response: null, resolution: null } as const;

/**
 * Terms as they are recorded, from terms as they are written: what may be left out is filled, and nothing that is stated changes. Ids come from names, the
 * currency is the client's, and `taxCategory` is that of everything that states none. Filled terms stay as they are.
 */
export function filledTerms({ taxCategory, ...written }: Written, currency: Currency | null): Written {
  const taxed = taxCategory === undefined ? {} : { taxCategory };
  const {
    rateCalendar,
    coverage,
    rateCard,
    prepaid,
    recurringCharges,
    oneTimeFees,
    milestones,
    minimumCommitment,
    caps,
    discounts,
    travel,
    serviceLevels,
  } = written;
  return {
    ...(isStated(written, 'coverage') ? {} : { coverage: ALL_BILLABLE }),
    ...written,
    ...(rateCalendar === undefined ? {} : { rateCalendar: { holidays: [], ...rateCalendar } }),
    ...each('coverage', coverage, (rule) => named({ match: {}, ...rule, ...filledIncident(rule, taxed) })),
    ...(rateCard === undefined ? {} : { rateCard: filledCard(rateCard, currency, taxCategory) }),
    ...(prepaid === undefined ? {} : { prepaid: filledPrepaid(prepaid) }),
    ...each('recurringCharges', recurringCharges, (one) => named({ ...PLAIN_CHARGE, ...taxed, ...one })),
    ...each('oneTimeFees', oneTimeFees, (one) => named({ ...taxed, ...one })),
    ...each('milestones', milestones, (one) => named({ ...taxed, ...one })),
    ...(minimumCommitment === undefined
      ? {}
      : { minimumCommitment: named({ name: 'Minimum commitment', ...taxed, ...minimumCommitment }) }),
    ...each('caps', caps, named),
    ...each('discounts', discounts, (one) => named({ order: 'before-minimum' as const, ...one })),
    ...each('travel', travel, (one) => named({ ...taxed, ...one })),
    ...(serviceLevels === undefined ? {} : { serviceLevels: filledLevels(serviceLevels, taxed) }),
  };
}

type Card = NonNullable<Written['rateCard']>;
type Rule = NonNullable<NonNullable<Written['coverage']>[number]>;
type Levels = NonNullable<Written['serviceLevels']>;
type Policy = NonNullable<Levels['policy']>;
type Prepaid = NonNullable<Written['prepaid']>;

function filledPrepaid(prepaid: Prepaid): Prepaid {
  const { allotment, overage } = prepaid;
  return {
    ...prepaid,
    ...(allotment === undefined ? {} : { allotment: named({ ...PLAIN_ALLOTMENT, ...allotment }) }),
    ...(overage === undefined ? {} : { overage: { multiplied: false, ...overage } }),
  };
}

function filledCard(card: Card, currency: Currency | null, taxCategory: string | undefined): Card {
  const inCurrency = currency === null ? {} : { currency };
  // What is left out beside the name of a card is as that card has it.
  if (isStated(card, 'card'))
    return { ...inCurrency, ...card, ...withLabourFilled(card), ...withTaxFilled(card, taxCategory) };
  return named({ name: 'Rate card', ...inCurrency, ...filledPrices(card, taxCategory) });
}

function filledIncident({ incident }: Rule, taxed: { readonly taxCategory?: string }): Pick<Rule, 'incident'> {
  return incident === undefined ? {} : { incident: { ...taxed, ...incident } };
}

function filledLevels(levels: Levels, taxed: { readonly taxCategory?: string }): Levels {
  return {
    credits: [],
    ...levels,
    ...(levels.policy === undefined ? {} : { policy: filledPolicy(levels.policy) }),
    ...each('credits', levels.credits, (one) => named({ ...taxed, ...one })),
    ...each('creditsByBreaches', levels.creditsByBreaches, (one) => named({ ...taxed, ...one })),
  };
}

function filledPolicy(policy: Policy): Policy {
  const { calendar, targets } = policy;
  return named({
    ...PLAIN_POLICY,
    ...policy,
    ...(calendar === undefined ? {} : { calendar: { holidays: [], ...calendar } }),
    ...(targets === undefined ? {} : { targets: filledTargets(targets) }),
  });
}

function filledTargets(targets: NonNullable<Policy['targets']>): NonNullable<Policy['targets']> {
  const both = Object.entries(targets).map(([priority, one]) => [
    priority,
    one === undefined ? one : { ...BEST_EFFORT, ...one },
  ]);
  return Object.fromEntries(both) as NonNullable<Policy['targets']>;
}

/** A term without an id has one from its name: `Managed workstations` is `managed-workstations`. */
function named<T extends { readonly id?: string | undefined; readonly name?: string | undefined }>(term: T): T {
  return isStated(term, 'id') || term.name === undefined ? term : { id: idFrom(term.name), ...term };
}

/** Longest id that is made from names. */
const MAX_MADE_ID = 100;

export function idFrom(...names: readonly string[]): string {
  const words = names.join(' ').normalize('NFKD').toLowerCase();
  const id = words.replaceAll(/[^a-z0-9]+/g, '-').slice(0, MAX_MADE_ID);
  return id.replaceAll(/^-+|-+$/g, '') || 'unnamed';
}

/** What nothing could fill. */
export function inspectFilled(note: Note, { rateCard, ...terms }: Written): void {
  if (rateCard !== undefined) {
    if (!isStated(rateCard, 'currency')) note('terms.rateCard.currency', 'is required');
    if (!isStated(rateCard, 'card'))
      for (const kind of WORK_KINDS)
        if (rateCard.taxCategories !== undefined && !isStated(rateCard.taxCategories, kind))
          note(`terms.rateCard.taxCategories.${kind}`, TAXED);
  }
  const {
    coverage = [],
    recurringCharges = [],
    oneTimeFees = [],
    milestones = [],
    minimumCommitment,
    travel = [],
    serviceLevels,
  } = terms;
  for (const [path, one] of [
    ...coverage.map((rule, index) => [`coverage[${index}].incident`, rule?.incident] as const),
    ...recurringCharges.map((charge, index) => [`recurringCharges[${index}]`, charge] as const),
    ...oneTimeFees.map((fee, index) => [`oneTimeFees[${index}]`, fee] as const),
    ...milestones.map((part, index) => [`milestones[${index}]`, part] as const),
    ['minimumCommitment', minimumCommitment] as const,
    ...travel.map((term, index) => [`travel[${index}]`, term] as const),
    ...(serviceLevels?.credits ?? []).map((credit, index) => [`serviceLevels.credits[${index}]`, credit] as const),
    ...(serviceLevels?.creditsByBreaches ?? []).map(
      (credit, index) => [`serviceLevels.creditsByBreaches[${index}]`, credit] as const,
    ),
  ])
    if (one !== undefined && !isStated(one, 'taxCategory')) note(`terms.${path}.taxCategory`, TAXED);
}
const TAXED = 'is required, or terms.taxCategory for all that state none';

/** A command with its terms filled. */
export function filled<C extends ContractCommand>(command: C): C {
  switch (command.type) {
    case 'ActivateContract':
    case 'PublishContractVersion':
      return { ...command, terms: filledTerms(command.terms, command.clientCurrency ?? null) as ContractTerms };
    case 'StateContract': {
      const { clientCurrency } = command;
      const parts = command.parts.map((part) =>
        filled(clientCurrency === undefined ? part : { ...part, clientCurrency }),
      );
      return { ...command, parts };
    }
    default:
      return command;
  }
}
