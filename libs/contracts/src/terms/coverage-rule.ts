import { PRIORITIES, type Of, shape } from '@billtrail/kernel';
import { MAX_COUNT, MAX_CRITERION_VALUES, MAX_TERM_MINUTES } from '../limits.js';

export const WORK_KINDS = ['time', 'material', 'expense'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

const names = shape.optional(shape.anyOf(shape.text(), MAX_CRITERION_VALUES));

/** Which work a rule is about. A criterion that is absent matches everything; each list matches any of its members. */
export const coverageMatch = shape.about(
  'Which work; by default all. A criterion that is absent matches everything; each list matches any of its members.',
  shape.object({
    kinds: shape.optional(shape.anyOf(shape.oneOf(WORK_KINDS), MAX_CRITERION_VALUES)),
    workTypes: names,
    categories: names,
    ticketTypes: names,
    priorities: shape.optional(shape.anyOf<string>(shape.oneOf(PRIORITIES), MAX_CRITERION_VALUES)),
    engineerRoles: names,
    sites: names,
    rateClasses: names,
  }),
);
export type CoverageMatch = Of<typeof coverageMatch>;

/**
 * What becomes of the work of a coverage rule: `included` costs nothing, `prepaid` draws down the contract's blocks and allotment,
 * `billable` has the card's price, `excluded` goes on to the next contract in the chain (by declared priority).
 */
const coverageOutcome = shape.about(
  'included: costs nothing. prepaid: draws down blocks and allotment. billable: the price of the card. excluded: goes on to the next contract.',
  shape.oneOf(['included', 'prepaid', 'billable', 'excluded']),
);
export type CoverageOutcome = Of<typeof coverageOutcome>;

/**
 * A fixed price of a ticket whose work a rule includes: asked once for each ticket and rule, whatever time goes into it and however many months, engineers and
 * visits it takes. It is in the account of the month of the first work, at the terms of that day.
 */
export const incidentPrice = shape.object({
  price: shape.about('Of a ticket, in the currency of the card, net of tax.', shape.positive),
  includedPerPeriod: shape.optional(
    shape.about('So many tickets of a month cost nothing, those whose work began first.', shape.whole(1, MAX_COUNT)),
  ),
  taxCategory: shape.filled(shape.about('By default the taxCategory of the terms.', shape.text())),
});
export type IncidentPrice = Of<typeof incidentPrice>;

/** One rule of the ordered list; the first that matches wins (rating.md step 3). */
export const coverageRule = shape.object({
  id: shape.filled(shape.about('By default made from the name.', shape.id)),
  name: shape.text(),
  match: shape.filled(coverageMatch),
  outcome: coverageOutcome,
  includedMinutesPerTicket: shape.optional(
    shape.about(
      'For included work: minutes of one ticket above which it looks like scope creep (gap scope-suspected).',
      shape.whole(1, MAX_TERM_MINUTES),
    ),
  ),
  incident: shape.optional(
    shape.about('For included work: a fixed price for each ticket, once, whatever time goes into it.', incidentPrice),
  ),
});
export type CoverageRule = Of<typeof coverageRule>;
