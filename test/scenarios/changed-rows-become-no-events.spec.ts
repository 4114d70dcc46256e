import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { HOURS } from '../laws/kit/broken-stories.js';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { Msp, versionOf } from './msp.js';
import { OMAR } from './people.js';
import { managed, publishedPolicy } from './service-levels.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const CLIENT = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD' };
const MINUTES_OF_DAY = 1_440;

describe('what another program changed in the read models becomes no event (Z2)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let msp: Msp;
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens(DAY, {}, folder.path);
  });
  afterEach(async () => {
    await msp.closes();
    folder.remove();
  });

  function changed(sql: string): void {
    const file = new Database(join(folder.path, 'read-models.db'));
    const { total } = file.prepare('SELECT total_changes() AS total').get() as { readonly total: number };
    file.exec(sql);
    expect(file.prepare('SELECT total_changes() AS total').get()).not.toEqual({ total });
    file.close();
  }

  const typesOf = async () => (await msp.house.events()).map(({ type }) => type);
  const numberOf = async (type: string) => (await typesOf()).filter((one) => one === type).length;
  const troubles = () => msp.house.billtrail.policyTroubles();
  const expectTrouble = (policy: string) =>
    expect(troubles()).toContainEqual(
      expect.objectContaining({ policy, cause: expect.stringContaining('ReadModelsDiffer') }),
    );
  /** What the cause names as the way out. */
  const filledAnew = async (): Promise<void> => {
    await msp.house.billtrail.models.rebuild();
    await msp.house.settle();
  };

  describe('of blocks', () => {
    const minutes = (value: number) => ({ unit: 'minutes' as const, minutes: value });
    let ticket: TicketStory;
    beforeEach(async () => {
      const renewBlocks = { below: minutes(60), goodForMonths: 12 };
      await msp.signs('bluegum', { ...HOURS, besides: { prepaid: { renewBlocks } } });
      const price = { net: { amount: '1300.00', currency: 'AUD' }, taxCategory: 'GST' };
      const block = { contractId: 'bluegum-1', blockId: 'A', amount: minutes(600), purchasedOn: DAY, expiresOn: null };
      await msp.send(contracts.PurchasePrepaidBlock, { ...block, price });
      ticket = await msp.ticket('T1', 'bluegum');
      await msp.house.settle();
    });

    it.each([
      ['its client', 'bluegum', `'2026-03'`],
      ['its client, in a month without anything', 'bluegum', `'2031-07'`],
    ])('none is bought for a row of %s that somebody made up', async (_what, clientId, period) => {
      changed(`INSERT INTO blocks_due VALUES ('${clientId}', ${period}, 'bluegum-1', '2026-03-02', 'W-none', 'A', 1)`);
      await ticket.notes('Anything');
      await msp.house.billtrail.catchUp();
      expect(await numberOf('PrepaidBlockPurchased')).toBe(1);
      expectTrouble('renew-blocks');
      await filledAnew();
      expect(await numberOf('PrepaidBlockPurchased')).toBe(1);
      await ticket.time('W1', 590, DAY);
      await msp.house.settle();
      expect(await numberOf('PrepaidBlockPurchased')).toBe(2);
    });

    it.each([
      ['what was drawn', `DELETE FROM draws`],
      ['what it holds', `UPDATE prepaid_blocks SET amount = json_set(amount, '$.minutes', 6000)`],
      ['whose the contract is', `UPDATE contracts SET client_id = 'nobody'`],
    ])('nothing is returned where another program changed %s', async (_what, sql) => {
      await ticket.time('W1', 400, DAY);
      await msp.house.settle();
      changed(sql);
      const block = { contractId: 'bluegum-1', blockId: 'A', amount: minutes(300), returnId: 'R1' };
      const returned = () => msp.tries(contracts.ReturnPrepaidBlock, { ...block, reason: 'moves' });
      expect(await returned()).toBe('ReadModelsDiffer');
      await filledAnew();
      expect(await returned()).toBe('PrepaidReturnAboveLeft');
    });

    it('none is bought for a row of a client that has no such contract', async () => {
      changed(`INSERT INTO blocks_due VALUES ('nobody', '2026-03', 'bluegum-1', '2026-03-02', 'W-none', 'A', 1)`);
      await ticket.notes('Anything');
      await msp.house.billtrail.catchUp();
      expect(await numberOf('PrepaidBlockPurchased')).toBe(1);
    });
  });

  describe('of months and contracts', () => {
    it.each([
      [
        'the lead time',
        `UPDATE rating_configuration SET configuration = json_set(configuration, '$.chargeLeadDays', 400)`,
      ],
      ['the months that have come', `DELETE FROM horizon`],
      ['the zone of the contract', `UPDATE contracts SET time_zones = '["Pacific/Kiritimati"]'`],
      ['whose it is', `UPDATE contracts SET client_id = 'cove'`],
    ])('no month is opened where another program changed %s', async (_what, sql) => {
      const besides = managed(publishedPolicy('lucidity_au'));
      await msp.signs('bluegum', { besides });
      await msp.signs('cove', {});
      await msp.days(29);
      changed(sql);
      // The evening of the 31st in Sydney: in Kiritimati April has begun.
      msp.house.passDays(0.5);
      const before = await numberOf('BillingMonthOpened');
      const lastMonth = async () =>
        (await msp.house.events()).findLast(({ type }) => type === 'BillingMonthOpened')?.data;
      await msp.house.billtrail.catchUp();
      expect(await numberOf('BillingMonthOpened')).toBe(before);
      msp.house.passDays(2);
      await msp.house.billtrail.catchUp();
      expect(await numberOf('BillingMonthOpened')).toBe(before);
      expectTrouble('open-months');
      await filledAnew();
      expect(await lastMonth()).toEqual({ month: '2026-04' });
    });

    it('no contract is renewed by another zone of its client', async () => {
      const renewal = { automatic: true, months: 12, noticeDays: 10 } as const;
      const { recurringCharges = [] } = managed(publishedPolicy('lucidity_au'));
      await msp.send(contracts.RegisterClient, { ...CLIENT, timeZone: 'America/Los_Angeles' });
      const contract = { contractId: 'bluegum-1', clientId: 'bluegum', name: 'Care', priority: 10 };
      const version = versionOf({ besides: { recurringCharges, renewal } });
      await msp.send(contracts.ActivateContract, { ...contract, ...version, effectiveTo: '2026-03-31' });
      await msp.days(27);
      changed(`UPDATE clients SET time_zone = 'Pacific/Kiritimati'`);
      // The evening of the 30th in Sydney.
      msp.house.passDays(1.5);
      await msp.house.billtrail.catchUp();
      expect(await typesOf()).not.toContain('ContractRenewed');
      expectTrouble('renew-contracts');
      await filledAnew();
      expect(await typesOf()).not.toContain('ContractRenewed');
      await msp.days(2);
      expect(await numberOf('ContractRenewed')).toBe(1);
    });
  });

  it('no merge is taken back that nobody said was crossed', async () => {
    await msp.signs('bluegum');
    await msp.ticket('T1', 'bluegum');
    await msp.ticket('T2', 'bluegum');
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'the same' }, { actor: OMAR });
    await msp.house.settle();
    const merged = (await msp.house.events()).find(({ type }) => type === 'TicketMerged')!;
    changed(`INSERT INTO crossed_merges VALUES ('T1', '${merged.id}')`);
    await msp.house.billtrail.catchUp();
    expect(await typesOf()).not.toContain('TicketSplit');
    expectTrouble('split-crossed-merges');
    await filledAnew();
    expect(await typesOf()).not.toContain('TicketSplit');
  });

  it('no target is missed by terms that nobody agreed', async () => {
    await msp.signs('bluegum', { from: '2026-03-01', besides: managed(publishedPolicy('lucidity_au')) });
    await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.house.settle();
    const before = (await typesOf()).filter((type) => type.startsWith('Sla')).length;
    changed(`UPDATE contracts SET state = replace(state, '"minutes":', '"minutes":1,"was":');
      INSERT OR REPLACE INTO sla_acts VALUES ('T1', 0)`);
    msp.house.passDays(5 / MINUTES_OF_DAY);
    await msp.house.billtrail.catchUp();
    expect((await typesOf()).filter((type) => type.startsWith('Sla')).length).toBe(before);
    expectTrouble('record-sla');
    await filledAnew();
    await msp.days(31);
    expect(await typesOf()).toContain('SlaBreached');
  });

  it.each([
    ['from its beginning', 'bluegum'],
    ['since it was put right', 'cove'],
  ])('no gap of a client %s is closed for the word of a text that is gone', async (_since, firstOf) => {
    for (const clientId of ['bluegum', 'cove']) await msp.signs(clientId);
    const ticket = await msp.ticket('T1', firstOf, { summary: 'Fitted a new SSD' });
    if (firstOf !== 'bluegum') await ticket.isOf({ clientId: 'bluegum' });
    await ticket.time('W1', 30, DAY);
    await ticket.resolves('none-used');
    expect(await msp.gaps()).toEqual([expect.stringContaining('material-suspected')]);
    const open = await msp.gaps();
    changed(`DELETE FROM ticket_texts WHERE ticket_id = 'T1'`);
    await ticket.notes('Anything');
    await msp.house.billtrail.catchUp();
    expect(await typesOf()).not.toContain('BillingGapClosed');
    expectTrouble('record-gaps');
    await filledAnew();
    expect(await msp.gaps()).toEqual(open);
  });

  describe('of names of work', () => {
    const asked = async (): Promise<string> => {
      await msp.house.billtrail.catchUp();
      return msp.drafts('I1', 'bluegum', '2026-03');
    };
    let other: TicketStory;
    beforeEach(async () => {
      await msp.signs('bluegum');
      const first = await msp.ticket('T6', 'bluegum');
      await first.time('T6-E1', 60, DAY);
      other = await msp.ticket('T40', 'bluegum');
      await msp.house.settle();
    });

    it.each([
      ['a name that is not its own', `INSERT INTO work_item_names VALUES ('T40', 'T40-E1', 'T6-E1', '~E1')`, 'T40-E1'],
      ['the same, beside other ids', `INSERT INTO work_item_names VALUES ('T40', 'T40-E1', 'T6-E1', '~77')`, 'T40-E1'],
      ['its name taken already', `INSERT INTO work_item_names VALUES ('T7', 'T40-E1', 'T40-E1', '~E1')`, 'T40-E1'],
      ['a name free that is taken', `DELETE FROM work_item_names WHERE name = 'T6-E1'`, 'T6-E1'],
    ])('no line stands on a document where it found %s', async (_what, sql, id) => {
      changed(sql);
      await other.time(id, 600, DAY);
      expect(await asked()).toBe('ReadModelsDiffer');
      await filledAnew();
      expect(await asked()).toBe('accepted');
      await msp.house.settle();
      const { items } = await msp.house.billtrail.models.invoices.lines('I1');
      expect(items.map(({ itemId }) => itemId).sort()).toEqual([id === 'T6-E1' ? 'T40@@T6-E1' : 'T40-E1', 'T6-E1']);
    });
  });
});
