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
      expect(await sets('1.00')).toBe('SecondPersonRequired');
      expect(await sets('60.00')).toBe('accepted');
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
});
