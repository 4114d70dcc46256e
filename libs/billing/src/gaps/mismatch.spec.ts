import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { asInvoiced, contractFacts, facts, material, only, terms, time } from '../testing/facts.js';

const FREE = { time: 'FREE', material: 'FREE', expense: 'FREE' };
const since = (changed: ContractTerms, before: ContractFacts): ContractFacts => ({
  ...before,
  versions: [...before.versions, { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: changed }],
});

/** What the gaps say of work that was invoiced under a contract, when other terms hold. */
function told(
  changed: ContractTerms,
  before = contractFacts(),
  work: readonly WorkItem[] = [time()],
): readonly DerivedGap[] {
  const frozen = rate(facts(work, { contracts: [before] })).items.filter(({ net }) => net !== null);
  const account: Partial<ClientPeriodFacts> = { contracts: [since(changed, before)], invoiced: asInvoiced(frozen) };
  return rate(facts(work, account)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
}

describe('another tax category after the invoice', () => {
  it('is a mismatch at the same price: its tax is another', () => {
    const gap = only(told(terms({ taxCategories: FREE })));
    expect(gap).toMatchObject({ workItemId: 'w-1', valueAtRisk: { money: { amount: '0.00' }, minutes: 60 } });
    expect(gap.cause).toBe(
      'invoice inv-1 asks 150.00 AUD for w-1 at 150.00 (con-1 version 1); ' +
        'con-1 version 2, in force now, taxes it as FREE, not GST: another tax, and no difference in net',
    );
  });

  it('is told beside a difference in money', () => {
    const gap = only(
      told(
        terms({ taxCategories: FREE, labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '200.00' }] }),
      ),
    );
    expect(gap.valueAtRisk.money?.amount).toBe('50.00');
    expect(gap.cause).toMatch(/undercharged by 50.00 AUD, and taxes it as FREE, not GST$/);
  });

  it('is told of materials, and of what a cap cut', () => {
    expect(told(terms({ taxCategories: FREE }), contractFacts(), [material()])).toHaveLength(1);
    const cap: Cap = { id: 'c', name: 'Cap', scope: 'period', amount: '100.00', match: {}, above: 'write-down' };
    const capped = contractFacts({ terms: { ...terms(), caps: [cap] } });
    const gap = only(told({ ...terms({ taxCategories: FREE }), caps: [cap] }, capped));
    expect(gap.cause).toContain('asks 100.00 AUD');
    expect(gap.valueAtRisk.money?.amount).toBe('0.00');
  });

  it('is none of work that costs nothing, nor where all is as it was', () => {
    expect(told(terms(), contractFacts())).toEqual([]);
    const free = contractFacts({
      terms: terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '0.00' }] }),
    });
    const still = terms({
      taxCategories: FREE,
      labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '0.00' }],
    });
    expect(told(still, free)).toEqual([]);
  });
});

describe('a line that asks nothing', () => {
  const flat = (price: string) => terms({ workTypes: [{ workType: 'remote', mode: 'flat', price, per: 'ticket' }] });
  const two = [time(), time({ workItemId: 'w-2', position: 2 })];
  const amounts = (gaps: readonly DerivedGap[]) =>
    gaps.map(({ workItemId, valueAtRisk }) => `${workItemId} ${valueAtRisk.money?.amount}`);

  it('is no gap where the terms of now ask nothing for it either: nothing could come of it', () => {
    // 220.00 a ticket stand on the first line, 0.00 on the second.
    expect(amounts(told(flat('300.00'), contractFacts({ terms: flat('220.00') }), two))).toEqual(['w-1 80.00']);
    const given = (percent: string): ContractTerms => ({
      ...terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: percent }] }),
      discounts: [{ id: 'all', name: 'All', kind: 'percent', percent: '100', match: {}, order: 'before-minimum' }],
    });
    expect(amounts(told(given('200.00'), contractFacts({ terms: given('150.00') })))).toEqual([]);
  });

  it('is one where they ask something', () => {
    const free = terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '0.00' }] });
    expect(amounts(told(terms(), contractFacts({ terms: free })))).toEqual(['w-1 150.00']);
  });

  it('is one too where they can give it no price, or only one of another currency: included work is no such work any more', () => {
    const included = contractFacts({ terms: terms({}, [{ id: 'inc', name: 'In', match: {}, outcome: 'included' }]) });
    const noPrice = only(told(terms({ labour: [] }), included));
    expect(noPrice.valueAtRisk.money?.amount).toBe('0.00');
    expect(noPrice.cause).toBe(
      'invoice inv-1 asks 0.00 AUD for w-1 at 0.00 (con-1 version 1); ' +
        'con-1 version 2, in force now, gives it no price: another rate, and no difference in money',
    );
    const foreign = only(told(terms({ currency: 'NZD' }), included));
    expect(foreign.valueAtRisk.money).toEqual({ amount: '0.00', currency: 'AUD' });
    expect(foreign.cause).toMatch(/gives 150.00 NZD at 150.00: another rate, and no difference in money$/);
  });
});
