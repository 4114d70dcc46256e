import { describe, expect, it } from '@jest/globals';
import type { DerivedGap } from '../rating/facts.js';
import { gapKey } from './identity.js';
import { gapsByKey } from './merge.js';

const GAP: DerivedGap = {
  kind: 'unbilled',
  ticketId: 'T1',
  clientId: 'acme',
  period: '2026-03',
  workItemId: 'W1',
  valueAtRisk: { money: { amount: '100.00', currency: 'AUD' }, minutes: 40 },
  cause: 'on no invoice',
  sourceEventIds: ['e1', 'e2'],
  dueOn: '2026-04-04',
};

describe('gaps by their key', () => {
  it('keeps gaps of different keys apart', () => {
    expect([...gapsByKey([GAP, { ...GAP, workItemId: 'W2' }]).values()]).toEqual([GAP, { ...GAP, workItemId: 'W2' }]);
  });

  it('adds up two sightings of one gap: money, minutes, causes, sources, and the earlier day', () => {
    const other: DerivedGap = {
      ...GAP,
      valueAtRisk: { money: { amount: '-25.00', currency: 'AUD' }, minutes: null },
      cause: 'its correction too',
      sourceEventIds: ['e2', 'e3'],
      dueOn: '2026-04-01',
    };
    expect(gapsByKey([GAP, other]).get(gapKey(GAP))).toEqual({
      ...GAP,
      valueAtRisk: { money: { amount: '75.00', currency: 'AUD' }, minutes: 40 },
      cause: 'on no invoice; its correction too',
      sourceEventIds: ['e1', 'e2', 'e3'],
      dueOn: '2026-04-01',
    });
  });

  it('is due at once where one of them is', () => {
    expect(gapsByKey([GAP, { ...GAP, dueOn: null }]).get(gapKey(GAP))?.dueOn).toBeNull();
  });
});
