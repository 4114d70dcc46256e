import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import { block, minutes, money } from '../testing/charges.js';
import { asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import type { ContractFacts, ScopeStatement, WorkItem } from '../rating/facts.js';

const rule = (outcome: CoverageRule['outcome']): CoverageRule => ({ id: outcome, name: outcome, match: {}, outcome });
const under = (outcome: CoverageRule['outcome'], card: Partial<RateCard> = {}): ContractTerms => ({
  ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }], ...card }, [rule(outcome)]),
  prepaid: {},
});
const withBlock = (amount: Parameters<typeof block>[1], changes: Partial<ContractFacts> & { terms?: ContractTerms }) =>
  contractFacts({ terms: under('prepaid'), blocks: [block('b', amount)], ...changes });
/** One more version for all days. */
const published = (before: ContractFacts, now: ContractTerms): ContractFacts => ({
  ...before,
  versions: [...before.versions, { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: now }],
});
const invoicedUnder = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>) =>
  asInvoiced(rate(facts(work, account)).items);
const mismatches = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>) =>
  rate(facts(work, account)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const values = (...given: Parameters<typeof mismatches>) =>
  mismatches(...given).map(({ valueAtRisk }) => `${valueAtRisk.money?.amount} ${valueAtRisk.minutes}`);
const hour = time();

describe('what an invoice drew of a block, and the terms of now would not draw (B2)', () => {
  const before = withBlock(minutes(600), {});
  const invoiced = invoicedUnder([hour], { contracts: [before] });

  it('included now: no money differs, and the hour goes back to its block', () => {
    const contracts = [published(before, under('included'))];
    const gaps = mismatches([hour], { contracts, invoiced });
    expect(gaps.map(({ valueAtRisk }) => valueAtRisk)).toEqual([
      { money: { amount: '0.00', currency: 'AUD' }, minutes: -60 },
    ]);
    expect(gaps[0]?.cause).toBe(
      'invoice inv-1 asks 0.00 AUD for w-1 at 0.00 (con-1 version 1) and draws 60 min of what is prepaid; ' +
        'con-1 version 2, in force now, includes it: 60 min of what is prepaid go back',
    );
    // The remedy: once the line is credited to be billed again, nothing is drawn, and nothing is left to say.
    const { items, gaps: left } = rate(facts([hour], { contracts, creditedWork: new Set(['w-1']) }));
    expect(items.map(({ disposition, draw }) => [disposition, draw])).toEqual([['covered', undefined]]);
    expect(left.filter(({ kind }) => kind === 'contract-mismatch')).toEqual([]);
  });

  it('billable now: its price is owed to us, and the hour to the client', () => {
    expect(values([hour], { contracts: [published(before, under('billable'))], invoiced })).toEqual(['100.00 -60']);
  });

  it('prepaid in whatever version: nothing', () => {
    expect(values([hour], { contracts: [published(before, under('prepaid'))], invoiced })).toEqual([]);
    const dearer = under('prepaid', { labour: [{ workType: null, engineerRole: null, pricePerHour: '999.00' }] });
    expect(values([hour], { contracts: [published(before, dearer)], invoiced })).toEqual([]);
  });

  it('burns as it did where the block says how, withdrawn or not', () => {
    const burn = { by: 'weights', weights: [{ weight: '2' }] } as const;
    const weighted = contractFacts({ terms: under('prepaid'), blocks: [block('b', minutes(600), { burn })] });
    const drawn = invoicedUnder([hour], { contracts: [weighted] });
    expect(drawn.map(({ line }) => line.draw?.amount)).toEqual([{ unit: 'minutes', minutes: 120 }]);
    const next = published(weighted, {
      ...under('prepaid'),
      prepaid: { burn: { by: 'weights', weights: [{ weight: '3' }] } },
    });
    expect(values([hour], { contracts: [next], invoiced: drawn })).toEqual([]);
    const { blocks = [], ...rest } = next;
    expect(values([hour], { contracts: [{ ...rest, withdrawnBlocks: blocks }], invoiced: drawn })).toEqual([]);
  });

  it('burns as the terms of now say where the block does not', () => {
    const next = published(before, {
      ...under('prepaid'),
      prepaid: { burn: { by: 'weights', weights: [{ weight: '3' }] } },
    });
    expect(values([hour], { contracts: [next], invoiced })).toEqual(['0.00 120']);
  });

  it('of money: what it drew goes back, less what is asked for it now', () => {
    const ofMoney = withBlock(money('500.00'), {});
    const drawn = invoicedUnder([hour], { contracts: [ofMoney] });
    expect(values([hour], { contracts: [published(ofMoney, under('included'))], invoiced: drawn })).toEqual([
      '-100.00 60',
    ]);
    expect(values([hour], { contracts: [published(ofMoney, under('billable'))], invoiced: drawn })).toEqual([]);
  });

  it('of money, above what a cap has room for: nothing, for a cap holds what is asked and not what is drawn', () => {
    const onTop = under('prepaid', {
      workTypes: [{ workType: 'onsite', mode: 'amount-on-top', amount: '50.00', per: 'ticket' }],
    });
    const capped: ContractTerms = {
      ...onTop,
      caps: [{ id: 'c', name: 'At most', scope: 'period', amount: '100.00', above: 'gap' }],
    };
    const contracts = [withBlock(money('500.00'), { terms: capped })];
    const visit = time({ workType: 'onsite' });
    const asked = invoicedUnder([visit], { contracts });
    expect(asked.map(({ line }) => line.draw?.amount)).toMatchObject([{ money: { amount: '150.00' } }]);
    expect(values([visit], { contracts, invoiced: asked })).toEqual([]);
  });

  it('what was included and would be drawn, or asked, by now', () => {
    const included = contractFacts({ terms: under('included'), blocks: [block('b', minutes(600))] });
    const free = invoicedUnder([hour], { contracts: [included] });
    expect(values([hour], { contracts: [published(included, under('prepaid'))], invoiced: free })).toEqual(['0.00 60']);
    expect(values([hour], { contracts: [published(included, under('billable'))], invoiced: free })).toEqual([
      '100.00 60',
    ]);
    expect(values([hour], { contracts: [published(included, under('included'))], invoiced: free })).toEqual([]);
  });

  it('by a decision on the scope: 60 of 90 min were drawn, 50.00 asked, and both go back, corrected or not', () => {
    const managed = contractFacts({ terms: under('included') });
    const projects = withBlock(minutes(60), { contractId: 'con-2', priority: 20 });
    const contracts = [managed, projects];
    const said = (scope: ScopeStatement['scope'], position: number): ScopeStatement => ({
      by: 'operations',
      scope,
      reason: 'x',
      position,
      eventId: `ev-${position}`,
    });
    const decided = (...scope: readonly ScopeStatement[]) => ({
      contracts,
      tickets: new Map([['T-1', ticketFacts({ scope })]]),
    });
    const out = said('out-of-scope', 8);
    const back = decided(out, said('in-contract', 9));
    const long = time({ minutes: 90 });
    const asked = invoicedUnder([long], decided(out));
    expect(asked.map(({ line }) => line.net.amount)).toEqual(['0.00', '50.00']);
    expect(values([long], { ...back, invoiced: asked })).toEqual(['-50.00 -60']);
    // Corrected to an hour, and the correction is on an invoice: what was drawn is still too much.
    const shorter = time({ minutes: 60, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const open = rate(facts([shorter], { ...back, invoiced: asked })).items.filter(
      ({ disposition }) => disposition === 'billable',
    );
    expect(open.map(({ net }) => net?.amount)).toEqual(['-50.00']);
    const both = [...asked, ...asInvoiced(open, 'inv-2')];
    expect(values([shorter], { ...back, invoiced: both })).toEqual(['0.00 -60']);
  });
});

describe('one price whatever the minutes, of which more is settled than it is by now', () => {
  const flat = (price: string): Partial<RateCard> => ({
    workTypes: [{ workType: 'remote', mode: 'flat', price, per: 'entry' }],
  });
  const capped = (price: string): ContractTerms => ({
    ...under('billable', flat(price)),
    caps: [{ id: 'cap', name: 'Budget', scope: 'period', amount: '165.00', above: 'gap' }],
  });

  it.each<[string, readonly string[]]>([
    ['220.00', []],
    ['200.00', []],
    ['165.00', []],
    ['150.00', ['-15.00 45']],
  ])('of 220.00 a cap let 165.00 through: by now it is %s', (price, expected) => {
    const before = contractFacts({ terms: capped('220.00') });
    const items = rate(facts([hour], { contracts: [before] })).items.filter(
      ({ disposition }) => disposition === 'billable',
    );
    const invoiced = asInvoiced(items);
    expect(invoiced.map(({ line }) => line.net.amount)).toEqual(['165.00']);
    const account = { contracts: [published(before, capped(price))], invoiced };
    const gaps = mismatches([hour], account);
    expect(gaps.map(({ valueAtRisk }) => `${valueAtRisk.money?.amount} ${valueAtRisk.minutes}`)).toEqual(expected);
  });

  it('nor more of a block of money: 165.00 of it were drawn and 55.00 asked, of what is less by now', () => {
    const drawing = (price: string) => under('prepaid', flat(price));
    const before = withBlock(money('165.00'), { terms: drawing('220.00') });
    const invoiced = invoicedUnder([hour], { contracts: [before] });
    expect(invoiced.map(({ line }) => line.net.amount)).toEqual(['0.00', '55.00']);
    const at = (price: string) => values([hour], { contracts: [published(before, drawing(price))], invoiced });
    expect(at('220.00')).toEqual([]);
    expect(at('240.00')).toEqual([]);
    expect(at('200.00')).toEqual(['-20.00 45']);
    expect(values([hour], { contracts: [published(before, under('billable', flat('200.00')))], invoiced })).toEqual([
      '-20.00 45',
    ]);
  });
});
