import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { partsOfWork } from '../account/line-parts.js';
import { isPriced } from '../item/billable-item.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { frozenOf } from '../account/lines.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, only, terms, ticketFacts, time } from '../testing/facts.js';
import { aud, hourItem } from '../testing/items.js';
import { forgivenOf } from './credited.js';
import { withGoodwillMoved } from './goodwill-moved.js';
import { settledWork } from './settled-work.js';

type Account = Partial<ClientPeriodFacts>;

/** Two hours a ticket at least, at 150.00 an hour: 300.00, of two entries 150.00 each. */
const MINIMUM: Partial<RateCard> = { minimumMinutes: 120, incrementMinutes: 15, roundingScope: 'ticket' };
/** 220.00 a ticket, whatever the minutes: the first entry asks it, the second 0.00. */
const FLAT: Partial<RateCard> = { workTypes: [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket' }] };

const on = (number: number, changes = {}): WorkItem =>
  time({
    workItemId: `w-${number}`,
    position: number,
    minutes: 20,
    sourceEventIds: [`ev-w-${number}`],
    ...changes,
  });
const [A, B] = [on(1), on(2)];
const under = (card: Partial<RateCard>): Account => ({
  contracts: [contractFacts({ terms: terms(card) })],
  tickets: new Map([['T-1', ticketFacts()]]),
});
/** Both invoiced, and of one of them some given back. */
function billed(card: Partial<RateCard>, number: 1 | 2, back: string): Account {
  const account = under(card);
  const invoiced = asInvoiced(rate(facts([A, B], account)).items).map((one, index) =>
    index === number - 1 ? { ...one, credited: { amount: back, currency: 'AUD' as const }, creditNoteId: 'cn-1' } : one,
  );
  return { ...account, invoiced };
}
/** Both invoiced, and one of them written off whole by a credit note. */
function forgone(card: Partial<RateCard>, number: 1 | 2): Account {
  const account = under(card);
  const lines = asInvoiced(rate(facts([A, B], account)).items);
  const given = lines.slice(number - 1, number).map(({ line }) => ({ ...line, creditNoteId: 'cn-1' }));
  return { ...account, invoiced: lines.filter((_, index) => index !== number - 1), writtenOff: given };
}
const open = (work: readonly WorkItem[], account: Account) => {
  const known = new Set([
    ...(account.invoiced ?? []).flatMap(({ line: { itemId } }) => [itemId, `${itemId}@c1`]),
    ...(account.writtenOff ?? []).map(({ itemId }) => itemId),
  ]);
  return rate(facts(work, account)).items.filter(({ itemId }) => !known.has(itemId));
};
const shown = (work: readonly WorkItem[], account: Account) =>
  open(work, account).map(
    ({ itemId, disposition, net }) => `${itemId}${disposition === 'billable' ? '' : ` ${disposition}`} ${net?.amount}`,
  );
const mismatches = (work: readonly WorkItem[], account: Account) =>
  rate(facts(work, account)).gaps.filter(({ kind }) => kind === 'contract-mismatch');

describe('a minimum of 300.00 of which something was forgiven, and whose other work is voided', () => {
  it('20.00 of the line that stays: 150.00 go back of the other, and 150.00 are asked of it', () => {
    const account = billed(MINIMUM, 1, '20.00');
    expect(shown([A], account)).toEqual(['w-1@a1 150.00', 'w-2@a1 -150.00']);
    expect(mismatches([A], account)).toEqual([]);
  });

  it('all of the line that stays: what was forgiven stays so, and the 150.00 of the other are asked of it', () => {
    const account = forgone(MINIMUM, 1);
    expect(shown([A], account)).toEqual(['w-1@a1 150.00', 'w-2@a1 -150.00']);
    expect(mismatches([A], account)).toEqual([]);
  });

  it('so where it was written off before any invoice', () => {
    const items = rate(facts([A, B], under(MINIMUM))).items;
    const account = {
      ...under(MINIMUM),
      invoiced: asInvoiced(items.slice(1)),
      writtenOff: asWrittenOff(items.slice(0, 1)),
    };
    expect(shown([A], account)).toEqual(['w-1@a1 150.00', 'w-2@a1 -150.00']);
    expect(mismatches([A], account)).toEqual([]);
  });

  it('20.00 of the line that is voided: 130.00 go back, and 130.00 are asked', () => {
    const account = billed(MINIMUM, 1, '20.00');
    expect(shown([B], account)).toEqual([
      'w-2@a1 130.00',
      'w-2@w1 written-off 20.00',
      'w-1@a1 -130.00',
      'w-1@w1 written-off -20.00',
    ]);
  });

  it('all of the line that is voided: nothing goes back, and nothing is asked', () => {
    expect(shown([B], forgone(MINIMUM, 1))).toEqual(['w-2@a1 written-off 150.00', 'w-1@a1 written-off -150.00']);
  });

  it('stays so once it is on an invoice', () => {
    const account = billed(MINIMUM, 1, '20.00');
    const asked = open([B], account).filter(({ disposition }) => disposition === 'billable');
    const later = { ...account, invoiced: [...(account.invoiced ?? []), ...asInvoiced(asked, 'inv-2')] };
    expect(shown([B], later)).toEqual(['w-2@a2 written-off 20.00', 'w-1@a2 written-off -20.00']);
    expect(mismatches([B], later)).toEqual([]);
  });

  it('work that grew itself is asked for that: none of it moved', () => {
    // 145 min are 375.00, of which 150.00 were asked.
    const grown = on(2, { minutes: 145, sourceEventIds: ['ev-w-2', 'ev-w-2b'] });
    expect(shown([grown], billed(MINIMUM, 1, '20.00'))).toEqual([
      'w-2@a1 225.00',
      'w-1@a1 -130.00',
      'w-1@w1 written-off -20.00',
    ]);
  });
});

describe('a minimum of 300.00 of which 40.00 were forgiven on work that is voided, and that moves to', () => {
  /** What is on no document, and what the client is asked for the ticket in all. */
  const told = (work: readonly WorkItem[], account: Account) => {
    const { items, gaps } = rate(facts(work, account));
    const net = items
      .filter(({ disposition }) => disposition === 'billable' || disposition === 'invoiced')
      .reduce((sum, item) => sum + Number(item.net?.amount), 0);
    return {
      open: shown(work, account),
      net,
      mismatches: gaps.filter(({ kind }) => kind === 'contract-mismatch').length,
    };
  };
  const alone = (): Account => ({
    ...under(MINIMUM),
    invoiced: credited(asInvoiced(rate(facts([A], under(MINIMUM))).items)),
  });
  const credited = (lines: NonNullable<Account['invoiced']>): NonNullable<Account['invoiced']> =>
    lines.map((one) =>
      one.line.itemId === 'w-1'
        ? { ...one, credited: { amount: '40.00', currency: 'AUD' as const }, creditNoteId: 'cn-1' }
        : one,
    );

  it('new work, logged in its place: 260.00', () => {
    const account = alone();
    expect(told([B], account)).toEqual({
      open: ['w-2 260.00', 'w-2@w1 written-off 40.00', 'w-1@a1 -260.00', 'w-1@w1 written-off -40.00'],
      net: 260,
      mismatches: 0,
    });
  });

  it('new work, and is on an invoice', () => {
    const account = alone();
    const asked = open([B], account).filter(({ disposition }) => disposition === 'billable');
    const later = { ...account, invoiced: [...(account.invoiced ?? []), ...asInvoiced(asked, 'inv-2')] };
    expect(told([B], later)).toEqual({
      open: ['w-2@a1 written-off 40.00', 'w-1@a2 written-off -40.00'],
      net: 260,
      mismatches: 0,
    });
  });

  it('new work of five hours, which no minimum raises: 750.00', () => {
    expect(told([on(2, { minutes: 300 })], alone())).toMatchObject({
      open: ['w-2 750.00', 'w-1@a1 -260.00', 'w-1@w1 written-off -40.00'],
      net: 750,
    });
  });

  it('work that was corrected by a minute, which costs nothing: 260.00', () => {
    const later = on(2, { minutes: 21, sourceEventIds: ['ev-w-2', 'ev-w-2b'] });
    expect(told([later], billed(MINIMUM, 1, '40.00'))).toMatchObject({
      open: ['w-2@a1 110.00', 'w-2@w1 written-off 40.00', 'w-1@a1 -110.00', 'w-1@w1 written-off -40.00'],
      net: 260,
    });
  });

  it.each([
    [100, '262.5'],
    [121, '337.5'],
    [125, '337.5'],
    [135, '337.5'],
    [136, '375'],
  ])('new work of %i min in its place: %s', (minutes, net) => {
    expect(told([on(2, { minutes })], alone()).net).toBe(Number(net));
  });

  /** Beside another 20 min that stay. */
  it.each([
    [60, '260'],
    [100, '300'],
    [130, '375'],
    [300, '825'],
  ])('new work of %i min beside other work: %s', (minutes, net) => {
    expect(told([B, on(3, { minutes })], billed(MINIMUM, 1, '40.00')).net).toBe(Number(net));
  });

  it.each([
    [31, '150'],
    [61, '300'],
  ])('nothing of %i min that are rounded up to the hour, where no minimum was shared: %s', (minutes, net) => {
    const card = under({ minimumMinutes: 0, incrementMinutes: 60, roundingScope: 'ticket' });
    const hour = rate(facts([on(1, { minutes: 60 })], card)).items;
    expect(told([on(2, { minutes })], { ...card, invoiced: credited(asInvoiced(hour)) }).net).toBe(Number(net));
  });

  it.each(['write-down', 'gap'] as const)('work partly above a cap of 250.00 (%s): 210.00', (above) => {
    const most = { id: 'most', name: 'Most a ticket', scope: 'ticket', amount: '250.00', above } as const;
    const capped = { ...under({}), contracts: [contractFacts({ terms: { ...terms(MINIMUM), caps: [most] } })] };
    const { items } = rate(facts([A, B], capped));
    const invoiced = credited(asInvoiced(items.filter(({ disposition }) => disposition === 'billable')));
    const account = { ...capped, invoiced };
    expect(told([B], account)).toMatchObject({ net: 210 });
    const writtenOff = asWrittenOff(items.filter(({ disposition }) => disposition !== 'billable'));
    expect(told([B], { ...account, writtenOff })).toMatchObject({ net: 210 });
  });
});

describe('a minimum of 300.00 of which a courtesy was given on one entry or both, and something forgiven of the one that is voided', () => {
  const given = (work: WorkItem, amount: string): WorkItem =>
    amount === '0.00'
      ? work
      : {
          ...work,
          courtesy: { amount: aud(amount), isAll: false, reason: 'slow', grantedBy: 'accounts-1', eventId: 'ev-slow' },
        };

  // What was given on the voided entry ends with it. Of what was forgiven no more moves than two hours cost beyond 30 min: 225.00.
  it.each([
    ['0.00', '50.00', '40.00', 210],
    ['50.00', '0.00', '40.00', 260],
    ['50.00', '50.00', '100.00', 150],
    ['0.00', '140.00', '150.00', 10],
    ['0.00', '150.00', '100.00', 50],
  ])('%s and %s were given, %s forgiven: %d is asked in all', (onVoided, onOther, back, asked) => {
    const [gone, stays] = [given(A, onVoided), given(B, onOther)];
    const lines = asInvoiced(rate(facts([gone, stays], under(MINIMUM))).items);
    const credited = lines.map((one) =>
      one.line.workItemId === 'w-1' ? { ...one, credited: aud(back), creditNoteId: 'cn-1' } : one,
    );
    for (const invoiced of [credited, credited.slice(0, 1)]) {
      const { items } = rate(facts([stays], { ...under(MINIMUM), invoiced }));
      const nets = items.filter(({ disposition }) => disposition === 'billable' || disposition === 'invoiced');
      expect(nets.reduce((sum, { net }) => sum + Number(net?.amount), 0)).toBe(asked);
    }
  });
});

describe('one price of 220.00 a ticket that moves to another line', () => {
  it('after 20.00 of it were forgiven: 0.00 together', () => {
    expect(shown([B], billed(FLAT, 1, '20.00'))).toEqual([
      'w-2@a1 200.00',
      'w-2@w1 written-off 20.00',
      'w-1@a1 -200.00',
      'w-1@w1 written-off -20.00',
    ]);
  });

  it('after all of it was forgiven: nothing is asked', () => {
    expect(shown([B], forgone(FLAT, 1))).toEqual(['w-2@a1 written-off 220.00', 'w-1@a1 written-off -220.00']);
  });

  it('can be checked on the line, and says why', () => {
    const [made] = open([B], billed(FLAT, 1, '20.00'));
    if (made === undefined || !isPriced(made)) throw new Error('no adjustment');
    expect(partsOfWork(made).map(({ label, amount }) => `${label} ${amount.amount}`)).toEqual([
      'price 220.00',
      'adjustment -20.00',
    ]);
    expect(made.trace.at(-1)?.text).toBe(
      '20.00 AUD of what was given back of w-1 moved here with the price, and stays forgone',
    );
  });
});

describe('what was forgiven of a line that shares a price and is billed again', () => {
  /** Lines billed again, of which the first one had 30.00 given back. */
  function billedAgain(card: Partial<RateCard>, ...freed: readonly string[]): Account {
    const account = billed(card, 1, '30.00');
    const forgiven = (account.invoiced ?? []).flatMap(({ line, credited }) =>
      credited !== null && credited !== undefined && freed.includes(line.itemId)
        ? [{ ...forgivenOf(line, credited), creditNoteId: 'cn-1' }]
        : [],
    );
    const invoiced = (account.invoiced ?? []).filter(({ line }) => !freed.includes(line.itemId));
    return { ...account, invoiced, writtenOff: forgiven, creditedWork: new Set(freed) };
  }
  const asked = (work: readonly WorkItem[], account: Account): number =>
    rate(facts(work, account))
      .items.filter(({ disposition }) => disposition === 'billable' || disposition === 'invoiced')
      .reduce((sum, { net }) => sum + Number(net?.amount), 0);

  it.each([
    ['220.00 a ticket', FLAT, 190],
    ['300.00 a ticket at least', MINIMUM, 270],
  ])('of %s: asks the same of the other line whichever lines are billed again', (_, card, net) => {
    for (const freed of [[], ['w-1'], ['w-2'], ['w-1', 'w-2']]) {
      const account = billedAgain(card, ...freed);
      expect([freed, asked([A, B], account), asked([B], account)]).toEqual([freed, net, net]);
      expect(mismatches([B], account)).toEqual([]);
    }
  });

  it('stays forgone beside the other line, and is no more than ended', () => {
    expect(shown([B], billedAgain(FLAT, 'w-1', 'w-2'))).toEqual([
      'w-2 190.00',
      'w-2@w1 written-off 30.00',
      'w-1@a1 written-off -30.00',
    ]);
  });
});

/** How much of 150.00 that w-2 is asked more because of w-1 is not asked, where `back` ends of what is settled of w-1. */
describe('what moves to other work is what was given back, as far as it ends', () => {
  const made = ({ basis, trace, ...item }: ExplainedItem): MadeItem => ({
    item,
    basis: () => basis,
    trace: () => trace,
  });
  const forgoneAt = (itemId: string, amount: string) =>
    frozenOf(hourItem(itemId, { net: aud(amount), disposition: 'written-off' }));
  const hour = only(asInvoiced([hourItem('w-1')]));
  const credited = (amount: string) => ({ ...hour, credited: aud(amount), creditNoteId: 'cn-1' });
  const ends = (amount: string): ExplainedItem => hourItem('w-1@w1', { net: aud(amount), disposition: 'written-off' });
  const goesBack = (amount: string): ExplainedItem => hourItem('w-1@a1', { net: aud(amount) });
  function moved(account: Account, ...back: readonly ExplainedItem[]): readonly string[] {
    const other = only(asInvoiced([hourItem('w-2', { workItemId: 'w-2' })]));
    const { here } = settledWork(facts([], { ...account, invoiced: [...(account.invoiced ?? []), other] }));
    const [first, second] = [here.get('w-1'), here.get('w-2')];
    if (first === undefined || second === undefined) throw new Error('nothing is settled');
    const asked = hourItem('w-2@a1', { workItemId: 'w-2' });
    const groups = new Map(['w-1', 'w-2'].map((workItemId) => [workItemId, 'their minimum']));
    return withGoodwillMoved(
      [
        { workItemId: 'w-1', settled: first, whole: [], increment: 0, items: back.map(made) },
        {
          workItemId: 'w-2',
          settled: second,
          whole: [hourItem('w-2', { workItemId: 'w-2', actualMinutes: 0, net: aud('300.00') })],
          increment: 0,
          items: [made(asked)],
        },
      ],
      groups,
    )
      .slice(back.length)
      .map(({ item }) => `${item.disposition} ${item.net?.amount}`);
  }

  it('all of a line that a credit note wrote off; none of what was never asked', () => {
    const line = forgoneAt('w-1', '150.00');
    expect(moved({ writtenOff: [{ ...line, creditNoteId: 'cn-1' }] }, ends('-150.00'))).toEqual(['written-off 150.00']);
    expect(moved({ writtenOff: [line] }, ends('-150.00'))).toEqual(['billable 150.00']);
  });

  it('20.00 of an invoiced line, though 30.00 end beside it that were never asked', () => {
    const account = { invoiced: [credited('20.00')], writtenOff: [forgoneAt('w-1@a1', '30.00')] };
    expect(moved(account, ends('-50.00'))).toEqual(['billable 130.00', 'written-off 20.00']);
  });

  it('20.00 once, where the line is billed again and they stay forgone', () => {
    const forgiven = { ...forgivenOf(hour.line, aud('20.00')), creditNoteId: 'cn-1' };
    const account = { writtenOff: [forgiven, forgoneAt('w-1@a1', '30.00')] };
    expect(moved(account, ends('-50.00'))).toEqual(['billable 130.00', 'written-off 20.00']);
  });

  it('20.00 of 50.00 that were given back, where only those end, whatever goes back of what was asked', () => {
    const account = { invoiced: [credited('50.00')] };
    expect(moved(account, goesBack('-100.00'), ends('-20.00'))).toEqual(['billable 130.00', 'written-off 20.00']);
    expect(moved(account, goesBack('-100.00'))).toEqual(['billable 150.00']);
  });
});
