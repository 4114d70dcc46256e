import { describe, expect, it } from '@jest/globals';
import { feeItem } from '../testing/items.js';
import { type AskedElsewhere, isLeave, leftBy } from './asked-elsewhere.js';
import { frozenChargeOf } from './charges.js';

const at = (rate: string) => ({ treatment: 'taxable' as const, rate, reason: null });

function asked(quantity: string, rate: string | null, changes: Partial<AskedElsewhere> = {}): AskedElsewhere {
  const taxation = rate === null ? null : at(rate);
  const days = { from: '2025-08-01', to: '2026-07-31' };
  return { period: '2025-08', contractId: 'con-1', termId: 'seat', ...days, quantity, taxation, ...changes };
}

/** Seats that leave from 1 March on: `net at rate`, no rate of what is taxed by the rules of today. */
function left(quantity: string, net: string, elsewhere: readonly AskedElsewhere[]): readonly string[] | null {
  const line = frozenChargeOf(feeItem('seat', net, { quantity, to: '2026-07-31' }));
  return leftBy(line, elsewhere)?.map((one) => `${one.net.amount} at ${one.taxation?.rate ?? 'today'}`) ?? null;
}

describe('the tax of units that leave', () => {
  it('is that which was asked: 3 of 10 seats at 10 %, 912.00', () => {
    expect(left('-3', '-912.00', [asked('10', '10')])).toEqual(['-912.00 at 10']);
  });

  it('is that of those that joined last first, and of none that left before', () => {
    const joined = [asked('10', '10'), asked('2', '15', { period: '2025-09', from: '2025-09-20' })];
    expect(left('-3', '-912.00', joined)).toEqual(['-608.00 at 15', '-304.00 at 10']);
    const one = asked('-1', '15', { period: '2025-10', from: '2025-10-01' });
    expect(left('-3', '-912.00', [...joined, one])).toEqual(['-304.00 at 15', '-608.00 at 10']);
    const three = asked('-3', null, { period: '2025-10', from: '2025-10-01' });
    expect(left('-3', '-912.00', [...joined, three])).toEqual(['-912.00 at 10']);
  });

  it('is that of today of units which no invoice asked for', () => {
    expect(left('-3', '-912.00', [asked('2', '10')])).toEqual(['-608.00 at 10', '-304.00 at today']);
    expect(left('-3', '-912.00', [])).toBeNull();
  });

  it('is not that of another contract, term or cycle', () => {
    const others = [{ contractId: 'con-2' }, { termId: 'device' }, { from: '2024-08-01', to: '2025-07-31' }];
    expect(
      left(
        '-3',
        '-912.00',
        others.map((other) => asked('10', '10', other)),
      ),
    ).toBeNull();
  });

  it('is of fees that are negative themselves: no adjustment, no discount, nothing that is asked', () => {
    const fee = feeItem('seat', '-912.00', { quantity: '-3' });
    const others = [{ chargeItemId: `${fee.chargeId}@a1` }, { kind: 'discount' as const }, feeItem('seat', '912.00')];
    expect(isLeave(fee)).toBe(true);
    expect(others.map((other) => isLeave({ ...fee, ...other }))).toEqual([false, false, false]);
  });
});
