import { describe, expect, it } from '@jest/globals';
import { dueDateOf, paymentTermsInWords } from './payment-terms.js';
import type { PaymentTerms } from './terms/payment-terms.js';

describe('when a document is due', () => {
  it.each<readonly [PaymentTerms, issued: string, due: string, words: string]>([
    [{ due: 'on-receipt' }, '2026-03-31', '2026-03-31', 'Due on receipt'],
    [{ due: 'net', days: 1 }, '2026-02-28', '2026-03-01', 'Due 1 day after the date of issue'],
    [{ due: 'net', days: 30 }, '2028-01-31', '2028-03-01', 'Due 30 days after the date of issue'],
    [{ due: 'end-of-month', days: 0 }, '2026-02-28', '2026-02-28', 'Due at the end of the month of issue'],
    // From the last day of March, whichever day of it the document is issued on.
    [{ due: 'end-of-month', days: 14 }, '2026-03-01', '2026-04-14', 'Due 14 days after the end of the month of issue'],
    [{ due: 'end-of-month', days: 14 }, '2026-03-31', '2026-04-14', 'Due 14 days after the end of the month of issue'],
    [{ due: 'day-of-next-month', day: 20 }, '2026-12-01', '2027-01-20', 'Due on the 20th of the month after issue'],
    // A month without the day: its last.
    [{ due: 'day-of-next-month', day: 31 }, '2026-01-31', '2026-02-28', 'Due on the last day of the month after issue'],
    [
      { due: 'day-of-next-month', day: 29 },
      '2028-01-15',
      '2028-02-29',
      'Due on the 29th of the month after issue, or its last day',
    ],
  ])('%j of a document of %s: %s', (terms, issued, due, words) => {
    expect([dueDateOf(terms, issued), paymentTermsInWords(terms)]).toEqual([due, words]);
  });
});
