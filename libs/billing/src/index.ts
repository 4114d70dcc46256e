export * from './events.js';
export * from './events/stored.js';
export * from './item/basis.js';
export * from './item/billable-item.js';
export { type CourtesyGiven, givenOn } from './item/courtesy.js';
export * from './item/charge-item.js';
export * from './item/draw.js';
export * from './item/frozen-item.js';
export { forgivenOf } from './settled/credited.js';
export {
  contractOfCharge,
  holderOfOwnNote,
  idsOfNameInSchema1,
  isNameOfWork,
  itemKeyOf,
  nameOfSharedId,
} from './item/item-key.js';
export * from './item/trace.js';
export * from './client-period.js';
export * from './rating/facts.js';
export { partOf } from './rating/merged-ticket.js';
export * from './rating/prepaid/prepaid-facts.js';
export * from './what-if.js';
export { type BoughtBlock, withBought } from './rate-renewing.js';
export { isSameCarryOver, mayCarryOver } from './carry-over.js';
export { rate, rateExplained } from './rate.js';
export { RATING_VERSION } from './rating-version.js';
export { type AskedLess, askedLessOnceFree } from './supposed/asked-less.js';
export { type SupposedCredit, billedAgain } from './supposed/billed-again.js';
export { askedLessBy, type SupposedOnTicket } from './supposed/asked-less-by.js';
export { isHeldIn } from './supposed/held.js';
export type { TicketsSplitOff } from './supposed/split.js';
export { type MonthUnderTerms, askedLessBeside, askedLessByTerms, monthsAfter } from './supposed/under-terms.js';
export { detailsOf, withDetails } from './supposed/client-details.js';
export { otherMonthsOf } from './supposed/months-of-work.js';
export {
  OF_NO_CLIENT,
  type ChangeOfTicket,
  type Supposing,
  isOfTicket,
  placesAfter,
  ticketsJoined,
} from './supposed/supposed-events.js';
export { explain } from './explain.js';
export { type DocumentNumbers, type Explained, documentsTold } from './story.js';
export { type ServiceLevel, serviceLevelAt } from './rating/coverage/service-level.js';
export { versionOn } from './rating/coverage/step-1-contract.js';
export { changesCycles } from './rating/charges/cycles.js';
export { hasJoiners } from './rating/charges/leaving.js';
export { milestonesOf } from './rating/charges/milestones.js';
export { countsIncidents, pricesIncidents } from './rating/charges/incidents.js';
export { chargesOnce, monthsOfOnce } from './rating/charges/once.js';
export { givenBackBy } from './given-back-by.js';
export { releasedCommitments } from './rating/charges/released.js';
export { type UnusedLicences, unusedLicencesOn } from './rating/charges/unused-licences.js';
export { type Grant, grantsOf } from './rating/prepaid/grants.js';
export { usedUnderTicketCaps } from './settled/later-caps.js';
export * from './gaps/of-ticket.js';
export { mergedGaps } from './gaps/merge.js';
export type { EndsGap } from './rating/charges/ends-by.js';
export * from './gaps/identity.js';
export * from './reconcile.js';
export { loosenedBy } from './configuration-controls.js';
export { limitOf, moneyForgone, refuseOwnWork, type LimitsOfForgoing } from './second-person.js';
export * from './gaps/gap.js';
export { type AskedElsewhere, chargeTaxedAs, needsAsked } from './account/asked-elsewhere.js';
export * from './account/commands.js';
export { type DocumentGroup, groupingOf, groupsToDraft } from './account/grouping.js';
export {
  type Receiving,
  type Recipient,
  documentsAdjusted,
  recipientOf,
  refuseChained,
  siteOf,
} from './account/recipients.js';
export * from './account/state.js';
export * from './account/account.js';
export { documentUnderWay } from './account/under-way.js';
export { isOfOtherWork, ticketsAlone } from './account/rests-on.js';
export { redraft } from './account/redraft.js';
export { netsOfLinesNow, refuseStale } from './account/stale.js';
export { REMEDY_OF_NEGATIVE_DRAFT } from './account/draft.js';
export { daysOfOtherTax, whyUntaxed } from './account/issue-days.js';
export * from './account/lines.js';
export * from './account/charges.js';
export * from './account/credit-effect.js';
export * from './account/tax.js';
export { taxesByName } from './account/each-tax.js';
export * from './account/numbering.js';
export * from './configuration.js';
export { billingConfiguration } from './configuration-shape.js';
export { CONFIGURATION_SECTIONS, type RatedAgain, ratedAgainBy } from './configuration-sections.js';
