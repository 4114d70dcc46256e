import { Decimal, type LocalDate, minorUnitDigits } from '@billtrail/kernel';
import { type TermsDifference, differencesOfTerms } from './differences.js';
import type { ContractTerms, ContractVersion } from './events.js';
import { type NumberFound, withNumbers } from './price-terms.js';

/** A general increase of prices. */
export interface PriceIncrease {
  /** Decimal string: 4 makes 150.00 of an hour 156.00. */
  readonly percent: string;
  /** First day of the new prices. */
  readonly from: LocalDate;
  /** Prices are rounded to a multiple of it; null: to the minor unit of their currency, or as fine as they were. */
  readonly roundTo: string | null;
  /** Only prices of terms with one of these names or ids, whatever their case. Empty: all. */
  readonly terms: readonly string[];
}

/** A term that an increase leaves as it is, and why. */
export interface LeftAsItIs {
  readonly term: string;
  readonly why: string;
}

export interface IncreasedTerms {
  readonly terms: ContractTerms;
  readonly prices: readonly TermsDifference[];
  readonly left: readonly LeftAsItIs[];
  /** By how many percent prices that are meant were raised from the day before; none: they were not. */
  readonly raisedBefore: readonly string[];
}

/** Why a price from a named card is not raised here. */
export const RAISED_BY_CARD = 'a version of the card raises its prices, for all contracts that name it';

/** The terms with their prices increased, where nothing says that they are fixed or were raised before. */
export function increasedTerms(
  before: ContractTerms,
  increase: PriceIncrease,
  raised: RaisedPrices = new Map(),
): IncreasedTerms {
  const left = new Map<string, LeftAsItIs>();
  const leave = (term: string, why: string): void => void left.set(`${term} ${why}`, { term, why });
  const raisedBefore = new Set<string>();
  const terms = withNumbers(before, (found) => {
    const term = nameOf(found);
    if (!isAsked(found, increase.terms)) return found.value;
    const percent = raised.get(found.path);
    const why = percent === undefined ? whyFixed(found, increase.from) : `raised by ${percent} % from this day already`;
    if (percent !== undefined) raisedBefore.add(percent);
    if (why !== null) {
      leave(term, why);
      return found.value;
    }
    const after = increasedPrice(found.value, increase, minorUnitDigits(before.rateCard.currency));
    if (after === found.value && !new Decimal(after).isZero())
      leave(term, `${increase.percent} % of ${found.value} is less than rounding moves`);
    return after;
  });
  const { card } = before.rateCard;
  if (card !== undefined && isAsked({ within: [{ id: card }] }, increase.terms))
    leave(`Rate card ${card}`, RAISED_BY_CARD);
  if (before.prepaid?.renewBlocks !== undefined && increase.terms.length === 0)
    leave('Blocks that renew', 'each costs what the block before it did: buy the next one at its new price');
  return {
    terms,
    prices: differencesOfTerms(before, terms),
    left: [...left.values()],
    raisedBefore: [...raisedBefore],
  };
}

/** null: a price that may be raised. */
function whyFixed(found: NumberFound, from: LocalDate): string | null {
  if (found.of.is === 'agreed') return found.of.why;
  const until = committedUntil(found);
  return until !== null && until >= from ? `its units are committed until ${until} at this price` : null;
}

/** By where a price stands in the terms: by how much it was raised. */
export type RaisedPrices = ReadonlyMap<string, string>;

/** Prices in force on a day that an increase of that day raised, or that were agreed anew since. One that has its old value again was given back, and may be raised. */
export function raisedFrom(
  versions: readonly ContractVersion[],
  day: LocalDate,
  { terms: present }: Pick<ContractVersion, 'terms'>,
): RaisedPrices {
  const pathsOf = (one: ContractTerms, other: ContractTerms): readonly string[] =>
    differencesOfTerms(one, other).map(({ path }) => path);
  return new Map(
    versions
      .filter(({ effectiveFrom }) => effectiveFrom === day)
      .flatMap(({ increase, terms }) => {
        const before = versions.find(({ versionNumber }) => versionNumber === increase?.ofVersion)?.terms;
        if (increase === undefined || before === undefined) return [];
        const now = new Set(pathsOf(before, present));
        return pathsOf(before, terms).flatMap((path): [string, string][] =>
          now.has(path) ? [[path, increase.percent]] : [],
        );
      }),
  );
}

/** Half up, and never less than it was: an increase is none. A price that is finer than the minor unit stays so. */
export function increasedPrice(
  before: string,
  { percent, roundTo }: Pick<PriceIncrease, 'percent' | 'roundTo'>,
  minorDigits: number,
): string {
  const price = new Decimal(before);
  const exact = price.times(new Decimal(percent).plus(100)).div(100);
  const digits = Math.max(minorDigits, price.decimalPlaces());
  const rounded =
    roundTo === null
      ? exact.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP)
      : exact.div(roundTo).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).times(roundTo);
  const after = rounded.lessThan(price) ? price : rounded;
  return after.equals(price) ? before : after.toFixed(Math.max(minorDigits, after.decimalPlaces()));
}

/** The nearest thing around it that has a name, else its part of the terms. */
function nameOf({ within }: NumberFound): string {
  const named = within.findLast((one) => typeof one['name'] === 'string');
  return typeof named?.['name'] === 'string' ? named['name'] : 'Overage of prepaid work';
}

function isAsked({ within }: Pick<NumberFound, 'within'>, terms: readonly string[]): boolean {
  if (terms.length === 0) return true;
  const asked = new Set(terms.map((one) => one.toLowerCase()));
  return within.some(({ id, name }) =>
    [id, name].some((one) => typeof one === 'string' && asked.has(one.toLowerCase())),
  );
}

function committedUntil({ within }: NumberFound): LocalDate | null {
  const commitments = within.flatMap(({ commitment }) =>
    typeof commitment === 'object' && commitment !== null && 'until' in commitment ? [commitment.until] : [],
  );
  const [until] = commitments;
  return typeof until === 'string' ? until : null;
}
