import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { partsOfWork } from '../account/line-parts.js';
import { isPriced } from '../item/billable-item.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';

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
