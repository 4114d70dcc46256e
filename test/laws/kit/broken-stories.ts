import { contractCommands as contracts } from '@billtrail/application';
import type { CoverageRule } from '@billtrail/contracts';
import type { Msp } from '../../scenarios/msp.js';

const PREPAID: CoverageRule[] = [{ id: 'prepaid', name: 'From the hours', match: {}, outcome: 'prepaid' }];
export const HOURS = { minimum: 0, increment: 1, hourly: '130.00', rules: PREPAID, besides: { prepaid: {} } };

/** Twenty hours for 2,600.00, of which five are used and invoiced. */
export async function blockInUse(msp: Msp): Promise<void> {
  await msp.signs('bluegum', HOURS);
  const amount = { unit: 'minutes', minutes: 1_200 };
  const price = { net: { amount: '2600.00', currency: 'AUD' }, taxCategory: 'GST' };
  await msp.send(contracts.PurchasePrepaidBlock, {
    contractId: 'bluegum-1',
    blockId: 'A',
    amount,
    purchasedOn: '2026-03-02',
    price,
  });
  const ticket = await msp.ticket('T1', 'bluegum');
  await ticket.time('W1', 300, '2026-03-02');
  await ticket.resolves();
  await msp.bills('I1', 'bluegum', '2026-03');
}
