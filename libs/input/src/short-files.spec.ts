import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { isRefusal } from '@billtrail/kernel';
import { contract, type ContractTerms } from '@billtrail/contracts';
import { PUBLISHED_CARDS, filledTerms } from '@billtrail/contracts/testing';
import { checkContractFile, readContracts } from './contract-files.js';

const manual = readFileSync(new URL('../../../docs/contracts.md', import.meta.url), 'utf8');
const shortest = /```yaml\n(# The shortest file[\s\S]*?)```/.exec(manual)?.[1] ?? '';

/** What is recorded of the first contract of a file. */
function recorded(document: unknown): ContractTerms {
  const { problems, commands } = readContracts(document);
  expect(problems).toEqual([]);
  const [activation] = commands;
  if (activation?.type !== 'ActivateContract') throw new Error('it activates nothing');
  const decision = contract.decide(
    { ...activation, at: '2026-03-01T00:00:00Z', by: { id: 'a', role: 'accounts' } },
    contract.initialState,
  );
  if (isRefusal(decision)) throw new Error(decision.message);
  const [, published] = decision;
  if (published?.type !== 'ContractVersionPublished') throw new Error('it publishes nothing');
  return published.data.terms;
}

describe('a contract file is as short as the contract', () => {
  it('time and materials takes at most 12 lines, and is recorded with everything said', () => {
    expect(shortest.trim().split('\n').length).toBeLessThanOrEqual(12);
    expect(recorded(parse(shortest))).toEqual({
      coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }],
      rateCard: {
        id: 'rate-card',
        name: 'Rate card',
        currency: 'AUD',
        labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
        minimumMinutes: 0,
        incrementMinutes: 1,
        roundingScope: 'entry',
        materials: { pricing: 'list' },
        expenses: { markupPercent: '0' },
        taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
      },
    });
    const { isSound, commands } = checkContractFile(parse(shortest));
    expect(isSound).toBe(true);
    expect(commands[0]).toMatchObject({ contractId: 'acme-time-and-materials', priority: 100 });
  });

  it('ids come from names, a rule without criteria is about everything, and one tax category is that of all', () => {
    const terms = {
      taxCategory: 'GST',
      coverage: [
        { name: 'Remote work (included)', outcome: 'included', match: { workTypes: ['remote'] } },
        { name: 'All else', outcome: 'billable' },
      ],
      rateCard: { taxCategories: { material: 'NONE' } },
      recurringCharges: [
        { name: 'Managed workstation', basis: 'per-device', countOf: 'workstation', price: '90.00' },
        { name: 'Fee', price: '10.00', billed: 'in-arrears', taxCategory: 'NONE' },
      ],
      minimumCommitment: { amountPerPeriod: '100.00', countsRecurring: true },
      caps: [{ name: 'Ticket', scope: 'ticket', amount: '500.00', above: 'gap' }],
    };
    const file = {
      clients: [{ clientId: 'acme', currency: 'AUD', contracts: [{ name: 'K', effectiveFrom: '2026-01-01', terms }] }],
    };
    expect(recorded(file)).toMatchObject({
      coverage: [
        { id: 'remote-work-included', match: { workTypes: ['remote'] } },
        { id: 'all-else', match: {} },
      ],
      rateCard: { taxCategories: { time: 'GST', material: 'NONE', expense: 'GST' }, labour: [] },
      recurringCharges: [
        { id: 'managed-workstation', basis: 'per-device', billed: 'in-advance', taxCategory: 'GST' },
        { id: 'fee', basis: 'fixed', billed: 'in-arrears', taxCategory: 'NONE' },
      ],
      minimumCommitment: { id: 'minimum-commitment', name: 'Minimum commitment', taxCategory: 'GST' },
      caps: [{ id: 'ticket' }],
    });
    expect(recorded(file)).not.toHaveProperty('taxCategory');
  });

  it('service levels state their hours and what they promise, and no more', () => {
    const hours = [{ opens: '09:00', closes: '17:00' }];
    const calendar = { timeZone: 'Australia/Sydney', openingHours: { monday: hours } };
    const critical = { resolution: { minutes: 240, clock: 'business' } };
    const terms = {
      taxCategory: 'GST',
      rateCard: {},
      rateCalendar: { hours: { monday: hours } },
      prepaid: { overage: { pricePerHour: '150.00' } },
      discounts: [{ name: 'Loyal', kind: 'percent', percent: '5' }],
      coverage: [{ name: 'All', outcome: 'prepaid' }],
      serviceLevels: { policy: { calendar, targets: { critical, low: {} } } },
    };
    const contracts = [{ name: 'K', effectiveFrom: '2026-01-01', terms }];
    expect(recorded({ clients: [{ clientId: 'acme', currency: 'AUD', contracts }] })).toMatchObject({
      rateCalendar: { holidays: [] },
      prepaid: { overage: { pricePerHour: '150.00', multiplied: false } },
      discounts: [{ id: 'loyal', order: 'before-minimum' }],
      serviceLevels: {
        policy: {
          id: 'service-level',
          name: 'Service level',
          calendar: { ...calendar, holidays: [] },
          targets: { critical: { response: null, ...critical }, low: { response: null, resolution: null } },
          pausesOnThirdParty: false,
          warnAtPercent: [],
        },
        credits: [],
      },
    });
  });

  it('two terms of one name have one id, which is told where the name stands; so have two contracts of a client', () => {
    const cap = { name: 'Budget', scope: 'period', amount: '5.00', above: 'gap' };
    const terms = { taxCategory: 'GST', rateCard: {}, caps: [cap, cap] };
    const one = { name: 'K', effectiveFrom: '2026-01-01', terms };
    const { problems } = readContracts({ clients: [{ clientId: 'acme', currency: 'AUD', contracts: [one, one] }] });
    const at = 'clients[0].contracts';
    expect(problems.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      `${at}[0].terms.caps[1].id: budget is already the id of terms.caps[0]`,
      `${at}[1].name: acme-k is used at ${at}[0].name already`,
      `${at}[1].terms.caps[1].id: budget is already the id of terms.caps[0]`,
    ]);
  });

  it.each(PUBLISHED_CARDS.flatMap(({ id, plans }) => plans.map((plan) => [id, plan.contractId, plan.terms] as const)))(
    'what is stated stays as it is: %s, %s',
    (_id, _plan, terms) => {
      expect(filledTerms(terms, 'XXX')).toEqual(terms);
      expect(filledTerms(filledTerms(terms, null), 'AUD')).toEqual(terms);
    },
  );
});
