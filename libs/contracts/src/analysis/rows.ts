import { unreachable } from '@billtrail/kernel';
import type { ContractTerms, StatedRateCard, WorkKind } from '../events.js';
import { classesOfCalendar } from '../rate-classes.js';
import type { SharedTerms } from '../shared-terms.js';
import type { AnalysedOutcome, OutcomeFinder } from './outcomes.js';
import type { ChainStretch } from './stretches.js';

/** A value of a row: one by name, all that the row's table does not name (`other`, which is also work that has none), or `any`. */
export type Facet = { readonly is: 'named'; readonly name: string } | { readonly is: 'other' } | { readonly is: 'any' };

/** What becomes of work of one kind, work type, role and rate class. */
export interface CoverageRow {
  readonly kind: WorkKind;
  readonly workType: Facet;
  readonly engineerRole: Facet;
  readonly rateClass: Facet;
  /** In order: of those whose `when` holds for the ticket, the first. The last one always holds. */
  readonly outcomes: readonly AnalysedOutcome[];
}

/** The names that were asked for, each once. `isClosed`: there are no others, so none were asked for. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly isClosed: boolean;
}

export interface Vocabularies {
  readonly workTypes: Vocabulary;
  readonly engineerRoles: Vocabulary;
  readonly rateClasses: Vocabulary;
}

/** Names that the organisation has, where the caller knows them all: what is not among them is not asked for, or warned of. */
export interface KnownNames {
  readonly workTypes?: readonly string[];
  readonly engineerRoles?: readonly string[];
  readonly categories?: readonly string[];
  readonly ticketTypes?: readonly string[];
  readonly taxCategories?: readonly string[];
  /** Rate classes that the calendars of the client, its sites and the organisation name. */
  readonly rateClasses?: readonly string[];
  /** Ids of the client's sites. */
  readonly sites?: readonly string[];
  /** Ids of clients that may be named as bill-to. */
  readonly payers?: readonly string[];
  /** Categories of tickets so far: another one may be new, but not where it is nearly one of these. */
  readonly seenCategories?: readonly string[];
  /** Calendars, holiday sets and rate cards that terms may name. */
  readonly shared?: SharedTerms;
}

/** Most cells (work type x role x rate class) of one analysis. */
export const MAX_ANALYSED_CELLS = 50_000;

const OTHER: Facet = { is: 'other' };
const ANY: Facet = { is: 'any' };

export function vocabulariesOf(stretch: ChainStretch, known: KnownNames): Vocabularies {
  const terms = stretch.links.map((link) => link.version.terms);
  const cards = terms.map((one) => one.rateCard);
  return {
    workTypes: vocabulary(known.workTypes, [
      ...matched(terms, 'workTypes'),
      ...cards.flatMap((card) => [...(card.labour ?? []), ...(card.workTypes ?? [])].map((one) => one.workType)),
    ]),
    engineerRoles: vocabulary(known.engineerRoles, [
      ...matched(terms, 'engineerRoles'),
      ...cards.flatMap((card) => (card.labour ?? []).map((rate) => rate.engineerRole)),
    ]),
    rateClasses: rateClassesOf(terms, cards),
  };
}

function vocabulary(known: readonly string[] | undefined, mentioned: readonly (string | null)[]): Vocabulary {
  const names = new Set(known);
  for (const name of mentioned) if (name !== null) names.add(name);
  return { names: [...names].sort(), isClosed: known !== undefined && names.size > 0 };
}

function matched(terms: readonly ContractTerms[], criterion: 'workTypes' | 'engineerRoles' | 'rateClasses'): string[] {
  return terms.flatMap((one) => one.coverage.flatMap((rule) => rule.match[criterion] ?? []));
}

/** With a calendar every moment has a class of it; without one, work has the class that was declared, or none. */
function rateClassesOf(terms: readonly ContractTerms[], cards: readonly StatedRateCard[]): Vocabulary {
  const names = new Set<string>(matched(terms, 'rateClasses'));
  for (const card of cards) {
    for (const { rateClass } of [...(card.labour ?? []), ...(card.rateClassMultipliers ?? [])])
      if (rateClass !== undefined) names.add(rateClass);
  }
  for (const { rateCalendar } of terms) for (const name of classesOfCalendar(rateCalendar)) names.add(name);
  const isClosed = terms.length > 0 && terms.every((one) => one.rateCalendar !== undefined);
  return { names: [...names].sort(), isClosed };
}

/** Asks for every cell, and joins those that have one answer. `budget` is counted down; null: it does not suffice. */
export function rowsOf(
  stretch: ChainStretch,
  asked: Vocabularies,
  finder: OutcomeFinder,
  budget: { left: number },
): readonly CoverageRow[] | null {
  const rows: CoverageRow[] = [];
  const workTypes = facetsOf(asked.workTypes);
  const roles = facetsOf(asked.engineerRoles);
  const classes = facetsOf(asked.rateClasses);
  budget.left -= workTypes.length * roles.length * classes.length;
  if (budget.left < 0) return null;
  const byType = workTypes.map((workType) => {
    const byRole = roles.map((engineerRole) => {
      const byClass = classes.map((rateClass) => {
        const work = { workType: nameOf(workType), engineerRole: nameOf(engineerRole), rateClass: nameOf(rateClass) };
        return row(workType, engineerRole, rateClass, finder.outcomesOf(stretch, { kind: 'time', ...work }));
      });
      return joined(
        byClass.map((one) => [one]),
        (one) => ({ ...one, rateClass: ANY }),
      );
    });
    return joined(byRole, (one) => ({ ...one, engineerRole: ANY }));
  });
  rows.push(...joined(byType, (one) => ({ ...one, workType: ANY })));
  for (const kind of ['material', 'expense'] as const) {
    const outcomes = finder.outcomesOf(stretch, { kind, workType: null, engineerRole: null, rateClass: null });
    rows.push({ ...row(ANY, ANY, ANY, outcomes), kind });
  }
  return rows;
}

function row(
  workType: Facet,
  engineerRole: Facet,
  rateClass: Facet,
  outcomes: readonly AnalysedOutcome[],
): CoverageRow {
  return { kind: 'time', workType, engineerRole, rateClass, outcomes };
}

/** Groups of rows that say the same become one group, in which the value that told them apart is `any`. */
function joined(
  groups: readonly (readonly CoverageRow[])[],
  widened: (one: CoverageRow) => CoverageRow,
): readonly CoverageRow[] {
  const wide = groups.map((group) => group.map(widened));
  const [first] = wide;
  if (first === undefined) return [];
  const text = JSON.stringify(first);
  return wide.every((group) => JSON.stringify(group) === text) ? first : groups.flat();
}

function facetsOf({ names, isClosed }: Vocabulary): readonly Facet[] {
  const named = names.map((name): Facet => ({ is: 'named', name }));
  return isClosed ? named : [...named, OTHER];
}

function nameOf(facet: Facet): string | null {
  return facet.is === 'named' ? facet.name : null;
}

export function facetText(facet: Facet): string {
  switch (facet.is) {
    case 'named':
      return facet.name;
    case 'other':
      return '(other)';
    case 'any':
      return '(any)';
    default:
      return unreachable(facet);
  }
}
