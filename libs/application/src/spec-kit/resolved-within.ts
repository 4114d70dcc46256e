import type { ContractTerms } from '@billtrail/contracts';
import { card } from '@billtrail/contracts/testing';

/** A critical ticket is to be resolved within so many minutes, whatever the hour. All work is 150.00 an hour. */
export function resolvedWithin(minutes: number, warnAtPercent: readonly number[] = []): ContractTerms {
  const labour = [{ workType: null, engineerRole: null, pricePerHour: '150.00' }];
  return {
    coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }],
    rateCard: card({ id: 'card', name: 'Rates', currency: 'AUD', labour }, 'GST'),
    serviceLevels: {
      policy: {
        id: 'policy',
        name: 'Policy',
        calendar: { timeZone: 'UTC', openingHours: { monday: [{ opens: '00:00', closes: '24:00' }] }, holidays: [] },
        targets: { critical: { response: null, resolution: { minutes, clock: 'elapsed' } } },
        pausesOnThirdParty: false,
        warnAtPercent,
      },
      credits: [],
    },
  };
}
