import { type Of, shape } from '@billtrail/kernel';
import { MAX_PAYMENT_DAYS } from '../limits.js';

const { about, variants, whole } = shape;

/** When a document is due, counted from its day of issue. */
export const paymentTerms = variants('due', {
  'on-receipt': {},
  net: { days: about('Days after the day of issue.', whole(1, MAX_PAYMENT_DAYS)) },
  'end-of-month': { days: about('Days after the last day of the month of issue.', whole(0, MAX_PAYMENT_DAYS)) },
  'day-of-next-month': {
    day: about('Of the month after that of issue; where that is shorter, its last day.', whole(1, 31)),
  },
});
export type PaymentTerms = Of<typeof paymentTerms>;
