import { contractCommands as contracts } from '@billtrail/application';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { Msp } from './msp.js';

const SEATS: RecurringCharge = {
  id: 'seats',
  name: 'Seats',
  basis: 'per-user',
  countOf: 'user',
  price: '120.00',
  everyMonths: 12,
  billed: 'in-advance',
  taxCategory: 'GST',
  cycleAnchor: 'contract-day',
};
const seats = (changes: Partial<RecurringCharge> = {}): Partial<ContractTerms> => ({
  recurringCharges: [{ ...SEATS, ...changes }],
});
const unanchored = (changes: Partial<RecurringCharge> = {}): Partial<ContractTerms> => {
  const { cycleAnchor: _anchor, ...charge } = SEATS;
  return { recurringCharges: [{ ...charge, ...changes }] };
};

describe('seats of the contract\u2019s year whose terms change (K22)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-15');
  });
  afterEach(() => msp.closes());

  async function counts(count: number, from: string): Promise<void> {
    await msp.send(contracts.RecordCount, { contractId: 'bluegum-1', countOf: 'user', count, from });
  }

  /** All that the client is asked for until a month, whatever document has it. */
  async function asked(until: string): Promise<string> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum' }, { limit: 200 });
    const nets = items.filter(({ period }) => period <= until).map(({ net }) => Money.from(net));
    return Money.sum(nets, 'AUD').toJSON().amount;
  }

  it('a second year without a stated anchor is asked for once', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: seats({ cycleAnchor: 'calendar' }) });
    await counts(10, '2026-03-01');
    await msp.renegotiates('bluegum', { from: '2027-03-01', besides: unanchored({ price: '132.00' }) });
    await msp.days(500);
    expect(await asked('2027-12')).toBe('2520.00');
  });

  it('units that joined, and were invoiced in their month, are asked for once after the cycles changed', async () => {
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await counts(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(60);
    await counts(15, '2026-05-10');
    await msp.bills('I2', 'bluegum', '2026-05');
    await msp.renegotiates('bluegum', { from: '2026-09-15', besides: seats({ everyMonths: 1, price: '10.00' }) });
    expect(await asked('2026-05')).toBe('1715.34');
  });
});
