import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { billingCommands as billing, ticketCommands as tickets } from '@billtrail/application';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ACCOUNTANT, ADMIN, ENGINEER, House } from '../laws/kit/house.js';
import { Msp } from './msp.js';

const MARCH = '2026-03';
const OF = { invoiceId: 'I1', clientId: 'bluegum', period: MARCH };
const WHY = { reasonCode: 'wrong-item', comment: 'agreed on the phone', secondPerson: 'omar' };
const ENTRY = {
  ticketId: 'T1',
  timeEntryId: 'W1',
  engineerId: ENGINEER.id,
  engineerRole: 'engineer',
  workType: 'remote',
  description: 'Worked',
  reason: 'mistyped',
};

describe('a credit note that a fact of another process overtakes gives nothing back twice', () => {
  let msp: Msp;
  let other: House;
  let folder: ReturnType<typeof temporaryFolder>;

  /** An hour of 150.00 in March is invoiced; another process on the same folder. */
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens('2026-05-01', {}, folder.path);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-10');
    await msp.house.settle();
    await msp.bills('I1', 'bluegum', MARCH);
    other = await House.open('2026-05-01T12:00:00+11:00', folder.path, 1_000);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await other.close();
    await msp.closes();
    folder.remove();
  });

  async function corrects(minutes: number, workDate = '2026-03-10'): Promise<void> {
    await other.must(tickets.CorrectTimeEntry, { ...ENTRY, minutes, workDate }, { actor: ADMIN });
    await other.must(tickets.ApproveTimeEntry, { ticketId: 'T1', timeEntryId: 'W1' });
  }

  /** Credits an item, and lets the other process record something once that was decided and before it is recorded. */
  async function credits(itemId: string, outcome: string, meanwhile: () => Promise<void>): Promise<void> {
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    let isOvertaken = false;
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (!isOvertaken && request.events.some(({ type }) => type === 'CreditNoteIssueRequested')) {
        isOvertaken = true;
        await meanwhile();
      }
      return append(request, ...others);
    });
    const note = { ...OF, creditNoteId: 'C1', items: [{ itemId, outcome }], ...WHY };
    await msp.house.must(billing.IssueCreditNote, note, { actor: ACCOUNTANT });
    expect(isOvertaken).toBe(true);
  }

  const items = async () => [...(await msp.items('bluegum', MARCH)), ...(await msp.items('bluegum', '2026-04'))];

  it('what is owed, and is not owed any more: it is asked for again', async () => {
    await corrects(30);
    await msp.house.settle();
    expect(await items()).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W1@a1 billable -0.5 h -75.00 AUD']);
    await credits('W1@a1', 'corrected', () => corrects(60));
    expect(await items()).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced -0.5 h -75.00 AUD',
      'W1@a2 billable 0.5 h 75.00 AUD',
    ]);
  });

  it('a line that is written off while its work becomes less: what the work lost is not owed beside it', async () => {
    await credits('W1', 'written-off', () => corrects(30));
    expect(await items()).toEqual(['W1 written-off 1 h 150.00 AUD', 'W1@a1 written-off -0.5 h -75.00 AUD']);
  });

  it('a line that is to be billed again while its work moves to another month: it is billed there, once', async () => {
    await credits('W1', 'bill-again', () => corrects(60, '2026-04-10'));
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD']);
  });

  it('two notes for one line: the second is refused', async () => {
    const note = { ...OF, items: [{ itemId: 'W1', outcome: 'written-off' }], ...WHY };
    const answers = await Promise.all([
      msp.house.send(billing.IssueCreditNote, { ...note, creditNoteId: 'C1' }, { actor: ACCOUNTANT }),
      other.send(billing.IssueCreditNote, { ...note, creditNoteId: 'C2' }, { actor: ACCOUNTANT }),
    ]);
    expect(answers.map((one) => ('code' in one ? one.code : 'accepted')).sort()).toEqual([
      'ItemAlreadyCredited',
      'accepted',
    ]);
  });
});
