import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rateExplained as rate } from '../../rate.js';
import { aud } from '../../testing/charges.js';
import { asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../../testing/facts.js';
import type { ScopeStatement, WorkItem } from '../facts.js';

const INCLUDED: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
const CAP: Cap = { id: 'cap', name: 'Budget', scope: 'ticket', amount: '100.00', above: 'write-down' };
const OUT: ScopeStatement = { by: 'operations', scope: 'out-of-scope', reason: 'x', position: 9, eventId: 'ev-9' };
/** Support is included; 100.00 an hour by the card. */
const managed = (changes: Partial<ContractTerms>): ContractTerms => ({
  ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] }, [INCLUDED]),
  ...changes,
});
const under = (changes: Partial<ContractTerms>, scope: readonly ScopeStatement[] = [OUT]) => ({
  contracts: [contractFacts({ terms: managed(changes) })],
  tickets: new Map([['T-1', ticketFacts({ scope })]]),
});
const THREE_HOURS = time({ minutes: 180 });
const rated = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>) => {
  const { items, charges, gaps } = rate(facts(work, account));
  return {
    items: items.map(({ itemId, disposition, net }) => `${itemId} ${disposition} ${net?.amount}`),
    charges: charges.map(({ kind, net }) => `${kind} ${net.amount}`),
    mismatches: gaps.filter(({ kind }) => kind === 'contract-mismatch').map((one) => one.valueAtRisk.money?.amount),
  };
};

describe('work that is rated as out of scope by the card of its contract (B3)', () => {
  it('is asked whole, whatever cap its contract has: three hours are 300.00', () => {
    const account = under({ caps: [CAP] });
    expect(rated([THREE_HOURS], account).items).toEqual(['w-1 billable 300.00']);
    const invoiced = asInvoiced(rate(facts([THREE_HOURS], account)).items);
    // It takes no room of the cap either, invoiced or not: an hour that a rule bills has all of it.
    const bills: CoverageRule = { id: 'on', name: 'Onsite', match: { workTypes: ['onsite'] }, outcome: 'billable' };
    const { tickets } = account;
    const contracts = [contractFacts({ terms: managed({ caps: [CAP], coverage: [bills, INCLUDED] }) })];
    const onsite = time({ workItemId: 'w-2', workType: 'onsite', position: 2 });
    for (const settled of [[], invoiced])
      expect(rated([THREE_HOURS, onsite], { contracts, tickets, invoiced: settled }).items).toContain(
        'w-2 billable 100.00',
      );
  });

  it('counts towards no minimum of that contract, invoiced, corrected or voided', () => {
    const minimumCommitment = {
      id: 'min',
      name: 'Minimum',
      amountPerPeriod: '500.00',
      countsRecurring: true,
      taxCategory: 'GST',
    };
    const account = under({ minimumCommitment });
    expect(rated([THREE_HOURS], account).charges).toEqual(['minimum 500.00']);
    const invoiced = asInvoiced(rate(facts([THREE_HOURS], account)).items);
    expect(rated([THREE_HOURS], { ...account, invoiced }).charges).toEqual(['minimum 500.00']);
    const less = time({ minutes: 60, sourceEventIds: ['ev-w-1', 'ev-b'] });
    expect(rated([less], { ...account, invoiced })).toMatchObject({
      items: ['w-1 invoiced 300.00', 'w-1@a1 billable -200.00'],
      charges: ['minimum 500.00'],
    });
    expect(rated([], { ...account, invoiced })).toMatchObject({
      items: ['w-1 invoiced 300.00', 'w-1@a1 billable -300.00'],
      charges: ['minimum 500.00'],
    });
  });

  it('has no discount of that contract, by percent or amount: what the gap said is what it asks', () => {
    const percent = { id: 'ten', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' } as const;
    const amount = { id: 'off', name: 'Start', kind: 'amount', amount: '50.00', order: 'after-minimum' } as const;
    const declared: ScopeStatement = { ...OUT, by: 'resolution', reason: null };
    const discounts = [percent, amount];
    const suspected = rate(facts([THREE_HOURS], under({ discounts }, [declared]))).gaps;
    expect(suspected.map(({ valueAtRisk }) => valueAtRisk.money)).toEqual([aud('300.00')]);
    expect(rated([THREE_HOURS], under({ discounts }))).toEqual({
      items: ['w-1 billable 300.00'],
      charges: [],
      mismatches: [],
    });
  });

  it('whose zero line an invoice carries is a gap of all of its price, whatever the cap has room for', () => {
    const account = under({ caps: [CAP] }, []);
    const invoiced = asInvoiced(rate(facts([THREE_HOURS], account)).items);
    expect(rated([THREE_HOURS], { ...under({ caps: [CAP] }), invoiced }).mismatches).toEqual(['300.00']);
  });
});
