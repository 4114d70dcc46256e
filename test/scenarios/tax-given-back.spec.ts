import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

function fee(price: string): Partial<ContractTerms> {
  const monthly = { id: 'fee', name: 'Fee', basis: 'fixed' as const, price, billed: 'in-advance' as const };
  return { recurringCharges: [{ ...monthly, taxCategory: 'GST' }] };
}

describe('what is given back of an invoice takes back the tax that was asked there (K15, K23)', () => {
  const MARCH = { clientId: 'bluegum', period: '2026-03' } as const;
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02', { taxRates: { GST: '10' } });
    await msp.signs('bluegum', { from: '2026-03-01', besides: fee('1000.00') });
    await msp.bills('I1', 'bluegum', '2026-03');
  });
  afterEach(() => msp.closes());

  async function owedNote(): Promise<unknown> {
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: fee('400.00') });
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03');
    const items = charges.filter(({ disposition }) => disposition === 'billable').map((one) => one.chargeItemId);
    const why = { reasonCode: 'wrong-price', comment: 'agreed' };
    await msp.send(billing.GiveCredits, { creditNoteId: 'C1', ...MARCH, items, ...why }, { actor: ANNA });
    await msp.house.settle();
    const note = await msp.house.billtrail.models.creditNotes.get('C1');
    return note?.taxTotals.map(({ net, rate, tax, treatment }) => [net.amount, rate, tax.amount, treatment].join(' '));
  }

  it('by a note of no invoice, after the rate rose', async () => {
    await msp.configures({ taxRates: { GST: '20' } });
    expect(await owedNote()).toEqual(['600.00 10 60.00 taxable']);
  });

  it('by such a note, after the client was exempted', async () => {
    const exempt = { taxExemption: 'certificate 7', taxTreatment: 'export' };
    await msp.send(contracts.ChangeClientDetails, {
      clientId: 'bluegum',
      name: 'bluegum',
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
      ...exempt,
    });
    expect(await owedNote()).toEqual(['600.00 10 60.00 taxable']);
  });

  it('on a later invoice, beside new work at the rate of today', async () => {
    await msp.configures({ taxRates: { GST: '20' } });
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: fee('400.00') });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 600, '2026-03-02');
    const document = await msp.bills('I2', 'bluegum', '2026-03');
    // 1,500.00 at 20 % and -600.00 at 10 %.
    expect(document.at(-1)).toBe('900.00 + 240.00 = 1140.00 AUD');
  });
});
