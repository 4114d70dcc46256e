import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { CoverageRule } from '@billtrail/contracts';
import type { Msp } from '../../scenarios/msp.js';
import { PRIYA } from '../../scenarios/people.js';

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

/** An hour that began at 01:00 on 1 July in Sydney, and at 23:00 on 30 June in Perth; July is invoiced. */
export async function hourAtTheEdge(msp: Msp): Promise<void> {
  await msp.signs('bluegum', { hourly: '100.00' });
  const ticket = await msp.ticket('T1', 'bluegum');
  await msp.send(
    tickets.LogTimeEntry,
    {
      ticketId: 'T1',
      timeEntryId: 'W1',
      engineerId: PRIYA.id,
      engineerRole: 'engineer',
      workType: 'remote',
      minutes: 60,
      workDate: '2026-07-01',
      startedAt: '2026-06-30T15:00:00Z',
      endedAt: '2026-06-30T16:00:00Z',
      description: 'Night work',
    },
    { actor: PRIYA },
  );
  await ticket.approves('W1');
  await ticket.resolves();
  await msp.bills('I1', 'bluegum', '2026-07');
}
