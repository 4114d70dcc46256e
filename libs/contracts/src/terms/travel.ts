import { type Of, shape } from '@billtrail/kernel';
import { MAX_TERM_MEMBERS, MAX_TERM_MINUTES, MAX_TRAVEL } from '../limits.js';
import { coverageMatch } from './coverage-rule.js';

const { about, filled, decimal, list, object, oneOf, optional, positive, positiveUpTo, text, variants, whole } = shape;

/** Most that the price of an hour is multiplied by. */
const MAX_FACTOR = 100;

const way = about('return: twice what the site states, which is one way.', oneOf(['one-way', 'return']));

/** Amounts are decimal strings in the card's currency. */
const travelPrice = variants('kind', {
  'zone-fee': {
    zones: list(object({ zone: text(), fee: decimal }), MAX_TERM_MEMBERS),
    otherZones: optional(
      about('For a site of another zone or of none. By default such a visit has no price, and is a gap.', decimal),
    ),
  },
  hours: {
    pricePerHour: optional(
      about(
        "By default the card's price of an hour for the work of the visit that was recorded first, without multipliers of rate classes.",
        decimal,
      ),
    ),
    factor: about('What is laid on the price of an hour: 0.5 for half of it.', positiveUpTo(MAX_FACTOR)),
    freeMinutes: optional(
      about('Minutes of the whole way that cost nothing; by default none.', whole(1, MAX_TERM_MINUTES)),
    ),
    way,
  },
  kilometres: {
    pricePerKilometre: decimal,
    freeKilometres: optional(
      about('Kilometres of the whole way that cost nothing; by default none.', positiveUpTo(MAX_TRAVEL)),
    ),
    way,
  },
});

/**
 * What the way to a visit costs, beside its work: one charge for each visit (site, day, engineer or crew, as the rate card has it), however many tickets it
 * served and whatever becomes of their work. Zone, minutes and kilometres of the way are those of the site (`SiteTravel`).
 */
export const travelTerm = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  match: about('The work that somebody travels to. A visit with such work is charged for.', coverageMatch),
  price: travelPrice,
  cap: optional(about('Most that one visit costs; by default there is no limit.', positive)),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type TravelTerm = Of<typeof travelTerm>;

/** The way to a site. What is absent nobody stated. */
export const siteTravel = object({
  zone: optional(about('Its travel zone, as the zone fees of contracts name it.', text())),
  minutes: optional(about('One way.', whole(1, MAX_TRAVEL))),
  kilometres: optional(about('One way.', positiveUpTo(MAX_TRAVEL))),
});
export type SiteTravel = Of<typeof siteTravel>;
