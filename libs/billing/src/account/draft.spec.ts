import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { MAX_APPEND_BYTES } from '@billtrail/event-store';
import { sealedBytes } from '@billtrail/event-store/contract-suite';
import type { AccountEvent, InvoiceDrafted } from '../events.js';
import { storedBillingEvents } from '../events/stored.js';
import { BY_ANYONE, CONFIGURATION } from '../testing/facts.js';
import { draftedInvoice } from '../testing/documents.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { RATING_VERSION } from '../rating-version.js';
import { account } from './account.js';
import type { ApproveInvoice, DraftInvoice } from './commands.js';
import { type ApprovedContent, draftHash } from './document.js';
import { MAX_DRAFT_BYTES, MAX_LINE_CHARACTERS_PER_EVENT } from './lines.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const client = { name: 'Bluegum Dental', taxId: null, address: '2 Gum Street', taxExemption: null };

const one = hourItem('w-1');
const other = hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2' });
const fee = feeItem('fee', '500.00');
const licence = feeItem('licence', '200.00');

const draft = (changes: Partial<DraftInvoice> = {}): DraftInvoice & Issued => ({
  type: 'DraftInvoice',
  issueDate: '2026-04-01',
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  items: [one, other],
  charges: [fee, licence],
  configuration: CONFIGURATION,
  client,
  ...issued,
  ...changes,
});
const approve = { type: 'ApproveInvoice', invoiceId: 'inv-1', ...BY_ANYONE, ...issued } as const;
const given = (...before: AccountEvent[]) => spec(account).given(...before);

function events(
  command: (DraftInvoice | ApproveInvoice) & Issued,
  state = account.initialState,
): readonly AccountEvent[] {
  const decision = account.decide(command, state);
  if (isRefusal(decision)) throw new Error(decision.message);
  return decision;
}
function draftedBy(command: DraftInvoice & Issued): InvoiceDrafted['data'] {
  const [first] = events(command);
  if (first?.type !== 'InvoiceDrafted') throw new Error('no draft');
  return first.data;
}
/** Ids of the lines and charges of a draft, or the code of a refusal. */
function takenBy(command: DraftInvoice & Issued, state = account.initialState): readonly string[] | string {
  const decision = account.decide(command, state);
  if (isRefusal(decision)) return decision.code;
  return [...fold(account, decision).invoices.values()].flatMap(({ lines, charges }) => [
    ...lines.map(({ itemId }) => itemId),
    ...charges.map(({ chargeItemId }) => chargeItemId),
  ]);
}

describe('a draft', () => {
  it('states its parties, when it was rated and by which version', () =>
    expect(draftedBy(draft({ occurredAt: '2026-03-31T00:00:00Z' }))).toMatchObject({
      buyer: { name: 'Bluegum Dental', taxId: null, address: '2 Gum Street' },
      seller: { name: 'Example MSP', taxId: '96 999 111 222', address: '1 Example Street, Sydney NSW 2000' },
      ratedAt: issued.at,
      ratingVersion: RATING_VERSION,
      taxRounding: 'document',
      dueDate: null,
      terms: null,
    }));
  it('has totals at the tax rates of now, without tax for an exempt client', () => {
    expect(draftedBy(draft()).totals).toEqual({
      taxTotals: [
        {
          taxCategory: 'GST',
          rate: '10',
          net: aud('1000.00'),
          tax: aud('100.00'),
          treatment: 'taxable',
          code: 'S',
          reason: null,
        },
      ],
      net: aud('1000.00'),
      tax: aud('100.00'),
      total: aud('1100.00'),
    });
    const exempt = { ...client, taxExemption: 'export' };
    expect(draftedBy(draft({ client: exempt })).totals).toMatchObject({ tax: aud('0.00'), total: aud('1000.00') });
  });
  it('has no totals while a tax category has no rate; nobody approves or issues it then', () => {
    const items = [{ ...one, taxCategory: 'VAT' }];
    const untaxed = events(draft({ items, charges: [] }));
    const { totals, hash } = draftedBy(draft({ items, charges: [] }));
    expect(totals).toBe(null);
    expect(account.decide(approve, given(...untaxed).state)).toMatchObject({
      code: 'DraftUntaxed',
      message: 'Draft inv-1 says nothing of its tax: when it was drafted, the configuration had no rate for VAT.',
      details: { categories: ['VAT'] },
    });
    // Approved by a version that took it, and with a rate since: still nobody has seen its tax.
    const approved: AccountEvent = {
      type: 'InvoiceApproved',
      data: { invoiceId: 'inv-1', approvedBy: 'a', hash },
      occurredAt: issued.at,
    };
    const configuration = { ...CONFIGURATION, taxRates: { VAT: '20' } };
    const issue = { ...draft({ items, charges: [] }), type: 'RequestInvoiceIssue', configuration } as const;
    given(...untaxed, approved)
      .when(issue)
      .thenRefused('DraftUntaxed');
    // A draft of schema version 1 has no hash, and never said its tax.
    const [first, ...rest] = untaxed;
    if (first?.type !== 'InvoiceDrafted') throw new Error('no draft');
    const old: AccountEvent = { ...first, data: { ...first.data, hash: null } };
    const [oldApproved] = account.decide(approve, given(old, ...rest).state) as readonly [AccountEvent];
    given(old, ...rest, oldApproved)
      .when(issue)
      .thenLike({ type: 'InvoiceIssueRequested', data: { net: aud('150.00'), tax: aud('30.00') } });
  });
});

describe('the hash of a draft', () => {
  const hash = () => draftedBy(draft()).hash;
  it('is told from the stored events', () => {
    const stored = JSON.parse(JSON.stringify(events(draft()))) as AccountEvent[];
    const [first, ...rest] = stored;
    if (first?.type !== 'InvoiceDrafted') throw new Error('no draft');
    const added = rest.flatMap((event) => (event.type === 'InvoiceLinesAdded' ? [event.data] : []));
    const content: ApprovedContent = {
      ...first.data,
      lines: added.flatMap(({ lines }) => lines),
      charges: added.flatMap(({ charges = [] }) => charges),
    };
    expect(draftHash(content)).toBe(hash());
    expect(hash()).toMatch(/^[0-9a-f]{64}$/);
  });
  it('is the same under another id, at another time', () =>
    expect(draftedBy(draft({ invoiceId: 'inv-2', at: '2026-05-01T00:00:00Z' } as Partial<DraftInvoice>)).hash).toBe(
      hash(),
    ));
  it.each<[string, Partial<DraftInvoice>]>([
    ['buyer', { client: { ...client, address: 'elsewhere' } }],
    ['seller', { configuration: { ...CONFIGURATION, organisation: { ...CONFIGURATION.organisation, taxId: null } } }],
    ['tax', { configuration: { ...CONFIGURATION, taxRates: { GST: '11' } } }],
    ['line', { items: [one, { ...other, description: 'Worked on the scanner' }] }],
    ['order of lines', { items: [other, one] }],
    ['charge', { charges: [fee, { ...licence, description: 'Licences' }] }],
  ])('is another with another %s', (_what, changes) => expect(draftedBy(draft(changes)).hash).not.toBe(hash()));
  it('is what an approval names', () =>
    given(...events(draft()))
      .when(approve)
      .thenLike({ type: 'InvoiceApproved', data: { hash: hash() } }));
  it('may be stated by who approves, and is compared then, also on repeat', () => {
    const drafts = events(draft());
    const stated = (seen: string | null) => ({ ...approve, hash: seen ?? '' });
    given(...drafts)
      .when(stated(hash()))
      .thenLike({ type: 'InvoiceApproved', data: { hash: hash() } });
    const approved = [...drafts, ...events(approve, fold(account, drafts))];
    given(...approved)
      .when(stated(hash()))
      .thenNothing();
    for (const before of [drafts, approved])
      expect(account.decide(stated('0'.repeat(64)), fold(account, before))).toMatchObject({
        code: 'HashMismatch',
        message: 'The hash is not that of draft inv-1: this is not the draft that you have seen.',
        remedy: 'Read the draft again: GET /v1/invoices/inv-1, check it, and approve it with its hash.',
        details: { invoiceId: 'inv-1', hash: hash(), given: '0'.repeat(64) },
      });
  });
  it('lacks in drafts of schema version 1, which are approved without', () => {
    const old = draftedInvoice({ invoiceId: 'inv-1', clientId: 'cli-1', period: '2026-03', hash: null });
    given({ type: 'InvoiceDrafted', data: old, occurredAt: issued.at })
      .when(approve)
      .thenLike({ type: 'InvoiceApproved', data: { hash: null } });
    const state = fold(account, [{ type: 'InvoiceDrafted', data: old, occurredAt: issued.at } as const]);
    expect(account.decide({ ...approve, hash: hash() ?? '' }, state)).toMatchObject({
      code: 'HashMismatch',
      message: 'Draft inv-1 has no hash: it was written by a version without.',
      remedy: 'Check it, and approve it without a hash.',
    });
  });
});

describe('a draft of named tickets and charges', () => {
  const named = (tickets: readonly string[], charges: readonly string[]) => ({ named: { tickets, charges } });
  it('takes the items of these tickets, and these charges', () => {
    expect(takenBy(draft())).toEqual(['w-1', 'w-2', fee.chargeItemId, licence.chargeItemId]);
    expect(takenBy(draft(named(['T-2'], [])))).toEqual(['w-2']);
    expect(takenBy(draft(named([], [licence.chargeItemId])))).toEqual([licence.chargeItemId]);
    expect(takenBy(draft(named(['T-1'], [fee.chargeItemId])))).toEqual(['w-1', fee.chargeItemId]);
    expect(takenBy(draft(named([], [])))).toBe('NothingToBill');
  });
  it('leaves the rest to another draft', () => {
    const first = events(draft(named(['T-1'], [fee.chargeItemId])));
    const rest = named(['T-2'], [licence.chargeItemId]);
    expect(takenBy(draft({ invoiceId: 'inv-2', ...rest }), fold(account, first))).toEqual([
      'w-2',
      licence.chargeItemId,
    ]);
  });
  it('refuses, by name, tickets and charges that have nothing to draft', () => {
    const decision = account.decide(
      draft(named(['T-1', 'T-9'], [fee.chargeItemId, 'con-1@fee@old@2026-03-01'])),
      account.initialState,
    );
    expect(decision).toMatchObject({
      code: 'NothingToDraft',
      message: 'Nothing can be drafted for ticket T-9, charge con-1@fee@old@2026-03-01.',
      details: { tickets: ['T-9'], charges: ['con-1@fee@old@2026-03-01'] },
    });
    const many = Array.from({ length: 7 }, (_, index) => `T-${index + 3}`);
    expect(account.decide(draft(named(many, [])), account.initialState)).toMatchObject({
      message: 'Nothing can be drafted for ticket T-3, ticket T-4, ticket T-5, ticket T-6, ticket T-7 and 2 more.',
      details: { tickets: many },
    });
  });
  it('says which documents have what was named', () => {
    const drafts = events(draft(named(['T-1'], [fee.chargeItemId])));
    const withNumber = [
      ...drafts,
      { type: 'InvoiceIssueRequested', data: { invoiceId: 'inv-1' } },
      { type: 'InvoiceIssued', data: { invoiceId: 'inv-1', number: 'INV-000001' } },
    ] as unknown as readonly AccountEvent[];
    const again = draft({
      invoiceId: 'inv-2',
      items: [other],
      charges: [licence],
      ...named(['T-1'], [fee.chargeItemId]),
    });
    const said = (before: readonly AccountEvent[]) => account.decide(again, fold(account, before));
    expect(said(drafts)).toMatchObject({
      message: `Nothing can be drafted for ticket T-1 (on draft inv-1), charge ${fee.chargeItemId} (on draft inv-1).`,
      details: { invoiceIds: ['inv-1'] },
    });
    expect(said(withNumber)).toMatchObject({
      message: `Nothing can be drafted for ticket T-1 (on INV-000001), charge ${fee.chargeItemId} (on INV-000001).`,
      details: { invoiceIds: ['inv-1'] },
    });
    const discarded = { type: 'InvoiceDraftDiscarded', data: { invoiceId: 'inv-1', reason: 'x' } } as const;
    expect(said([...drafts, { ...discarded, occurredAt: drafts[0]!.occurredAt }])).toMatchObject({
      message: `Nothing can be drafted for ticket T-1, charge ${fee.chargeItemId}.`,
      details: { invoiceIds: [] },
    });
  });
  it('names no document for what a credit note has freed', () => {
    const { claimed, claimedCharges, ...free } = fold(account, events(draft(named(['T-1'], [fee.chargeItemId]))));
    expect([claimed.size, claimedCharges.size]).toEqual([1, 1]);
    const state = { ...free, claimed: new Map(), claimedCharges: new Map() };
    const again = draft({ invoiceId: 'inv-2', items: [], charges: [], ...named(['T-1'], [fee.chargeItemId]) });
    expect(account.decide(again, state)).toMatchObject({ details: { invoiceIds: [] } });
  });
  it('refuses a ticket of which another document shows all that is prepaid, and takes it where none does', () => {
    const zero = aud('0.00');
    const source = { from: 'block', contractId: 'con-1', blockId: 'b-1' } as const;
    const draw = { source, itemId: 'w-2', workItemId: 'w-2', workDate: '2026-03-10', frozen: false } as const;
    const amount = { unit: 'minutes', minutes: 60 } as const;
    const covered = {
      ...other,
      disposition: 'covered',
      unitPrice: zero,
      net: zero,
      draw: { ...draw, amount },
    } as const;
    const command = draft({ invoiceId: 'inv-2', items: [one, covered], ...named(['T-1', 'T-2'], []) });
    expect(takenBy(command)).toEqual(['w-1', 'w-2']);
    const shown = events(draft({ items: [covered], ...named(['T-2'], [fee.chargeItemId]) }));
    expect(takenBy(command, fold(account, shown))).toBe('NothingToDraft');
  });
  it('is refused below zero, where naming more helps; at zero, and where nothing is named, it is taken', () => {
    const credit = feeItem('credit', '-200.00');
    const command = (names: object) => draft({ charges: [fee, licence, credit], ...names });
    expect(account.decide(command(named([], [credit.chargeItemId])), account.initialState)).toMatchObject({
      code: 'NegativeTotal',
      message: "What was named comes to -220.00 AUD; an invoice total can't be negative.",
      remedy: expect.stringContaining('give the credit by a credit note: POST /v1/credit-notes/owed'),
      details: { invoiceId: 'inv-1', total: aud('-220.00') },
    });
    const beside = [licence.chargeItemId, credit.chargeItemId];
    expect(takenBy(command(named([], beside)))).toEqual(beside);
    expect(takenBy(draft({ items: [], charges: [credit] }))).toEqual([credit.chargeItemId]);
  });
  it('is quiet on repeat with the same names; with others its id is taken', () => {
    const command = draft(named(['T-1'], [fee.chargeItemId]));
    given(...events(command))
      .when(command)
      .thenNothing();
    for (const names of [named(['T-2'], []), named(['T-9'], []), {}])
      given(...events(command))
        .when(draft(names))
        .thenRefused('InvoiceIdTaken');
  });
});

describe('a draft that is too large for one append', () => {
  /** Bytes of the data of all events: letters of two bytes count as two. */
  const bytesOf = (all: readonly AccountEvent[]) =>
    all.reduce((sum, { data }) => sum + new TextEncoder().encode(JSON.stringify(data)).length, 0);

  it('is refused above the limit, and taken at it', () => {
    const items = [one, { ...other, description: 'Überprüft: 東京' }];
    const bytes = bytesOf(events(draft({ items })));
    expect(takenBy(draft({ items, maxDraftBytes: bytes }))).toHaveLength(4);
    expect(account.decide(draft({ items, maxDraftBytes: bytes - 1 }), account.initialState)).toMatchObject({
      code: 'DraftTooLarge',
      remedy: 'Draft fewer items: name tickets or charges.',
      details: { bytes, limit: bytes - 1 },
    });
  });
  it('can be drafted in parts, by name: all of it is taken, and nothing twice', () => {
    const limit = bytesOf(events(draft())) - 1;
    const parts = [
      { tickets: ['T-1'], charges: [fee.chargeItemId] },
      { tickets: ['T-2'], charges: [licence.chargeItemId] },
    ];
    let all: readonly AccountEvent[] = [];
    for (const [index, named] of parts.entries()) {
      const command = draft({ invoiceId: `inv-${index}`, named, maxDraftBytes: limit });
      all = [...all, ...events(command, fold(account, all))];
    }
    const { claimed, claimedCharges } = fold(account, all);
    expect([...claimed]).toEqual([
      ['w-1', 'inv-0'],
      ['w-2', 'inv-1'],
    ]);
    expect([...claimedCharges.values()]).toEqual(['inv-0', 'inv-1']);
  });
  it('has more than 12,000,000 bytes, where nobody says otherwise', () => {
    expect(MAX_DRAFT_BYTES).toBe(12_000_000);
    const many = Array.from({ length: 41 }, (_, index) =>
      hourItem(`w-${index}`, {
        workItemId: `w-${index}`,
        ticketId: `T-${index % 2}`,
        description: 'x'.repeat(299_000),
      }),
    );
    expect(takenBy(draft({ items: many }))).toBe('DraftTooLarge');
    expect(takenBy(draft({ items: many, named: { tickets: ['T-1'], charges: [] } }))).toHaveLength(20);
  });
  it('leaves room in an append of the store, sealed and with what is stored beside each event', () => {
    // Many short texts are the worst of it: what stands in the place of each is as long as they are.
    const items = Array.from({ length: 400 }, (_, index) =>
      hourItem(`w-${index}`, { workItemId: `w-${index}`, description: 'Überprüft' }),
    );
    const drafted = events(draft({ items }));
    const bytes = drafted.reduce((sum, { type, data }) => {
      const personalFields = storedBillingEvents.find((stored) => stored.type === type)?.personalFields ?? [];
      return sum + sealedBytes(data, { personalFields });
    }, 0);
    const factor = bytes / bytesOf(drafted);
    expect(factor).toBeGreaterThan(1.05);
    expect(factor * MAX_DRAFT_BYTES).toBeLessThan(MAX_APPEND_BYTES);
    // One long text and nothing else, in events as large as a draft makes them.
    const text = { text: 'x'.repeat(MAX_LINE_CHARACTERS_PER_EVENT) };
    const longest = sealedBytes(text, { personalFields: ['text'] }) / MAX_LINE_CHARACTERS_PER_EVENT;
    expect(longest * MAX_DRAFT_BYTES).toBeLessThan(MAX_APPEND_BYTES);
  });
});
