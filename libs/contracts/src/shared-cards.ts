import { type Currency, type LocalDate, type Partly, invariant, namedIn } from '@billtrail/kernel';
import { canonical } from './canonical.js';
import { filledPrices } from './filled-prices.js';
import { inspectFlatAmounts } from './inspect/amounts.js';
import { inspectCardPrices } from './inspect/rate-card.js';
import { type Note, isStated } from './problems.js';
import type { ContractTerms, ContractVersion } from './terms/contract-terms.js';
import { WORK_KINDS } from './terms/coverage-rule.js';
import type { LabourRate, NamedRateCard, RateCard, StatedRateCard } from './terms/rate-card.js';
import type { SharedCard, SharedCardVersion, SharedCards } from './terms/shared-cards.js';

/** Terms with the prices that hold on a day. */
export type TermsInForce = Omit<ContractTerms, 'rateCard'> & { readonly rateCard: RateCard };
/** A version as work is priced by it: a card that its terms name stands in them as it holds on a day. */
export interface VersionInForce extends ContractVersion {
  readonly terms: TermsInForce;
}

/** The version of a card that holds on a day, by its number: that of the latest first day, of several the one further down. null: the card begins later. */
export function cardVersionOn({ versions }: Pick<SharedCard, 'versions'>, day: LocalDate): number | null {
  let held: number | null = null;
  let from = '';
  versions.forEach((version, index) => {
    if (version.from > day || version.from < from) return;
    held = index + 1;
    from = version.from;
  });
  return held;
}

/** The days on which another version of the card of the terms may begin to hold. */
export function cardDays(
  { rateCard }: Pick<ContractTerms, 'rateCard'>,
  { rateCards = {} }: SharedCards,
): readonly LocalDate[] {
  if (rateCard.card === undefined) return [];
  return (namedIn(rateCards, rateCard.card)?.versions ?? []).map(({ from }) => from);
}

/** Terms that spell out their card. Throws where they name one. */
export function speltOut(terms: ContractTerms): TermsInForce {
  const { rateCard } = terms;
  invariant(rateCard.card === undefined, 'the terms name a card, and do not spell it out');
  return { ...terms, rateCard };
}

const resolved = new WeakMap<SharedCardVersion, WeakMap<ContractVersion, VersionInForce>>();

/**
 * A version with the prices of a day. `pricedBy`: the version of the card that priced something then, in place of that of the day. The same object each
 * time. Throws where the configuration has no such card, or none on the day: commands refuse such terms, and publishing to drop what they name.
 */
export function versionInForce(
  version: ContractVersion,
  day: LocalDate,
  { rateCards = {} }: SharedCards,
  pricedBy?: number,
): VersionInForce {
  const { rateCard } = version.terms;
  if (isSpeltOut(version)) return version;
  invariant(rateCard.card !== undefined, 'a card is named or spelt out');
  const shared = namedIn(rateCards, rateCard.card);
  invariant(shared !== undefined, `the configuration has no rate card ${rateCard.card}`);
  const number = pricedBy ?? cardVersionOn(shared, day);
  const prices = number === null ? undefined : shared.versions[number - 1];
  invariant(number !== null && prices !== undefined, `rate card ${rateCard.card} has no version on ${day}`);
  let known = resolved.get(prices);
  if (known === undefined) resolved.set(prices, (known = new WeakMap()));
  let inForce = known.get(version);
  if (inForce === undefined) {
    const taken = { card: rateCard.card, version: number, from: prices.from };
    const card = { ...laidOver(rateCard, shared, prices), taken };
    inForce = { ...version, terms: { ...version.terms, rateCard: card } };
    known.set(version, inForce);
  }
  return inForce;
}

function isSpeltOut(version: ContractVersion): version is VersionInForce {
  return version.terms.rateCard.card === undefined;
}

/** What the contract states in place of what the card says: prices one by one, the rest member by member. */
function laidOver(own: NamedRateCard, { name, currency }: SharedCard, version: SharedCardVersion): RateCard {
  const { card: id, currency: _, labour, workTypes, rateClassMultipliers, roundingRules, ...rest } = own;
  const { from: _from, taxCategory: _taxCategory, ...prices } = version;
  return {
    ...prices,
    ...rest,
    id,
    name,
    currency,
    labour: replaced<LabourRate>(
      prices.labour,
      labour?.map((one) => ({ ...one, isOfContract: true })),
      ({ workType, engineerRole, rateClass }) => canonical([workType, engineerRole, rateClass ?? null]),
    ),
    workTypes: replaced(prices.workTypes, workTypes, ({ workType }) => workType),
    rateClassMultipliers: replaced(prices.rateClassMultipliers, rateClassMultipliers, ({ rateClass }) => rateClass),
    // The first that matches wins.
    roundingRules: [...(roundingRules ?? []), ...(prices.roundingRules ?? [])],
    expenses: expensesOver(own.expenses, prices.expenses),
    taxCategories: { ...prices.taxCategories, ...own.taxCategories },
  };
}

function expensesOver(own: RateCard['expenses'] | undefined, card: RateCard['expenses']): RateCard['expenses'] {
  if (own === undefined) return card;
  const { types, ...onCost } = own;
  const { types: cardTypes, ...cardOnCost } = card;
  const states = onCost.markupPercent !== undefined || onCost.marginPercent !== undefined;
  return { ...(states ? onCost : cardOnCost), types: replaced(cardTypes, types, ({ type }) => type) };
}

/** A list with those of its members replaced that others have the key of, and the rest of the others after them. */
function replaced<T>(list: readonly T[] = [], others: readonly T[] = [], keyOf: (member: T) => string): readonly T[] {
  const byKey = new Map(list.map((one) => [keyOf(one), one]));
  for (const one of others) byKey.set(keyOf(one), one);
  return [...byKey.values()];
}

/** The section as it is recorded: each card with its name and its currency, each version with what it leaves out. */
export function filledCards(
  rateCards: NonNullable<SharedCards['rateCards']>,
  organisationCurrency: Currency,
): NonNullable<SharedCards['rateCards']> {
  const cards = Object.entries(rateCards).map(([id, card]): readonly [string, SharedCard] => {
    // As they are written, both may be left out.
    const stated: Partial<SharedCard> = card;
    const versions = card.versions.map((one) => filledPrices(one, one.taxCategory));
    return [id, { name: id, currency: organisationCurrency, ...stated, versions }];
  });
  return Object.fromEntries(cards);
}

/** Notes what the rate cards of a configuration say that can't be meant. `taxCategories`: those that it has. */
export function inspectCards(
  note: Note,
  { rateCards = {} }: Partly<SharedCards>,
  { taxCategories, currency }: { readonly taxCategories: readonly string[]; readonly currency: Currency | undefined },
): void {
  const names = Object.keys(rateCards);
  names.forEach((name, index) => {
    const path = `rateCards.${name}`;
    if (name !== name.trim()) note(path, 'has a name that begins or ends with a space: nobody sees it');
    const alike = names.slice(0, index).find((one) => one.trim().toLowerCase() === name.trim().toLowerCase());
    if (alike !== undefined) note(path, `has a name that nobody could tell from ${alike}: choose another`);
  });
  for (const [name, card] of Object.entries(rateCards)) {
    const versions = card?.versions ?? [];
    versions.forEach((version, index) => {
      if (version === undefined) return;
      const path = `rateCards.${name}.versions[${index}]`;
      inspectCardPrices(note, path, version, true);
      inspectFlatAmounts(note, path, version, card?.currency ?? currency);
      const { taxCategory, taxCategories: stated = {} } = version;
      for (const kind of WORK_KINDS)
        if (!isStated(version, 'taxCategory') && !isStated(stated, kind))
          note(`${path}.taxCategories.${kind}`, 'is required, or taxCategory for all that state none');
      for (const [at, category] of [
        ['taxCategory', taxCategory],
        ...WORK_KINDS.map((kind) => [`taxCategories.${kind}`, stated[kind]] as const),
      ] as const)
        if (category !== undefined && !taxCategories.includes(category))
          note(`${path}.${at}`, `${category} is none of the tax categories in taxRates`);
    });
  }
}

/** Notes published versions of cards that a new configuration has otherwise: what was priced by them is compared with them for ever. */
export function inspectChangedCards(note: Note, before: SharedCards, after: SharedCards): void {
  for (const [name, { currency, versions }] of Object.entries(before.rateCards ?? {})) {
    const now = namedIn(after.rateCards, name);
    // Whether a card may be dropped depends on who names it.
    if (now === undefined) continue;
    if (now.currency !== currency)
      note(`rateCards.${name}.currency`, `was published as ${currency} and stays so: give other prices another name`);
    versions.forEach((version, index) => {
      const path = `rateCards.${name}.versions[${index}]`;
      const stays = `was published, from ${version.from}, and stays as it was: leave it, and add a version with the same or another first day at the end of the list`;
      if (canonical(now.versions[index] ?? null) !== canonical(version)) note(path, stays);
    });
  }
}

/** Notes a card that terms name and that the configuration does not have in the client's currency, or not yet on their first day. */
export function inspectNamedCard(
  note: Note,
  rateCard: Partly<StatedRateCard> | undefined,
  effectiveFrom: LocalDate | undefined,
  { rateCards = {} }: SharedCards,
): void {
  const name = rateCard?.card;
  if (name === undefined) return;
  const path = 'terms.rateCard';
  const card = namedIn(rateCards, name);
  if (card === undefined) {
    const names = Object.keys(rateCards);
    const has = names.length === 0 ? 'which has none' : `which has ${names.join(', ')}`;
    note(`${path}.card`, `${name} is no rate card of the configuration, ${has}`);
    return;
  }
  if (rateCard?.currency !== undefined && rateCard.currency !== card.currency)
    note(`${path}.card`, `${name} is in ${card.currency}, but the contract is in ${rateCard.currency}`);
  const first = card.versions.map(({ from }) => from).sort()[0];
  if (effectiveFrom !== undefined && first !== undefined && effectiveFrom < first)
    note(
      `${path}.card`,
      `${name} has prices from ${first} on, and these terms hold from ${effectiveFrom}: let them begin then, or publish a version of the card with an earlier first day`,
    );
}
