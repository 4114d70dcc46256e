import { didYouMean, nearNames } from '@billtrail/kernel';
import type { Burn, ContractTerms, CoverageMatch } from '../events.js';
import { classesToDeclare } from '../rate-classes.js';
import { namedBy } from '../shared-terms.js';
import type { DaySpan } from '../version-timeline.js';
import type { KnownNames } from './rows.js';

/** Names of a version's terms that its author may have mistyped. */
export interface NameFinding {
  readonly severity: 'warning';
  readonly kind: 'name-unknown';
  readonly contractId: string;
  readonly versionNumber: number;
  readonly names: readonly string[];
  readonly days: DaySpan;
  readonly text: string;
}
type Of = Pick<NameFinding, 'contractId' | 'versionNumber' | 'days'>;
type Named = Exclude<keyof KnownNames, 'taxCategories' | 'rateClasses' | 'seenCategories' | 'shared' | 'payers'>;

const NAMED = ['workTypes', 'engineerRoles', 'categories', 'ticketTypes', 'sites'] as const satisfies readonly Named[];
/** In near names of fewer letters a letter is what tells them apart. */
const MIN_NEAR_LENGTH = 5;

/** Names that are none of the organisation's, as far as the caller knows those. */
export function unknownNames(terms: ContractTerms, known: KnownNames, which: string, of: Of): readonly NameFinding[] {
  const used = usedNames(terms);
  const names = used.flatMap(([part, all]) => {
    const list = known[part];
    return list === undefined ? [] : [...new Set(all)].filter((name) => !list.includes(name));
  });
  if (names.length === 0) return [];
  const unknown = [...new Set(names)].sort();
  const all = used.flatMap(([part]) => known[part] ?? []);
  const meant = unknown.map((name) => (name.length < MIN_NEAR_LENGTH ? name : `${name}${didYouMean(name, all)}`));
  const text = `the terms ${which} use names unknown to the organisation: ${meant.join(', ')}`;
  return [{ severity: 'warning', kind: 'name-unknown', ...of, names: unknown, text }];
}

type Used = readonly (readonly [Named | 'taxCategories' | 'payers', readonly string[]])[];

function usedNames(terms: ContractTerms): Used {
  return [
    ...NAMED.map((part) => [part, [...namesOfCard(terms, part), ...matched(matchesOf(terms), part)]] as const),
    ['taxCategories', taxCategoriesOf(terms)],
    ['payers', payersOf(terms)],
  ];
}

function payersOf({ billTo }: ContractTerms): readonly string[] {
  return billTo === undefined ? [] : [billTo];
}

/** Names of terms that an organisation has recorded, and that could not be checked, for it was not asked. */
export interface UncheckedNames {
  readonly part: 'taxCategories' | 'rateClasses' | 'sites' | 'payers' | 'calendars' | 'holidaySets' | 'rateCards';
  readonly names: readonly string[];
}

export function uncheckedNames(all: readonly ContractTerms[], known: KnownNames): readonly UncheckedNames[] {
  const used: readonly (readonly [UncheckedNames['part'], readonly string[]])[] = all.flatMap((terms) => [
    ['taxCategories', taxCategoriesOf(terms)],
    ['rateClasses', classesNamed(terms).filter((name) => !classesToDeclare(terms.rateCalendar).includes(name))],
    ['calendars', namedBy(terms).calendars],
    ['holidaySets', namedBy(terms).holidaySets],
    ['rateCards', namedBy(terms).rateCards],
    ['sites', matched(matchesOf(terms), 'sites')],
    ['payers', payersOf(terms)],
  ]);
  const parts = [...new Set(used.map(([part]) => part))].filter((part) =>
    part === 'calendars' || part === 'holidaySets' || part === 'rateCards'
      ? known.shared === undefined
      : known[part] === undefined,
  );
  return parts.flatMap((part) => {
    const names = used.flatMap(([of, one]) => (of === part ? one : []));
    return names.length === 0 ? [] : [{ part, names: [...new Set(names)].sort() }];
  });
}

/** Names of a cap, a discount or a travel term that no rule and no price of the terms has, and that are nearly one that they have: the cap would never hold. */
export function nearNamesIn(terms: ContractTerms, which: string, of: Of): readonly NameFinding[] {
  const rules = terms.coverage.map(({ match }) => match);
  const found = [...(terms.caps ?? []), ...(terms.discounts ?? []), ...(terms.travel ?? [])].flatMap(({ id, match }) =>
    NAMED.flatMap((part) => {
      const elsewhere = [...new Set([...namesOfCard(terms, part), ...matched(rules, part)])];
      return matched(match === undefined ? [] : [match], part)
        .filter((name) => name.length >= MIN_NEAR_LENGTH && !elsewhere.includes(name))
        .filter((name) => nearNames(name, elsewhere).length > 0)
        .map((name) => ({ name, says: `${id} names ${name}${didYouMean(name, elsewhere)}` }));
    }),
  );
  const categories = taxCategoriesOf(terms);
  const odd = [...new Set(categories)].filter(
    (name) => categories.filter((one) => one === name).length === 1 && isSlipOf(name, categories),
  );
  found.push(
    ...odd.map((name) => ({ name, says: `tax category ${name}${didYouMean(name, others(name, categories))}` })),
  );
  if (found.length === 0) return [];
  const names = [...new Set(found.map(({ name }) => name))].sort();
  const text = `the terms ${which} name what nothing else in them does: ${found.map(({ says }) => says).join('; ')}`;
  return [{ severity: 'warning', kind: 'name-unknown', ...of, names, text }];
}

/** Rate classes of the terms that their own calendar does not have, nor any other that the caller knows: another one must name them, or they never match. */
export function foreignClasses(
  terms: ContractTerms,
  { rateClasses }: KnownNames,
  which: string,
  of: Of,
): readonly NameFinding[] {
  const known = [...classesToDeclare(terms.rateCalendar), ...(rateClasses ?? [])];
  const names = [...new Set(classesNamed(terms))].filter((name) => !known.includes(name)).sort();
  if (names.length === 0) return [];
  const meant = names.map((name) => `${name}${didYouMean(name, known)}`).join(', ');
  const where =
    rateClasses === undefined
      ? 'a calendar of the client, of its sites or of the organisation must name them; what those have was not asked'
      : 'nor does a calendar of the client, of its sites or of the organisation';
  const text = `the terms ${which} name rate classes that their own calendar does not: ${meant}; ${where}`;
  return [{ severity: 'warning', kind: 'name-unknown', ...of, names, text }];
}

function classesNamed(terms: ContractTerms): readonly string[] {
  const { labour = [], rateClassMultipliers = [], roundingRules = [] } = terms.rateCard;
  return [
    ...matchesOf(terms).flatMap((match) => match.rateClasses ?? []),
    ...[...labour, ...rateClassMultipliers].flatMap(({ rateClass }) => rateClass ?? []),
    ...roundingRules.flatMap((rule) => rule.rateClasses ?? []),
    ...weightsOf(terms.prepaid).flatMap(({ rateClass }) => rateClass ?? []),
  ];
}

/** Categories that no ticket has, and that are nearly one that tickets have. */
export function slipFindings(
  terms: ContractTerms,
  { seenCategories: seen = [] }: KnownNames,
  which: string,
  of: Of,
): readonly NameFinding[] {
  const names = [...new Set(matched(matchesOf(terms), 'categories'))];
  return names
    .filter((name) => name.length >= MIN_NEAR_LENGTH && !seen.includes(name) && nearNames(name, seen).length > 0)
    .map((name) => ({
      severity: 'warning',
      kind: 'name-unknown',
      ...of,
      names: [name],
      text: `no ticket has the category ${name}${didYouMean(name, seen)}, which the terms name ${which}`,
    }));
}

/** The same letters in another order: `GTS` for `GST`. Names of categories are short, and one letter may tell them apart. */
function isSlipOf(name: string, all: readonly string[]): boolean {
  const letters = (text: string): string => [...text.toLowerCase()].sort().join('');
  return others(name, all).some((other) => letters(other) === letters(name));
}

function others(name: string, all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter((one) => one !== name);
}

function matchesOf({ coverage, caps, discounts, travel }: ContractTerms): readonly CoverageMatch[] {
  return [...coverage, ...(caps ?? []), ...(discounts ?? []), ...(travel ?? [])].flatMap(({ match }) => match ?? []);
}

function matched(matches: readonly CoverageMatch[], part: Named): readonly string[] {
  return matches.flatMap((match) => match[part] ?? []);
}

function namesOfCard({ rateCard, prepaid }: ContractTerms, part: Named): readonly string[] {
  const given = (name: string | null): readonly string[] => (name === null ? [] : [name]);
  if (part === 'engineerRoles') return (rateCard.labour ?? []).flatMap(({ engineerRole }) => given(engineerRole));
  if (part !== 'workTypes') return [];
  return [
    ...[...(rateCard.labour ?? []), ...(rateCard.workTypes ?? [])].flatMap(({ workType }) => given(workType)),
    ...(rateCard.roundingRules ?? []).flatMap((rule) => rule.workTypes ?? []),
    ...weightsOf(prepaid).flatMap(({ workType }) => workType ?? []),
  ];
}

function weightsOf(prepaid: ContractTerms['prepaid']): Extract<Burn, { by: 'weights' }>['weights'] {
  return prepaid?.burn?.by === 'weights' ? prepaid.burn.weights : [];
}

/** Each as often as the terms name it. */
function taxCategoriesOf(terms: ContractTerms): readonly string[] {
  const { rateCard, recurringCharges = [], oneTimeFees = [], minimumCommitment, travel = [], serviceLevels } = terms;
  const { coverage, discounts = [], milestones = [] } = terms;
  return [
    ...Object.values(rateCard.taxCategories ?? {}),
    ...coverage.flatMap(({ incident }) => (incident === undefined ? [] : [incident.taxCategory])),
    ...[
      ...recurringCharges,
      ...oneTimeFees,
      ...milestones,
      ...travel,
      ...(serviceLevels?.credits ?? []),
      ...(serviceLevels?.creditsByBreaches ?? []),
    ].map(({ taxCategory }) => taxCategory),
    ...(minimumCommitment === undefined ? [] : [minimumCommitment.taxCategory]),
    ...discounts.flatMap((one) => (one.kind === 'amount' && one.taxCategory !== undefined ? [one.taxCategory] : [])),
  ];
}
