import { describe, expect, it } from '@jest/globals';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { type AskedElsewhere, creditedOff, isLeave, leftBy, needsAsked } from './asked-elsewhere.js';
import { frozenChargeOf } from './charges.js';
import { lineOf } from './lines.js';
import type { Line } from './lines-of-credit.js';

const at = (rate: string) => ({ treatment: 'taxable' as const, rate, reason: null });

function asked(quantity: string, rate: string | null, changes: Partial<AskedElsewhere> = {}): AskedElsewhere {
  const taxation = rate === null ? null : at(rate);
  const days = { from: '2025-08-01', to: '2026-07-31' };
  const money = { net: aud('3040.00'), taxCategory: 'GST' };
  return { period: '2025-08', contractId: 'con-1', termId: 'seat', ...days, ...money, quantity, taxation, ...changes };
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

describe('the tax of a service credit', () => {
  const credit = (changes: Parameters<typeof feeItem>[2] = {}) =>
    frozenChargeOf(
      feeItem('late', '-30.00', { kind: 'service-credit', from: '2026-03-18', to: '2026-03-18', ...changes }),
    );
  const off = (elsewhere: readonly AskedElsewhere[], beside: readonly Line[] = [credit()]) =>
    creditedOff(credit(), elsewhere, beside)?.map(
      ({ net, on, taxation }) => `${net.amount} of ${on} at ${taxation?.rate ?? 'its day'}`,
    ) ?? null;

  it('is that of the fees of its month: 2,000.00 at 10 % and 1,000.00 at 15 %', () => {
    const year = asked('10', '10', { net: aud('2000.00') });
    const monthly = asked('1', '15', { from: '2026-03-01', to: '2026-03-31', net: aud('1000.00') });
    expect(off([year, monthly])).toEqual(['-20.00 of 2025-08-01 at 10', '-10.00 of 2026-03-01 at 15']);
  });

  it('of fees beside it is that of their first day', () => {
    const fee = frozenChargeOf(feeItem('support', '900.00', { from: '2026-03-01', to: '2026-03-31' }));
    expect(off([], [fee, credit()])).toEqual(['-30.00 of 2026-03-01 at its day']);
  });

  it('is not that of another month, contract, category or currency, nor of what gave something back', () => {
    const others: readonly Partial<AskedElsewhere>[] = [
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-04-01', to: '2026-04-30' },
      { contractId: 'con-2' },
      { taxCategory: 'FREE' },
      { net: { amount: '900', currency: 'JPY' } },
      { net: aud('-900.00') },
      { taxation: null },
    ];
    expect(off(others.map((other) => asked('10', '10', other)))).toBeNull();
  });

  it('is no matter of other charges, nor of work', () => {
    expect(creditedOff(credit({ kind: 'discount' }), [asked('10', '10')], [])).toBeNull();
    const work = lineOf(hourItem('w-1'));
    if (work === null) throw new Error('no line');
    expect(creditedOff(work, [asked('10', '10')], [])).toBeNull();
    expect(leftBy(work, [asked('10', '10')])).toBeNull();
  });

  it('is of what stands beside it that of the recurring fees of its month alone', () => {
    const march = { from: '2026-03-01', to: '2026-03-31' };
    const beside = [
      feeItem('support', '100.00', march),
      feeItem('setup', '900.00', { ...march, kind: 'one-time' }),
      feeItem('april', '900.00', { from: '2026-04-01', to: '2026-04-30' }),
    ].map(frozenChargeOf);
    const work = lineOf(hourItem('w-1', { workDate: '2026-03-18' }));
    expect(off([], [...(work === null ? [] : [work]), ...beside, credit()])).toEqual([
      '-30.00 of 2026-03-01 at its day',
    ]);
  });

  it('is that of no fee where all of them come to nothing, or the credit does', () => {
    expect(off([asked('10', '10', { net: aud('0.00') })])).toBeNull();
    const fees = [asked('10', '10', { net: aud('0.00') }), asked('1', '15', { from: '2026-03-01' })];
    expect(off(fees)).toEqual(['-30.00 of 2026-03-01 at 15']);
    expect(creditedOff(credit({ net: aud('0.00') }), [asked('10', '10')], [])).toBeNull();
  });

  it('goes to who received the fees, where it says to whom', () => {
    const march = { from: '2026-03-01', to: '2026-03-31' };
    const ofBank = asked('1', '15', { ...march, recipientId: 'bank' });
    const ofClient = asked('1', '10', { ...march, recipientId: 'cli-1' });
    const owedTo = (billTo?: string) => {
      const { basis } = credit();
      const one = credit({ basis: { ...basis, ...(billTo === undefined ? {} : { billTo }) } });
      return creditedOff(one, [ofBank, ofClient], [])?.map(({ taxation }) => taxation?.rate);
    };
    expect(owedTo('bank')).toEqual(['15']);
    expect(owedTo('cli-1')).toEqual(['10']);
    expect(owedTo()).toEqual(['15', '10']);
  });

  it('has to be looked for, as that of units that leave, and of nothing else', () => {
    const leave = feeItem('seat', '-912.00', { quantity: '-3' });
    expect([leave, credit(), feeItem('seat', '912.00'), credit({ kind: 'discount' })].map(needsAsked)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
