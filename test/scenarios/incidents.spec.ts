import { billingCommands as billing, ticketCommands as tickets, whatIfVersion } from '@billtrail/application';
import { invariant, isRefusal, type Actor } from '@billtrail/kernel';
import type { ContractTerms, CoverageRule, IncidentPrice } from '@billtrail/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp, versionOf } from './msp.js';
import { OMAR, PRIYA } from './people.js';

const LEO: Actor = { ...PRIYA, id: 'leo' };

const rule = (incident: Partial<IncidentPrice> = {}, match: CoverageRule['match'] = {}): CoverageRule => ({
  id: 'support',
  name: 'Support',
  match,
  outcome: 'included',
  incident: { price: '90.00', taxCategory: 'GST', ...incident },
});
const ALL: CoverageRule = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };
const OF_NETWORK = { categories: ['network'] };

describe('a fixed price of a ticket', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-04-11');
  });
  afterEach(() => msp.closes());

  const signs = (incident: Partial<IncidentPrice> = {}, besides: Partial<ContractTerms> = {}): Promise<void> =>
    msp.signs('bluegum', { rules: [rule(incident, OF_NETWORK), ALL], besides });
  const changes = (incident: Partial<IncidentPrice>, from = '2026-01-01'): Promise<void> =>
    msp.renegotiates('bluegum', { from, rules: [rule(incident, OF_NETWORK), ALL] });

  /** What is charged in a month, with what became of it. */
  async function charges(period: string, clientId = 'bluegum'): Promise<readonly string[]> {
    await msp.house.settle();
    const found = await msp.house.billtrail.models.charges.ofPeriod(clientId, period);
    return found.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
  }
  const OF_T1 = 'bluegum-1@incident@support@for-T1';

  it('is asked once, whatever time goes into it, however many months and engineers: 90.00 + 9.00', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-30');
    await ticket.time('E2', 400, '2026-04-02', { by: LEO });
    expect([await charges('2026-03'), await charges('2026-04')]).toEqual([[`${OF_T1} billable 90.00`], []]);
    expect(await msp.items('bluegum', '2026-04')).toEqual(['E2 covered 6.666667 h 0.00 AUD']);
    expect(await msp.why('E1')).toContain('included in 90.00 AUD for the ticket, once, whatever time goes into it');
    await ticket.resolves();
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      expect.stringMatching(/^INV/),
      '90.00 + 9.00 = 99.00 AUD',
    ]);
    expect(await msp.drafts('I2', 'bluegum', '2026-04')).toBe('NothingToBill');
    expect([await msp.gaps(), await msp.fates()]).toEqual([[], expect.objectContaining({ covered: 1 })]);
    const [line] = await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03');
    expect(line).toMatchObject({ description: 'Support, ticket T1', quantity: '1', unit: 'ticket', ticketId: 'T1' });
  });

  it('that nobody invoices is a gap at its price', async () => {
    await signs();
    await (await msp.ticket('T1', 'bluegum')).time('E1', 70, '2026-03-02');
    expect(await msp.gaps()).toEqual(['contract-mismatch: 90.00 AUD']);
  });

  it('stays where it was invoiced when its first work is voided or work before it appears', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.time('E2', 30, '2026-04-02');
    await ticket.voids('E1');
    expect([await charges('2026-03'), await charges('2026-04')]).toEqual([[`${OF_T1} invoiced 90.00`], []]);
    await ticket.time('E0', 30, '2026-02-10');
    expect([await charges('2026-02'), await charges('2026-03')]).toEqual([[], [`${OF_T1} invoiced 90.00`]]);
    await ticket.voids('E0');
    await ticket.voids('E2');
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 billable -90.00`]);
    await ticket.time('E3', 30, '2026-04-03', { approved: false });
    // Until somebody decides on that time, nothing is taken back.
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`]);
  });

  it('moves to the month of the first work as long as no document asks for it', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.drafts('I1', 'bluegum', '2026-03');
    await ticket.time('E0', 30, '2026-02-10');
    expect([await charges('2026-02'), await charges('2026-03')]).toEqual([[`${OF_T1} billable 90.00`], []]);
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('DraftStale');
  });

  it('of a reopened ticket is the same one; of work that awaits approval it is a gap', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02', { approved: false });
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([[], []]);
    await ticket.resolves();
    expect(await msp.gaps()).toEqual(['contract-mismatch: 90.00 AUD', 'time-unapproved E1: 0.00 AUD']);
    await ticket.approves('E1');
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([
      [`${OF_T1} billable 90.00`],
      ['contract-mismatch: 90.00 AUD'],
    ]);
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.reopens();
    await ticket.time('E2', 70, '2026-04-11');
    expect(await charges('2026-04')).toEqual([]);
  });

  it('is asked where work that was billed by the hour is corrected into another month, which gives that back: 90.00 - 187.50', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum', { category: 'project' });
    await ticket.time('E1', 70, '2026-04-02');
    await msp.bills('I1', 'bluegum', '2026-04');
    await msp.send(
      tickets.ReclassifyTicket,
      { ticketId: 'T1', category: 'network', reason: 'it is no project' },
      { actor: OMAR },
    );
    expect([await charges('2026-03'), await charges('2026-04')]).toEqual([[], []]);
    await ticket.corrects('E1', 70, '2026-03-30');
    expect([await charges('2026-03'), await msp.items('bluegum', '2026-03')]).toEqual([
      [`${OF_T1} billable 90.00`],
      ['E1 covered 1.166667 h 0.00 AUD'],
    ]);
    expect(await msp.items('bluegum', '2026-04')).toEqual([
      'E1 invoiced 1.25 h 187.50 AUD',
      'E1@a1 billable -1.25 h -187.50 AUD',
    ]);
  });

  it('is given back where the ticket is reclassified out of its rule, and its work is billed: 187.50 - 90.00', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.send(
      tickets.ReclassifyTicket,
      { ticketId: 'T1', category: 'project', reason: 'it is a project' },
      { actor: OMAR },
    );
    expect([await charges('2026-03'), await msp.items('bluegum', '2026-03')]).toEqual([
      [`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 billable -90.00`],
      ['E1 billable 1.25 h 187.50 AUD'],
    ]);
    expect((await msp.bills('I2', 'bluegum', '2026-03')).at(-1)).toBe('97.50 + 9.75 = 107.25 AUD');
    // Back again: the work is invoiced, and only when that is credited the price covers it.
    await msp.send(
      tickets.ReclassifyTicket,
      { ticketId: 'T1', category: 'network', reason: 'it is none' },
      { actor: OMAR },
    );
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([
      [`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 invoiced -90.00`],
      ['contract-mismatch E1: -187.50 AUD'],
    ]);
    await msp.credits('C1', 'I2', 'bluegum', '2026-03', [{ itemId: 'E1', outcome: 'bill-again' }]);
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([
      [`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 invoiced -90.00`, `${OF_T1}@a2 billable 90.00`],
      ['contract-mismatch: 90.00 AUD'],
    ]);
  });

  it('of work out of scope is given back by the decision', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await ticket.resolves('none-used', 'out-of-scope');
    expect([await charges('2026-03'), await msp.gaps()]).toEqual([
      [`${OF_T1} billable 90.00`],
      ['contract-mismatch: 90.00 AUD', 'scope-suspected: 187.50 AUD'],
    ]);
    await ticket.isClassified('out-of-scope');
    expect([await charges('2026-03'), await msp.items('bluegum', '2026-03')]).toEqual([
      [],
      ['E1 billable 1.25 h 187.50 AUD'],
    ]);
  });

  it('of two tickets that are merged is that of the one which goes on, and both again after a split', async () => {
    await signs();
    const [first, second] = [await msp.ticket('T1', 'bluegum'), await msp.ticket('T2', 'bluegum')];
    await first.time('E1', 70, '2026-03-02');
    await second.time('E2', 70, '2026-03-03');
    await msp.bills('I1', 'bluegum', '2026-03');
    const OF_T2 = 'bluegum-1@incident@support@for-T2';
    await msp.send(tickets.MergeTicket, { ticketId: 'T2', into: 'T1', reason: 'the same' }, { actor: OMAR });
    expect(await charges('2026-03')).toEqual([
      `${OF_T1} invoiced 90.00`,
      `${OF_T2} invoiced 90.00`,
      `${OF_T2}@a1 billable -90.00`,
    ]);
    await msp.send(tickets.SplitTicket, { ticketId: 'T2', reason: 'not the same' }, { actor: OMAR });
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`, `${OF_T2} invoiced 90.00`]);
  });

  it('of a merged ticket that alone was invoiced stands for both', async () => {
    await signs();
    const [first, second] = [await msp.ticket('T1', 'bluegum'), await msp.ticket('T2', 'bluegum')];
    await second.time('E2', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.send(tickets.MergeTicket, { ticketId: 'T2', into: 'T1', reason: 'the same' }, { actor: OMAR });
    await first.time('E1', 70, '2026-04-03');
    expect([await charges('2026-03'), await charges('2026-04')]).toEqual([
      ['bluegum-1@incident@support@for-T2 invoiced 90.00'],
      [],
    ]);
  });

  it('of a ticket that goes to another client is given back, and asked there at its terms', async () => {
    await signs();
    await msp.signs('wattle', { rules: [rule({ price: '120.00' })] });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.isOf({ clientId: 'wattle' });
    expect([await charges('2026-03'), await charges('2026-03', 'wattle')]).toEqual([
      [`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 billable -90.00`],
      ['wattle-1@incident@support@for-T1 billable 120.00'],
    ]);
  });

  it('follows the terms of the day of its first work: an adjustment where a version for that day changes it', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await ticket.time('E2', 70, '2026-03-20');
    await changes({ price: '150.00' }, '2026-03-15');
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`]);
    await changes({ price: '100.00', taxCategory: 'GST-FREE' }, '2026-03-01');
    expect(await charges('2026-03')).toEqual([
      `${OF_T1} invoiced 90.00`,
      `${OF_T1}@a1 billable -90.00`,
      `${OF_T1}@a2 billable 100.00`,
    ]);
  });

  it('is asked for work within the contract alone: not before its first day, nor after its last', async () => {
    await msp.signs('bluegum', { from: '2026-03-10', rules: [rule()] });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    expect(await charges('2026-03')).toEqual([]);
    await ticket.time('E2', 70, '2026-03-12');
    expect(await charges('2026-03')).toEqual([`${OF_T1} billable 90.00`]);
    expect(await msp.gaps()).toEqual(['contract-mismatch: 90.00 AUD', 'unpriced E1: 70 min']);
  });

  it('credited to be billed again is asked again; credited for good it stays forgone', async () => {
    await signs();
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 70, '2026-03-02');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: OF_T1, outcome: 'bill-again' }]);
    expect(await charges('2026-03')).toEqual([`${OF_T1} billable 90.00`]);
    await msp.bills('I2', 'bluegum', '2026-03');
    await msp.credits('C2', 'I2', 'bluegum', '2026-03', [{ itemId: OF_T1, outcome: 'written-off' }]);
    await changes({ price: '100.00' });
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`, `${OF_T1}@a1 billable 10.00`]);
  });

  it('costs nothing for so many tickets of a month, those that were worked on first', async () => {
    await signs({ includedPerPeriod: 2 });
    const stories = [];
    for (const day of [2, 3, 4]) {
      const ticket = await msp.ticket(`T${day}`, 'bluegum');
      await ticket.time(`E${day}`, 45, `2026-03-0${day}`);
      stories.push(ticket);
    }
    const of = (id: string): string => `bluegum-1@incident@support@for-${id}`;
    expect(await charges('2026-03')).toEqual([`${of('T4')} billable 90.00`]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      expect.stringMatching(/^INV/),
      '90.00 + 9.00 = 99.00 AUD',
    ]);
    await (await msp.ticket('T1', 'bluegum')).time('E1', 45, '2026-03-01');
    expect(await charges('2026-03')).toEqual([`${of('T3')} billable 90.00`, `${of('T4')} invoiced 90.00`]);
    await stories[0]?.voids('E2');
    await stories[1]?.voids('E3');
    expect(await charges('2026-03')).toEqual([`${of('T4')} invoiced 90.00`, `${of('T4')}@a1 billable -90.00`]);
  });

  describe('of which one of a month costs nothing, counts in the month of its first work, whichever account asks for it:', () => {
    const of = (id: string): string => `bluegum-1@incident@support@for-${id}`;
    /** What the months ask, by account. */
    const all = async (): Promise<readonly (readonly string[])[]> => [
      await charges('2026-02'),
      await charges('2026-03'),
    ];

    /** T0 on 2 March, T1 on 3 March: 90.00 for T1. */
    async function begins(isInvoiced: boolean) {
      await signs({ includedPerPeriod: 1 });
      const [t0, t1] = [await msp.ticket('T0', 'bluegum'), await msp.ticket('T1', 'bluegum')];
      await t0.time('E0', 45, '2026-03-02');
      await t1.time('E1', 45, '2026-03-03');
      if (isInvoiced) await msp.bills('I1', 'bluegum', '2026-03');
      return { t0, t1 };
    }

    it('T1 is the first of February, and T0 of March: nothing', async () => {
      const { t1 } = await begins(false);
      await t1.time('E2', 45, '2026-02-20');
      expect(await all()).toEqual([[], []]);
    });

    it('the same after the invoice: 90.00 - 90.00, and again once that work is voided', async () => {
      const { t1 } = await begins(true);
      await t1.time('E2', 45, '2026-02-20');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`]]);
      await t1.voids('E2');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
    });

    it('what is given back alone goes by a credit note of no invoice, and is asked again where it is due again (K5, K18)', async () => {
      const { t1 } = await begins(true);
      await t1.time('E2', 45, '2026-02-20');
      expect(await msp.gaps()).toEqual(['contract-mismatch: -90.00 AUD']);
      expect([await msp.drafts('I2', 'bluegum', '2026-03'), await msp.issues('I2', 'bluegum', '2026-03')]).toEqual([
        'accepted',
        'NegativeTotal',
      ]);
      await msp.discards('I2', 'bluegum', '2026-03');
      const owed = { creditNoteId: 'C1', clientId: 'bluegum', period: '2026-03', items: [`${of('T1')}@a1`] };
      await msp.send(billing.GiveCredits, { ...owed, reasonCode: 'free', comment: 'the first of February' });
      expect((await msp.creditNote('C1')).at(-1)).toBe('90.00 + 9.00 = 99.00 AUD');
      expect(await msp.gaps()).toEqual([]);
      await t1.voids('E2');
      expect(await msp.gaps()).toEqual(['contract-mismatch: 90.00 AUD']);
      expect((await msp.bills('I3', 'bluegum', '2026-03')).at(-1)).toBe('90.00 + 9.00 = 99.00 AUD');
      expect([await msp.gaps(), await msp.endings('contract-mismatch')]).toEqual([[], ['billed', 'billed']]);
    });

    it('T1 and then T0 in February are 90.00 for T0, before the invoice and after', async () => {
      const { t0, t1 } = await begins(true);
      await t1.time('E2', 45, '2026-02-20');
      await t0.time('E3', 45, '2026-02-21');
      expect(await all()).toEqual([
        [`${of('T0')} billable 90.00`],
        [`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`],
      ]);
      // By a correction of its day T0 comes first in February.
      await t0.corrects('E3', 45, '2026-02-19');
      await t0.approves('E3');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
    });

    it('a ticket that has work in February alone takes the place of T1, whose account looks at it: 90.00', async () => {
      const { t1 } = await begins(true);
      await t1.time('E2', 45, '2026-02-20');
      const given = [`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`];
      expect((await all())[1]).toEqual(given);
      const t9 = await msp.ticket('T9', 'bluegum');
      await t9.time('E9', 45, '2026-02-10', { approved: false });
      expect((await all())[1]).toEqual(given);
      await t9.approves('E9');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
      await t9.isOf({ category: 'project' });
      expect((await all())[1]).toEqual(given);
      await t9.isOf({ category: 'network' });
      expect((await all())[1]).toEqual([`${of('T1')} invoiced 90.00`]);
      await t9.corrects('E9', 45, '2026-01-10');
      await t9.approves('E9');
      expect((await all())[1]).toEqual(given);
    });

    it('of merged tickets by the first work of both, which leaves with a split', async () => {
      const { t0 } = await begins(true);
      const t2 = await msp.ticket('T2', 'bluegum');
      await t2.time('E2', 45, '2026-02-20');
      // T0 is the first of March, and T2 of February.
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
      await msp.send(tickets.MergeTicket, { ticketId: 'T2', into: 'T1', reason: 'the same' }, { actor: OMAR });
      expect((await all())[1]).toEqual([`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`]);
      await t0.time('E3', 45, '2026-02-10');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
      await msp.send(tickets.SplitTicket, { ticketId: 'T2', reason: 'not the same' }, { actor: OMAR });
      // T1 is the only one of March, and T2 the second of February.
      expect(await all()).toEqual([
        [`${of('T2')} billable 90.00`],
        [`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`],
      ]);
    });

    it('credited to be billed again it goes to the account of its first work', async () => {
      const { t0, t1 } = await begins(true);
      await t0.time('E2', 45, '2026-02-20');
      await t1.time('E3', 45, '2026-02-21');
      expect(await all()).toEqual([[], [`${of('T1')} invoiced 90.00`]]);
      await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: of('T1'), outcome: 'bill-again' }]);
      expect(await all()).toEqual([[`${of('T1')} billable 90.00`], []]);
    });

    it('with another client it counts there', async () => {
      await msp.signs('wattle', { rules: [rule({ price: '120.00', includedPerPeriod: 1 })] });
      const { t0, t1 } = await begins(true);
      await t1.time('E2', 45, '2026-02-20');
      await t0.time('E3', 45, '2026-02-10');
      expect((await all())[1]).toEqual([`${of('T1')} invoiced 90.00`]);
      await t0.isOf({ clientId: 'wattle' });
      expect((await all())[1]).toEqual([`${of('T1')} invoiced 90.00`, `${of('T1')}@a1 billable -90.00`]);
      expect(await charges('2026-02', 'wattle')).toEqual([]);
    });
  });

  it('counts towards the minimum and has percent discounts as work does: 81.00, and 19.00 to 100.00', async () => {
    await signs(
      {},
      {
        minimumCommitment: {
          id: 'least',
          name: 'Least',
          amountPerPeriod: '100.00',
          countsRecurring: false,
          taxCategory: 'GST',
        },
        discounts: [{ id: 'loyal', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }],
      },
    );
    await (await msp.ticket('T1', 'bluegum')).time('E1', 70, '2026-03-02');
    expect(await charges('2026-03')).toEqual([
      `${OF_T1} billable 81.00`,
      'bluegum-1@minimum@least@2026-03-01 billable 19.00',
    ]);
    expect(await msp.drafts('I1', 'bluegum', '2026-03')).toBe('accepted');
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.invoices.charges('I1', {});
    expect(items.find(({ chargeId }) => chargeId === OF_T1)?.parts).toEqual([
      expect.objectContaining({ label: 'price', quantity: '1', unitPrice: { amount: '90.00', currency: 'AUD' } }),
      expect.objectContaining({ label: 'discount', percent: '10', amount: { amount: '-9.00', currency: 'AUD' } }),
    ]);
  });

  it('has the business hours of an entry, and the card the rest, whatever is invoiced first', async () => {
    const hours = { monday: [{ opens: '08:00', closes: '17:00' }] };
    await msp.signs('bluegum', {
      rules: [rule({}, { rateClasses: ['business'] }), ALL],
      besides: { rateCalendar: { hours, holidays: [] } },
    });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('E1', 120, '2026-03-02', { from: '2026-03-02T05:00:00Z', until: '2026-03-02T07:00:00Z' });
    expect((await msp.bills('I1', 'bluegum', '2026-03')).slice(1)).toEqual([
      'E1@p2 1 h 150.00',
      '240.00 + 24.00 = 264.00 AUD',
    ]);
    expect(await charges('2026-03')).toEqual([`${OF_T1} invoiced 90.00`]);
  });

  it('is drafted with its ticket by name, also of a ticket that is called as an adjustment is', async () => {
    await signs();
    await (await msp.ticket('a1', 'bluegum')).time('E1', 70, '2026-03-02');
    await (await msp.ticket('T2', 'bluegum')).time('E2', 70, '2026-03-02');
    const { DraftInvoice } = (await import('@billtrail/application')).billingCommands;
    const asked = { invoiceId: 'I1', clientId: 'bluegum', period: '2026-03', tickets: ['a1'] };
    expect(await msp.tries(DraftInvoice, asked)).toBe('accepted');
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('accepted');
    expect(await charges('2026-03')).toEqual([
      'bluegum-1@incident@support@for-T2 billable 90.00',
      'bluegum-1@incident@support@for-a1 invoiced 90.00',
    ]);
  });

  it('is supposed by what-if at the terms that are asked about: 90.00 in place of 187.50', async () => {
    await msp.signs('bluegum', {});
    await (await msp.ticket('T1', 'bluegum')).time('E1', 70, '2026-03-02');
    await msp.house.settle();
    const { terms } = versionOf({ rules: [rule()] }) as { terms: ContractTerms };
    const version = { contractId: 'bluegum-1', effectiveFrom: '2026-01-01', effectiveTo: null, terms };
    const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', version });
    invariant(!isRefusal(answer), 'what-if was refused');
    expect(answer.totals).toMatchObject({ before: { amount: '187.50' }, after: { amount: '90.00' } });
  });
});
