import type { ContractTerms, RateCard, SiteTravel, TravelTerm } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ChargeItem } from '../item/charge-item.js';
import { rateExplained } from '../rate.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';
import { contractWith } from './charges.js';
import { card, facts, ticketFacts, time } from './facts.js';

export type TravelPrice = TravelTerm['price'];

/** The way to the depot. */
export const METRO: SiteTravel = { zone: 'metro', minutes: 25, kilometres: '18.5' };
/** A fee of 45.00 for the depot, none for the farm. */
export const ZONES = { kind: 'zone-fee', zones: [{ zone: 'metro', fee: '45.00' }] } as const satisfies TravelPrice;

/** A travel term for work on site. */
export function way(price: TravelPrice, changes: Partial<TravelTerm> = {}): TravelTerm {
  return { id: 'way', name: 'Travel', match: { workTypes: ['onsite'] }, price, taxCategory: 'GST', ...changes };
}

function site(siteId: string, travel?: SiteTravel) {
  const details = { name: siteId, address: null, timeZone: null, calendar: null, holidays: null, billTo: null };
  return { siteId, details: [{ from: '2026-01-01', ...details, ...(travel === undefined ? {} : { travel }) }] };
}

/** Work on site of T-1 and T-2 at the depot, and of T-3 at the farm. */
export function march(
  work: readonly WorkItem[],
  travel: readonly TravelTerm[],
  {
    travelTo = METRO,
    cardOf = {},
    ...terms
  }: Partial<ContractTerms> & { travelTo?: SiteTravel | null; cardOf?: Partial<RateCard> } = {},
  changes: Partial<ClientPeriodFacts> = {},
): ClientPeriodFacts {
  const tickets = new Map<string, TicketFacts>(
    [
      ['T-1', 'depot'],
      ['T-2', 'depot'],
      ['T-3', 'farm'],
    ].map(([ticketId = '', siteId = '']) => [ticketId, ticketFacts({ ticketId, siteId })]),
  );
  const labour = [{ workType: null, engineerRole: null, pricePerHour: '150.00' }];
  const contract = contractWith({ rateCard: card({ labour, ...cardOf }), travel, ...terms });
  const places = { sites: [site('depot', travelTo ?? undefined), site('farm', { zone: 'country', kilometres: '80' })] };
  return facts(work, { contracts: [contract], tickets, places, ...changes });
}

/** An hour on site on 10 March. */
export function onsite(
  workItemId: string,
  ticketId = 'T-1',
  changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {},
) {
  const position = Number(workItemId.slice(2));
  return time({ workItemId, ticketId, position, workType: 'onsite', sourceEventIds: [`ev-${workItemId}`], ...changes });
}

export function chargesOf(ofMarch: ClientPeriodFacts): readonly ChargeItem[] {
  return rateExplained(ofMarch).charges;
}

/** Each charge in one line. */
export function told(ofMarch: ClientPeriodFacts): readonly string[] {
  return chargesOf(ofMarch).map(
    ({ chargeItemId, quantity, unit, unitPrice, net, disposition }) =>
      `${chargeItemId} ${disposition} ${quantity} ${unit} ${unitPrice.amount} = ${net.amount}`,
  );
}
