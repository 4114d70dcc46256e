import { describe, expect, it } from '@jest/globals';
import { type Issued, isId } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ChargeItem } from '../item/charge-item.js';
import { CONFIGURATION, facts } from '../testing/facts.js';
import type { DerivedGap } from '../rating/facts.js';
import { gap } from './gap.js';
import { endingOfCharge, gapIdOf, gapKey } from './identity.js';
import { gapsOfCharges } from './of-charge.js';
import { NO_FIGURES } from '../rating/charges/charge-basis.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'record-gaps', role: 'system' } };
const missed: DerivedGap = {
  kind: 'contract-mismatch',
  ticketId: null,
  clientId: 'cli-1',
  period: '2026-03',
  workItemId: null,
  charge: { contractId: 'con-1', chargeId: 'con-1@fee@seats@2026-03-01' },
  valueAtRisk: { money: { amount: '240.00', currency: 'AUD' }, minutes: null },
  cause: 'Seats (con-1@fee@seats@2026-03-01) is on no issued invoice',
  sourceEventIds: ['ev-1'],
  dueOn: '2026-03-15',
};
const chargeId = 'con-1@fee@seats@2026-03-01';

const seats = (disposition: ChargeItem['disposition'], suffix = ''): ChargeItem => ({
  chargeItemId: `${chargeId}${suffix}`,
  chargeId,
  kind: 'recurring',
  description: 'Seats',
  from: '2026-03-01',
  to: '2026-03-31',
  quantity: '12',
  unit: 'user',
  unitPrice: { amount: '20.00', currency: 'AUD' },
  net: { amount: '240.00', currency: 'AUD' },
  taxCategory: 'GST',
  contractId: 'con-1',
  contractVersion: 1,
  ticketId: null,
  sourceEventIds: ['ev-1'],
  basis: { ...NO_FIGURES, termId: 'seats' },
  trace: [],
  clientId: 'cli-1',
  period: '2026-03',
  disposition,
  invoiceId: disposition === 'billable' ? null : 'inv-1',
  billableFrom: '2026-03-01',
});

describe('the gap of a charge', () => {
  it('has no ticket, but the contract and the charge; its value is money', () => {
    const unsaid = { chargeId, contractId: 'con-1', cause: 'nobody recorded', value: null, sourceEventIds: [] };
    const other = { ...unsaid, chargeId: 'con-1@block@b@2026-03-01' };
    const { charge, ticketId } = missed;
    expect(gapsOfCharges([], [unsaid, other], facts([], { period: '2026-03' }))).toMatchObject([
      { charge: { contractId: 'con-1', chargeId: other.chargeId } },
      { charge, ticketId, valueAtRisk: { money: null, minutes: null }, cause: 'nobody recorded', dueOn: null },
    ]);
    const account = { ...facts([]), clientId: 'cli-1' };
    expect(gapsOfCharges([seats('billable')], [], account)).toEqual([missed]);
    expect(gapsOfCharges([seats('invoiced')], [], account)).toEqual([]);
  });
  it('is told from the gap of another charge, period or client by its key, and makes an id', () => {
    expect(gapKey(missed)).toBe('contract-mismatch||con-1@fee@seats@2026-03-01|2026-03|cli-1');
    const keys = [
      missed,
      { ...missed, charge: { contractId: 'con-1', chargeId: 'con-1@fee@fee@2026-03-01' } },
      { ...missed, period: '2026-04' },
      { ...missed, clientId: 'cli-2' },
    ].map(gapKey);
    expect(new Set(keys).size).toBe(4);
    expect(isId(gapIdOf(gapKey(missed), 1))).toBe(true);
  });
  it('is opened, given an owner and accepted as any other', () => {
    const { dueOn: _dueOn, ...story } = missed;
    const opened = {
      type: 'BillingGapOpened',
      data: { gapId: 'g-1', ...story },
      occurredAt: issued.at,
    } as const;
    const open = { type: 'OpenBillingGap', gapId: 'g-1', ...story, ...issued } as const;
    spec(gap).given().when(open).then(opened);
    spec(gap).given(opened).when(open).thenNothing();
    spec(gap)
      .given(opened)
      .when({
        type: 'AcceptBillingGap',
        gapId: 'g-1',
        reasonCode: 'goodwill',
        comment: 'agreed',
        workBy: [],
        configuration: CONFIGURATION,
        ...issued,
      })
      .thenLike({ type: 'BillingGapAccepted' });
  });
});

describe('endingOfCharge', () => {
  const about = { contractId: 'con-1', chargeId };
  it('is billed once every item of the charge is on an issued invoice', () => {
    expect(endingOfCharge(about, [seats('invoiced')])).toBe('billed');
    expect(endingOfCharge(about, [seats('invoiced'), seats('billable', '@a1')])).toBe('corrected');
  });
  it('of an adjustment is billed once an issued invoice carries the adjustment (K18)', () => {
    const ofAdjustment = { ...about, chargeId: `${about.chargeId}@a1` };
    expect(endingOfCharge(ofAdjustment, [seats('invoiced'), seats('invoiced', '@a1')])).toBe('billed');
    expect(endingOfCharge(ofAdjustment, [seats('invoiced'), seats('invoiced', '@a1'), seats('billable', '@a2')])).toBe(
      'billed',
    );
    expect(endingOfCharge(ofAdjustment, [seats('invoiced')])).toBe('corrected');
  });
  it('is corrected where there is no such charge, or it is on no document again', () => {
    expect(endingOfCharge(about, [])).toBe('corrected');
    expect(endingOfCharge(about, [seats('claimed')])).toBe('corrected');
    const other = 'con-1@fee@other@2026-03-01';
    expect(endingOfCharge(about, [{ ...seats('invoiced'), chargeId: other, chargeItemId: other }])).toBe('corrected');
  });
});
