import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

const RULES: CoverageRule[] = [
  { id: 'hours', name: 'From the hours', match: { workTypes: ['remote'] }, outcome: 'prepaid' },
  { id: 'all', name: 'Everything else', match: {}, outcome: 'billable' },
];

describe('work that was invoiced and is drawn from a block in part since its correction (N2)', () => {
  const MARCH = { clientId: 'bluegum', period: '2026-03' } as const;
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum', { hourly: '120.00', onsite: '150.00', rules: RULES, besides: { prepaid: {} } });
    const block = { blockId: 'A', amount: { unit: 'minutes', minutes: 30 }, purchasedOn: '2026-03-02', price: null };
    await msp.send(contracts.PurchasePrepaidBlock, { contractId: 'bluegum-1', ...block });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02', { type: 'onsite' });
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.corrects('W1', 90, '2026-03-02', { type: 'remote' });
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable 0 h -30.00 AUD',
      'W1@d1 covered 0.5 h 0.00 AUD',
    ]);
  });
  afterEach(() => msp.closes());

  const why = { reasonCode: 'wrong-rule', comment: 'remote after all' };
  it.each([
    [
      'on a note of the invoice',
      () => msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1@a1', outcome: 'corrected' }]),
    ],
    [
      'on a note of no invoice',
      () => msp.send(billing.GiveCredits, { creditNoteId: 'C1', ...MARCH, items: ['W1@a1'], ...why }, { actor: ANNA }),
    ],
  ])('keeps the half hour that the block covers when the difference is credited %s', async (_, credits) => {
    await credits();
    const [invoiced, adjustment, change, ...more] = await msp.items('bluegum', '2026-03');
    expect([invoiced, adjustment, more]).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W1@a1 invoiced 0 h -30.00 AUD', []]);
    expect(change).toMatch(/^W1@d\d covered 0\.5 h 0\.00 AUD$/);
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
  });
});
