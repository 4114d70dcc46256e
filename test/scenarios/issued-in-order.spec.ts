import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ACCOUNTANT, ADMIN, ENGINEER, House } from '../laws/kit/house.js';
import { Msp, versionOf } from './msp.js';

const MARCH = '2026-03';
const APRIL = '2026-04';
const I0 = { invoiceId: 'I0', clientId: 'bluegum', period: APRIL };
const ENTRY = {
  ticketId: 'T-bluegum',
  engineerId: ENGINEER.id,
  engineerRole: 'engineer',
  workType: 'remote',
  description: 'Worked',
};
const I1 = { invoiceId: 'I1', clientId: 'bluegum', period: MARCH };

describe('an issue has its verdict in the order of the log', () => {
  let msp: Msp;
  let other: House;
  let folder: ReturnType<typeof temporaryFolder>;
  afterEach(async () => {
    jest.restoreAllMocks();
    await other.close();
    await msp.closes();
    folder.remove();
  });

  /** March and April of one client, March approved; and another process on the same folder. */
  async function approved(isOneTicket = false): Promise<void> {
    folder = temporaryFolder();
    msp = await Msp.opens('2026-05-01', {}, folder.path);
    for (const clientId of ['bluegum', 'wattle']) {
      await msp.signs(clientId);
      const ticket = await msp.ticket(`T-${clientId}`, clientId);
      await ticket.time(`W1-${clientId}`, 60, '2026-03-10');
      await ticket.time(`W2-${clientId}`, 60, '2026-03-11');
      const second = isOneTicket ? ticket : await msp.ticket(`T2-${clientId}`, clientId);
      await second.time(`W3-${clientId}`, 60, '2026-04-11');
    }
    await msp.house.settle();
    for (const [invoiceId, period] of [
      ['I0', APRIL],
      ['I1', MARCH],
    ] as const) {
      expect(await msp.drafts(invoiceId, 'bluegum', period)).toBe('accepted');
      expect(await msp.tries(billing.ApproveInvoice, { ...I1, invoiceId, period })).toBe('accepted');
    }
    other = await House.open('2026-05-01T12:00:00+11:00', folder.path, 1_000);
    await other.settle();
  }

  /** Lets `meanwhile` happen once the draft was compared, and before its issue is recorded. */
  function beforeTheRequest(meanwhile: () => Promise<unknown>, type = 'InvoiceIssueRequested'): void {
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    let isFirst = true;
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (isFirst && request.events.some((event) => event.type === type)) {
        isFirst = false;
        await meanwhile();
      }
      return append(request, ...others);
    });
  }

  const void1 = () =>
    other.must(
      tickets.VoidTimeEntry,
      { ticketId: 'T-bluegum', timeEntryId: 'W1-bluegum', reason: 'was not done' },
      { actor: ADMIN },
    );
  const issue = (house: House = msp.house, of = I1) => house.send(billing.IssueInvoice, of, { actor: ACCOUNTANT });
  const invoice = async (invoiceId = 'I1', house: House = msp.house) => {
    await house.settle();
    const { status, number, total } = (await house.billtrail.models.invoices.get(invoiceId))!;
    return [status, number, total?.amount];
  };

  it.each([
    ['work is voided', void1, 'ticket T-bluegum was changed', 'DraftStale'],
    [
      'work of the month is logged',
      () =>
        other.must(
          tickets.LogTimeEntry,
          { ...ENTRY, timeEntryId: 'W9', workDate: '2026-03-12', minutes: 60 },
          { actor: ADMIN },
        ),
      'ticket T-bluegum was changed',
      'issued',
    ],
    [
      'the price of the contract is changed',
      () =>
        other.must(
          contracts.PublishContractVersion,
          { contractId: 'bluegum-1', ...versionOf({ hourly: '10.00' }) },
          { actor: ADMIN },
        ),
      'the contracts of client bluegum were changed',
      'DraftStale',
    ],
    [
      'the client is given another name',
      () =>
        other.must(
          contracts.ChangeClientDetails,
          { clientId: 'bluegum', name: 'Blue Gum Pty Ltd', currency: 'AUD', timeZone: 'Australia/Sydney' },
          { actor: ADMIN },
        ),
      'the details of client bluegum were changed',
      'PartiesChanged',
    ],
    [
      'the tax rate is changed',
      () =>
        other.must(
          billing.PublishConfiguration,
          { configuration: { ...NAMED_CONFIGURATION, taxRates: { GST: '20' } } },
          { actor: ADMIN },
        ),
      'the configuration was published anew',
      'TaxChanged',
    ],
    [
      'work of another month is written off',
      async () => {
        await other.must(billing.DiscardInvoiceDraft, { ...I0, reason: 'not asked' }, { actor: ACCOUNTANT });
        const off = { itemId: 'W3-bluegum', clientId: 'bluegum', period: APRIL, reasonCode: 'goodwill', comment: 'ok' };
        return other.must(billing.WriteOffWork, off, { actor: ACCOUNTANT });
      },
      'account bluegum-2026-04 got another document or write-off',
      'issued',
    ],
  ])(
    '%s by another process after it was compared: it is withdrawn without a number, and the caller is told',
    async (_what, change, told, then) => {
      await approved();
      beforeTheRequest(change);
      const answer = (await issue()) as Refusal;
      expect(answer.code).toBe('IssueWithdrawn');
      expect(answer.message).toContain(told);
      expect(await invoice()).toEqual(['approved', null, '330.00']);
      expect(await invoice('I1', other)).toEqual(['approved', null, '330.00']);
      expect((await msp.house.events()).filter(({ data }) => isNumberOf(data, 'I1'))).toEqual([]);
      const again = await issue();
      expect(isRefusal(again) ? again.code : (await invoice())[0]).toBe(then);
    },
  );

  it.each([
    [
      'work of another client',
      () =>
        other.must(
          tickets.VoidTimeEntry,
          { ticketId: 'T-wattle', timeEntryId: 'W1-wattle', reason: 'x' },
          { actor: ADMIN },
        ),
    ],
    [
      'a note',
      () =>
        other.must(
          tickets.AddNote,
          { ticketId: 'T-bluegum', noteId: 'N1', text: 'called back', visibility: 'internal' },
          { actor: ADMIN },
        ),
    ],
    [
      'a wait',
      () =>
        other.must(tickets.PendTicketOnClient, { ticketId: 'T-bluegum', reason: 'for a password' }, { actor: ADMIN }),
    ],
    ['another month of the client, issued,', () => issue(other, I0)],
  ])('%s that comes in between keeps no invoice', async (_what, change) => {
    await approved();
    beforeTheRequest(change);
    expect(isRefusal(await issue())).toBe(false);
    expect((await invoice())[0]).toBe('issued');
  });

  it('two months of a client that are issued at the same moment, by two processes, are both issued', async () => {
    await approved();
    const answers = await Promise.all([issue(), issue(other, I0)]);
    expect(answers.filter((one) => isRefusal(one))).toEqual([]);
    expect([await invoice(), await invoice('I0')].map(([status]) => status)).toEqual(['issued', 'issued']);
    const withdrawn = (await msp.house.events()).filter(({ type }) => type === 'InvoiceIssueWithdrawn');
    expect(withdrawn).toEqual([]);
  });

  it('another month with work of the same ticket is in its way, for they may share a cap', async () => {
    await approved(true);
    beforeTheRequest(() => issue(other, I0));
    expect(await issue()).toMatchObject({
      code: 'IssueWithdrawn',
      message: expect.stringContaining('account bluegum-2026-04 got another document or write-off'),
    });
    expect(isRefusal(await issue())).toBe(false);
    expect((await invoice())[0]).toBe('issued');
  });

  it('one that gives money of an earlier invoice back is withdrawn where another month was issued before it', async () => {
    await approved();
    await other.must(billing.IssueInvoice, I1, { actor: ACCOUNTANT });
    const shorter = { ...ENTRY, timeEntryId: 'W1-bluegum', workDate: '2026-03-10', minutes: 30, reason: 'mistyped' };
    await other.must(tickets.CorrectTimeEntry, shorter, { actor: ADMIN });
    await other.must(tickets.ApproveTimeEntry, { ticketId: 'T-bluegum', timeEntryId: 'W1-bluegum', version: 2 });
    const more = { ...ENTRY, timeEntryId: 'W9', workDate: '2026-03-12', minutes: 120 };
    await other.must(tickets.LogTimeEntry, more, { actor: ADMIN });
    await other.must(tickets.ApproveTimeEntry, { ticketId: 'T-bluegum', timeEntryId: 'W9' });
    await msp.house.settle();
    const back = { ...I1, invoiceId: 'I2' };
    expect(await msp.drafts('I2', 'bluegum', MARCH)).toBe('accepted');
    expect(await msp.tries(billing.ApproveInvoice, back)).toBe('accepted');
    beforeTheRequest(() => issue(other, I0));
    expect(await issue(msp.house, back)).toMatchObject({ code: 'IssueWithdrawn' });
    expect(isRefusal(await issue(msp.house, back))).toBe(false);
    expect((await invoice('I2'))[0]).toBe('issued');
  });

  it('what another month gives free again is a fact: an issue of it that is withdrawn, before this one was recorded', async () => {
    await approved();
    const asInterrupted = { actor: ACCOUNTANT, interrupted: true };
    await other.must(billing.IssueInvoice, { ...I1, issueDate: '2026-05-01' }, asInterrupted);
    // The series goes on to a day after that, so March gets no number any more.
    const wattle = { invoiceId: 'I5', clientId: 'wattle', period: MARCH };
    await other.must(billing.DraftInvoice, wattle, { actor: ACCOUNTANT });
    await other.must(billing.ApproveInvoice, wattle, { actor: ACCOUNTANT });
    await other.must(billing.IssueInvoice, { ...wattle, issueDate: '2026-05-02' }, { actor: ACCOUNTANT });
    await msp.house.billtrail.models.catchUp();
    const april = { ...I0, issueDate: '2026-05-03' };
    beforeTheRequest(() => other.settle());
    const answer = (await issue(msp.house, april)) as Refusal;
    expect(answer).toMatchObject({
      code: 'IssueWithdrawn',
      details: { changed: { stream: 'account-bluegum-2026-03' } },
    });
    expect(await invoice('I1')).toEqual(['approved', null, '330.00']);
    expect(isRefusal(await issue(msp.house, april))).toBe(false);
  });

  it('one that was interrupted stands if the fact came after it, and is withdrawn if it came before, whoever completes it', async () => {
    for (const [fact, expected] of [
      ['after', ['issued', 'INV-000001', '330.00']],
      ['before', ['approved', null, '330.00']],
    ] as const) {
      await approved();
      if (fact === 'before') beforeTheRequest(void1);
      await msp.house.send(billing.IssueInvoice, I1, { actor: ACCOUNTANT, interrupted: true });
      if (fact === 'after') await void1();
      expect(await invoice('I1', other)).toEqual(expected);
      expect(await invoice()).toEqual(expected);
      const { models } = msp.house.billtrail;
      await models.rebuild();
      expect(await invoice()).toEqual(expected);
      if (fact === 'before') break;
      jest.restoreAllMocks();
      await other.close();
      await msp.closes();
      folder.remove();
    }
  });

  it('an item that moves to another month, and is issued there in between, is on one invoice', async () => {
    await approved();
    const april = { invoiceId: 'I2', clientId: 'bluegum', period: APRIL };
    const ticketId = 'T-bluegum';
    beforeTheRequest(async () => {
      const at = { timeEntryId: 'W2-bluegum', workDate: '2026-04-12', minutes: 60 };
      const moved = { ...ENTRY, ...at, reason: 'another day' };
      await other.must(tickets.CorrectTimeEntry, moved, { actor: ADMIN });
      await other.must(tickets.ApproveTimeEntry, { ticketId, timeEntryId: 'W2-bluegum', version: 2 });
      await other.settle();
      await other.must(billing.DraftInvoice, april, { actor: ACCOUNTANT });
      await other.must(billing.ApproveInvoice, april, { actor: ACCOUNTANT });
      await other.must(billing.IssueInvoice, april, { actor: ACCOUNTANT });
    });
    expect(await issue()).toMatchObject({ code: 'IssueWithdrawn' });
    expect(await invoice('I2')).toEqual(['issued', 'INV-000001', '165.00']);
    expect(await invoice()).toEqual(['approved', null, '330.00']);
    expect(await issue()).toMatchObject({ code: 'DraftStale' });
  });

  it('the same draft is asked for twice at once: one number', async () => {
    await approved();
    const answers = await Promise.all([issue(), issue(other)]);
    expect(answers.filter((one) => isRefusal(one))).toEqual([]);
    expect(await invoice()).toEqual(['issued', 'INV-000001', '330.00']);
  });

  it('a request of before, which carries no position, stands', async () => {
    await approved();
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (!request.events.some(({ type }) => type === 'InvoiceIssueRequested')) return append(request, ...others);
      await void1();
      const events = request.events.map((event) => {
        const { comparedUpTo: _position, ...data } = event.data as { comparedUpTo?: string };
        return { ...event, data };
      });
      return append({ ...request, events }, ...others);
    });
    expect(isRefusal(await issue())).toBe(false);
    expect(await invoice()).toEqual(['issued', 'INV-000001', '330.00']);
  });
});

function isNumberOf(data: object, documentId: string): boolean {
  return 'documentId' in data && data.documentId === documentId;
}
