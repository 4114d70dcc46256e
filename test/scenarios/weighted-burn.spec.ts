import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts } from '@billtrail/application';
import { HOURS } from '../laws/kit/broken-stories.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { BEA } from './people.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const A = { contractId: 'bluegum-1', blockId: 'A' };
const ID = 'bluegum-1@block@A@2026-03-02';
const minutes = (value: number) => ({ unit: 'minutes', minutes: value });

/** Ten hours for 1,200.00; remote work draws 1.5. */
describe('a block that burns weighted, from the first entry to its return', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', {
      ...HOURS,
      besides: { prepaid: { burn: { by: 'weights', weights: [{ workType: 'remote', weight: '1.5' }] } } },
    });
    const price = { net: { amount: '1200.00', currency: 'AUD' }, taxCategory: 'GST' };
    await msp.send(contracts.PurchasePrepaidBlock, { ...A, amount: minutes(600), purchasedOn: DAY, price });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 25, DAY);
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const balance = async () => {
    await msp.house.settle();
    const found = await msp.house.billtrail.models.prepaid.balance({ from: 'block', ...A });
    return (
      found && [found.drawn, found.returned, found.left].map((one) => (one.unit === 'minutes' ? one.minutes : one))
    );
  };
  const gives = (given: object) =>
    msp.tries(contracts.ReturnPrepaidBlock, { ...A, reason: 'leaves', ...given }, {}, BEA);

  it('keeps worked and drawn minutes apart on the line and in the statement', async () => {
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 invoiced 0.416667 h 0.00 AUD']);
    expect(await balance()).toEqual([37.5, 0, 562.5]);
    const statement = await msp.house.billtrail.models.prepaid.statement({ from: 'block', ...A });
    expect(
      statement?.items.map(({ draw, leftAfter, item }) => [draw.weight, draw.amount, leftAfter, item?.billableMinutes]),
    ).toEqual([['1.5', minutes(37.5), minutes(562.5), 25]]);
  });

  it('gives back all that is left with its money, half a minute included', async () => {
    expect(await gives({ returnId: 'r0', amount: minutes(562.50001) })).toBe('PrepaidReturnMalformed');
    expect(await gives({ returnId: 'r0', amount: minutes(563) })).toBe('PrepaidReturnAboveLeft');
    expect(await gives({ returnId: 'r1', amount: minutes(562.5) })).toBe('accepted');
    expect(await balance()).toEqual([37.5, 562.5, 0]);
    // 1,200.00 x 562.5 / 600.
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    expect(charges.map(({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`)).toEqual([
      `${ID} 1200.00`,
      `${ID}@a1 -1125.00`,
    ]);
  });

  it('gives back by money what that buys, or all that is left', async () => {
    expect(await gives({ returnId: 'r1', net: { amount: '1125.00', currency: 'AUD' } })).toBe('accepted');
    expect(await balance()).toEqual([37.5, 562.5, 0]);
  });

  it('a line that is credited to be billed again gives back what it drew', async () => {
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'bill-again' }])).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 covered 0.416667 h 0.00 AUD']);
    expect(await balance()).toEqual([37.5, 0, 562.5]);
    await msp.renegotiates('bluegum', { ...HOURS, from: DAY });
    expect(await balance()).toEqual([25, 0, 575]);
  });
});
