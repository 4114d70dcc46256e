import { type Of, shape } from '@billtrail/kernel';
import { cardPrices } from './rate-card.js';

const { about, currency, date, filled, list, object, optional, text } = shape;

/** Most rate cards of a configuration. */
const MAX_CARDS = 100;
/** Most versions of one card. */
export const MAX_CARD_VERSIONS = 200;

const cardVersion = object({
  from: about(
    'First day on which these prices hold, until the next version of the card. Of two with the same day the one further down holds.',
    date,
  ),
  taxCategory: optional(about('Of all kinds of work that state none in taxCategories.', text())),
  ...cardPrices,
});
export type SharedCardVersion = Of<typeof cardVersion>;

/** Prices that contracts name. What was published of it stays: a change is another version. */
const sharedCard = object({
  name: filled(about('By default its name in the list.', text())),
  currency: filled(about('By default that of the organisation.', currency)),
  versions: about(
    'From day to day. A version that was published stays as it is; another one, with the same day or a later one, takes its place.',
    list(cardVersion, MAX_CARD_VERSIONS, { minItems: 1, errorMessage: 'is empty: the card would have no price' }),
  ),
});
export type SharedCard = Of<typeof sharedCard>;

/** The section of a configuration that rate cards are named from. */
export const sharedCards = {
  rateCards: optional(
    about(
      'Rate cards by name, for contracts that name them, in versions by day.',
      shape.record(sharedCard, 0, MAX_CARDS),
    ),
  ),
};
export type SharedCards = Of<ReturnType<typeof object<typeof sharedCards>>>;
