import { describe, expect, it } from '@jest/globals';
import type { ContractCommand } from './commands.js';
import type { ContractTerms } from './events.js';
import { filled, filledTerms, idFrom, inspectFilled } from './filled-terms.js';
import { problemsNoted } from './problems.js';

type Written = Parameters<typeof filledTerms>[0];
const fill = (written: Written, currency: string | null = 'AUD') => filledTerms(written, currency);

describe('terms that leave out what goes without saying', () => {
  it('bill all work at the price of the card', () => {
    expect(fill({})).toEqual({ coverage: [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }] });
    expect(fill({ coverage: [] })).toEqual({ coverage: [] });
  });

  it('have rules for all work, with ids from their names', () => {
    const rule = { name: 'On site', outcome: 'billable' } as const;
    const { coverage } = fill({ coverage: [rule, undefined, { ...rule, id: 'own', match: { kinds: ['time'] } }] });
    expect(coverage).toEqual([
      { id: 'on-site', match: {}, ...rule },
      undefined,
      { ...rule, id: 'own', match: { kinds: ['time'] } },
    ]);
  });

  it('have one tax category for all that states none: rules, card, charges, fees, levels', () => {
    const written: Written = {
      taxCategory: 'GST',
      coverage: [{ name: 'Fix', outcome: 'billable', incident: { price: '250.00' } }],
      rateCard: { taxCategories: { material: 'FREE' }, labour: [{ pricePerHour: '150.00' }] },
      recurringCharges: [{ name: 'Care', price: '90.00' }],
      oneTimeFees: [{ name: 'Set-up', amount: '500.00', taxCategory: 'FREE' }],
      milestones: [{ name: 'Go live', amount: '900.00' }],
      minimumCommitment: { amountPerPeriod: '500.00' },
      travel: [{ name: 'Way' }],
      serviceLevels: {
        policy: { name: 'Gold' },
        credits: [{ name: 'Late' }],
        creditsByBreaches: [{ name: 'Often', id: 'o' }],
      },
      caps: [{ name: 'Not to exceed', amount: '1000.00' }],
      discounts: [{ name: 'Loyal' }],
      prepaid: { allotment: { name: 'Ten hours' } },
    };
    expect(fill(written)).toEqual({
      coverage: [
        {
          id: 'fix',
          name: 'Fix',
          match: {},
          outcome: 'billable',
          incident: { price: '250.00', taxCategory: 'GST' },
        },
      ],
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
        taxCategories: { time: 'GST', material: 'FREE', expense: 'GST' },
      },
      recurringCharges: [
        {
          id: 'care',
          name: 'Care',
          price: '90.00',
          basis: 'fixed',
          billed: 'in-advance',
          taxCategory: 'GST',
        },
      ],
      oneTimeFees: [{ id: 'set-up', name: 'Set-up', amount: '500.00', taxCategory: 'FREE' }],
      milestones: [{ id: 'go-live', name: 'Go live', amount: '900.00', taxCategory: 'GST' }],
      minimumCommitment: {
        id: 'minimum-commitment',
        name: 'Minimum commitment',
        amountPerPeriod: '500.00',
        taxCategory: 'GST',
      },
      travel: [{ id: 'way', name: 'Way', taxCategory: 'GST' }],
      serviceLevels: {
        policy: { id: 'gold', name: 'Gold', warnAtPercent: [], pausesOnThirdParty: false },
        credits: [{ id: 'late', name: 'Late', taxCategory: 'GST' }],
        creditsByBreaches: [{ id: 'o', name: 'Often', taxCategory: 'GST' }],
      },
      caps: [{ id: 'not-to-exceed', name: 'Not to exceed', amount: '1000.00' }],
      discounts: [{ id: 'loyal', name: 'Loyal', order: 'before-minimum' }],
      prepaid: { allotment: { id: 'ten-hours', name: 'Ten hours', rollOver: 'none' } },
    });
    expect(fill(fill(written))).toEqual(fill(written));
  });

  it('stay without tax and currency where nobody states one, and without levels and blocks that were left out', () => {
    const { rateCard } = fill({ rateCard: { name: 'Card' } }, null);
    expect(rateCard).toMatchObject({ id: 'card', taxCategories: {} });
    expect(rateCard).not.toHaveProperty('currency');
    expect(fill({ rateCard: { currency: 'NZD' } }).rateCard?.currency).toBe('NZD');
    expect(fill({ prepaid: { overage: { pricePerHour: '150.00' } } }).prepaid).toEqual({
      overage: { pricePerHour: '150.00', multiplied: false },
    });
    expect(fill({ serviceLevels: {} }).serviceLevels).toEqual({ credits: [] });
  });

  it('have no holidays where none are stated, and targets without end for what a priority leaves out', () => {
    expect(fill({ rateCalendar: { calendar: 'office' } }).rateCalendar).toEqual({ calendar: 'office', holidays: [] });
    const hour = { minutes: 60 };
    const targets = { high: { response: hour }, low: { resolution: hour } };
    const policy = { name: 'Gold', calendar: { timeZone: 'UTC' }, targets };
    expect(fill({ serviceLevels: { policy } }).serviceLevels?.policy).toMatchObject({
      calendar: { timeZone: 'UTC', holidays: [] },
      targets: { high: { response: hour, resolution: null }, low: { response: null, resolution: hour } },
    });
  });

  it('leave to a card of the configuration what is not stated beside its name', () => {
    expect(fill({ rateCard: { card: 'standard', labour: [{ workType: 'remote' }] } }).rateCard).toEqual({
      currency: 'AUD',
      card: 'standard',
      labour: [{ workType: 'remote', engineerRole: null }],
      taxCategories: {},
    });
    expect(fill({ taxCategory: 'GST', rateCard: { card: 'standard' } }, null).rateCard).toEqual({
      card: 'standard',
      taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
    });
  });

  it('of commands are filled in the currency of the client, of each part of a statement', () => {
    const terms = { rateCard: {} } as ContractTerms;
    const publish = { type: 'PublishContractVersion', terms } as ContractCommand;
    const currencyOf = (command: ContractCommand) =>
      'terms' in command ? (command.terms.rateCard.currency ?? null) : 'no terms';
    expect(currencyOf(filled({ ...publish, clientCurrency: 'AUD' } as ContractCommand))).toBe('AUD');
    expect(currencyOf(filled(publish))).toBeNull();
    expect(currencyOf(filled({ ...publish, type: 'ActivateContract', clientCurrency: 'NZD' } as ContractCommand))).toBe(
      'NZD',
    );
    const parts = [publish, { type: 'TerminateContract' }, { ...publish, clientCurrency: 'USD' }];
    const told = (command: object) => {
      const stated = filled(command as ContractCommand) as unknown as { readonly parts: readonly ContractCommand[] };
      return stated.parts.map(currencyOf);
    };
    expect(told({ type: 'StateContract', clientCurrency: 'AUD', parts })).toEqual(['AUD', 'no terms', 'AUD']);
    expect(told({ type: 'StateContract', parts })).toEqual([null, 'no terms', 'USD']);
    const end = { type: 'TerminateContract' } as ContractCommand;
    expect(filled(end)).toBe(end);
  });
});

describe('an id that is made from names', () => {
  it('is in plain letters, of at most a hundred, and never nothing', () => {
    expect(idFrom('Managed workstations')).toBe('managed-workstations');
    expect(idFrom(' Größe & Café (2.) ')).toBe('gro-e-cafe-2');
    expect(idFrom('A', 'B')).toBe('a-b');
    expect(idFrom('!')).toBe('unnamed');
    expect(idFrom('x'.repeat(101))).toBe('x'.repeat(100));
    expect(idFrom(`${'x'.repeat(99)} y`)).toBe('x'.repeat(99));
  });
});

describe('what nothing could fill', () => {
  const notes = (terms: Written) =>
    problemsNoted((note) => inspectFilled(note, terms)).map(({ path, problem }) => `${path} ${problem}`);
  const taxed = 'is required, or terms.taxCategory for all that state none';

  it('is the currency of a card, and the tax of each kind of work', () => {
    expect(notes({ rateCard: { taxCategories: { time: 'GST' } } })).toEqual([
      'terms.rateCard.currency is required',
      `terms.rateCard.taxCategories.material ${taxed}`,
      `terms.rateCard.taxCategories.expense ${taxed}`,
    ]);
    expect(notes({ rateCard: { currency: 'AUD' } })).toEqual([]);
    expect(notes({ rateCard: { currency: 'AUD', card: 'standard', taxCategories: {} } })).toEqual([]);
  });

  it('is the tax of what is charged', () => {
    const credit = { taxCategory: 'GST' };
    expect(
      notes({
        coverage: [{}, { incident: {} }],
        recurringCharges: [{ taxCategory: 'GST' }, {}],
        oneTimeFees: [{}],
        milestones: [{}],
        minimumCommitment: {},
        travel: [{}],
        serviceLevels: { credits: [credit, {}], creditsByBreaches: [{}, credit] },
      }),
    ).toEqual(
      [
        'coverage[1].incident',
        'recurringCharges[1]',
        'oneTimeFees[0]',
        'milestones[0]',
        'minimumCommitment',
        'travel[0]',
        'serviceLevels.credits[1]',
        'serviceLevels.creditsByBreaches[0]',
      ].map((path) => `terms.${path}.taxCategory ${taxed}`),
    );
    expect(notes({})).toEqual([]);
  });
});
