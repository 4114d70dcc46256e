import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { ALL_BILLABLE, asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

const PREPAID: CoverageRule = { ...ALL_BILLABLE, outcome: 'prepaid' };
const inSydney = (rule: CoverageRule = ALL_BILLABLE, more: Partial<ContractTerms> = {}): ContractTerms => ({
  ...terms({}, [rule]),
  timeZone: 'Australia/Sydney',
  ...more,
});
/** From 10 March, 23:00 in Sydney, on: an hour of that day, the rest of the next ones. */
const night = (hours: number) => {
  const start = Date.parse('2026-03-10T12:00:00.000Z');
  return time({
    minutes: hours * 60,
    startedAt: new Date(start).toISOString(),
    endedAt: new Date(start + hours * 3_600_000).toISOString(),
  });
};
const items = (hours: number, changes: Partial<ClientPeriodFacts>) => rate(facts([night(hours)], changes)).items;
const shown = (list: readonly ExplainedItem[]) =>
  list.map(({ itemId, disposition, workDate, actualMinutes }) => [itemId, disposition, workDate, actualMinutes]);
const reasons = (list: readonly ExplainedItem[]) =>
  list.map(({ unpriced, actualMinutes }) => [unpriced?.reason, actualMinutes]);

describe('work over midnight is one item where both days turn out alike', () => {
  it('under one rule of one version', () => {
    expect(shown(items(2, { contracts: [contractFacts({ terms: inSydney() })] }))).toEqual([
      ['w-1', 'billable', '2026-03-10', 120],
    ]);
  });

  it('where its ticket was declared no-charge, whatever the contracts of the days', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-n' } as const;
    const tickets = new Map([['T-1', ticketFacts({ noCharge })]]);
    const contracts = [contractFacts({ terms: inSydney(), lastDay: '2026-03-10' })];
    const clientTimeZone = 'Australia/Sydney';
    expect(shown(items(2, { contracts, tickets, clientTimeZone }))).toEqual([['w-1', 'covered', '2026-03-10', 120]]);
  });

  it('without a price for one reason: no contract on either day', () => {
    const clientTimeZone = 'Australia/Sydney';
    expect(reasons(items(2, { contracts: [], clientTimeZone }))).toEqual([['no-contract', 120]]);
  });

  it('not without a price for two reasons: no contract, then two that match equally', () => {
    const from = (contractId: string): ContractFacts =>
      contractFacts({
        contractId,
        versions: [{ versionNumber: 1, effectiveFrom: '2026-03-11', effectiveTo: null, terms: inSydney() }],
      });
    const clientTimeZone = 'Australia/Sydney';
    expect(reasons(items(2, { contracts: [from('con-1'), from('con-2')], clientTimeZone }))).toEqual([
      ['no-contract', 60],
      ['contracts-match-equally', 60],
    ]);
  });

  it('nor priced on one day and without a contract on the other', () => {
    const clientTimeZone = 'Australia/Sydney';
    const ending = [contractFacts({ terms: inSydney(), lastDay: '2026-03-10' })];
    expect(shown(items(2, { contracts: ending, clientTimeZone }))).toEqual([
      ['w-1@p1', 'billable', '2026-03-10', 60],
      ['w-1@p2', 'unpriced', '2026-03-11', 60],
    ]);
    const versions = [{ versionNumber: 1, effectiveFrom: '2026-03-11', effectiveTo: null, terms: inSydney() }];
    expect(shown(items(2, { contracts: [contractFacts({ versions })], clientTimeZone }))).toEqual([
      ['w-1@p1', 'unpriced', '2026-03-10', 60],
      ['w-1@p2', 'billable', '2026-03-11', 60],
    ]);
  });

  it('nor under two contracts, also where both have the very same terms', () => {
    const contracts = [
      contractFacts({ priority: 1, terms: inSydney(), lastDay: '2026-03-10' }),
      contractFacts({ contractId: 'con-2', priority: 2, terms: inSydney() }),
    ];
    const [first, second] = contracts;
    if (first === undefined || second === undefined) throw new Error('two contracts');
    const alike = [first, { ...second, versions: first.versions }];
    const ofContracts = (list: readonly ExplainedItem[]) => list.map((item) => [item.contractId, item.actualMinutes]);
    expect(ofContracts(items(2, { contracts: alike }))).toEqual([
      ['con-1', 60],
      ['con-2', 60],
    ]);
    expect(ofContracts(items(2, { contracts }))).toEqual(ofContracts(items(2, { contracts: alike })));
  });

  it('without a contract the months are those of the client, whatever the zone of contracts that are over', () => {
    const changes: Partial<ClientPeriodFacts> = {
      contracts: [contractFacts({ terms: inSydney(ALL_BILLABLE, { timeZone: 'UTC' }), lastDay: '2026-01-31' })],
      clientTimeZone: 'Australia/Sydney',
    };
    const work = time({ minutes: 120, startedAt: '2026-03-31T12:00:00Z', endedAt: '2026-03-31T14:00:00Z' });
    const minutes = (period: string) =>
      rate(facts([work], { ...changes, period })).items.map((one) => one.actualMinutes);
    expect([minutes('2026-03'), minutes('2026-04')]).toEqual([[60], [60]]);
  });

  it('nor where one contract excludes it and what follows is there on one day only', () => {
    const excluding = contractFacts({ priority: 1, terms: inSydney({ ...ALL_BILLABLE, outcome: 'excluded' }) });
    const next = contractFacts({ contractId: 'con-2', priority: 2, terms: inSydney(), lastDay: '2026-03-10' });
    const list = items(2, { contracts: [excluding, next] });
    expect(list.map(({ contractId, actualMinutes }) => [contractId, actualMinutes])).toEqual([
      ['con-2', 60],
      ['con-1', 60],
    ]);
  });
});

describe('prepaid work over midnight is cut where a block begins or ends between its days', () => {
  const block = (blockId: string, purchasedOn: string, expiresOn: string | null) => ({
    blockId,
    amount: { unit: 'minutes', minutes: 6_000 } as const,
    purchasedOn,
    expiresOn,
    price: null,
    eventId: `ev-${blockId}`,
  });
  const drawn = (hours: number, ...blocks: ReturnType<typeof block>[]) =>
    items(hours, { contracts: [contractFacts({ terms: inSydney(PREPAID), blocks })] }).map(
      ({ draw, workDate, actualMinutes }) => [
        draw?.source.from === 'block' ? draw.source.blockId : 'overage',
        workDate,
        actualMinutes,
      ],
    );
  const good = block('good', '2026-01-01', null);

  it.each([
    ['is there before and after', block('a', '2026-01-01', '2026-12-31')],
    ['begins with the first day', block('a', '2026-03-10', '2026-12-31')],
    ['ends with the second day', block('a', '2026-01-01', '2026-03-11')],
  ])('not by a block that %s', (_, one) => {
    expect(drawn(2, one)).toEqual([['a', '2026-03-10', 120]]);
    expect(drawn(2, one, good)).toEqual([['a', '2026-03-10', 120]]);
  });

  it('not by one that ended before, or that begins after', () => {
    const before = block('before', '2026-01-01', '2026-03-09');
    const after = block('after', '2026-03-12', null);
    expect(drawn(2, before, good, after)).toEqual([['good', '2026-03-10', 120]]);
  });

  it('by one that begins with the second day', () => {
    expect(drawn(2, block('a', '2026-03-11', null))).toEqual([
      ['overage', '2026-03-10', 60],
      ['a', '2026-03-11', 60],
    ]);
    expect(drawn(2, block('a', '2026-03-11', '2026-12-31'), good)).toEqual([
      ['good', '2026-03-10', 60],
      ['a', '2026-03-11', 60],
    ]);
  });

  it('by one that ends with the first day', () => {
    expect(drawn(2, block('a', '2026-01-01', '2026-03-10'), good)).toEqual([
      ['a', '2026-03-10', 60],
      ['good', '2026-03-11', 60],
    ]);
  });

  it('of three days only at the midnight at which it ends', () => {
    expect(drawn(26, block('a', '2026-01-01', '2026-03-11'), good)).toEqual([
      ['a', '2026-03-10', 25 * 60],
      ['good', '2026-03-12', 60],
    ]);
  });

  it('by nothing where the work is billable: what blocks there are is nothing to it', () => {
    const contract = contractFacts({ terms: inSydney(), blocks: [block('a', '2026-03-11', null)] });
    expect(shown(items(2, { contracts: [contract] }))).toEqual([['w-1', 'billable', '2026-03-10', 120]]);
  });

  it('nor where the contract has no block', () => {
    const contract = contractFacts({ terms: inSydney(PREPAID) });
    expect(shown(items(2, { contracts: [contract] }))).toEqual([['w-1', 'billable', '2026-03-10', 120]]);
  });
});

describe('what is left of work of which a stretch is invoiced', () => {
  it('is before it and after it, with the days of each', () => {
    const blocks = ['a', 'b', 'c'].map((blockId, index) => ({
      blockId,
      amount: { unit: 'minutes', minutes: 6_000 } as const,
      purchasedOn: `2026-03-1${index}`,
      expiresOn: `2026-03-1${index}`,
      price: null,
      eventId: `ev-${blockId}`,
    }));
    const changes = { contracts: [contractFacts({ terms: inSydney(PREPAID), blocks })] };
    const first = items(26, changes);
    const all = [
      ['w-1@p1', '2026-03-10', 60],
      ['w-1@p2', '2026-03-11', 24 * 60],
      ['w-1@p3', '2026-03-12', 60],
    ];
    const days = (list: readonly ExplainedItem[]) =>
      list.map(({ itemId, workDate, actualMinutes }) => [itemId, workDate, actualMinutes]);
    expect(days(first)).toEqual(all);
    for (const frozen of first) {
      const again = items(26, { ...changes, invoiced: asInvoiced([frozen]) });
      expect(new Set(days(again))).toEqual(new Set(all));
    }
  });
});
