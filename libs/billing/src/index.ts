export * from './events.js';
export * from './item/basis.js';
export * from './item/billable-item.js';
export * from './item/charge-item.js';
export * from './item/draw.js';
export * from './item/frozen-item.js';
export {
  chargeIdOf,
  isNameOfWork,
  itemIdOf,
  nameOfSharedId,
  nameOfSharedIdInSchema1,
  typedIdOf,
} from './item/item-key.js';
export * from './item/trace.js';
export * from './client-period.js';
export * from './rating/facts.js';
export * from './rating/prepaid/prepaid-facts.js';
export * from './what-if.js';
export { isSameCarryOver } from './carry-over.js';
export { lastChargeMonth } from './rating/charges/recurring.js';
export { rate, rateExplained } from './rate.js';
export { RATING_VERSION } from './rating-version.js';
export { type Explained, explain } from './explain.js';
export { type ServiceLevel, serviceLevelAt } from './rating/coverage/service-level.js';
export { versionOn } from './rating/coverage/step-1-contract.js';
export { type Grant, grantsOf } from './rating/prepaid/prepaid-stock.js';
export { usedUnderTicketCaps } from './settled/later-caps.js';
export * from './gaps/of-ticket.js';
export { derivedGapOfCharge } from './gaps/of-charge.js';
export { gapsByKey } from './gaps/merge.js';
export * from './gaps/identity.js';
export * from './reconcile.js';
export * from './gaps/gap.js';
export * from './account/commands.js';
export * from './account/state.js';
export * from './account/account.js';
export * from './account/lines.js';
export * from './account/charges.js';
export * from './account/credit-effect.js';
export * from './account/tax.js';
export * from './account/numbering.js';
export * from './configuration.js';
