import type { PublishedConfiguration } from '@billtrail/billing';
import { GOODS } from './goods.js';

export const CURRENCY = 'AUD';
export const TIME_ZONE = 'Australia/Sydney';

/** Of an invented organisation. Its ABN passes the check digits and belongs to nobody that we know of. */
export const DEMO_CONFIGURATION: PublishedConfiguration = {
  organisation: {
    name: 'Harbour & Pine IT Services',
    taxId: '96 999 111 222',
    address: '1 Sample Wharf, Exampleton NSW 2999',
    currency: CURRENCY,
    timeZone: TIME_ZONE,
  },
  unbilledAfterDays: 14,
  taxRates: { GST: '10', 'GST-FREE': '0' },
  invoiceSeries: { series: 'INV', prefix: 'INV-', digits: 6 },
  quickQuestionMinutes: 15,
  materialWords: GOODS.map(({ word, listPrice }) => ({
    word,
    assumedPrice: { amount: listPrice, currency: CURRENCY },
  })),
  assumedPricePerHour: { amount: '150.00', currency: CURRENCY },
  assumedMinutesPerTicket: 45,
  secondPersonAbove: { amount: '500.00', currency: CURRENCY },
};
