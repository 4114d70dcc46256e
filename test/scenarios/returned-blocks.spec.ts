import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import type { PrepaidAmount } from '@billtrail/contracts';
import { HOURS, blockInUse } from '../laws/kit/broken-stories.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp, versionOf } from './msp.js';
import { ANNA, BEA } from './people.js';
import { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const minutes = (value: number): PrepaidAmount => ({ unit: 'minutes', minutes: value });
const aud = (amount: string) => ({ amount, currency: 'AUD' });
/** 1,200 min for 2,600.00, of which 300 are drawn and invoiced. */
const A = { contractId: 'bluegum-1', blockId: 'A' };
const ID = 'bluegum-1@block@A@2026-03-02';

describe('hours and money of a prepaid block stay together (K2)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await blockInUse(msp);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const gives = (given: object) =>
    msp.tries(contracts.ReturnPrepaidBlock, { ...A, reason: 'needs fewer', ...given }, {}, BEA);
  const balance = async () => {
    await msp.house.settle();
    const found = await msp.house.billtrail.models.prepaid.balance({ from: 'block', ...A });
    return (
      found && [found.drawn, found.returned, found.left].map((one) => (one.unit === 'minutes' ? one.minutes : one))
    );
  };
  const charges = async () => {
    await msp.house.settle();
    const all = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    return all.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
  };
  const refusal = async (given: object) => {
    const answer = await msp.house.send(contracts.ReturnPrepaidBlock, { ...A, reason: 'x', ...given }, { actor: ANNA });
    return isRefusal(answer) ? { code: answer.code, remedy: answer.remedy } : null;
  };

  it('a version that draws on no block is told what is left, and the return that it names gives that back', async () => {
    const warnings = async (from: string): Promise<readonly unknown[]> => {
      await msp.house.settle();
      const version = { contractId: 'bluegum-1', ...versionOf({ from }) };
      const answer = await msp.house.must(contracts.PublishContractVersion, version, { actor: ANNA });
      const ofBlocks = (answer.warnings ?? []).filter(({ code }) => code === 'BlockOutOfReach');
      return ofBlocks.map(({ details }) => [details['blockId'], details['left']]);
    };
    expect(await warnings('2026-04-01')).toEqual([['A', '900 min']]);
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    expect(await warnings('2026-05-01')).toEqual([]);
  });

  it('a return gives hours back with their money, and nobody can draw them', async () => {
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    expect(await balance()).toEqual([300, 900, 0]);
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable -1950.00`]);
    await msp.days(35);
    const later = await msp.ticket('T2', 'bluegum');
    await later.time('W2', 120, '2026-04-02');
    expect(await msp.items('bluegum', '2026-04')).toEqual(['W2 billable 2 h 260.00 AUD']);
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: `${ID}@a1`, outcome: 'corrected' }])).toBe(
      'accepted',
    );
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of INV-000001',
      `${ID}@a1 corrected 1950.00`,
      '1950.00 + 195.00 = 2145.00 AUD',
    ]);
    expect((await msp.house.billtrail.models.charges.byId(ID)).flatMap(({ trace }) => trace).at(-1)?.text).toBe(
      `given back so far, 1950.00 AUD: 1950.00 AUD of ${ID}@a1 on C1`,
    );
    const statement = await msp.house.billtrail.models.prepaid.statement({ from: 'block', ...A });
    expect(statement?.returns).toMatchObject([
      { returnId: 'r1', amount: minutes(900), net: aud('1950.00'), reason: 'needs fewer' },
    ]);
  });

  it('a return by money gives the hours that it buys; money that buys no whole minute is refused with what would do', async () => {
    expect(await gives({ returnId: 'r1', net: aud('650.00') })).toBe('accepted');
    expect(await balance()).toEqual([300, 300, 600]);
    expect(await refusal({ returnId: 'r2', net: aud('651.00') })).toEqual({
      code: 'PrepaidReturnUneven',
      remedy: 'Return 300 min (650.00) or 301 min (652.17).',
    });
  });

  it('several returns come to the price, whatever a minute costs', async () => {
    const price = { net: aud('100.00'), taxCategory: 'GST' };
    const block = { contractId: 'bluegum-1', blockId: 'B', amount: minutes(7), purchasedOn: DAY, price };
    await msp.send(contracts.PurchasePrepaidBlock, block);
    await msp.bills('I2', 'bluegum', MARCH);
    for (const returnId of ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7'])
      expect(await gives({ blockId: 'B', returnId, amount: minutes(1) })).toBe('accepted');
    expect((await charges()).filter((one) => one.includes('@B@'))).toEqual([
      'bluegum-1@block@B@2026-03-02 invoiced 100.00',
      'bluegum-1@block@B@2026-03-02@a1 billable -100.00',
    ]);
  });

  it('refuses to return more than is left, other units, both and neither, and stays quiet on repeat', async () => {
    expect(await refusal({ returnId: 'r1', amount: minutes(901) })).toEqual({
      code: 'PrepaidReturnAboveLeft',
      remedy: 'Return at most 900 min, 1950.00 AUD.',
    });
    const money = { unit: 'money', money: aud('10.00') };
    for (const given of [{ amount: money }, {}, { amount: minutes(1), net: aud('2.17') }, { net: aud('0.00') }])
      expect(await gives({ returnId: 'r1', ...given })).toBe('PrepaidReturnMalformed');
    expect(await gives({ blockId: 'Z', returnId: 'r1', amount: minutes(1) })).toBe('PrepaidBlockUnknown');
    expect(await gives({ returnId: 'r1', amount: minutes(30) })).toBe('accepted');
    expect(await gives({ returnId: 'r1', amount: minutes(30) })).toBe('accepted');
    expect(await gives({ returnId: 'r1', amount: minutes(31) })).toBe('PrepaidReturnExists');
    expect(await balance()).toEqual([300, 30, 870]);
  });

  it('a credit note for the price alone is refused, and its remedy works', async () => {
    const asked = { itemId: ID, outcome: 'written-off' as const };
    for (const net of [aud('1950.00'), undefined])
      expect(
        await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ ...asked, ...(net && { net }) }], { approvedBy: BEA }),
      ).toBe('PrepaidBlockKeepsHours');
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: ID, outcome: 'bill-again' }])).toBe('accepted');
    expect(await charges()).toEqual([`${ID} billable 2600.00`]);
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    expect(await charges()).toEqual([`${ID} billable 650.00`]);
  });

  it('a withdrawal after draws gives back what is left, and the block stays on the statement', async () => {
    await msp.send(contracts.WithdrawPrepaidBlock, { ...A, reason: 'sold in error' });
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable -1950.00`]);
    expect(await balance()).toEqual([300, 900, 0]);
    const statement = await msp.house.billtrail.models.prepaid.statement({ from: 'block', ...A });
    expect(statement?.returns).toMatchObject([
      { returnId: null, amount: minutes(900), net: aud('1950.00'), reason: 'sold in error' },
    ]);
    const later = await msp.ticket('T2', 'bluegum');
    await later.time('W2', 60, DAY);
    expect(await msp.items('bluegum', MARCH)).toContain('W2 billable 1 h 130.00 AUD');
  });

  it('hours that are billed again after a withdrawal give the rest of the price back', async () => {
    await msp.send(contracts.WithdrawPrepaidBlock, { ...A, reason: 'sold in error' });
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'bill-again' }])).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 5 h 650.00 AUD']);
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable -2600.00`]);
  });

  it('a block of money is the same: what is returned of it goes by what it was sold for', async () => {
    const price = { net: aud('450.00'), taxCategory: 'GST' };
    const amount = { unit: 'money', money: aud('500.00') };
    await msp.send(contracts.PurchasePrepaidBlock, {
      contractId: 'bluegum-1',
      blockId: 'M',
      amount,
      purchasedOn: DAY,
      price,
    });
    await msp.bills('I2', 'bluegum', MARCH);
    const back = { unit: 'money', money: aud('100.00') };
    expect(await gives({ blockId: 'M', returnId: 'm1', amount: back })).toBe('accepted');
    expect(await gives({ blockId: 'M', returnId: 'm2', net: aud('90.00') })).toBe('accepted');
    expect((await charges()).at(-1)).toBe('bluegum-1@block@M@2026-03-02@a1 billable -180.00');
  });

  it.each([
    ['voided', (ticket: TicketStory) => ticket.voids('W1'), '-2600.00', [0, 1200, 0]],
    ['corrected to 120 min', (ticket: TicketStory) => ticket.corrects('W1', 120, DAY), '-2340.00', [120, 1080, 0]],
  ])('the drawn work of a withdrawn block, %s, takes its money along', async (_, change, back, hours) => {
    await msp.send(contracts.WithdrawPrepaidBlock, { ...A, reason: 'sold in error' });
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable -1950.00`]);
    // The price of what was drawn can't go back alone; what the refusal says works.
    const answer = await msp.house.send(
      billing.IssueCreditNote,
      {
        creditNoteId: 'C1',
        invoiceId: 'I1',
        clientId: 'bluegum',
        period: MARCH,
        items: [{ itemId: ID, outcome: 'written-off' }],
        reasonCode: 'x',
        comment: 'y',
      },
      { actor: ANNA },
    );
    expect(isRefusal(answer) && [answer.code, answer.remedy]).toEqual([
      'PrepaidBlockKeepsHours',
      'To give more back, void or correct the work that drew on it, or credit that to be billed again. What is owed goes on a credit note as `corrected`, or on the next invoice.',
    ]);
    await change(new TicketStory(msp, 'T1'));
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable ${back}`]);
    const owed = [{ itemId: `${ID}@a1`, outcome: 'corrected' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, owed)).toBe('accepted');
    expect(await balance()).toEqual(hours);
  });
  it('what expired undrawn, or is left when the client leaves, can be returned too', async () => {
    const expiring = { blockId: 'E', amount: minutes(60), purchasedOn: DAY, expiresOn: '2026-03-03' };
    await msp.send(contracts.PurchasePrepaidBlock, { contractId: 'bluegum-1', ...expiring, price: null });
    await msp.send(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2026-03-20', reason: 'moves' });
    await msp.days(30);
    expect(await gives({ blockId: 'E', returnId: 'e1', amount: minutes(60) })).toBe('accepted');
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    expect(await balance()).toEqual([300, 900, 0]);
  });

  it('that are left when the contract ends are a gap, once the work until then had its time to be billed', async () => {
    const ends = (lastDay: string) =>
      msp.send(contracts.TerminateContract, { contractId: A.contractId, lastDay, reason: 'moves' });
    await ends('2026-03-20');
    // 18 days to the end, and the 14 of the billing delay.
    await msp.days(32);
    expect(await msp.gaps()).toEqual([]);
    await msp.days(1);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -1950.00 AUD']);
    const [gap] = (await msp.house.billtrail.models.gaps.list({ state: 'open' }, { limit: 10 })).items;
    expect(gap?.cause).toMatch(
      /^900 min of block A, bought on 2026-03-02, can be drawn by nothing any more: contract bluegum-1 ended on 2026-03-20\. Return them, and 1950\.00 AUD of its price follow, or let /,
    );
    expect(gap?.remedy).toBe('Return them: POST /v1/contracts/bluegum-1/prepaid-blocks/A/return');
    // A later end lets the hours be drawn again; an earlier one does not.
    await ends('2026-12-31');
    expect(await msp.gaps()).toEqual([]);
    await ends('2026-03-10');
    expect(await msp.gaps()).toEqual(['contract-mismatch: -1950.00 AUD']);
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: `${ID}@a1`, outcome: 'corrected' }]);
    expect(await msp.gaps()).toEqual([]);
  });

  it('that expired before the contract ended are none: they lapsed by its terms', async () => {
    const price = { net: aud('60.00'), taxCategory: 'GST' };
    const expiring = { blockId: 'E', amount: minutes(60), purchasedOn: DAY, expiresOn: '2026-03-19', price };
    await msp.send(contracts.PurchasePrepaidBlock, { contractId: 'bluegum-1', ...expiring });
    await msp.bills('I2', 'bluegum', MARCH);
    await gives({ returnId: 'r1', amount: minutes(900) });
    await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: `${ID}@a1`, outcome: 'corrected' }]);
    await msp.send(contracts.TerminateContract, { contractId: A.contractId, lastDay: '2026-03-20', reason: 'moves' });
    await msp.days(60);
    expect(await msp.gaps()).toEqual([]);
  });

  it('of a term that was undone are a gap, and the remedy works: what is left goes back with its money', async () => {
    await msp.send(contracts.TerminateContract, { contractId: A.contractId, lastDay: '2026-03-01', reason: 'moved' });
    await msp.house.settle();
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`]);
    // 900 of 1,200 min at 2,600.00.
    expect(await msp.gaps()).toContain('contract-mismatch: -1950.00 AUD');
    expect(await gives({ returnId: 'r1', amount: minutes(900) })).toBe('accepted');
    expect(await charges()).toEqual([`${ID} invoiced 2600.00`, `${ID}@a1 billable -1950.00`]);
    await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: `${ID}@a1`, outcome: 'corrected' }]);
    expect(await msp.gaps()).not.toContain('contract-mismatch: -1950.00 AUD');
  });
});

describe('a block whose hours were drawn on a month after it was sold', () => {
  it('keeps their share of the price when it is withdrawn', async () => {
    const msp = await Msp.opens(DAY);
    await msp.signs('bluegum', HOURS);
    const price = { net: aud('600.00'), taxCategory: 'GST' };
    await msp.send(contracts.PurchasePrepaidBlock, { ...A, amount: minutes(600), purchasedOn: DAY, price });
    await msp.bills('I1', 'bluegum', MARCH);
    await msp.days(35);
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 240, '2026-04-02');
    const other = { blockId: 'X', amount: minutes(60), purchasedOn: '2026-04-01', price };
    await msp.send(contracts.PurchasePrepaidBlock, { contractId: 'bluegum-1', ...other });
    await msp.bills('I2', 'bluegum', '2026-04');
    await msp.send(contracts.WithdrawPrepaidBlock, { ...A, reason: 'sold in error' });
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    expect(charges.map(({ net }) => net.amount)).toEqual(['600.00', '-360.00']);
    // 240 min at 1.00 are given back by a correction of April: a gap, until a document of April says so and March knows.
    await ticket.voids('W1');
    expect(await msp.gaps()).toEqual(['contract-mismatch: -240.00 AUD', 'contract-mismatch: -360.00 AUD']);
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    expect(await msp.drafts('I3', 'bluegum', '2026-04')).toBe('NothingToBill');
    const named = { invoiceId: 'I3', clientId: 'bluegum', period: '2026-04', tickets: ['T1'] };
    expect(await msp.tries(billing.DraftInvoice, named)).toBe('accepted');
    expect(await msp.issues('I3', 'bluegum', '2026-04')).toBe('accepted');
    expect(await msp.document('I3')).toEqual(['INV-000003', 'W1@d1 -4 h 0.00', '0.00 + 0.00 = 0.00 AUD']);
    await msp.house.settle();
    const after = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    expect(after.map(({ net }) => net.amount)).toEqual(['600.00', '-600.00']);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -600.00 AUD']);
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });
});
