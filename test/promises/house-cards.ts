import { filledCards, type SharedCard } from '@billtrail/contracts';
/** Those of the random files. */
const CURRENCIES = ['AUD', 'JPY', 'KWD', 'USD'] as const;

/** What the organisation publishes: a card for each currency, dearer from the second month on, and with another rounding. */
export const HOUSE_CARDS: Readonly<Record<string, SharedCard>> = filledCards(
  Object.fromEntries(CURRENCIES.map((currency) => [houseCard(currency), cardIn(currency)])),
  'AUD',
);

export function houseCard(currency: string): string {
  return `house-${currency}`;
}

function cardIn(currency: string): SharedCard {
  const version = {
    from: '2025-01-01',
    labour: [
      { workType: null, engineerRole: null, pricePerHour: '120' },
      { workType: 'onsite', engineerRole: null, pricePerHour: '145' },
    ],
    rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '1.75' }],
    minimumMinutes: 15,
    incrementMinutes: 5,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '5' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  } as const;
  const dearer = {
    ...version,
    from: '2026-02-10',
    labour: [{ workType: null, engineerRole: null, pricePerHour: '131' }],
  };
  return { name: `House in ${currency}`, currency, versions: [version, { ...dearer, incrementMinutes: 10 }] };
}
