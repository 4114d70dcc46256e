import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { ticketCommands as tickets } from '@billtrail/application';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('what another program changed in the read models (Z2)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let msp: Msp;
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens('2026-03-02', LIMIT, folder.path);
    await msp.signs('bluegum');
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

  describe('leads no courtesy and no price of an entry elsewhere', () => {
    const gives = () => msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'sorry' });
    const sets = (pricePerHour: string) =>
      msp.tries(tickets.OverrideTimeEntryPrice, {
        ticketId: 'T1',
        timeEntryId: 'W1',
        pricePerHour: aud(pricePerHour),
        reason: 'agreed',
      });
    /** 900.00 in February and 300.00 in March. */
    beforeEach(async () => {
      const ticket = await msp.ticket('T1', 'bluegum');
      await ticket.time('W1', 480, '2026-02-28', {
        from: '2026-02-28T18:00:00+11:00',
        until: '2026-03-01T02:00:00+11:00',
      });
      await msp.house.settle();
    });

    it.each([
      ['nothing', null],
      ['the row of one month is gone', `DELETE FROM billable_items WHERE period = '2026-02'`],
      ['all rows are gone', 'DELETE FROM billable_items'],
      ['the rows are of another client', `UPDATE billable_items SET client_id = 'nobody'`],
      ['the rows are of another ticket', `UPDATE billable_items SET ticket_id = 'T2'`],
      ['the name of the work is another', `UPDATE work_item_names SET name = 'W2'`],
    ])('where no document rests on it: %s', async (_what, sql) => {
      if (sql !== null) changed(sql);
      expect(await gives()).toBe('CourtesyOverMonths');
      expect(await sets('60.00')).toBe('accepted');
      expect(await sets('1.00')).toBe('waits');
    });

    it.each([
      ['the work is of another client', `UPDATE work_items SET client_id = 'nobody'`],
      ['the work is gone', 'DELETE FROM work_items'],
      ['its further month is gone', 'DELETE FROM work_spans'],
    ])('where documents rest on it, it is refused: %s', async (_what, sql) => {
      changed(sql);
      expect(await gives()).toBe('ReadModelsDiffer');
      expect(await sets('1.00')).toBe('ReadModelsDiffer');
      await msp.house.billtrail.models.rebuild();
      expect(await gives()).toBe('CourtesyOverMonths');
    });

    it('nor its withdrawal, once it stands on an invoice', async () => {
      const ticket = await msp.ticket('T2', 'bluegum');
      await ticket.time('W2', 60, '2026-03-02');
      await ticket.approves('W2');
      const of = { ticketId: 'T2', workItemId: 'W2', reason: 'sorry' };
      expect(await msp.tries(tickets.GrantCourtesy, { ...of, amount: aud('10.00') })).toBe('accepted');
      expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('accepted');
      expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('accepted');
      changed('DELETE FROM billable_items');
      expect(await msp.tries(tickets.WithdrawCourtesy, of, { actor: ANNA })).toBe('CourtesyAfterInvoice');
    });
  });

  describe('is recorded by no policy', () => {
    /** Days after which what is not billed is a gap. */
    const LATER = 20;
    const gapEvents = async () => (await msp.house.events()).filter(({ stream }) => stream.startsWith('gap-'));
    const troubles = () => msp.house.billtrail.policyTroubles();
    /** Gaps of W2 and W3 are recorded; that of W1 is to be, on its day. */
    beforeEach(async () => {
      const ticket = await msp.ticket('T1', 'bluegum');
      for (const id of ['W2', 'W3']) await ticket.time(id, 60, '2026-03-02');
      await ticket.resolves();
      await msp.days(LATER);
      const other = await msp.ticket('T2', 'bluegum');
      await other.time('W1', 60, '2026-03-02');
      await other.approves('W1');
      await other.resolves();
    });

    it.each([
      ['what a gap is worth', `UPDATE derived_gaps SET value_minor = 1 WHERE work_item_id = 'W1'`],
      ['its day', `UPDATE derived_gaps SET due_on = '2026-03-03' WHERE work_item_id = 'W1'`],
      ['that there is one', `DELETE FROM derived_gaps WHERE work_item_id = 'W1'`],
      [
        'a further one',
        `INSERT INTO derived_gaps SELECT ticket_id, gap_key || 'x', former_key, scope, kind, client_id, period, 'W1x', value_minor, currency, minutes, cause, source_event_ids, due_on, charge_contract_id, charge_id, ends_by FROM derived_gaps WHERE work_item_id = 'W1'`,
      ],
      ['what became of the work', `UPDATE billable_items SET disposition = 'invoiced', invoice_id = 'I1'`],
      ['the work', `UPDATE work_items SET minutes = 1, facts = json_set(facts, '$.minutes', 1)`],
      ['the client of the ticket', `UPDATE tickets SET client_id = NULL`],
      ['the terms', `UPDATE contracts SET state = replace(state, '"150.00"', '"1.00"')`],
    ])('where another program changed %s: it is told, and goes on once all is filled anew', async (_what, sql) => {
      await msp.house.settle();
      const before = (await gapEvents()).length;
      changed(sql);
      // The ledger is told by rating alone: it names the gaps all the same.
      changed(
        `UPDATE gap_ledger SET derived_value = derived_value || 'x', opens_on = iif(opens_on = '', '', '2026-03-03')`,
      );
      msp.house.passDays(LATER);
      await msp.house.billtrail.catchUp();
      expect((await gapEvents()).length).toBe(before);
      expect(troubles()).toContainEqual(
        expect.objectContaining({ policy: 'record-gaps', cause: expect.stringContaining('ReadModelsDiffer') }),
      );
      await msp.house.billtrail.models.rebuild();
      await msp.house.settle();
      expect(troubles()).toEqual([]);
      expect((await msp.gaps()).toSorted()).toEqual([
        'unbilled W1: 150.00 AUD',
        'unbilled W2: 150.00 AUD',
        'unbilled W3: 150.00 AUD',
      ]);
    });

    it.each([
      ['that it is open', `UPDATE gaps SET state = 'closed', ending = 'billed'`],
      ['that it was accepted', `UPDATE gaps SET state = 'accepted', ending = 'accepted', value_minor = 1`],
      ['what it is worth', `UPDATE gaps SET value_minor = 1`],
      ['whose it is', `UPDATE gaps SET period = '2026-01'`],
    ])('where another program changed of a recorded gap %s', async (_what, sql) => {
      await msp.house.settle();
      const before = (await gapEvents()).length;
      changed(sql);
      changed(`UPDATE gap_ledger SET derived_value = derived_value || 'x' WHERE recorded_state = 'open'`);
      msp.house.passDays(LATER);
      await msp.house.billtrail.catchUp();
      // Of the one that was not recorded yet all is right.
      expect((await gapEvents()).slice(before)).toMatchObject([
        { type: 'BillingGapOpened', data: { workItemId: 'W1', valueAtRisk: { money: aud('150.00') } } },
      ]);
      expect(troubles()).toContainEqual(
        expect.objectContaining({ policy: 'record-gaps', cause: expect.stringContaining('ReadModelsDiffer') }),
      );
    });
  });
});
