import { describe, expect, it } from '@jest/globals';
import { type Issued, isId } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ChargeGap, ChargeItem } from '../item/charge-item.js';
import { CONFIGURATION } from '../testing/facts.js';
import { gap } from './gap.js';
import { endingOfCharge, gapIdOf, gapKey } from './identity.js';
import { derivedGapOfCharge } from './of-charge.js';
import { NO_FIGURES } from '../rating/charges/charge-basis.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'record-gaps', role: 'system' } };
const missed: ChargeGap = {
  kind: 'contract-mismatch',
  clientId: 'cli-1',
  period: '2026-03',
  contractId: 'con-1',
  chargeId: 'con-1@fee@seats@2026-03-01',
  valueAtRisk: { amount: '240.00', currency: 'AUD' },
  cause: 'no issued invoice carries it',
  sourceEventIds: ['ev-1'],
  dueOn: '2026-04-01',
};

describe('the gap of a charge', () => {
  const derived = derivedGapOfCharge(missed);
  it('has no ticket, but the contract and the charge; its value is money', () => {
    expect(derived).toEqual({
      kind: 'contract-mismatch',
      ticketId: null,
      clientId: 'cli-1',
      period: '2026-03',
      workItemId: null,
      charge: { contractId: 'con-1', chargeId: 'con-1@fee@seats@2026-03-01' },
      valueAtRisk: { money: { amount: '240.00', currency: 'AUD' }, minutes: null },
      cause: 'no issued invoice carries it',
      sourceEventIds: ['ev-1'],
      dueOn: '2026-04-01',
    });
    expect(derivedGapOfCharge({ ...missed, valueAtRisk: null }).valueAtRisk).toEqual({ money: null, minutes: null });
  });
  it('is told from the gap of another charge, period or client by its key, and makes an id', () => {
    expect(gapKey(derived)).toBe('contract-mismatch||con-1@fee@seats@2026-03-01|2026-03|cli-1');
    const keys = [
      derived,
      derivedGapOfCharge({ ...missed, chargeId: 'con-1@fee@fee@2026-03-01' }),
      derivedGapOfCharge({ ...missed, period: '2026-04' }),
      derivedGapOfCharge({ ...missed, clientId: 'cli-2' }),
    ].map(gapKey);
    expect(new Set(keys).size).toBe(4);
    expect(isId(gapIdOf(gapKey(derived), 1))).toBe(true);
  });
  it('is opened, given an owner and accepted as any other', () => {
    const { dueOn: _dueOn, ...facts } = derived;
    const opened = {
      type: 'BillingGapOpened',
      data: { gapId: 'g-1', ...facts },
      occurredAt: issued.at,
    } as const;
    const open = { type: 'OpenBillingGap', gapId: 'g-1', ...facts, ...issued } as const;
    spec(gap).given().when(open).then(opened);
    spec(gap).given(opened).when(open).thenNothing();
    spec(gap)
      .given(opened)
      .when({
        type: 'AcceptBillingGap',
        gapId: 'g-1',
        reasonCode: 'goodwill',
        comment: 'agreed',
        secondPerson: null,
        workBy: [],
        configuration: CONFIGURATION,
        ...issued,
      })
      .thenLike({ type: 'BillingGapAccepted' });
  });
});

describe('endingOfCharge', () => {
  const about = { contractId: 'con-1', chargeId: missed.chargeId };
  const charge = (disposition: ChargeItem['disposition'], suffix = ''): ChargeItem => ({
    chargeItemId: `${missed.chargeId}${suffix}`,
    chargeId: missed.chargeId,
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
    sourceEventIds: [],
    basis: { ...NO_FIGURES, termId: 'seats' },
    trace: [],
    clientId: 'cli-1',
    period: '2026-03',
    disposition,
    invoiceId: disposition === 'billable' ? null : 'inv-1',
    billableFrom: '2026-03-01',
  });
  it('is billed once every item of the charge is on an issued invoice', () => {
    expect(endingOfCharge(about, [charge('invoiced')])).toBe('billed');
    expect(endingOfCharge(about, [charge('invoiced'), charge('billable', '@a1')])).toBe('corrected');
  });
  it('is corrected where there is no such charge, or it is on no document again', () => {
    expect(endingOfCharge(about, [])).toBe('corrected');
    expect(endingOfCharge(about, [charge('claimed')])).toBe('corrected');
    expect(endingOfCharge(about, [{ ...charge('invoiced'), chargeId: 'con-1@fee@other@2026-03-01' }])).toBe(
      'corrected',
    );
  });
});
