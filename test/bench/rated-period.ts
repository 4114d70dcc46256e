import type { ContractTerms } from '@billtrail/contracts';
import type { ClientPeriodFacts, ContractFacts, TicketFacts, WorkItem } from '@billtrail/billing';
import { CONFIGURATION } from './read-models.bench.js';

/** Pieces of work in the period. */
export const WORK_ITEMS = 5_000;
const WORK_OF_A_TICKET = 12;
const TICKETS = Math.ceil(WORK_ITEMS / WORK_OF_A_TICKET);
const ZONE = 'Australia/Sydney';
const OFFSET = '+11:00';
const PERIOD = '2026-03';
const MINUTE_MILLIS = 60_000;
const DAY_MINUTES = 1_440;
const OFFICE = [{ opens: '08:30', closes: '17:30' }];
const WORK_TYPES = ['remote', 'onsite', 'project'] as const;
const ROLES = ['engineer', 'senior'] as const;
const AUD = (amount: string) => ({ amount, currency: 'AUD' });

/** Every step of rating has something to do: classes with prices of their own, blocks and overage, caps, markups, a percent discount. */
const TERMS: ContractTerms = {
  timeZone: ZONE,
  rateCalendar: {
    hours: { monday: OFFICE, tuesday: OFFICE, wednesday: OFFICE, thursday: OFFICE, friday: OFFICE },
    holidays: [{ date: '2026-03-09', name: 'Labour Day' }],
  },
  coverage: [
    { id: 'monitoring', name: 'Monitoring', match: { workTypes: ['monitoring'] }, outcome: 'included' },
    { id: 'remote', name: 'Remote work', match: { kinds: ['time'], workTypes: ['remote'] }, outcome: 'prepaid' },
    { id: 'rest', name: 'All other work', match: {}, outcome: 'billable' },
  ],
  rateCard: {
    id: 'card',
    name: 'Standard',
    currency: 'AUD',
    labour: [
      { workType: null, engineerRole: null, pricePerHour: '150.00' },
      { workType: null, engineerRole: 'senior', pricePerHour: '187.50' },
      { workType: 'project', engineerRole: 'senior', pricePerHour: '210.00' },
    ],
    rateClassMultipliers: [
      { rateClass: 'after-hours', multiplier: '1.5' },
      { rateClass: 'weekend', multiplier: '2' },
      { rateClass: 'holiday', multiplier: '2.5' },
    ],
    minimumMinutes: 15,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'cost-plus', markupPercent: '20' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'gst', material: 'gst', expense: 'gst' },
  },
  prepaid: { overage: { pricePerHour: '165.00', multiplied: true } },
  caps: [
    { id: 'ticket', name: 'A ticket', scope: 'ticket', amount: '4000.00', above: 'write-down' },
    {
      id: 'visits',
      name: 'Visits',
      scope: 'period',
      amount: '400000.00',
      match: { workTypes: ['onsite'] },
      above: 'gap',
    },
  ],
};

/** Blocks of hours that are used up or expire in the middle of the month, and one of money: about half of the remote work finds nothing. */
function contract(): ContractFacts {
  const hours = (number: number, expiresOn: string | null) => ({
    blockId: `hours-${number}`,
    eventId: `block-${number}`,
    amount: { unit: 'minutes' as const, minutes: 24_000 },
    purchasedOn: '2026-01-01',
    expiresOn,
    price: null,
  });
  return {
    contractId: 'contract-1',
    clientId: 'client-1',
    name: 'Support',
    priority: 1,
    lastDay: null,
    versions: [{ versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: structuredClone(TERMS) }],
    blocks: [
      hours(1, '2026-03-10'),
      hours(2, '2026-03-20'),
      hours(3, null),
      { ...hours(4, null), blockId: 'money', amount: { unit: 'money', money: AUD('25000.00') } },
    ],
  };
}

/** Repeatable and cheap: the same seed gives the same period on every machine (the constants are those of Numerical Recipes). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** When an entry begins, in minutes of its day: half in office hours, the rest so that it likely crosses 17:30 or midnight. */
function beginning(next: (below: number) => number): number {
  const kind = next(100);
  if (kind < 60) return 510 + next(450);
  if (kind < 85) return 960 + next(85);
  return 1_335 + next(100);
}

function work(number: number, next: (below: number) => number): WorkItem {
  const common = {
    workItemId: `work-${number}`,
    ticketId: `ticket-${next(TICKETS)}`,
    position: number,
    sourceEventIds: [`event-${number}`, `event-${number}-approved`],
    description: `looked into it and set it right (${number})`,
  };
  // Days 2 to 30, so that no entry leaves the month.
  const day = 2 + next(29);
  const workDate = `${PERIOD}-${String(day).padStart(2, '0')}`;
  const kind = next(100);
  if (kind < 8) {
    const cost = AUD(`${1 + next(200)}.${10 + next(90)}`);
    const quantity = next(4) === 0 ? '2.5' : String(1 + next(5));
    const goods = { itemCode: `SKU-${next(40)}`, unit: 'piece', unitCost: cost, listPrice: null };
    return {
      kind: 'material',
      ...common,
      ...goods,
      workDate,
      quantity,
      serialNumber: null,
      underWarranty: next(20) === 0,
    };
  }
  if (kind < 12) {
    const cost = AUD(`${5 + next(300)}.${10 + next(90)}`);
    return { kind: 'expense', ...common, workDate, cost, receiptReference: `receipt-${number}` };
  }
  const minutes = 10 + next(140);
  const start = Date.parse(`${workDate}T00:00:00${OFFSET}`) + beginning(next) * MINUTE_MILLIS;
  const hasTimes = next(10) > 0;
  const instant = (millis: number): string =>
    `${new Date(millis + 660 * MINUTE_MILLIS).toISOString().slice(0, 19)}${OFFSET}`;
  return {
    kind: 'time',
    ...common,
    approval: next(20) === 0 ? 'unapproved' : 'approved',
    engineerId: `engineer-${next(12)}`,
    engineerRole: ROLES[next(ROLES.length)] ?? ROLES[0],
    workType: next(20) === 0 ? 'monitoring' : (WORK_TYPES[next(WORK_TYPES.length)] ?? WORK_TYPES[0]),
    minutes: Math.min(minutes, DAY_MINUTES),
    workDate,
    startedAt: hasTimes ? instant(start) : null,
    endedAt: hasTimes ? instant(start + minutes * MINUTE_MILLIS) : null,
    statedBillableMinutes: next(15) === 0 ? Math.ceil(minutes / 2) : null,
    rateClass: null,
  };
}

function ticket(number: number): TicketFacts {
  return {
    ticketId: `ticket-${number}`,
    clientId: 'client-1',
    contractId: null,
    siteId: `site-${number % 3}`,
    category: number % 2 === 0 ? 'network' : 'hardware',
    ticketType: 'incident',
    priority: number % 5 === 0 ? 'high' : 'moderate',
    summary: `printer ${number} does not answer`,
    texts: [],
    materials: 'listed',
    resolvedOn: number % 4 === 0 ? null : `${PERIOD}-28`,
    resolvedEventId: number % 4 === 0 ? null : `resolved-${number}`,
    noCharge: null,
  };
}

/** The facts of a client's month, every object of them new: nothing that a run remembers by object serves the next. */
export function ratedPeriod(seed: number): ClientPeriodFacts {
  const next = numbersFrom(seed);
  const tickets = Array.from({ length: TICKETS }, (_, number) => ticket(number));
  return {
    clientId: 'client-1',
    currency: 'AUD',
    period: PERIOD,
    contracts: [contract()],
    tickets: new Map(tickets.map((one) => [one.ticketId, one])),
    work: Array.from({ length: WORK_ITEMS }, (_, number) => work(number + 1, next)),
    invoiced: [],
    claimed: new Map(),
    writtenOff: [],
    configuration: CONFIGURATION,
    clientTimeZone: ZONE,
  };
}
