import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { billingCommands as billing, ticketCommands as tickets } from '@billtrail/application';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { compareTexts, isRefusal, type Refusal } from '@billtrail/kernel';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ACCOUNTANT, ADMIN, ENGINEER, House } from '../laws/kit/house.js';
import { versionOfWork } from '../laws/kit/work-version.js';
import { Msp } from './msp.js';

const MARCH = '2026-03';
const APRIL = '2026-04';
const LIMIT = { secondPersonAbove: { amount: '200.00', currency: 'AUD' } };
const OF = { invoiceId: 'I1', clientId: 'bluegum', period: MARCH };
const WHY = { reasonCode: 'wrong-item', comment: 'agreed on the phone' };
const ENTRY = {
  ticketId: 'T1',
  timeEntryId: 'W1',
  engineerId: ENGINEER.id,
  engineerRole: 'engineer',
  workType: 'remote',
  description: 'Worked',
  reason: 'mistyped',
};

describe('a credit note has its verdict in the order of the log', () => {
  let msp: Msp;
  let other: House;
  let folder: ReturnType<typeof temporaryFolder>;

  /** Two hours of 150.00 in March are invoiced; another process on the same folder. */
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens('2026-05-01', LIMIT, folder.path);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2']) await ticket.time(id, 60, '2026-03-10');
    await msp.house.settle();
    await msp.bills('I1', 'bluegum', MARCH);
    other = await House.open('2026-05-01T12:00:00+11:00', folder.path, 1_000);
    await other.settle();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await other.close();
    await msp.closes();
    folder.remove();
  });

  async function corrects(minutes: number, workDate = '2026-03-10'): Promise<void> {
    // What less is asked counts beside the note: a second person agrees.
    await other.sendAgreed(tickets.CorrectTimeEntry, { ...ENTRY, minutes, workDate }, { actor: ADMIN });
    await approves();
  }

  async function approves(): Promise<void> {
    const version = await versionOfWork(other.billtrail.store, 'T1', 'W1');
    await other.must(tickets.ApproveTimeEntry, { ticketId: 'T1', timeEntryId: 'W1', version });
  }

  /** Lets the other process record something once a note was decided, and before it is recorded. */
  function beforeTheRequest(meanwhile: () => Promise<unknown>): void {
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
  }

  const noteOf = (itemId: string, outcome: string, creditNoteId = 'C1') => ({
    ...OF,
    ...WHY,
    creditNoteId,
    items: [{ itemId, outcome }],
  });
  const credits = (itemId: string, outcome: string, creditNoteId = 'C1', house: House = msp.house) =>
    house.send(billing.IssueCreditNote, noteOf(itemId, outcome, creditNoteId), { actor: ACCOUNTANT });
  const codeOf = (answer: object) => ('code' in answer ? answer.code : 'accepted');
  const items = async () => [...(await msp.items('bluegum', MARCH)), ...(await msp.items('bluegum', APRIL))];
  const notes = async (house: House = msp.house) => {
    await house.settle();
    const { items: all } = await house.billtrail.models.creditNotes.list();
    return all.map(({ creditNoteId, number, total }) => `${creditNoteId} ${number} ${total.amount}`);
  };
  const numbersOf = async (documentId: string) =>
    (await msp.house.events()).filter(({ data }) => 'documentId' in data && data.documentId === documentId);

  it.each([
    [
      'a line that is written off while its work becomes less',
      { itemId: 'W1', outcome: 'written-off', minutes: 30, workDate: '2026-03-10' },
      ['W1 invoiced 1 h 150.00 AUD', 'W1@a1 billable -0.5 h -75.00 AUD', 'W2 invoiced 1 h 150.00 AUD'],
    ],
    [
      'a line that is to be billed again while its work moves to another month',
      { itemId: 'W1', outcome: 'bill-again', minutes: 60, workDate: '2026-04-10' },
      ['W1 invoiced 1 h 150.00 AUD', 'W1@a1 billable -1 h -150.00 AUD', 'W2 invoiced 1 h 150.00 AUD'],
    ],
  ])(
    '%s: it is withdrawn without a number, gives nothing back, and can be asked for again',
    async (_what, { itemId, outcome, minutes, workDate }, left) => {
      beforeTheRequest(() => corrects(minutes, workDate));
      const answer = (await credits(itemId, outcome)) as Refusal;
      expect(answer.code).toBe('IssueWithdrawn');
      expect(answer.message).toContain('ticket T1 was changed');
      expect(answer.remedy).toContain('POST /v1/credit-notes');
      expect(await notes()).toEqual([]);
      expect(await notes(other)).toEqual([]);
      expect(await numbersOf('C1')).toEqual([]);
      expect((await items()).slice(0, 3)).toEqual(left);
      expect(await credits(itemId, outcome)).toMatchObject({ repeated: false });
      expect(codeOf(await credits(itemId, outcome, 'C2'))).toBe('ItemAlreadyCredited');
      expect(await notes()).toEqual(['C1 CN-000001 165.00']);
    },
  );

  it('what is owed, and is not owed any more, is not given; a note that gives what is owed by itself neither', async () => {
    await corrects(30);
    await msp.house.settle();
    expect(await items()).toContain('W1@a1 billable -0.5 h -75.00 AUD');
    const owed = { clientId: 'bluegum', period: MARCH, items: ['W1@a1'], creditNoteId: 'C2', ...WHY };
    const gives = () => msp.house.send(billing.GiveCredits, owed, { actor: ACCOUNTANT });
    beforeTheRequest(() => corrects(60));
    expect(codeOf(await credits('W1@a1', 'corrected'))).toBe('IssueWithdrawn');
    expect(codeOf(await credits('W1@a1', 'corrected'))).toBe('ItemNotOnInvoice');
    await corrects(30);
    jest.restoreAllMocks();
    beforeTheRequest(() => corrects(45));
    expect(codeOf(await gives())).toBe('IssueWithdrawn');
    expect(await notes()).toEqual([]);
    expect(codeOf(await gives())).toBe('accepted');
    expect(await notes()).toEqual(['C2 CN-000001 41.25']);
    expect(await items()).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced -0.25 h -37.50 AUD',
      'W2 invoiced 1 h 150.00 AUD',
    ]);
  });

  it('one that was interrupted stands if the fact came after it, whoever completes it, and after a rebuild', async () => {
    await msp.house.send(billing.IssueCreditNote, noteOf('W1', 'bill-again'), {
      actor: ACCOUNTANT,
      interrupted: true,
    });
    await corrects(90);
    // Asked for, and nothing is given back before it has its number.
    const { invoices } = msp.house.billtrail.models;
    expect((await invoices.get('I1'))?.credited).toBeNull();
    expect(await notes(other)).toEqual(['C1 CN-000001 165.00']);
    expect(await notes()).toEqual(['C1 CN-000001 165.00']);
    expect((await invoices.get('I1'))?.credited?.total.amount).toBe('165.00');
    const before = await items();
    expect(before).toEqual(['W1 billable 1.5 h 225.00 AUD', 'W2 invoiced 1 h 150.00 AUD']);
    await msp.house.billtrail.models.rebuild();
    expect(await notes()).toEqual(['C1 CN-000001 165.00']);
    expect(await items()).toEqual(before);
  });

  it('one that was interrupted is withdrawn if the fact came before it, whoever completes it, and after a rebuild', async () => {
    beforeTheRequest(() => corrects(90));
    await msp.house.send(billing.IssueCreditNote, noteOf('W1', 'bill-again'), {
      actor: ACCOUNTANT,
      interrupted: true,
    });
    expect(await notes(other)).toEqual([]);
    const before = await items();
    expect(before).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable 0.5 h 75.00 AUD',
      'W2 invoiced 1 h 150.00 AUD',
    ]);
    await msp.house.billtrail.models.rebuild();
    expect(await notes()).toEqual([]);
    expect(await items()).toEqual(before);
    expect((await msp.house.events()).filter(({ type }) => type === 'CreditNoteIssueWithdrawn')).toHaveLength(1);
  });

  it.each([
    ['a line of its invoice', 'W1', 'bill-again', 'C1 CN-000002 165.00', '15.00'],
    ['what is owed on its invoice', 'W1@a1', 'corrected', 'C1 CN-000002 82.50', '7.50'],
    ['what is owed, by itself', 'W1@a1', 'given', 'C1 CN-000002 82.50', '7.50'],
  ])(
    'one whose series went on to a day of another tax rate: %s goes back with the tax of then',
    async (_, itemId, outcome, told, tax) => {
      const rate = [
        { from: '2026-01-01', rate: '10' },
        { from: '2026-05-03', rate: '12' },
      ];
      await msp.configures({ ...LIMIT, taxRates: { ...NAMED_CONFIGURATION.taxRates, GST: { rate } } });
      await msp.signs('wattle');
      await (await msp.ticket('T2', 'wattle')).time('W5', 60, '2026-03-10');
      if (itemId === 'W1@a1') await corrects(30);
      await msp.bills('I5', 'wattle', MARCH);
      const asInterrupted = { actor: ACCOUNTANT, interrupted: true };
      if (outcome === 'given') {
        const asked = { clientId: 'bluegum', period: MARCH, items: [itemId], creditNoteId: 'C1', ...WHY };
        await msp.house.must(billing.GiveCredits, asked, asInterrupted);
      } else await msp.house.must(billing.IssueCreditNote, noteOf(itemId, outcome), asInterrupted);
      const later = {
        ...noteOf('W5', 'bill-again', 'C5'),
        clientId: 'wattle',
        invoiceId: 'I5',
        issueDate: '2026-05-04',
      };
      await other.must(billing.IssueCreditNote, later, { actor: ACCOUNTANT });
      expect((await notes()).filter((one) => one.startsWith('C1'))).toEqual([told]);
      const note = (await msp.house.billtrail.models.creditNotes.get('C1'))!;
      expect([note.issueDate, note.tax.amount]).toEqual(['2026-05-04', tax]);
    },
  );

  it('two notes for one line in two processes: one is issued, and the other refused or asked for in vain', async () => {
    const answers = await Promise.all([credits('W1', 'written-off', 'C1'), credits('W1', 'written-off', 'C2', other)]);
    await msp.house.settle();
    await other.settle();
    // Where both were asked for before either was issued, their sum waits for a second person, who is told that it is gone.
    const waiting = await other.billtrail.models.approvals.list({ state: 'waiting' });
    const second = answers.filter((answer) => codeOf(answer) === 'ItemAlreadyCredited' || 'waits' in answer);
    expect([second.length, waiting.items, (await notes()).length]).toEqual([1, [], 1]);
  });

  it('many notes of one invoice at once, in two processes: each is issued, in its turn', async () => {
    const net = { amount: '10.00', currency: 'AUD' };
    const partly = (n: number) => ({
      ...noteOf('W1', 'written-off', `C${n}`),
      items: [{ itemId: n % 2 === 0 ? 'W1' : 'W2', outcome: 'written-off', net }],
    });
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        (n < 3 ? msp.house : other).send(billing.IssueCreditNote, partly(n), { actor: ACCOUNTANT }),
      ),
    );
    expect(answers.map(codeOf)).toEqual(Array<string>(4).fill('accepted'));
    expect((await notes()).map((one) => one.split(' ')[1] ?? '').sort(compareTexts)).toEqual(
      [1, 2, 3, 4].map((n) => `CN-00000${n}`),
    );
  });

  it('a draft that is asked for while a note is under way waits for its verdict: nothing is on both', async () => {
    await corrects(30);
    await msp.house.settle();
    const note = noteOf('W1@a1', 'corrected');
    await msp.house.send(billing.IssueCreditNote, note, { actor: ACCOUNTANT, interrupted: true });
    const draft = { clientId: 'bluegum', period: MARCH, invoiceId: 'I2' };
    expect(await other.send(billing.DraftInvoice, draft, { actor: ACCOUNTANT })).toMatchObject({
      code: 'NothingToBill',
    });
    expect(await notes()).toEqual(['C1 CN-000001 82.50']);
  });

  it('a write-off that is asked for while a note is under way waits for its verdict: nothing is on a note and written off', async () => {
    await corrects(30);
    await msp.house.settle();
    const note = noteOf('W1@a1', 'corrected');
    await msp.house.send(billing.IssueCreditNote, note, { actor: ACCOUNTANT, interrupted: true });
    // It came after the request, so the note stands; and by now there would be something to write off.
    await corrects(90);
    const why = { ...WHY, reasonCode: 'goodwill' };
    const writesOff = (itemId: string) =>
      other.send(billing.WriteOffWork, { clientId: 'bluegum', period: MARCH, itemId, ...why }, { actor: ACCOUNTANT });
    expect(codeOf(await writesOff('W1@a1'))).toBe('ItemAlreadyInvoiced');
    expect(await notes()).toEqual(['C1 CN-000001 82.50']);
    expect(await items()).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced -0.5 h -75.00 AUD',
      'W1@a2 billable 1 h 150.00 AUD',
      'W2 invoiced 1 h 150.00 AUD',
    ]);
    expect(codeOf(await writesOff('W1@a2'))).toBe('accepted');
  });

  it('what one person wrote off by a note that is withdrawn takes no room: the same can be forgone again', async () => {
    const asked = noteOf('W1', 'written-off');
    const forgoes = () => msp.house.send(billing.IssueCreditNote, asked, { actor: ACCOUNTANT });
    beforeTheRequest(() =>
      other.must(tickets.CorrectTimeEntry, { ...ENTRY, minutes: 60, workDate: '2026-03-11' }, { actor: ADMIN }),
    );
    expect(codeOf(await forgoes())).toBe('IssueWithdrawn');
    await approves();
    // 150.00 of 200.00: another 150.00 beside it would wait.
    const again = await forgoes();
    expect(isRefusal(again) ? again.code : again.waits).toBeUndefined();
    await msp.house.settle();
    const { items: requests } = await msp.house.billtrail.models.approvals.list();
    expect(requests.map(({ state }) => state)).toEqual(['taken-back', 'carried-out']);
    expect(await notes()).toEqual(['C1 CN-000001 165.00']);
  });

  it('a request of before, which carries no position, stands', async () => {
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (!request.events.some(({ type }) => type === 'CreditNoteIssueRequested')) return append(request, ...others);
      await corrects(30);
      const events = request.events.map((event) => {
        const { comparedUpTo: _position, ...data } = event.data as { comparedUpTo?: string };
        return { ...event, data };
      });
      return append({ ...request, events }, ...others);
    });
    expect(codeOf(await credits('W1', 'bill-again'))).toBe('accepted');
    expect(await items()).toEqual(['W1 billable 0.5 h 75.00 AUD', 'W2 invoiced 1 h 150.00 AUD']);
  });
});
