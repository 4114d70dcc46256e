export * from './explanation-lines.js';
export { adjustmentOfSchema1, chargeAdjustmentId, creditIdOf, itemIdOfSchema1 } from '../item/item-key.js';
export { type ChargeOfSchema1, chargeOf as liftedCharge } from '../upcast-schema-1.js';
export { NAMED_CONFIGURATION } from './named-configuration.js';
export { isOfTerms } from '../account/rests-on.js';
export { draftHash } from '../account/document.js';
export { supposedPeriods } from '../supposed/supposed-events.js';
