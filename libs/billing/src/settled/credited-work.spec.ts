import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import { draftableItems } from '../account/lines.js';
import { accountFor, imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, time } from '../testing/facts.js';
import { explain } from '../explain.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import { frozenChargeOf } from '../account/charges.js';
import { itemKeyOf } from '../item/item-key.js';
import { forgivenOf, settledItems } from './credited.js';
import type { SettledPart } from './settled-work.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, actualMinutes, net }) => [itemId, disposition, actualMinutes, net?.amount ?? null]);
const named = (items: readonly ExplainedItem[], ...ids: string[]) => items.filter(({ itemId }) => ids.includes(itemId));
/** Lines of which a credit note took money back. */
const credited = (items: readonly ExplainedItem[], amount: string): readonly FrozenLine[] =>
  asInvoiced(items).map((line) => ({ ...line, credited: aud(amount), creditNoteId: 'cn-1' }));
const writtenOffByCredit = (items: readonly ExplainedItem[]) =>
  asWrittenOff(items).map((item) => ({ ...item, creditNoteId: 'cn-1' }));

const PREPAID: ContractTerms = terms({}, [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }]);
const block = (minutes: number) => ({
  blockId: 'b-1',
  eventId: 'ev-b',
  amount: { unit: 'minutes' as const, minutes },
  purchasedOn: '2026-01-01',
  expiresOn: null,
  price: null,
});

describe('work of which a line was credited', () => {
  it('R15: 4.5 h and 3.5 h invoiced, the 3.5 h credited, 1 h logged more: a new draft holds 4.5 h, the first 4.5 h never return', () => {
    const work = [
      time({ workItemId: 'w-1', minutes: 270 }),
      time({ workItemId: 'w-2', minutes: 210 }),
      time({ workItemId: 'w-3', minutes: 60 }),
    ];
    const before = rate(facts(work.slice(0, 2))).items;
    const { items } = rate(facts(work, { invoiced: asInvoiced(named(before, 'w-1')), creditedWork: new Set(['w-2']) }));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 270, '675.00'],
      ['w-2', 'billable', 210, '525.00'],
      ['w-3', 'billable', 60, '150.00'],
    ]);
    const draft = draftableItems(items);
    expect(draft.map(({ itemId }) => itemId)).toEqual(['w-2', 'w-3']);
    expect(draft.reduce((sum, item) => sum + (item.billableMinutes ?? 0), 0)).toBe(270);
  });

  it('says that it is billed again, less what was given back; beside a line that stays it says that it was corrected', () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    const forgiven = invoiced.map(({ line }) => ({ ...forgivenOf(line, aud('20.00')), creditNoteId: 'cn-1' }));
    const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-2'] });
    const said = (account: Partial<ClientPeriodFacts>) =>
      rate(facts([longer], { creditedWork: new Set(['w-1']), ...account }))
        .items.filter(({ disposition }) => disposition === 'billable')
        .map(({ net, trace }) => `${net?.amount}: ${trace.at(-1)?.text.split(' after ')[0]}`);
    expect(said({ writtenOff: forgiven })).toEqual(['205.00: the work is billed again']);
    const adjusted = named(rate(facts([longer], { invoiced })).items, 'w-1@a1');
    const beside = { writtenOff: forgiven, invoiced: asInvoiced(adjusted, 'inv-2') };
    expect(said(beside)).toEqual(['130.00: the work was corrected']);
  });

  it('has nobody to approve it where it was written off, and is approved where it was invoiced', () => {
    const items = rate(facts([time()])).items;
    const approvals = (account: Partial<ClientPeriodFacts>) =>
      rate(facts([time()], account)).items.map(({ disposition, approval }) => [disposition, approval]);
    expect(approvals({ invoiced: asInvoiced(items) })).toEqual([['invoiced', 'approved']]);
    expect(approvals({ writtenOff: asWrittenOff(items) })).toEqual([['written-off', null]]);
    const [forgone] = rate(facts([time()], { writtenOff: asWrittenOff(items) })).items;
    expect(forgone).not.toHaveProperty('segment');
    expect(forgone).not.toHaveProperty('courtesy');
    expect(rate(facts([time()], { writtenOff: asWrittenOff(items) })).items[0]).not.toHaveProperty('draw');
  });

  it('money that went back stays with the work as written off: minutes once, money to the cent, and why', () => {
    const [item] = rate(facts([time()])).items as [ExplainedItem];
    const account = { invoiced: credited([item], '145.00') };
    const { items } = rate(facts([time()], account));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, '5.00'],
      ['w-1@c1', 'written-off', 0, '145.00'],
    ]);
    expect(imbalances([time()], items)).toEqual([]);
    expect(accountFor(items).total.money).toEqual([aud('150.00')]);
    expect(items.map(({ creditNoteId }) => creditNoteId)).toEqual(['cn-1', 'cn-1']);
    expect(explain(items[0] ?? item).text).toContain('5.00');
    expect(items[0]?.trace.at(-1)).toMatchObject({
      step: 'credit',
      facts: { creditNoteId: 'cn-1', invoiced: '150.00', credited: '145.00', left: '5.00' },
    });
    // The sum is that of the invoice; the credit is told as one, by the printed number of its note.
    const numbers = new Map([['cn-1', 'CN-000002']]);
    const last = items.map((one) => explain(one, numbers).story.slice(-2));
    const credit = {
      label: 'Credit',
      text: 'invoiced at 150.00 AUD, of which 145.00 AUD was given back on credit notes, the last CN-000002: 5.00 AUD left',
    };
    expect(last).toEqual([
      [{ label: 'Net', text: '60 min at 150.00 an hour = 150.00 AUD' }, credit],
      [{ label: 'Net', text: items[1]?.trace.find(({ step }) => step === 'amount')?.text }, credit],
    ]);
    // More work is asked for, and less is given back no further than what was asked: then what was given back ends as far.
    const corrected = (minutes: number) =>
      shown(rate(facts([time({ minutes, sourceEventIds: ['ev-w-1', 'ev-2'] })], account)).items).slice(2);
    expect(corrected(90)).toEqual([['w-1@a1', 'billable', 30, '75.00']]);
    expect(corrected(30)).toEqual([
      ['w-1@a1', 'billable', -30, '-5.00'],
      ['w-1@w1', 'written-off', 0, '-70.00'],
    ]);
    expect(shown(rate(facts([], account)).items).slice(2)).toEqual([
      ['w-1@a1', 'billable', -60, '-5.00'],
      ['w-1@w1', 'written-off', 0, '-145.00'],
    ]);
  });

  it('money that went back forgoes what it names and nothing else: it stands through corrections, up and down (B4)', () => {
    const [item] = rate(facts([time({ minutes: 120 })])).items as [ExplainedItem];
    const account = { invoiced: credited([item], '30.00') };
    const corrected = (minutes: number) =>
      rate(facts([time({ minutes, sourceEventIds: ['ev-w-1', 'ev-2'] })], account)).items.slice(2);
    // Two hours were 300.00, of which 30.00 went back. By the hour 150.00 less are owed, or more asked: the client pays 120.00 or 420.00.
    const less = corrected(60);
    expect(shown(less)).toEqual([['w-1@a1', 'billable', -60, '-150.00']]);
    expect(less[0]?.trace.at(-1)?.text).toContain(
      'now 150.00, difference -150.00; 30.00 AUD that was given back before stays forgone',
    );
    expect(shown(corrected(180))).toEqual([['w-1@a1', 'billable', 60, '150.00']]);
    // Of 10 min, 25.00, no more can stay forgone: what was asked goes back whole.
    const least = corrected(10);
    expect(shown(least)).toEqual([
      ['w-1@a1', 'billable', -110, '-270.00'],
      ['w-1@w1', 'written-off', 0, '-5.00'],
    ]);
    expect(least[0]?.trace.at(-1)?.text).toContain('; of 30.00 AUD that was given back before 25.00 AUD stays forgone');
  });

  it('throws where money went back that the line does not have', () => {
    const [line] = credited(rate(facts([time()])).items, '145.00') as [FrozenLine];
    const inEuro = { ...line, credited: { amount: '145.00', currency: 'EUR' } };
    const lacking = 'w-1 was credited in another currency than it has';
    expect(() => rate(facts([time()], { invoiced: [inEuro] }))).toThrow(lacking);
    const part: SettledPart = {
      item: { ...line.line, net: null },
      key: itemKeyOf('w-1'),
      period: '2026-03',
      invoiceId: 'inv-1',
      credited: aud('145.00'),
      creditNoteId: 'cn-1',
    };
    const account = { clientId: 'cl-1', period: '2026-03', currency: 'AUD' };
    expect(() => settledItems(part, account)).toThrow('money of w-1 was given back, and it has none');
  });

  it('what a covered part had drawn is back in its block when it is credited, and drawn again', () => {
    const contracts = [contractFacts({ terms: PREPAID, blocks: [block(40)] })];
    const before = rate(facts([time()], { contracts }));
    expect(shown(before.items)).toEqual([
      ['w-1@p1', 'covered', 40, '0.00'],
      ['w-1@p2', 'billable', 20, '50.00'],
    ]);
    const whole = { contracts, invoiced: asInvoiced(before.items) };
    const left = (changes: Partial<ClientPeriodFacts>) => rate(facts([time()], changes)).carriedOver.balances[0]?.left;
    expect(left(whole)).toEqual({ unit: 'minutes', minutes: 0 });
    // Only the billed part is credited: the frozen draw stays, and the part has its number again.
    const rest = { contracts, invoiced: asInvoiced(named(before.items, 'w-1@p1')), creditedWork: new Set(['w-1']) };
    expect(shown(rate(facts([time()], rest)).items)).toEqual([
      ['w-1@p1', 'invoiced', 40, '0.00'],
      ['w-1@p2', 'billable', 20, '50.00'],
    ]);
    // Only the covered part: its draw is back, and taken by it again, or by whatever comes first now.
    const covered = { contracts, invoiced: asInvoiced(named(before.items, 'w-1@p2')), creditedWork: new Set(['w-1']) };
    const again = rate(facts([time()], covered));
    expect(shown(again.items)).toEqual([
      ['w-1@p2', 'invoiced', 20, '50.00'],
      ['w-1@p1', 'covered', 40, '0.00'],
    ]);
    expect(again.draws).toMatchObject([{ itemId: 'w-1@p1', frozen: false, amount: { minutes: 40 } }]);
    const larger = [contractFacts({ terms: PREPAID, blocks: [block(90)] })];
    expect(left({ ...covered, contracts: larger, invoiced: [] })).toEqual({ unit: 'minutes', minutes: 30 });
    // Written off it stays drawn.
    const forgone = { contracts, writtenOff: writtenOffByCredit(before.items) };
    expect(left(forgone)).toEqual({ unit: 'minutes', minutes: 0 });
  });

  it('gives its room under a cap back when it is billed again; written off or credited in part it keeps it', () => {
    const cap = { id: 'c', name: 'Cap', scope: 'period', amount: '150.00', above: 'write-down' } as const;
    const contracts = [contractFacts({ terms: { ...terms(), caps: [cap] } })];
    const [first, second] = [time({ workItemId: 'w-1', position: 1 }), time({ workItemId: 'w-2', position: 2 })];
    const item = named(rate(facts([first], { contracts })).items, 'w-1');
    const fateOfSecond = (changes: Partial<ClientPeriodFacts>) =>
      shown(named(rate(facts([first, second], { contracts, ...changes })).items, 'w-2'))[0];
    expect(fateOfSecond({ invoiced: asInvoiced(item) })).toEqual(['w-2', 'written-off', 60, '150.00']);
    expect(fateOfSecond({ invoiced: credited(item, '100.00') })).toEqual(['w-2', 'written-off', 60, '150.00']);
    expect(fateOfSecond({ writtenOff: writtenOffByCredit(item) })).toEqual(['w-2', 'written-off', 60, '150.00']);
    // A write-off of what was never invoiced never took room.
    expect(fateOfSecond({ writtenOff: asWrittenOff(item) })).toEqual(['w-2', 'billable', 60, '150.00']);
    const { items } = rate(facts([second], { contracts, creditedWork: new Set(['w-1']) }));
    expect(shown(items)).toEqual([['w-2', 'billable', 60, '150.00']]);
  });

  it('never makes a minimum ask for what went back; billed again it counts once', () => {
    const minimumCommitment = {
      id: 'least',
      name: 'Minimum',
      amountPerPeriod: '200.00',
      countsRecurring: false,
      taxCategory: 'GST',
    };
    const contracts = [contractFacts({ terms: { ...terms(), minimumCommitment } })];
    const item = rate(facts([time()], { contracts })).items;
    const minimum = (changes: Partial<ClientPeriodFacts>) =>
      rate(facts([time()], { contracts, ...changes })).charges.map(({ net }) => net.amount);
    for (const changes of [
      { invoiced: asInvoiced(item) },
      { invoiced: credited(item, '120.00') },
      { writtenOff: writtenOffByCredit(item) },
      { creditedWork: new Set(['w-1']) },
    ])
      expect(minimum(changes)).toEqual(['50.00']);
    expect(minimum({ writtenOff: asWrittenOff(item) })).toEqual(['200.00']);
  });

  it('an adjustment that lacks what it adjusted: the rest of the work is the next one, with a number that is free', () => {
    const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-2'] });
    const base = rate(facts([time()])).items;
    const adjusted = rate(facts([longer], { invoiced: asInvoiced(base) })).items;
    const alone = { invoiced: asInvoiced(named(adjusted, 'w-1@a1'), 'inv-2'), creditedWork: new Set(['w-1']) };
    const { items } = rate(facts([longer], alone));
    expect(shown(items)).toEqual([
      ['w-1@a1', 'invoiced', 30, '75.00'],
      ['w-1@a2', 'billable', 60, '150.00'],
    ]);
    const both = [...alone.invoiced, ...asInvoiced(named(items, 'w-1@a2'), 'inv-3')];
    const done = rate(facts([longer], { ...alone, invoiced: both })).items;
    expect(done.map(({ disposition }) => disposition)).toEqual(['invoiced', 'invoiced']);
    expect(imbalances([longer], done)).toEqual([]);
  });
});

describe('charges that were credited', () => {
  const fee = {
    id: 'fee',
    name: 'Servers',
    basis: 'per-device',
    countOf: 'server',
    price: '30.00',
    billed: 'in-advance',
    taxCategory: 'GST',
  } as const;
  const contracts = (count: number) => [
    contractFacts({
      terms: { ...terms(), recurringCharges: [fee] },
      counts: [{ countOf: 'server', count, from: '2026-01-01', eventId: 'ev-c' }],
    }),
  ];
  const invoiced = () => {
    const [charge] = rate(facts([], { contracts: contracts(10) })).charges;
    if (charge === undefined) throw new Error('there is no charge');
    return frozenChargeOf(charge);
  };
  const now = (count: number, credit: string | null) =>
    rate(
      facts([], {
        contracts: contracts(count),
        invoicedCharges: [
          {
            charge: invoiced(),
            invoiceId: 'inv-1',
            ...(credit === null ? {} : { credited: aud(credit), creditNoteId: 'cn-1' }),
          },
        ],
      }),
    ).charges.map(({ chargeItemId, net, disposition }) => [chargeItemId, disposition, net.amount]);

  it('stay invoiced, and owe the client no more than what is left of them', () => {
    const id = invoiced().chargeItemId;
    const first = [id, 'invoiced', '300.00'];
    expect(now(10, '300.00')).toEqual([first]);
    expect(now(5, null)).toEqual([first, [`${id}@a1`, 'billable', '-150.00']]);
    // What was given back stays given: of 300.00 the client was asked 200.00, and less of them is owed on top.
    expect(now(5, '100.00')).toEqual([first, [`${id}@a1`, 'billable', '-150.00']]);
    expect(now(8, '100.00')).toEqual([first, [`${id}@a1`, 'billable', '-60.00']]);
    expect(now(2, '100.00')).toEqual([first, [`${id}@a1`, 'billable', '-200.00']]);
    expect(now(12, '100.00')).toEqual([first, [`${id}@a1`, 'billable', '60.00']]);
    expect(now(0, '300.00')).toEqual([first]);
  });
});
