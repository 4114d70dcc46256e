import { describe, expect, it } from '@jest/globals';
import type { ServiceLevels } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import {
  aud,
  block,
  contractWith,
  fee,
  itemOf,
  minimumOf,
  minutes,
  money,
  monthOf,
  onInvoice,
  part,
  spent,
} from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts, SlaBreach } from '../facts.js';

function march(
  contract: ContractFacts,
  changes: Partial<ClientPeriodFacts> = {},
  items: readonly ExplainedItem[] = [],
): ReturnType<typeof charged> {
  return charged(monthOf('2026-03', [contract], changes), items);
}
const hourUnder = (contract: ContractFacts): ExplainedItem =>
  itemOf(part(contract, spent(60, '2026-03-10'), { outcome: 'billable' }), 'w-1', '2026-03');
const loyal = { id: 'd', name: 'Loyal', kind: 'percent', percent: '10', includesRecurring: true } as const;
const missed: SlaBreach = {
  ticketId: 'T-1',
  target: 'response',
  priority: 'high',
  breachedOn: '2026-03-12',
  contractId: 'con-1',
  eventId: 'ev-breach',
};
const gold = (maximum?: string): ServiceLevels => ({
  policy: {
    id: 'sla',
    name: 'Gold',
    calendar: { timeZone: 'Australia/Sydney', openingHours: {}, holidays: [] },
    targets: {},
    pausesOnThirdParty: false,
    warnAtPercent: [],
  },
  credits: [
    {
      id: 'any',
      name: 'Response missed',
      target: 'response',
      credit: { kind: 'percent-of-recurring', percent: '5' },
      taxCategory: 'GST',
    },
  ],
  ...(maximum === undefined ? {} : { maximumCreditPerPeriod: maximum }),
});

/** An invoice line shows all of a charge, and an auditor reads it years later: nothing of it may change unseen. */
/** Days of March that nothing comes before. */
function days(from: string, to: string, count: number) {
  return { from, to, days: String(count), cycleDays: 31, daysBefore: '0' };
}

describe('a charge whole, with its trace and its gap', () => {
  it('a fee by device in arrears, prorated and discounted: 3 x 31.00 x 20 of 31 days less 10 % are 54.00', () => {
    const contract = contractWith(
      {
        recurringCharges: [fee({ basis: 'per-device', countOf: 'server', price: '31.00', billed: 'in-arrears' })],
        discounts: [{ ...loyal, order: 'before-minimum' }],
      },
      { lastDay: '2026-03-20', counts: [{ countOf: 'server', count: 3, from: '2026-01-01', eventId: 'ev-c' }] },
    );
    expect(march(contract)).toEqual({
      charges: [
        {
          chargeId: 'con-1@fee@fee@2026-03-01',
          kind: 'recurring',
          description: 'Managed service',
          from: '2026-03-01',
          to: '2026-03-20',
          quantity: '3',
          unit: 'server',
          unitPrice: { amount: '31.00', currency: 'AUD' },
          net: { amount: '54.00', currency: 'AUD' },
          taxCategory: 'GST',
          contractId: 'con-1',
          contractVersion: 1,
          ticketId: null,
          sourceEventIds: ['ev-c'],
          basis: {
            ...NO_FIGURES,
            termId: 'fee',
            fee: [
              {
                ...days('2026-03-01', '2026-03-20', 20),
                quantity: '3',
                unitPrice: '31.00',
                percentOff: '10',
                net: '54.00',
              },
            ],
          },
          trace: [
            {
              step: 'charge',
              text: 'Managed service (fee), per-device of contract con-1 version 1, 2026-03-01 to 2026-03-20',
              facts: {
                chargeTermId: 'fee',
                basis: 'per-device',
                contractId: 'con-1',
                contractVersion: 1,
                from: '2026-03-01',
                to: '2026-03-20',
                countOf: 'server',
                count: 3,
                price: '31.00',
                currency: 'AUD',
              },
            },
            {
              step: 'proration',
              text: '3 server x 31.00 AUD x 20 of 31 days of 2026-03-01 to 2026-03-31',
              facts: { coveredDays: 20, cycleDays: 31, cycleFrom: '2026-03-01', cycleTo: '2026-03-31' },
            },
            { step: 'discount', text: '10 % off recurring charges', facts: { percent: '10', includesRecurring: true } },
            {
              step: 'amount',
              text: '54 -> 54.00 AUD',
              facts: { exact: '54', rounding: 'half-up', net: '54.00', currency: 'AUD' },
            },
          ],
          billableFrom: '2026-03-21',
          chargeItemId: 'con-1@fee@fee@2026-03-01',
          clientId: 'cli-1',
          period: '2026-03',
          disposition: 'billable',
          invoiceId: null,
        },
      ],
      gaps: [
        {
          kind: 'contract-mismatch',
          clientId: 'cli-1',
          period: '2026-03',
          ticketId: null,
          workItemId: null,
          charge: { contractId: 'con-1', chargeId: 'con-1@fee@fee@2026-03-01' },
          valueAtRisk: { money: { amount: '54.00', currency: 'AUD' }, minutes: null },
          cause: 'Managed service (con-1@fee@fee@2026-03-01) is on no issued invoice',
          sourceEventIds: ['ev-c'],
          dueOn: '2026-04-04',
        },
      ],
    });
  });

  it('a block of hours', () => {
    const price = { net: aud('1200.00'), taxCategory: 'GST' };
    const sold = block('b', minutes(600), { purchasedOn: '2026-03-05', expiresOn: '2026-12-31', price });
    expect(march(contractWith({}, { blocks: [sold] }))).toEqual({
      charges: [
        {
          chargeId: 'con-1@block@b@2026-03-05',
          kind: 'prepaid-block',
          description: 'Prepaid block b: 600 min',
          from: '2026-03-05',
          to: '2026-12-31',
          quantity: '1',
          unit: 'block',
          unitPrice: { amount: '1200.00', currency: 'AUD' },
          net: { amount: '1200.00', currency: 'AUD' },
          taxCategory: 'GST',
          contractId: 'con-1',
          contractVersion: 1,
          ticketId: null,
          sourceEventIds: ['ev-b'],
          basis: { ...NO_FIGURES, termId: 'b' },
          trace: [
            {
              step: 'charge',
              text: 'block b of 600 min purchased on 2026-03-05 for contract con-1: 1200.00 AUD',
              facts: {
                chargeTermId: 'b',
                contractId: 'con-1',
                contractVersion: 1,
                purchasedOn: '2026-03-05',
                expiresOn: '2026-12-31',
                holds: '600 min',
                net: '1200.00',
                currency: 'AUD',
              },
            },
          ],
          billableFrom: '2026-03-05',
          chargeItemId: 'con-1@block@b@2026-03-05',
          clientId: 'cli-1',
          period: '2026-03',
          disposition: 'billable',
          invoiceId: null,
        },
      ],
      gaps: [
        {
          kind: 'contract-mismatch',
          clientId: 'cli-1',
          period: '2026-03',
          ticketId: null,
          workItemId: null,
          charge: { contractId: 'con-1', chargeId: 'con-1@block@b@2026-03-05' },
          valueAtRisk: { money: { amount: '1200.00', currency: 'AUD' }, minutes: null },
          cause: 'Prepaid block b: 600 min (con-1@block@b@2026-03-05) is on no issued invoice',
          sourceEventIds: ['ev-b'],
          dueOn: '2026-03-19',
        },
      ],
    });
  });

  it('a block of money that never expires, under its price', () => {
    const price = { net: aud('450.00'), taxCategory: 'EXEMPT' };
    const sold = block('m', money('500.00'), { purchasedOn: '2026-03-05', price });
    expect(march(contractWith({}, { blocks: [sold] })).charges[0]).toMatchObject({
      description: 'Prepaid block m: 500.00 AUD',
      from: '2026-03-05',
      to: '2026-03-05',
      net: { amount: '450.00', currency: 'AUD' },
      taxCategory: 'EXEMPT',
      basis: { ...NO_FIGURES, termId: 'm' },
      trace: [
        {
          step: 'charge',
          text: 'block m of 500.00 AUD purchased on 2026-03-05 for contract con-1: 450.00 AUD',
          facts: {
            chargeTermId: 'm',
            contractId: 'con-1',
            contractVersion: 1,
            purchasedOn: '2026-03-05',
            expiresOn: null,
            holds: '500.00 AUD',
            net: '450.00',
            currency: 'AUD',
          },
        },
      ],
    });
  });

  it('what lacks to a minimum: 500.00 x 20 of 31 days less 150.00 of work, less 10 %, are 155.32', () => {
    const contract = contractWith(
      { minimumCommitment: minimumOf('500.00'), discounts: [{ ...loyal, order: 'after-minimum' }] },
      { lastDay: '2026-03-20' },
    );
    expect(march(contract, {}, [hourUnder(contract)])).toEqual({
      charges: [
        {
          chargeId: 'con-1@minimum@min@2026-03-01',
          kind: 'minimum',
          description: 'Minimum commitment',
          from: '2026-03-01',
          to: '2026-03-31',
          quantity: '1',
          unit: 'period',
          unitPrice: { amount: '155.32', currency: 'AUD' },
          net: { amount: '155.32', currency: 'AUD' },
          taxCategory: 'GST',
          contractId: 'con-1',
          contractVersion: 1,
          ticketId: null,
          sourceEventIds: [],
          basis: {
            ...NO_FIGURES,
            termId: 'min',
            required: '322.5806451612903225806451612903225806452',
            coveredDays: 20,
            minimum: {
              reached: '150',
              percentOff: '10',
              perPeriod: '500.00',
              from: '2026-03-01',
              to: '2026-03-31',
              days: 20,
              periodDays: 31,
            },
          },
          trace: [
            {
              step: 'charge',
              text: 'minimum Minimum commitment (min) of contract con-1 version 1: 150.00 AUD of at least 322.5806451612903225806451612903225806452 AUD reached',
              facts: {
                chargeTermId: 'min',
                contractId: 'con-1',
                contractVersion: 1,
                amountPerPeriod: '500.00',
                countsRecurring: false,
                required: '322.5806451612903225806451612903225806452',
                reached: '150.00',
                coveredDays: '20',
                currency: 'AUD',
              },
            },
            {
              step: 'proration',
              text: '500.00 AUD x 20 of 31 days of 2026-03',
              facts: { coveredDays: 20, cycleDays: 31, cycleFrom: '2026-03-01', cycleTo: '2026-03-31' },
            },
            {
              step: 'discount',
              text: '10 % off, after the minimum was measured',
              facts: { percent: '10', order: 'after-minimum' },
            },
            {
              step: 'amount',
              text: '155.32258065, rounded half up -> 155.32 AUD',
              facts: {
                exact: '155.3225806451612903225806451612903225807',
                rounding: 'half-up',
                net: '155.32',
                currency: 'AUD',
              },
            },
          ],
          billableFrom: '2026-04-01',
          chargeItemId: 'con-1@minimum@min@2026-03-01',
          clientId: 'cli-1',
          period: '2026-03',
          disposition: 'billable',
          invoiceId: null,
        },
      ],
      gaps: [
        {
          kind: 'contract-mismatch',
          clientId: 'cli-1',
          period: '2026-03',
          ticketId: null,
          workItemId: null,
          charge: { contractId: 'con-1', chargeId: 'con-1@minimum@min@2026-03-01' },
          valueAtRisk: { money: { amount: '155.32', currency: 'AUD' }, minutes: null },
          cause: 'Minimum commitment (con-1@minimum@min@2026-03-01) is on no issued invoice',
          sourceEventIds: [],
          dueOn: '2026-04-15',
        },
      ],
    });
  });

  it('a discount that is an amount: at most the work that it reduces', () => {
    const contract = contractWith({
      discounts: [
        { id: 'd', name: 'Rebate', kind: 'amount', amount: '200.00', taxCategory: 'GST', order: 'before-minimum' },
      ],
    });
    expect(march(contract, {}, [hourUnder(contract)])).toEqual({
      charges: [
        {
          chargeId: 'con-1@discount@d@2026-03-01',
          kind: 'discount',
          description: 'Rebate, 50.00 of 200.00 AUD not used',
          from: '2026-03-01',
          to: '2026-03-31',
          quantity: '-1',
          unit: 'discount',
          unitPrice: { amount: '150.00', currency: 'AUD' },
          net: { amount: '-150.00', currency: 'AUD' },
          taxCategory: 'GST',
          contractId: 'con-1',
          contractVersion: 1,
          ticketId: null,
          sourceEventIds: [],
          basis: {
            ...NO_FIGURES,
            termId: 'd',
            off: { others: '0.00', leftOver: '50.00' },
            discountAmount: '200.00',
            reduces: [{ on: '2026-03-10', invoiceId: null, net: '150.00' }],
          },
          trace: [
            {
              step: 'charge',
              text: 'discount Rebate (d) of contract con-1 version 1, 200.00 AUD a period',
              facts: {
                chargeTermId: 'd',
                discountAmount: '200.00',
                order: 'before-minimum',
                contractId: 'con-1',
                contractVersion: 1,
                to: '2026-03-31',
                currency: 'AUD',
              },
            },
            {
              step: 'amount',
              text: '200.00 of the 150.00 AUD that it reduces, never more than that -> -150.00 AUD, 50.00 AUD not used, for nothing is left to take it off',
              facts: { reduces: '150.00', net: '-150.00', leftOver: '50.00', currency: 'AUD' },
            },
          ],
          billableFrom: '2026-04-01',
          chargeItemId: 'con-1@discount@d@2026-03-01',
          clientId: 'cli-1',
          period: '2026-03',
          disposition: 'billable',
          invoiceId: null,
        },
      ],
      gaps: [
        {
          kind: 'contract-mismatch',
          clientId: 'cli-1',
          period: '2026-03',
          ticketId: null,
          workItemId: null,
          charge: { contractId: 'con-1', chargeId: 'con-1@discount@d@2026-03-01' },
          valueAtRisk: { money: { amount: '-150.00', currency: 'AUD' }, minutes: null },
          cause: 'Rebate, 50.00 of 200.00 AUD not used (con-1@discount@d@2026-03-01) is on no issued invoice',
          sourceEventIds: [],
          dueOn: '2026-04-15',
        },
      ],
    });
  });

  it('a service credit of 5 % of the fees, held to the maximum of the period', () => {
    const contract = contractWith({ recurringCharges: [fee()], serviceLevels: gold('30.00') });
    const { charges, gaps } = march(contract, { slaBreaches: [missed] });
    expect({ charge: charges[0], gap: gaps[0] }).toEqual({
      charge: {
        chargeId: 'con-1@credit@any@T-1@response',
        kind: 'service-credit',
        description: 'Response missed',
        from: '2026-03-12',
        to: '2026-03-12',
        quantity: '-1',
        unit: 'credit',
        unitPrice: { amount: '30.00', currency: 'AUD' },
        net: { amount: '-30.00', currency: 'AUD' },
        taxCategory: 'GST',
        contractId: 'con-1',
        contractVersion: 1,
        ticketId: 'T-1',
        sourceEventIds: ['ev-breach'],
        basis: {
          ...NO_FIGURES,
          termId: 'any',
          credit: { granted: '30.00', percent: { of: '1000.00', percent: '5' }, stated: '50.00', isLeftOver: false },
        },
        trace: [
          {
            step: 'charge',
            text: 'credit Response missed (any) of contract con-1 version 1: response target of ticket T-1 (high) missed on 2026-03-12, event ev-breach',
            facts: {
              chargeTermId: 'any',
              contractId: 'con-1',
              contractVersion: 1,
              ticketId: 'T-1',
              target: 'response',
              priority: 'high',
              breachedOn: '2026-03-12',
              breachEventId: 'ev-breach',
              currency: 'AUD',
            },
          },
          {
            step: 'amount',
            text: '5 % of recurring charges of 1000.00 AUD = 50.00 AUD, at most 30.00 AUD left of 30.00 a period -> -30.00 AUD',
            facts: { exact: '50', rounding: 'half-up', room: '30.00', net: '-30.00', currency: 'AUD' },
          },
        ],
        billableFrom: '2026-03-13',
        chargeItemId: 'con-1@credit@any@T-1@response',
        clientId: 'cli-1',
        period: '2026-03',
        disposition: 'billable',
        invoiceId: null,
      },
      gap: {
        kind: 'contract-mismatch',
        clientId: 'cli-1',
        period: '2026-03',
        ticketId: null,
        workItemId: null,
        charge: { contractId: 'con-1', chargeId: 'con-1@credit@any@T-1@response' },
        valueAtRisk: { money: { amount: '-30.00', currency: 'AUD' }, minutes: null },
        cause: 'Response missed (con-1@credit@any@T-1@response) is on no issued invoice',
        sourceEventIds: ['ev-breach'],
        dueOn: '2026-03-27',
      },
    });
  });

  it('a service credit without a maximum: at most the fees', () => {
    const contract = contractWith({ recurringCharges: [fee()], serviceLevels: gold() });
    expect(march(contract, { slaBreaches: [missed] }).charges[0]?.trace[1]).toEqual({
      step: 'amount',
      text: '5 % of recurring charges of 1000.00 AUD = 50.00 AUD, at most 1000.00 AUD left of the recurring charges a period -> -50.00 AUD',
      facts: { exact: '50', rounding: 'half-up', room: '1000.00', net: '-50.00', currency: 'AUD' },
    });
  });

  it('what an invoiced fee gives back after a termination: 310.00 for 10 of 31 days are 100.00', () => {
    const running = contractWith({ recurringCharges: [fee({ price: '310.00' })] });
    const invoicedCharges = onInvoice(charged(monthOf('2026-03', [running]), []).charges);
    const { charges, gaps } = march({ ...running, lastDay: '2026-03-10' }, { invoicedCharges });
    expect({ charge: charges[1], gaps }).toEqual({
      charge: {
        chargeId: 'con-1@fee@fee@2026-03-01',
        kind: 'recurring',
        description: 'Managed service',
        from: '2026-03-01',
        to: '2026-03-31',
        quantity: '-1',
        unit: 'adjustment',
        unitPrice: { amount: '210.00', currency: 'AUD' },
        net: { amount: '-210.00', currency: 'AUD' },
        taxCategory: 'GST',
        contractId: 'con-1',
        contractVersion: 1,
        ticketId: null,
        sourceEventIds: [],
        basis: {
          ...NO_FIGURES,
          termId: 'fee',
          fee: [
            {
              ...days('2026-03-01', '2026-03-10', 10),
              quantity: '1',
              unitPrice: '310.00',
              percentOff: '0',
              net: '100.00',
            },
          ],
          before: {
            net: '310.00',
            now: '100.00',
            documentIds: ['inv-1'],
            why: 'the contract ended on 2026-03-10',
            unit: 'cycle',
          },
        },
        trace: [
          {
            step: 'charge',
            text: 'Managed service (fee), fixed of contract con-1 version 1, 2026-03-01 to 2026-03-10',
            facts: {
              chargeTermId: 'fee',
              basis: 'fixed',
              contractId: 'con-1',
              contractVersion: 1,
              from: '2026-03-01',
              to: '2026-03-10',
              countOf: null,
              count: null,
              price: '310.00',
              currency: 'AUD',
            },
          },
          {
            step: 'proration',
            text: '310.00 AUD x 10 of 31 days of 2026-03-01 to 2026-03-31',
            facts: { coveredDays: 10, cycleDays: 31, cycleFrom: '2026-03-01', cycleTo: '2026-03-31' },
          },
          {
            step: 'amount',
            text: '100 -> 100.00 AUD',
            facts: { exact: '100', rounding: 'half-up', net: '100.00', currency: 'AUD' },
          },
          {
            step: 'adjustment',
            text: 'the contract ended on 2026-03-10 after con-1@fee@fee@2026-03-01 was invoiced at 310.00 AUD: now 100.00 AUD, difference -210.00 AUD',
            facts: {
              frozenItemIds: ['con-1@fee@fee@2026-03-01'],
              invoiceIds: ['inv-1'],
              frozenNet: '310.00',
              presentNet: '100.00',
              difference: '-210.00',
              currency: 'AUD',
            },
          },
        ],
        chargeItemId: 'con-1@fee@fee@2026-03-01@a1',
        clientId: 'cli-1',
        period: '2026-03',
        disposition: 'billable',
        invoiceId: null,
        billableFrom: '2026-03-01',
      },
      gaps: [
        {
          kind: 'contract-mismatch',
          clientId: 'cli-1',
          period: '2026-03',
          ticketId: null,
          workItemId: null,
          charge: { contractId: 'con-1', chargeId: 'con-1@fee@fee@2026-03-01@a1' },
          valueAtRisk: { money: { amount: '-210.00', currency: 'AUD' }, minutes: null },
          cause: 'Managed service (con-1@fee@fee@2026-03-01@a1) is on no draft or invoice of the period',
          sourceEventIds: [],
          dueOn: '2026-03-01',
        },
      ],
    });
  });
});
