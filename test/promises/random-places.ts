import type { Currency } from '@billtrail/kernel';
import type { Holiday } from '@billtrail/contracts';
import { contractCommands as contracts } from '@billtrail/application';
import { ACCOUNTANT, type House } from '../laws/kit/house.js';
import type { Random } from '../crash/random.js';
import { inPercent, maybe, randomDay } from './chance.js';
import { randomCalendar, SITES } from './random-terms.js';
import { CLIENT, ZONE } from './readings.js';

const ZONES = ['Australia/Perth', 'Pacific/Auckland', 'America/Los_Angeles'] as const;

/** The client with its sites, each with a zone, class hours and holidays of its own or without them. */
export async function registerClient(random: Random, house: House, currency: Currency): Promise<void> {
  const client = {
    clientId: CLIENT,
    name: CLIENT,
    currency,
    timeZone: ZONE,
    taxExemption: null,
    ...maybe(random, 15, () => ({ taxExemption: 'export of services', taxTreatment: 'export' })),
    ...maybe(random, 15, () => ({ invoices: 'by-site' })),
    ...maybe(random, 20, () => ({ calendar: { hours: randomCalendar(random).hours } })),
    ...maybe(random, 20, () => ({ holidays: randomHolidays(random) })),
  };
  await house.must(contracts.RegisterClient, client, { actor: ACCOUNTANT });
  for (const siteId of SITES) {
    const site = { clientId: CLIENT, siteId, name: siteId };
    await house.must(
      contracts.RegisterSite,
      { ...site, from: '2025-10-01', ...randomPlace(random) },
      { actor: ACCOUNTANT },
    );
    if (!inPercent(random, 20)) continue;
    const since = { from: randomDay(random), ...randomPlace(random) };
    await house.send(contracts.ChangeSiteDetails, { ...site, ...since }, { actor: ACCOUNTANT });
  }
}

function randomPlace(random: Random): object {
  return {
    ...maybe(random, 30, () => ({ timeZone: random.pick(ZONES) })),
    ...maybe(random, 30, () => ({ calendar: { hours: randomCalendar(random).hours } })),
    ...maybe(random, 40, () => ({ holidays: randomHolidays(random) })),
  };
}

function randomHolidays(random: Random): readonly Holiday[] {
  return [1, 2, 3].map((month): Holiday => ({
    date: randomDay(random, month, month),
    name: `Holiday ${month}`,
    ...maybe(random, 40, () => ({ from: '12:00' })),
  }));
}
