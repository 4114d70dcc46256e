import { describe, expect, it } from '@jest/globals';
import type { BlockRenewal, CoverageRule, PrepaidBlock } from '@billtrail/contracts';
import { rateExplained as rate } from '../../rate.js';
import { rateRenewing } from '../../rate-renewing.js';
import { aud, block, contractWith, minutes, money } from '../../testing/charges.js';
import { asInvoiced, facts, material, time } from '../../testing/facts.js';
import { whatIf } from '../../what-if.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { BlockFacts, WorkItem } from '../facts.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const BELOW_AN_HOUR: BlockRenewal = { below: minutes(60) };
const PRICE = { net: aud('1300.00'), taxCategory: 'GST' };
const first = (held: number, changes: Partial<PrepaidBlock> = {}): BlockFacts =>
  block('b', minutes(held), { price: PRICE, ...changes });
const under = (
  renewBlocks: BlockRenewal | undefined,
  blocks: readonly BlockFacts[],
  withdrawnBlocks: readonly BlockFacts[] = [],
): Partial<ClientPeriodFacts> => ({
  contracts: [
    contractWith(
      { coverage: [PREPAID], prepaid: renewBlocks === undefined ? {} : { renewBlocks } },
      { blocks, withdrawnBlocks },
    ),
  ],
});
const entry = (many: number, changes = {}): WorkItem => time({ minutes: many, ...changes });
const due = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>) => rate(facts(work, account)).blocksDue;
const DUE = { contractId: 'con-1', on: '2026-03-10', workItemId: 'w-1', follows: 'b', ofBlocks: 1 };

describe('blocks that renew below a threshold', () => {
  it('1.5 h left and 4 h worked: another block is due on the day of the work', () => {
    expect(due([entry(240)], under(BELOW_AN_HOUR, [first(90)]))).toEqual([DUE]);
  });

  it('once it is bought nothing is overage: 90 min and 150 min of the new one', () => {
    const work = [entry(240)];
    const { result, bought } = rateRenewing(facts(work, under({ ...BELOW_AN_HOUR, goodForMonths: 6 }, [first(600)])));
    expect(bought).toEqual([]);
    expect(result.blocksDue).toEqual([]);
    const small = rateRenewing(facts(work, under({ ...BELOW_AN_HOUR, goodForMonths: 6 }, [first(90)])));
    // 90 + 90 + 90, of which 30 are left: less than an hour, and the work has had its block.
    expect(small.result.items.map(({ draw, billableMinutes }) => [draw?.source.from, billableMinutes])).toEqual([
      ['block', 90],
      ['block', 90],
      ['block', 60],
    ]);
    expect(small.bought.map(({ block: one }) => [one.purchasedOn, one.expiresOn, one.price, one.renews])).toEqual([
      ['2026-03-10', '2026-09-09', PRICE, { blockId: 'b', workItemId: 'w-1' }],
      ['2026-03-10', '2026-09-09', PRICE, { blockId: small.bought[0]?.block.blockId, workItemId: 'w-1' }],
    ]);
  });

  it.each([
    ['the terms do not say so', undefined, [entry(240)], [first(90)], []],
    ['enough is left: 60 min of 300', BELOW_AN_HOUR, [entry(240)], [first(300)], []],
    ['one minute less is left', BELOW_AN_HOUR, [entry(241)], [first(300)], [DUE]],
    ['nobody worked', BELOW_AN_HOUR, [], [first(30)], []],
    ['the time is not approved', BELOW_AN_HOUR, [entry(240, { approval: 'unapproved' })], [first(90)], []],
    ['the time was rejected', BELOW_AN_HOUR, [entry(240, { approval: 'rejected' })], [first(90)], []],
    ['there is no block to be like', BELOW_AN_HOUR, [entry(240)], [], []],
    ['the blocks hold another unit', BELOW_AN_HOUR, [entry(240)], [block('m', money('10.00'))], []],
    ['work that no hours pay for', BELOW_AN_HOUR, [material()], [first(30)], []],
    [
      'the last block expired before the work',
      BELOW_AN_HOUR,
      [entry(30)],
      [first(600, { expiresOn: '2026-03-09' })],
      [DUE],
    ],
  ] as const)('%s', (_, renewal, work, blocks, expected) => {
    expect(due(work, under(renewal, blocks))).toEqual(expected);
  });

  it('of money too: less than 100.00 left', () => {
    const renewal: BlockRenewal = { below: money('100.00') };
    const account = (held: string) => under(renewal, [block('b', money(held), { price: PRICE })]);
    // An hour costs 150.00.
    expect(due([entry(60)], account('250.00'))).toEqual([]);
    expect(due([entry(60)], account('249.99'))).toEqual([DUE]);
  });

  it('at most so many in a month, those that a person withdrew among them', () => {
    const renewed = (id: string, workItemId: string): BlockFacts =>
      first(10, { blockId: id, purchasedOn: '2026-03-02', renews: { blockId: 'b', workItemId } });
    const renewal: BlockRenewal = { ...BELOW_AN_HOUR, atMostPerPeriod: 2 };
    const work = [entry(240)];
    expect(due(work, under(renewal, [first(90), renewed('r1', 'w-8')]))).toHaveLength(1);
    expect(due(work, under(renewal, [first(90), renewed('r1', 'w-8'), renewed('r2', 'w-9')]))).toEqual([]);
    const gone = { ...renewed('r2', 'w-9'), withdrawn: 'not wanted' };
    expect(due(work, under(renewal, [first(90), renewed('r1', 'w-8')], [gone]))).toEqual([]);
  });

  it('what a person gave back is not bought again for the same work', () => {
    const renewed = first(600, {
      blockId: 'r1',
      purchasedOn: '2026-03-10',
      renews: { blockId: 'b', workItemId: 'w-1' },
    });
    const back = {
      ...renewed,
      returns: [
        { returnId: 'x', amount: minutes(450), net: aud('975.00'), returnedOn: '2026-03-11', reason: 'not wanted' },
      ],
    };
    expect(due([entry(240)], under(BELOW_AN_HOUR, [first(90), back]))).toEqual([]);
    expect(due([entry(240)], under(BELOW_AN_HOUR, [first(90)], [{ ...renewed, withdrawn: 'not wanted' }]))).toEqual([]);
    const next = entry(30, { workItemId: 'w-2', position: 2, workDate: '2026-03-12' });
    expect(due([entry(240), next], under(BELOW_AN_HOUR, [first(90), back]))).toMatchObject([
      { workItemId: 'w-2', on: '2026-03-12', follows: 'r1' },
    ]);
  });

  it('back-dated work finds the block that was bought later, and buys one only for what would be overage', () => {
    const renewed = first(600, {
      blockId: 'r1',
      purchasedOn: '2026-03-10',
      renews: { blockId: 'b', workItemId: 'w-1' },
    });
    const account = under(BELOW_AN_HOUR, [first(90), renewed]);
    const early = (many: number) => entry(many, { workItemId: 'w-0', position: 9, workDate: '2026-03-05' });
    expect(due([early(60), entry(240)], account)).toEqual([]);
    expect(due([early(100), entry(240)], account)).toMatchObject([{ workItemId: 'w-0', on: '2026-03-05' }]);
  });

  it('work that is not there any more leaves the block that was bought for it', () => {
    const renewed = first(600, {
      blockId: 'r1',
      purchasedOn: '2026-03-10',
      renews: { blockId: 'b', workItemId: 'w-1' },
    });
    const result = rate(facts([], under(BELOW_AN_HOUR, [first(90), renewed])));
    expect(result.blocksDue).toEqual([]);
    expect(result.charges.map(({ net, trace }) => [net.amount, trace[0]?.text])).toEqual([
      [
        '1300.00',
        'block r1 of 600 min purchased on 2026-03-10 for contract con-1 by its terms, like block b, for w-1 took what was left: 1300.00 AUD',
      ],
    ]);
  });

  it('what was invoiced as overage stays it: a correction buys no block for it', () => {
    const account = under(undefined, [first(90)]);
    const invoiced = asInvoiced(rate(facts([entry(240)], account)).items);
    const corrected = entry(245, { sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const again = { ...under(BELOW_AN_HOUR, [first(90)]), invoiced };
    // Only the 5 min that it grew by want a block.
    expect(due([corrected], again)).toEqual([DUE]);
    expect(due([entry(240, { sourceEventIds: ['ev-w-1', 'ev-w-1b'], description: 'again' })], again)).toEqual([]);
  });

  it('what-if tells the block that would be bought, and that nothing is overage', () => {
    const now = facts([entry(240)], under(undefined, [first(90)]));
    const [contract = null] = under(BELOW_AN_HOUR, [first(90)]).contracts ?? [];
    const { differences, net, bought } = whatIf(now, { contract });
    expect(bought).toHaveLength(2);
    // Two blocks of 1,300.00 instead of 150 min at 150.00.
    expect(net).toEqual(aud('2225.00'));
    expect(differences.filter(({ kind }) => kind === 'added')).not.toEqual([]);
  });
});
