import { type Cap, type ContractTerms, type Discount, speltOut } from '@billtrail/contracts';
import type { PublishedCard } from '@billtrail/contracts/testing';
import type { ClientPeriodFacts, TicketFacts, WorkItem } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import type { Random } from '../crash/random.js';

const CLIENT = 'acme';
const PERIOD = '2026-03';
const ROLES = ['engineer', 'senior', 'consultant'] as const;
/** Beside those of the cards: one without a minor unit and one of three digits. */
const OTHER_CURRENCIES = ['JPY', 'KWD'] as const;

/** A client's month under a random plan of the published cards, with random work: the same seed, the same month. */
export function randomPeriod(random: Random, cards: readonly PublishedCard[], items: number): ClientPeriodFacts {
  const card = random.pick(cards);
  const plan = random.pick(card.plans);
  const terms = withExtras(random, inOtherCurrency(random, plan.terms));
  const { currency } = terms.rateCard;
  const tickets = Array.from({ length: Math.ceil(items / 8) }, (_, index) => ticket(`T-${index + 1}`));
  const names = {
    tickets: tickets.map(({ ticketId }) => ticketId),
    workTypes: card.workTypes.length === 0 ? ['remote'] : card.workTypes,
    roles: card.engineerRoles.length === 0 ? ROLES : card.engineerRoles,
    currency,
  };
  return {
    clientId: CLIENT,
    currency,
    period: PERIOD,
    contracts: [
      {
        contractId: 'k-1',
        clientId: CLIENT,
        name: plan.contractId,
        priority: 10,
        lastDay: null,
        versions: [{ versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms }],
        blocks: blocks(random, currency),
      },
    ],
    tickets: new Map(tickets.map((one) => [one.ticketId, one])),
    work: Array.from({ length: items }, (_, index) => work(random, index + 1, names)),
    invoiced: [],
    claimed: new Map(),
    writtenOff: [],
    configuration: {
      ...NAMED_CONFIGURATION,
      taxRates: Object.fromEntries(
        Object.values(speltOut(terms).rateCard.taxCategories).map((category) => [category, '10']),
      ),
    },
  };
}

function inOtherCurrency(random: Random, terms: ContractTerms): ContractTerms {
  if (random.whole(1, 6) > 1) return terms;
  return { ...terms, rateCard: { ...terms.rateCard, currency: random.pick(OTHER_CURRENCIES) } };
}

/** Percents that do not come out even, caps that cut, and prepaid work. Terms that reach beyond work are left out: this is about items. */
function withExtras(
  random: Random,
  { coverage, rateCard, timeZone, rateCalendar, prepaid }: ContractTerms,
): ContractTerms {
  const discounts: readonly Discount[] = [
    {
      id: 'd',
      name: 'Loyal',
      kind: 'percent',
      percent: `${random.whole(1, 19)}.${random.whole(0, 9)}`,
      order: 'before-minimum',
    },
  ];
  const caps: readonly Cap[] = [
    {
      id: 'c',
      name: 'Budget',
      scope: random.pick(['ticket', 'period']),
      amount: String(random.whole(500, 50_000)),
      above: random.pick(['write-down', 'gap']),
    },
  ];
  const isPrepaid = random.whole(1, 4) === 1;
  return {
    coverage: isPrepaid
      ? coverage.map((rule) => (rule.outcome === 'billable' ? { ...rule, outcome: 'prepaid' } : rule))
      : coverage,
    rateCard,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(rateCalendar === undefined ? {} : { rateCalendar }),
    ...(prepaid === undefined ? {} : { prepaid }),
    ...(random.whole(1, 2) === 1 ? { discounts } : {}),
    ...(random.whole(1, 3) === 1 ? { caps } : {}),
  };
}

function blocks(random: Random, currency: string) {
  const about = { purchasedOn: '2026-01-01', expiresOn: null, price: null };
  const money = { amount: String(random.whole(100, 20_000)), currency };
  return [
    {
      ...about,
      blockId: 'hours',
      eventId: 'ev-hours',
      amount: { unit: 'minutes' as const, minutes: random.whole(60, 6_000) },
    },
    { ...about, blockId: 'money', eventId: 'ev-money', amount: { unit: 'money' as const, money } },
  ];
}

function ticket(ticketId: string): TicketFacts {
  return {
    ticketId,
    clientId: CLIENT,
    contractId: null,
    siteId: null,
    category: null,
    ticketType: null,
    priority: null,
    summary: 'Slow',
    texts: [],
    materials: null,
    resolvedOn: '2026-03-30',
    resolvedEventId: null,
    noCharge: null,
  };
}

interface Names {
  readonly tickets: readonly string[];
  readonly workTypes: readonly string[];
  readonly roles: readonly string[];
  readonly currency: string;
}

function work(random: Random, number: number, { tickets, workTypes, roles, currency }: Names): WorkItem {
  const workDate = `2026-03-${String(random.whole(2, 27)).padStart(2, '0')}`;
  const common = {
    workItemId: `w-${number}`,
    ticketId: random.pick(tickets),
    position: number,
    sourceEventIds: [`ev-${number}`],
    workDate,
    description: 'Worked on it',
  };
  const kind = random.whole(1, 10);
  if (kind === 1) return { ...common, kind: 'expense', cost: cents(random, currency), receiptReference: null };
  if (kind === 2) {
    return {
      ...common,
      kind: 'material',
      itemCode: 'PART',
      quantity: `${random.whole(0, 9)}.${random.whole(1, 999)}`,
      unit: 'piece',
      unitCost: cents(random, currency),
      listPrice: cents(random, currency),
      serialNumber: null,
      underWarranty: false,
    };
  }
  const minutes = random.whole(1, 300);
  const begins = Date.parse(`${workDate}T00:00:00Z`) + random.whole(0, 1_080) * 60_000;
  const hasTimes = random.whole(1, 3) === 1;
  return {
    ...common,
    kind: 'time',
    approval: 'approved',
    engineerId: 'eng-1',
    engineerRole: random.pick(roles),
    workType: random.pick(workTypes),
    minutes,
    startedAt: hasTimes ? new Date(begins).toISOString() : null,
    endedAt: hasTimes ? new Date(begins + minutes * 60_000).toISOString() : null,
    statedBillableMinutes: null,
    rateClass: null,
  };
}

/** An amount that the currency can't pay out exactly, as unit prices are. */
function cents(random: Random, currency: string) {
  return { amount: `${random.whole(1, 900)}.${String(random.whole(0, 999)).padStart(3, '0')}`, currency };
}
