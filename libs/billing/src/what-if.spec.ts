import { describe, expect, it } from '@jest/globals';
import { ALL_BILLABLE, asInvoiced, asWrittenOff, contractFacts, facts, only, terms, time } from './testing/facts.js';
import {
  aud,
  block,
  contractWith,
  fee,
  minimumOf,
  minutes,
  onInvoice,
  spent,
  versionsFrom,
} from './testing/charges.js';
import { rateExplained as rate } from './rate.js';
import { whatIf } from './what-if.js';

const dearer = contractFacts({
  terms: terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '180.00' }] }),
});
const PREPAID = [{ ...ALL_BILLABLE, outcome: 'prepaid' as const }];

describe('what if', () => {
  it('finds no difference under the contract as it is', () => {
    const { differences, net, totals } = whatIf(facts([time()]), { contract: contractFacts() });
    expect(differences).toEqual([]);
    expect(net).toEqual(aud('0.00'));
    expect(totals).toEqual({ before: aud('150.00'), after: aud('150.00') });
  });

  it('tells the price that another version would give, item by item and in all', () => {
    const { differences, net, totals } = whatIf(facts([time(), spent(30, '2026-03-11', 2)]), { contract: dearer });
    expect(differences.map(({ itemId, kind, changed, net: one }) => [itemId, kind, changed, one.amount])).toEqual([
      ['w-1', 'changed', ['unit-price', 'net'], '30.00'],
      ['w-2', 'changed', ['unit-price', 'net'], '15.00'],
    ]);
    expect([net, totals.before, totals.after]).toEqual([aud('45.00'), aud('225.00'), aud('270.00')]);
  });

  it('compares one piece of work alone, rated among its peers', () => {
    const contract = contractWith({ coverage: PREPAID }, { blocks: [block('b', minutes(60))] });
    const given = facts([time(), spent(30, '2026-03-11', 2)]);
    const { differences, net } = whatIf(given, { contract, workItemId: 'w-2' });
    expect(differences).toEqual([]);
    expect(net).toEqual(aud('0.00'));
    expect(only(whatIf(given, { contract, workItemId: 'w-1' }).differences)).toMatchObject({
      kind: 'changed',
      net: aud('-150.00'),
    });
  });

  it('tells items that would be added and that would be gone', () => {
    const contract = contractWith({ coverage: PREPAID }, { blocks: [block('b', minutes(45))] });
    const { differences, net } = whatIf(facts([time()]), { contract });
    expect(differences.map(({ itemId, kind }) => [itemId, kind])).toEqual([
      ['w-1', 'gone'],
      ['w-1@p1', 'added'],
      ['w-1@p2', 'added'],
    ]);
    expect(net).toEqual(aud('-112.50'));
  });

  it('counts what would be above a cap as not asked for', () => {
    const caps = [{ id: 'c', name: 'Budget', scope: 'period', amount: '100.00', above: 'write-down' }] as const;
    expect(whatIf(facts([time()]), { contract: contractWith({ caps }) }).net).toEqual(aud('-50.00'));
  });

  it('compares charges, and a draft beside the other contracts', () => {
    const draft = contractWith({ recurringCharges: [fee()] }, { contractId: 'draft', priority: 99 });
    const { differences, net } = whatIf(facts([time()]), { contract: draft });
    expect(only(differences)).toMatchObject({ itemId: 'draft@fee@fee@2026-03-01', kind: 'added', net: aud('1000.00') });
    expect(net).toEqual(aud('1000.00'));
  });

  it('leaves what is frozen as it is, and thaws it on request', () => {
    const given = facts([time()]);
    const frozen = { ...given, invoiced: asInvoiced(rate(given).items) };
    expect(whatIf(frozen, { contract: dearer }).differences).toEqual([]);
    const thawed = whatIf(frozen, { contract: dearer }, { thaw: true });
    expect(only(thawed.differences)).toMatchObject({
      itemId: 'w-1',
      changed: ['unit-price', 'net'],
      net: aud('30.00'),
    });
    expect(whatIf(frozen, { contract: contractFacts() }, { thaw: true }).differences).toEqual([]);
  });

  it('thaws charges and covered lines too, and not what a person wrote off', () => {
    const contract = contractWith(
      { coverage: PREPAID, recurringCharges: [fee()], minimumCommitment: minimumOf('100.00') },
      { blocks: [block('b', minutes(60))] },
    );
    const given = facts([time(), spent(30, '2026-03-11', 2)], { contracts: [contract] });
    const result = rate(given);
    const [covered, billed] = result.items;
    if (covered === undefined || billed === undefined) throw new Error('two items');
    const frozen = {
      ...given,
      invoiced: asInvoiced([covered]),
      writtenOff: asWrittenOff([billed]),
      invoicedCharges: onInvoice(result.charges),
    };
    expect(
      whatIf(frozen, { contract }, { thaw: true }).differences.filter(({ itemId }) => itemId.startsWith('w-')),
    ).toEqual([]);
    const cheaper = {
      ...contract,
      ...versionsFrom(['2026-01-01', { coverage: PREPAID, recurringCharges: [fee({ price: '400.00' })] }]),
    };
    const { differences } = whatIf(frozen, { contract: cheaper }, { thaw: true });
    expect(differences.find(({ itemId }) => itemId === 'con-1@fee@fee@2026-03-01')?.net).toEqual(aud('-600.00'));
  });
});
