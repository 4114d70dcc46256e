import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { ScopeStatement, TicketFacts, WorkItem } from '../rating/facts.js';
import {
  ALL_BILLABLE,
  asInvoiced,
  contractFacts,
  facts,
  material,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';

const INCLUDED: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
const PREPAID: CoverageRule = { id: 'pre', name: 'From the hours', match: {}, outcome: 'prepaid' };
const BLOCK = {
  blockId: 'A',
  amount: { unit: 'minutes', minutes: 600 },
  purchasedOn: '2026-01-01',
  expiresOn: null,
  price: null,
  eventId: 'ev-A',
} as const;

const said = (by: ScopeStatement['by'], scope: ScopeStatement['scope'], position: number): ScopeStatement => ({
  by,
  scope,
  reason: by === 'operations' ? 'read it' : null,
  position,
  eventId: `ev-${position}`,
});
const OUT = said('resolution', 'out-of-scope', 10);

function rated(
  scope: readonly ScopeStatement[],
  work: readonly WorkItem[] = [time({ minutes: 240 })],
  {
    rule = INCLUDED,
    ticket = {},
    ...changes
  }: Partial<ClientPeriodFacts> & { rule?: CoverageRule; ticket?: Partial<TicketFacts> } = {},
) {
  const tickets = new Map([['T-1', ticketFacts({ scope, ...ticket })]]);
  const contracts = [contractFacts({ terms: terms({}, [rule]), blocks: [BLOCK] })];
  const { items, gaps } = rate(facts(work, { contracts, tickets, ...changes }));
  return {
    gaps: gaps.filter(({ kind }) => kind === 'scope-suspected' || kind === 'contract-mismatch'),
    nets: items.map(({ net }) => net?.amount),
    items,
  };
}
const worth = (...given: Parameters<typeof rated>) =>
  rated(...given).gaps.map(({ kind, valueAtRisk: { money, minutes } }) => `${kind} ${money?.amount} ${minutes}`);

describe('scope-suspected: work that was declared out of scope (K20)', () => {
  it('is worth the price of the card, where a rule includes it', () => {
    expect(rated([OUT]).gaps).toEqual([
      {
        kind: 'scope-suspected',
        ticketId: 'T-1',
        clientId: 'cli-1',
        period: '2026-03',
        workItemId: null,
        valueAtRisk: { money: { amount: '600.00', currency: 'AUD' }, minutes: 240 },
        cause: 'the ticket was resolved as out of scope, and rule Included of contract con-1 includes its work',
        sourceEventIds: ['ev-w-1', 'ev-10'],
        dueOn: null,
      },
    ]);
  });

  it('is worth what the card asks once it is out of scope: with minimum and increment, over their scope, also where an invoice carries it', () => {
    const underCard = (changes: Partial<RateCard>) => ({
      contracts: [
        contractFacts({ terms: terms({ minimumMinutes: 30, incrementMinutes: 15, ...changes }, [INCLUDED]) }),
      ],
    });
    const seventy = [time({ minutes: 70 })];
    expect(worth([OUT], seventy, underCard({}))).toEqual(['scope-suspected 187.50 70']);
    const invoiced = asInvoiced(rated([], seventy, underCard({})).items);
    expect(worth([OUT], seventy, { ...underCard({}), invoiced })).toEqual(['scope-suspected 187.50 70']);
    const two = [time({ minutes: 20 }), time({ workItemId: 'w-2', minutes: 25, position: 2 })];
    expect(worth([OUT], two, underCard({}))).toEqual(['scope-suspected 150.00 45']);
    expect(worth([OUT], two, underCard({ roundingScope: 'ticket' }))).toEqual(['scope-suspected 112.50 45']);
  });

  it('is worth the price of the card, where a block is drawn on; what lies beyond the block is asked anyway', () => {
    const { gaps } = rated([OUT], [time({ minutes: 660 })], { rule: PREPAID });
    expect(gaps[0]).toMatchObject({ valueAtRisk: { money: { amount: '1500.00' }, minutes: 600 } });
    expect(gaps[0]?.cause).toContain('draws its work from what is prepaid');
  });

  it('counts goods, but none under warranty, and no work that is billed, free of charge or in the contract', () => {
    expect(worth([OUT], [material()])).toEqual(['scope-suspected 45.00 0']);
    expect(worth([OUT], [material({ underWarranty: true })])).toEqual([]);
    expect(worth([OUT], [time()], { rule: ALL_BILLABLE })).toEqual([]);
    const noCharge = { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-free' };
    expect(worth([OUT], [time()], { ticket: { noCharge } })).toEqual([]);
    expect(worth([said('resolution', 'in-contract', 10)], [time()])).toEqual([]);
  });

  it('is worth goods beside time at their own price, and nothing of time that has no rate', () => {
    expect(worth([OUT], [time({ minutes: 240 }), material({ position: 2 })])).toEqual(['scope-suspected 645.00 240']);
    const onsite = time({ workItemId: 'w-2', position: 2, workType: 'onsite' });
    expect(worth([OUT], [time({ minutes: 240 }), onsite])[0]).toMatch(/^scope-suspected 600.00/);
  });

  it('is told once where the ticket passes a limit too: work that is not declared counts for that', () => {
    const rule = { ...INCLUDED, includedMinutesPerTicket: 60 };
    expect(worth([OUT], [time({ minutes: 240 })], { rule })).toEqual(['scope-suspected 600.00 240']);
  });

  it('goes by what was said last, and a resolution takes back no declaration of work before it', () => {
    const later = time({ workItemId: 'w-2', position: 15, sourceEventIds: ['ev-w-2'] });
    const both = [time({ minutes: 240 }), later];
    const again = said('resolution', 'in-contract', 20);
    expect(worth([OUT, again], both)).toEqual(['scope-suspected 600.00 240']);
    expect(worth([said('resolution', 'in-contract', 5), said('resolution', 'out-of-scope', 20)], both)).toEqual([
      'scope-suspected 750.00 300',
    ]);
    expect(worth([OUT, said('resolution', 'out-of-scope', 20), said('resolution', 'in-contract', 30)], both)).toEqual([
      'scope-suspected 750.00 300',
    ]);
    expect(worth([OUT], both, { ticket: { resolvedOn: null } })).toEqual(['scope-suspected 600.00 240']);
    expect(worth([OUT], both)).toEqual(['scope-suspected 750.00 300']);
  });

  it('ends with the decision of Operations, until another resolution asks again', () => {
    const work = [time({ minutes: 240 })];
    const inContract = said('operations', 'in-contract', 20);
    expect(worth([OUT, inContract], work)).toEqual([]);
    expect(worth([OUT, inContract, said('resolution', 'out-of-scope', 30)], work)).toEqual([
      'scope-suspected 600.00 240',
    ]);
    const out = said('operations', 'out-of-scope', 20);
    expect(rated([OUT, out], work)).toMatchObject({ gaps: [], nets: ['600.00'] });
    expect(rated([OUT, out, said('resolution', 'in-contract', 30)], work).nets).toEqual(['600.00']);
    const later = time({ workItemId: 'w-2', position: 25 });
    expect(rated([OUT, out, said('resolution', 'out-of-scope', 30)], [later]).nets).toEqual(['150.00']);
    expect(rated([OUT, out, said('resolution', 'in-contract', 30)], [later]).nets).toEqual(['0.00']);
  });
});

describe('work that is rated as out of scope', () => {
  const out = [OUT, said('operations', 'out-of-scope', 20)];
  const onward = (rule: CoverageRule) => [
    contractFacts({ terms: terms({}, [INCLUDED]) }),
    contractFacts({
      contractId: 'con-2',
      priority: 20,
      terms: terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '200.00' }] }, [rule]),
      blocks: [BLOCK],
    }),
  ];

  it('has the price of the next contract, or draws on its hours; where that includes or excludes it, the card prices it', () => {
    const net = (rule: CoverageRule) => rated(out, [time()], { contracts: onward(rule) }).nets;
    expect(net(ALL_BILLABLE)).toEqual(['200.00']);
    expect(rated(out, [time()], { contracts: onward(PREPAID) })).toMatchObject({ gaps: [], nets: ['0.00'] });
    for (const rule of [
      INCLUDED,
      { ...ALL_BILLABLE, outcome: 'excluded' },
      { ...ALL_BILLABLE, match: { sites: ['x'] } },
    ])
      expect(net(rule as CoverageRule)).toEqual(['150.00']);
  });

  it('says so where its price is explained', () => {
    const texts = rated(out).items[0]?.trace.map(({ text }) => text);
    expect(texts).toContain(
      'rated as out of scope of contract con-1 version 1, whose rule Included makes it included: read it',
    );
    expect(texts).toContain('no further contract takes it: the card of contract con-1 version 1 prices it');
  });

  it('is a mismatch where an invoice carries it as drawn: its price is not asked yet', () => {
    const work = [time({ minutes: 240 })];
    const drawn = rated([], work, { rule: PREPAID }).items;
    expect(worth(out, work, { rule: PREPAID, invoiced: asInvoiced(drawn) })).toEqual(['contract-mismatch 600.00 -240']);
    expect(worth([OUT], work, { rule: PREPAID, invoiced: asInvoiced(drawn) })).toEqual(['scope-suspected 600.00 240']);
  });

  it('is a mismatch where an invoice asks for it and it is in the contract after all', () => {
    const work = [time({ minutes: 240 })];
    const billed = rated(out, work).items;
    const back = [...out, said('operations', 'in-contract', 30)];
    expect(worth(back, work, { invoiced: asInvoiced(billed) })).toEqual(['contract-mismatch -600.00 240']);
    expect(worth(out, work, { invoiced: asInvoiced(billed) })).toEqual([]);
  });
});
