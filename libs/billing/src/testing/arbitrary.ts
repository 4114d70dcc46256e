import fc from 'fast-check';
import { type CoverageRule, type RateCard, WORK_KINDS } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, TicketFacts, WorkItem } from '../rating/facts.js';
import { ALL_BILLABLE, CONFIGURATION, contractFacts, expense, material, terms, ticketFacts, time } from './facts.js';

const WORK_TYPES = ['remote', 'onsite', 'project'] as const;
const ROLES = ['engineer', 'senior'] as const;
const TICKETS = ['T-1', 'T-2', 'T-3'] as const;

const day = fc.integer({ min: 1, max: 31 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`);
const price = fc.integer({ min: 0, max: 50_000 }).map((cents) => (cents / 100).toFixed(2));
const aud = (amount: fc.Arbitrary<string>) => amount.map((value) => ({ amount: value, currency: 'AUD' }));

const rateCard: fc.Arbitrary<Partial<RateCard>> = fc.record({
  labour: fc.uniqueArray(
    fc.record({
      workType: fc.constantFrom(...WORK_TYPES),
      engineerRole: fc.option(fc.constantFrom(...ROLES)),
      pricePerHour: price,
    }),
    { selector: (rate) => `${rate.workType} ${rate.engineerRole}`, maxLength: 6 },
  ),
  minimumMinutes: fc.constantFrom(0, 15, 30, 60),
  incrementMinutes: fc.constantFrom(1, 6, 15, 60),
  roundingScope: fc.constantFrom('entry', 'ticket-day', 'ticket'),
  materials: fc.oneof(
    fc.constant({ pricing: 'list' } as const),
    fc.constantFrom('0', '12.5').map((markupPercent) => ({ pricing: 'cost-plus', markupPercent }) as const),
  ),
});

const rule: fc.Arbitrary<CoverageRule> = fc.record({
  id: fc.constantFrom('r-1', 'r-2', 'r-3'),
  name: fc.constant('Some work'),
  match: fc.oneof(
    fc.constantFrom(...WORK_TYPES).map((workType) => ({ workTypes: [workType] })),
    fc.constantFrom(...WORK_KINDS).map((kind) => ({ kinds: [kind] })),
    fc.constant({ categories: ['network'] }),
  ),
  outcome: fc.constantFrom('included', 'billable', 'excluded'),
});
const coverage = fc
  .tuple(fc.uniqueArray(rule, { selector: (one) => one.id, maxLength: 3 }), fc.boolean())
  .map(([rules, all]) => (all || rules.length === 0 ? [...rules, ALL_BILLABLE] : rules));

const contract = (contractId: string): fc.Arbitrary<ContractFacts> =>
  fc
    .record({
      priority: fc.constantFrom(1, 2),
      cards: fc.array(fc.tuple(rateCard, coverage, day), { minLength: 1, maxLength: 3 }),
    })
    .map(({ priority, cards }) =>
      contractFacts({
        contractId,
        priority,
        versions: cards.map(([card, rules, from], index) => ({
          versionNumber: index + 1,
          effectiveFrom: index === 0 ? '2026-03-01' : from,
          effectiveTo: null,
          terms: terms(card, rules),
        })),
      }),
    );

const ticket = (ticketId: string): fc.Arbitrary<TicketFacts> =>
  fc
    .record({
      category: fc.option(fc.constantFrom('network', 'printer')),
      ticketType: fc.option(fc.constantFrom('incident', 'quick-question')),
      resolvedOn: fc.option(fc.constant('2026-03-20')),
      contractId: fc.option(fc.constantFrom('con-1', 'con-2'), { freq: 3 }),
      noCharge: fc.option(fc.constant({ reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc' }), {
        freq: 1,
      }),
    })
    .map((changes) => ticketFacts({ ticketId, ...changes, noCharge: ticketId === 'T-3' ? changes.noCharge : null }));

const minutes = fc.integer({ min: 0, max: 300 });
const quantity = fc.integer({ min: 1, max: 5_000 }).map((hundredths) => String(hundredths / 100));

/** A piece of work with the given number for its id and position. */
export const workItem = (number: number): fc.Arbitrary<WorkItem> => {
  const common = { position: number, sourceEventIds: [`ev-${number}`], workItemId: `w-${number}` };
  const where = { ticketId: fc.constantFrom(...TICKETS), workDate: day };
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({
          ...where,
          minutes,
          workType: fc.constantFrom(...WORK_TYPES),
          engineerRole: fc.constantFrom(...ROLES),
          statedBillableMinutes: fc.option(minutes, { freq: 4 }),
          approval: fc.constantFrom('approved', 'approved', 'unapproved', 'rejected'),
        })
        .map((changes) => time({ ...common, ...changes })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({
          ...where,
          quantity,
          unitCost: fc.option(aud(price)),
          listPrice: fc.option(aud(price)),
          underWarranty: fc.boolean(),
        })
        .map((changes) => material({ ...common, ...changes })),
    },
    {
      weight: 1,
      arbitrary: fc.record({ ...where, cost: aud(price) }).map((changes) => expense({ ...common, ...changes })),
    },
  );
};

/** The facts of a client's March in which nothing is frozen yet. */
export const clientPeriod: fc.Arbitrary<ClientPeriodFacts> = fc
  .record({
    contracts: fc.tuple(contract('con-1'), contract('con-2')),
    tickets: fc.tuple(ticket('T-1'), ticket('T-2'), ticket('T-3')),
    work: fc
      .integer({ min: 0, max: 14 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => workItem(index + 1)))),
  })
  .map(({ contracts, tickets, work }) => ({
    clientId: 'cli-1',
    currency: 'AUD',
    period: '2026-03',
    contracts,
    tickets: new Map(tickets.map((one) => [one.ticketId, one])),
    work,
    invoiced: [],
    claimed: new Map(),
    writtenOff: [],
    configuration: CONFIGURATION,
  }));
