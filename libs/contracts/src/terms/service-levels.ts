import { type Of, PRIORITIES, type Shape, shape } from '@billtrail/kernel';
import { MAX_COUNT, MAX_CRITERION_VALUES, MAX_TERM_MEMBERS, MAX_TERM_MINUTES } from '../limits.js';
import { businessCalendar } from './rate-calendar.js';

const { about, filled, anyOf, list, nullable, object, oneOf, optional, positive, text, truth, whole } = shape;

export const SLA_TARGETS = ['response', 'resolution'] as const;
export type SlaTarget = (typeof SLA_TARGETS)[number];

/** Time that may pass. A business day of a published page is its hours in minutes. */
const targetTime = object({
  minutes: whole(1, MAX_TERM_MINUTES),
  clock: about(
    'business: minutes while the calendar of the policy is open. elapsed: all minutes.',
    oneOf(['business', 'elapsed']),
  ),
});
export type TargetTime = Of<typeof targetTime>;

const target = filled(about('null, the default: best effort, no target.', nullable(targetTime)));
const bothTargets = object({ response: target, resolution: target });

const targets: Shape<Readonly<Record<string, Of<typeof bothTargets>>>> = {
  ...shape.anyOfMembers(PRIORITIES, bothTargets),
  minProperties: 1,
  errorMessage: 'is empty: no priority would have a target',
};

/** The client-facing service level of a contract. The clock always pauses in Pending Client (domain.md, SLA). */
export const slaPolicy = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: filled(about('By default Service level.', text())),
  calendar: businessCalendar,
  targets: about('By priority of the ticket. A priority that is absent has none.', targets),
  pausesOnThirdParty: filled(
    about('Whether the clock pauses while a third party is waited for. By default false.', truth),
  ),
  warnAtPercent: filled(
    about('Percents of a target at which a warning is given, rising. By default none.', list(whole(1, 99), 99)),
  ),
});
export type SlaPolicy = Of<typeof slaPolicy>;

/** What one breach gives back: an amount, or a percentage of the period's recurring charges of the contract before credits. */
const serviceCredit = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  target: oneOf(SLA_TARGETS),
  priorities: optional(
    about(
      'By default any. The first credit that matches a breach is given, so a breach gives one credit at most.',
      anyOf<string>(oneOf(PRIORITIES), MAX_CRITERION_VALUES),
    ),
  ),
  credit: shape.variants('kind', {
    amount: { amount: positive },
    'percent-of-recurring': { percent: shape.positivePercent },
  }),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type ServiceCredit = Of<typeof serviceCredit>;

/** What so many breaches of a month give back, in place of what fewer do. */
const breachStep = object({
  from: about('From so many breaches on, up to the next step.', whole(1, MAX_COUNT)),
  percent: optional(
    about("Of the period's recurring charges of the contract. Required without an amount.", shape.positivePercent),
  ),
  amount: optional(about('In the currency of the card, in place of a percentage.', positive)),
});
export type BreachStep = Of<typeof breachStep>;

/** A credit for all the breaches of a month that match, once, by how many they are. Fewer than the first step give nothing. */
const creditByBreaches = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  target: optional(about('By default either.', oneOf(SLA_TARGETS))),
  priorities: optional(about('By default any.', anyOf<string>(oneOf(PRIORITIES), MAX_CRITERION_VALUES))),
  steps: about(
    'Rising by number: the last step that the breaches of the month reach is given.',
    list(breachStep, MAX_TERM_MEMBERS, { minItems: 1, errorMessage: 'is empty: no breach would give anything back' }),
  ),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type CreditByBreaches = Of<typeof creditByBreaches>;

export const serviceLevels = object({
  policy: slaPolicy,
  credits: filled(about('By default none.', list(serviceCredit, MAX_TERM_MEMBERS))),
  creditsByBreaches: optional(
    about(
      'Given beside those: by the number of breaches of a month, whether or not one has a credit of its own.',
      list(creditByBreaches, MAX_TERM_MEMBERS),
    ),
  ),
  maximumCreditPerPeriod: optional(
    about(
      'All credits of a billing period together are at most this; by default at most the recurring charges of the period.',
      positive,
    ),
  ),
});
export type ServiceLevels = Of<typeof serviceLevels>;
