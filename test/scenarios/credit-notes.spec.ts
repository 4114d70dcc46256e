import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA, BEA } from './people.js';

describe('credit notes', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
  });
  afterEach(() => msp.closes());

  it('R15: of 4.5 h and 3.5 h the 3.5 h are credited and 1 h is logged more: the new draft holds 4.5 h, the first 4.5 h never return', async () => {
    const server = await msp.ticket('T1', 'bluegum');
    await server.time('W1', 270, '2026-03-02');
    await server.time('W2', 210, '2026-03-02');
    await server.resolves();
    const before = await msp.bills('I1', 'bluegum', '2026-03');
    expect(before).toEqual(['INV-000001', 'W1 4.5 h 675.00', 'W2 3.5 h 525.00', '1200.00 + 120.00 = 1320.00 AUD']);

    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }])).toBe(
      'accepted',
    );
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of INV-000001',
      'W2 bill-again 525.00',
      '525.00 + 52.50 = 577.50 AUD',
    ]);
    await server.time('W3', 60, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 4.5 h 675.00 AUD',
      'W2 billable 3.5 h 525.00 AUD',
      'W3 billable 1 h 150.00 AUD',
    ]);
    expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
      'INV-000002',
      'W2 3.5 h 525.00',
      'W3 1 h 150.00',
      '675.00 + 67.50 = 742.50 AUD',
    ]);
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 4.5 h 675.00 AUD',
      'W2 invoiced 3.5 h 525.00 AUD',
      'W3 invoiced 1 h 150.00 AUD',
    ]);
    expect(await msp.document('I1')).toEqual(before);
    expect(await msp.credits('C2', 'I1', 'bluegum', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }])).toBe(
      'ItemAlreadyCredited',
    );
  });

  it('R13 as a story: 29/30 of a line goes back; the line stays invoiced at what is left, and is never billed again', async () => {
    await msp.configures({ taxRates: { VAT: '25' } });
    await msp.signs('nordic', { hourly: '200.00', taxCategory: 'VAT' });
    const printer = await msp.ticket('T1', 'nordic');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.bills('I1', 'nordic', '2026-03');

    const part = { itemId: 'W1', outcome: 'written-off' as const, net: { amount: '193.33', currency: 'AUD' } };
    expect(await msp.credits('C1', 'I1', 'nordic', '2026-03', [part])).toBe('accepted');
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of INV-000001',
      'W1 written-off 193.33',
      '193.33 + 48.33 = 241.66 AUD',
    ]);
    expect(await msp.items('nordic', '2026-03')).toEqual([
      'W1 invoiced 1 h 6.67 AUD',
      'W1@c1 written-off 0 h 193.33 AUD',
    ]);
    expect(await msp.drafts('I2', 'nordic', '2026-03')).toBe('NothingToBill');

    const rest = { itemId: 'W1', outcome: 'written-off' as const };
    expect(await msp.credits('C2', 'I1', 'nordic', '2026-03', [rest])).toBe('accepted');
    expect(await msp.creditNote('C2')).toEqual([
      'CN-000002 of INV-000001',
      'W1 written-off 6.67',
      '6.67 + 1.67 = 8.34 AUD',
    ]);
    expect(await msp.items('nordic', '2026-03')).toEqual(['W1 written-off 1 h 200.00 AUD']);
  });

  describe('of which a part was forgiven, and that is billed again', () => {
    const goodwill = { itemId: 'W1', outcome: 'written-off', net: { amount: '20.00', currency: 'AUD' } } as const;
    const again = { itemId: 'W1', outcome: 'bill-again' } as const;
    let printer: Awaited<ReturnType<Msp['ticket']>>;
    beforeEach(async () => {
      printer = await msp.ticket('T1', 'bluegum');
      await printer.time('W1', 60, '2026-03-02');
      await printer.resolves();
      await msp.bills('I1', 'bluegum', '2026-03');
      expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', [goodwill])).toBe('accepted');
      await msp.renegotiates('bluegum', { from: '2026-03-01', hourly: '200.00' });
    });
    afterEach(async () => {
      await msp.house.settle();
      expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    });

    it('goes back as far as it was still asked, and is asked anew less what was forgiven: 200.00 - 20.00', async () => {
      expect(await msp.credits('C2', 'I1', 'bluegum', '2026-03', [again])).toBe('accepted');
      expect((await msp.creditNote('C2')).slice(1)).toEqual(['W1 bill-again 130.00', '130.00 + 13.00 = 143.00 AUD']);
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1@a1 billable 1 h 180.00 AUD',
        'W1@c1 written-off 0 h 20.00 AUD',
      ]);
      expect(await msp.bills('I2', 'bluegum', '2026-03')).toEqual([
        'INV-000002',
        'W1@a1 1 h 180.00',
        '180.00 + 18.00 = 198.00 AUD',
      ]);
      expect(await msp.why('W1@a1')).toContain('the work is billed again after W1@c1 was frozen at 20.00 AUD');
      expect(await msp.drafts('I3', 'bluegum', '2026-03')).toBe('NothingToBill');
      expect(await msp.gaps()).toEqual([]);
    });

    it('keeps that through what is corrected later, up and down, and is never given back more than it was asked', async () => {
      await msp.credits('C2', 'I1', 'bluegum', '2026-03', [again]);
      await msp.bills('I2', 'bluegum', '2026-03');
      await printer.corrects('W1', 90, '2026-03-02');
      // 300.00 - 20.00 - 180.00.
      expect(await msp.items('bluegum', '2026-03')).toContain('W1@a2 billable 0.5 h 100.00 AUD');
      await printer.voids('W1');
      const left = await msp.items('bluegum', '2026-03');
      expect(left).toContain('W1@a2 billable -1 h -180.00 AUD');
      expect(left).toContain('W1@w2 written-off 0 h -20.00 AUD');
    });

    it('is nothing where it is voided before it is billed again', async () => {
      await msp.credits('C2', 'I1', 'bluegum', '2026-03', [again]);
      await printer.voids('W1');
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1@a1 written-off 0 h -20.00 AUD',
        'W1@c1 written-off 0 h 20.00 AUD',
      ]);
      expect(await msp.drafts('I2', 'bluegum', '2026-03')).toBe('NothingToBill');
    });

    it('is forgiven once more, and billed again once more', async () => {
      await msp.credits('C2', 'I1', 'bluegum', '2026-03', [again]);
      await msp.bills('I2', 'bluegum', '2026-03');
      const more = { ...goodwill, itemId: 'W1@a1' };
      expect(await msp.credits('C3', 'I2', 'bluegum', '2026-03', [more])).toBe('accepted');
      expect(await msp.credits('C4', 'I2', 'bluegum', '2026-03', [{ ...again, itemId: 'W1@a1' }])).toBe('accepted');
      // 200.00 - 20.00 - 20.00.
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1@a1@c1 written-off 0 h 20.00 AUD',
        'W1@a2 billable 1 h 160.00 AUD',
        'W1@c1 written-off 0 h 20.00 AUD',
      ]);
    });

    it('may be forgiven more than it costs now: nothing is asked, and only what it costs stays forgiven', async () => {
      await msp.credits('C2', 'I1', 'bluegum', '2026-03', [again]);
      await msp.renegotiates('bluegum', { from: '2026-03-01', hourly: '15.00' });
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1@a1 billable 1 h 0.00 AUD',
        'W1@c1 written-off 0 h 20.00 AUD',
        'W1@w1 written-off 0 h -5.00 AUD',
      ]);
    });
  });

  it('what comes to be worth more after it was written off whole is billed again, less that: 300.00 - 150.00', async () => {
    await msp.signs('wattle', { minimum: 120, scope: 'visit' });
    const printer = await msp.ticket('T1', 'wattle');
    const server = await msp.ticket('T2', 'wattle');
    await printer.time('W1', 20, '2026-03-02');
    await server.time('W2', 20, '2026-03-02');
    await printer.resolves();
    const march = { clientId: 'wattle', period: '2026-03' } as const;
    await msp.send(billing.DraftInvoice, { invoiceId: 'I1', ...march, tickets: ['T1'] });
    await msp.send(billing.ApproveInvoice, { invoiceId: 'I1', ...march });
    await msp.send(billing.IssueInvoice, { invoiceId: 'I1', ...march });
    expect((await msp.document('I1'))[1]).toBe('W1 1 h 150.00');
    const forgone = { itemId: 'W1', outcome: 'written-off' } as const;
    const again = { itemId: 'W1', outcome: 'bill-again' } as const;
    expect(await msp.credits('C1', 'I1', 'wattle', '2026-03', [forgone])).toBe('accepted');
    await server.voids('W2');
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 150.00 AUD']);
    expect(await msp.credits('C2', 'I1', 'wattle', '2026-03', [again])).toBe('accepted');
    // A note of nothing: it tells the client that the line which was written off is asked for anew.
    expect((await msp.creditNote('C2')).slice(1)).toEqual(['W1 bill-again 0.00', '0.00 + 0.00 = 0.00 AUD']);
    expect(await msp.items('wattle', '2026-03')).toEqual([
      'W1@a1 billable 2 h 150.00 AUD',
      'W1@c1 written-off 0 h 150.00 AUD',
    ]);
    expect(await msp.credits('C3', 'I1', 'wattle', '2026-03', [again])).toBe('ItemAlreadyCredited');
    expect((await msp.bills('I2', 'wattle', '2026-03'))[1]).toBe('W1@a1 2 h 150.00');
    await msp.house.settle();
    expect(await msp.gaps()).toEqual([]);
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
  });

  it('a credited item is a gap again where it is not billed in time, and the gap ends when it is', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(14);
    expect(await msp.gaps()).toEqual([]);

    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }]);
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 1, billed: 0 });
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('unbilled')).toEqual(['billed']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 0, billed: 1 });
  });

  it('is rated as of now: at the price of a contract that was put right meanwhile', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.time('W2', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.renegotiates('bluegum', { from: '2026-02-01', hourly: '120.00' });
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }]);
    expect(await msp.items('bluegum', '2026-03')).toEqual(['W1 billable 1 h 120.00 AUD', 'W2 invoiced 1 h 150.00 AUD']);
  });

  it('written off: gone for good, never by whoever did the work, above the limit only with a second person', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 150, '2026-03-02', { by: { id: ANNA.id, role: 'support' } });
    await printer.time('W2', 150, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    const both = ['W1', 'W2'].map((itemId) => ({ itemId, outcome: 'written-off' as const }));
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', both)).toBe('OwnWork');
    const [, second] = both;
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', [second!])).toBe('accepted');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 2.5 h 375.00 AUD',
      'W2 written-off 2.5 h 375.00 AUD',
    ]);

    const server = await msp.ticket('T2', 'bluegum');
    await server.time('W3', 210, '2026-03-02');
    await msp.bills('I2', 'bluegum', '2026-03');
    const third = [{ itemId: 'W3', outcome: 'written-off' as const }];
    expect(await msp.credits('C2', 'I2', 'bluegum', '2026-03', third, { approvedBy: BEA })).toBe('accepted');
    expect(await msp.drafts('I3', 'bluegum', '2026-03')).toBe('NothingToBill');
  });

  it('a credit that is owed for work that was corrected after its invoice ends on a credit note, and has no second ending', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.bills('I1', 'bluegum', '2026-03');
    await printer.corrects('W1', 30, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable -0.5 h -75.00 AUD',
    ]);
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: -75.00 AUD']);

    const owed = [{ itemId: 'W1@a1', outcome: 'corrected' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', owed)).toBe('accepted');
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of INV-000001',
      'W1@a1 corrected 75.00',
      '75.00 + 7.50 = 82.50 AUD',
    ]);
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced -0.5 h -75.00 AUD',
    ]);
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.credits('C2', 'I1', 'bluegum', '2026-03', owed)).toBe('ItemAlreadyInvoiced');
    const whole = [{ itemId: 'W1', outcome: 'bill-again' as const }];
    expect(await msp.credits('C2', 'I1', 'bluegum', '2026-03', whole)).toBe('ItemAdjusted');

    await printer.corrects('W1', 90, '2026-03-02');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced -0.5 h -75.00 AUD',
      'W1@a2 billable 1 h 150.00 AUD',
    ]);
  });

  it('work of which money went back as goodwill is credited no further than what is left, when it is voided', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    const part = { itemId: 'W1', outcome: 'written-off' as const, net: { amount: '50.00', currency: 'AUD' } };
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [part]);
    await printer.voids('W1');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 1 h 100.00 AUD',
      'W1@a1 billable -1 h -100.00 AUD',
      'W1@c1 written-off 0 h 50.00 AUD',
      'W1@w1 written-off 0 h -50.00 AUD',
    ]);
    await msp.credits('C2', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1@a1', outcome: 'corrected' }]);
    expect(await msp.creditNote('C2')).toContain('100.00 + 10.00 = 110.00 AUD');
    const more = { ...part, net: { amount: '0.01', currency: 'AUD' } };
    expect(await msp.credits('C3', 'I1', 'bluegum', '2026-03', [more])).toBe('CreditAboveItem');
  });

  it('an adjustment that stays on its own invoice while what it adjusted is credited: the difference is billed again, to the cent', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await printer.corrects('W1', 90, '2026-03-02');
    await msp.bills('I2', 'bluegum', '2026-03');
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }]);
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1@a1 invoiced 0.5 h 75.00 AUD',
      'W1@a2 billable 1 h 150.00 AUD',
    ]);
    expect(await msp.bills('I3', 'bluegum', '2026-03')).toContain('W1@a2 1 h 150.00');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1@a1 invoiced 0.5 h 75.00 AUD',
      'W1@a2 invoiced 1 h 150.00 AUD',
    ]);
  });

  it('a process that ends between request and number leaves a note that is finished at the next start, without a hole', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.time('W2', 30, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    const first = [{ itemId: 'W1', outcome: 'bill-again' as const }];
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', first, { interrupted: true });
    const { creditNotes } = msp.house.billtrail.models;
    await msp.house.billtrail.upToDate();
    expect(await creditNotes.get('C1')).toMatchObject({ status: 'issuing', number: null });
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', first, { interrupted: true })).toBe('accepted');
    expect(await msp.creditNote('C1')).toContain('CN-000001 of INV-000001');
    expect(await creditNotes.get('C1')).toMatchObject({ status: 'issued', number: 'CN-000001', numberInSeries: 1 });
    await msp.credits('C2', 'I1', 'bluegum', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }]);
    expect(await msp.creditNote('C2')).toContain('CN-000002 of INV-000001');
  });

  it('two accountants credit one item at once: one of them has it', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    const answers = await Promise.all(
      ['C1', 'C2'].map((id) => msp.credits(id, 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }])),
    );
    expect(answers.sort()).toEqual(['ItemAlreadyCredited', 'accepted']);
  });

  it('the story of the ticket, the invoice and its lines tell of it', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }]);
    await msp.house.settle();
    const { timeline, invoices } = msp.house.billtrail.models;
    const page = await timeline.timeline('T1', { limit: 200 });
    expect(page?.items.slice(-2).map(({ sentence }) => sentence)).toEqual([
      'Credited W1 of invoice I1: 150.00 AUD back',
      'Issued credit note CN-000001 of invoice INV-000001 (wrong-item): agreed on the phone',
    ]);
    expect(await invoices.get('I1')).toMatchObject({
      status: 'issued',
      total: { amount: '165.00' },
      credited: { net: { amount: '150.00' }, tax: { amount: '15.00' }, total: { amount: '165.00' } },
    });
    const { items } = await invoices.lines('I1');
    expect(items).toMatchObject([
      {
        itemId: 'W1',
        net: { amount: '150.00' },
        credits: [{ creditNoteId: 'C1', outcome: 'bill-again', isWhole: true }],
      },
    ]);
  });

  it('the credits of one line are told in the order of their credit notes, however these are named', async () => {
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.credits('Z', 'I1', 'bluegum', '2026-03', [
      { itemId: 'W1', outcome: 'written-off', net: { amount: '50.00', currency: 'AUD' } },
    ]);
    await msp.credits('A', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'written-off' }]);
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.invoices.lines('I1');
    expect(items.map(({ credits }) => credits?.map(({ creditNoteId }) => creditNoteId))).toEqual([['Z', 'A']]);
  });

  it('a fee is credited like work: billed again, written off for good, and owed back when a contract shrinks', async () => {
    const fee = {
      id: 'fee',
      name: 'Servers',
      basis: 'fixed',
      price: '90.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    };
    const card = {
      id: 'card',
      name: 'Rates',
      currency: 'AUD',
      labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }],
      minimumMinutes: 0,
      incrementMinutes: 1,
      roundingScope: 'entry',
      materials: { pricing: 'list' },
      expenses: { markupPercent: '0' },
      taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
    };
    const coverage = [{ id: 'none', name: 'None', match: {}, outcome: 'excluded' }];
    await msp.send(contracts.ActivateContract, {
      contractId: 'fees',
      clientId: 'bluegum',
      name: 'Fees',
      priority: 1,
      effectiveFrom: '2026-03-01',
      terms: { coverage, rateCard: card, recurringCharges: [fee] },
    });
    await msp.bills('I1', 'bluegum', '2026-03');
    const chargeItemId = 'fees@fee@fee@2026-03-01';
    const mismatches = async () => (await msp.gaps()).filter((gap) => gap.startsWith('contract-mismatch'));
    const charges = async () => {
      await msp.house.settle();
      const found = await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03');
      return found.map(({ disposition, net, credited }) => [disposition, net.amount, credited?.amount ?? null]);
    };
    const credits = (id: string, of: string, item: object) =>
      msp.credits(id, of, 'bluegum', '2026-03', [{ itemId: chargeItemId, outcome: 'bill-again', ...item }]);

    expect(await credits('C1', 'I1', {})).toBe('accepted');
    expect(await charges()).toEqual([['billable', '90.00', null]]);
    await msp.days(14);
    expect(await mismatches()).toEqual(['contract-mismatch: 90.00 AUD']);
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await mismatches()).toEqual([]);

    const part = { outcome: 'written-off', net: { amount: '31.00', currency: 'AUD' } };
    expect(await credits('C2', 'I2', part)).toBe('accepted');
    expect(await charges()).toEqual([['invoiced', '90.00', '31.00']]);
    // 15 of 31 days are covered now: 43.55 of 90.00, so 46.45 are owed beside the 31.00 that were given back and stay so (N1).
    await msp.send(contracts.TerminateContract, { contractId: 'fees', lastDay: '2026-03-15', reason: 'gave notice' });
    expect(await charges()).toEqual([
      ['invoiced', '90.00', '31.00'],
      ['billable', '-46.45', null],
    ]);
    const owed = [{ itemId: `${chargeItemId}@a1`, outcome: 'corrected' as const }];
    expect(await msp.credits('C3', 'I2', 'bluegum', '2026-03', owed)).toBe('accepted');
    expect(await msp.creditNote('C3')).toContain('46.45 + 4.65 = 51.10 AUD');
    expect(await charges()).toEqual([
      ['invoiced', '90.00', '31.00'],
      ['invoiced', '-46.45', null],
    ]);
    expect(await mismatches()).toEqual([]);
    const { documents } = await msp.house.billtrail.models.reconciliation.of('2026-03-31');
    expect(documents).toMatchObject({ unexplained: [] });
  });
});
