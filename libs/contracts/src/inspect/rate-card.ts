import type { Currency, Partly } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type {
  cardPrices,
  ExpenseTypeRate,
  LabourRate,
  NamedRateCard,
  OnCost,
  StatedRateCard,
  WorkTypePricing,
} from '../terms/rate-card.js';
import { inspectTierEnds } from './parts.js';

export function inspectRateCard(note: Note, card: Partly<StatedRateCard>, clientCurrency: Currency | null): void {
  const path = 'terms.rateCard';
  const { currency } = card;
  if (currency !== undefined && clientCurrency !== null && currency !== clientCurrency)
    note(`${path}.currency`, `is ${currency}, but the client is invoiced in ${clientCurrency}`);
  const isNamed = isStated(card, 'card');
  for (const name of ['id', 'name'])
    if (isNamed && isStated(card, name)) note(`${path}.${name}`, 'is that of the card that is named: leave it out');
  inspectCardPrices(note, path, card, !isNamed);
}

/** What the prices of a card say about each other. `isWhole`: it is no card that is laid over another. */
export function inspectCardPrices(
  note: Note,
  path: string,
  card: Partly<Pick<NamedRateCard, keyof typeof cardPrices>>,
  isWhole: boolean,
): void {
  const { labour, materials, expenses } = card;
  noteRepeats(labour, keyOfRate, (index, first) =>
    note(`${path}.labour[${index}]`, `has the same work type, role and rate class as ${path}.labour[${first}]`),
  );
  inspectWorkTypes(note, `${path}.workTypes`, card.workTypes);
  noteRepeats(
    card.rateClassMultipliers,
    ({ rateClass }) => rateClass,
    (index, first) =>
      note(
        `${path}.rateClassMultipliers[${index}].rateClass`,
        `has its multiplier in ${path}.rateClassMultipliers[${first}] already`,
      ),
  );
  card.roundingRules?.forEach((rule, index) => {
    if (rule === undefined) return;
    if (!['minimumMinutes', 'incrementMinutes', 'rounding', 'roundingScope'].some((name) => isStated(rule, name)))
      note(
        `${path}.roundingRules[${index}]`,
        'changes nothing: state minimumMinutes, incrementMinutes, rounding or roundingScope',
      );
  });
  if (materials?.pricing === 'cost-plus') inspectOnCost(note, `${path}.materials`, materials, true);
  if (expenses !== undefined) {
    inspectOnCost(note, `${path}.expenses`, expenses, isWhole);
    inspectExpenseTypes(note, `${path}.expenses.types`, expenses.types);
  }
}

/** null where a part of it has not its shape: it may be another. */
function keyOfRate(rate: Partly<LabourRate>): string | null {
  const { workType, engineerRole, rateClass } = rate;
  const isWhole =
    workType !== undefined && engineerRole !== undefined && isStated(rate, 'rateClass') === (rateClass !== undefined);
  return isWhole ? JSON.stringify([workType, engineerRole, rateClass]) : null;
}

/** How the card prices single work types in another way than by the hour. */
function inspectWorkTypes(note: Note, path: string, workTypes: Partly<readonly WorkTypePricing[]> | undefined): void {
  noteRepeats(
    workTypes,
    ({ workType }) => workType,
    (index, first) => note(`${path}[${index}].workType`, `is priced by ${path}[${first}] already`),
  );
  workTypes?.forEach((pricing, index) => {
    if (pricing?.mode !== 'tiers') return;
    const ends = (pricing.tiers ?? []).map((tier) => tier?.upToMinutes);
    inspectTierEnds(ends, 'minutes', (at, problem) => note(`${path}[${index}].tiers[${at}].upToMinutes`, problem));
  });
}

function inspectOnCost(note: Note, path: string, on: Partly<OnCost>, isRequired: boolean): void {
  const [isMarkup, isMargin] = [isStated(on, 'markupPercent'), isStated(on, 'marginPercent')];
  if (isRequired && !isMarkup && !isMargin) note(`${path}.markupPercent`, 'is required, or marginPercent');
  if (isMarkup && isMargin) note(`${path}.markupPercent`, 'stands beside marginPercent: state one of them');
}

function inspectExpenseTypes(note: Note, path: string, types: Partly<readonly ExpenseTypeRate[]> | undefined): void {
  noteRepeats(
    types,
    ({ type }) => type,
    (index, _first, type) => note(`${path}[${index}].type`, `${type} stands in the list already`),
  );
  types?.forEach((one, index) => {
    if (one !== undefined && isStated(one, 'pricePerUnit') === isStated(one, 'capPerUnit'))
      note(`${path}[${index}]`, 'must state pricePerUnit or capPerUnit, one of them');
  });
}
