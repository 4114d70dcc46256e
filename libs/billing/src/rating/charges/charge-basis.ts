import type { ChargeBasis } from '../../item/basis.js';

/** Of a charge whose terms alone tell its price. */
export const NO_FIGURES: Omit<ChargeBasis, 'termId'> = {
  discountAmount: null,
  exactOfDaysBefore: null,
  required: null,
  coveredDays: null,
};
