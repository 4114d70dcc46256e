import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  facts,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';
import { Assessor } from '../rating/assess.js';
import { assessWork } from './assess-work.js';
import { settledWork } from './settled-work.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** Entry `w-{number}` of the ticket. */
const entry = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, minutes, sourceEventIds: [`ev-w-${number}`], ...changes });
const again = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  entry(number, minutes, { sourceEventIds: [`ev-w-${number}`, 'ev-again'], ...changes });
const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const invoiced = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) => ({
  ...changes,
  invoiced: asInvoiced(rate(facts(work, changes)).items),
});
/** What is asked beside what is frozen. */
const open = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly ExplainedItem[] =>
  rate(facts(work, account)).items.filter(({ disposition }) => disposition !== 'invoiced');
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items
    .filter(({ disposition }) => disposition !== 'written-off')
    .map(({ itemId, net }) => [itemId, net?.amount ?? null]);
const named = (items: readonly ExplainedItem[], itemId: string) => items.filter((item) => item.itemId === itemId);

/** The first hour of a ticket at 240.00, the rest at 120.00. */
const TIERS: WorkTypePricing = {
  workType: 'remote',
  mode: 'tiers',
  per: 'ticket',
  tiers: [
    { upToMinutes: 60, pricePerHour: '240.00' },
    { upToMinutes: null, pricePerHour: '120.00' },
  ],
};
const tiers = under({ workTypes: [TIERS] });
const VISIT: WorkTypePricing = { workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' };
const visit = under({ workTypes: [VISIT] });
const hours = (roundingScope: 'ticket' | 'ticket-day') =>
  under({ minimumMinutes: 60, incrementMinutes: 60, roundingScope });

/** The work whose change is the cause; null: the work's own. */
const causesOf = ({ basis: { adjustment } }: ExplainedItem) => {
  if (adjustment === null) throw new Error('no adjustment');
  return adjustment.causedBy;
};

describe('the cause of a difference in work that did not change itself', () => {
  it('is named in its last step, and in no other', () => {
    const work = [entry(1, 30), entry(2, 30), entry(3, 60)];
    const account = invoiced(work, tiers);
    const items = open([again(1, 15), again(2, 15), entry(3, 60)], account);
    expect(shown(items)).toEqual([
      ['w-1@a1', '-60.00'],
      ['w-2@a1', '-60.00'],
      ['w-3@a1', '60.00'],
    ]);
    const [, , third] = items;
    expect(third?.trace.at(-1)).toMatchObject({
      step: 'adjustment',
      text: 'w-1, w-2, with which the work shares a price, was corrected or voided after w-3 was frozen at 120.00 AUD: now 180.00, difference 60.00',
      facts: { causedBy: ['w-1', 'w-2'] },
    });
    expect(third?.trace.filter((step) => 'causedBy' in step.facts)).toHaveLength(1);
    expect(items[0]?.trace.some((step) => 'causedBy' in step.facts)).toBe(false);
    expect(items.map(causesOf)).toEqual([null, null, ['w-1', 'w-2']]);
  });

  it('is told in the order of ids, however the lines are recorded', () => {
    const { invoiced: lines, ...account } = invoiced([entry(1, 30), entry(2, 30), entry(3, 60)], tiers);
    const reversed = { ...account, invoiced: lines.toReversed() };
    const items = open([again(2, 15), again(1, 15), entry(3, 60)], reversed);
    expect(items.map(causesOf).at(-1)).toEqual(['w-1', 'w-2']);
  });

  it('is work of its own scope alone', () => {
    const elsewhere = { ticketId: 'T-2' };
    const account = invoiced([entry(1, 60), entry(2, 60), entry(3, 60, elsewhere), entry(4, 60, elsewhere)], visit);
    const items = open([entry(2, 60), entry(4, 60, elsewhere)], account);
    expect(items.map((item) => [item.itemId, causesOf(item)])).toEqual([
      ['w-2@a1', ['w-1']],
      ['w-4@a1', ['w-3']],
      ['w-1@a1', null],
      ['w-3@a1', null],
    ]);
  });

  it('is other work where nothing of that is frozen any more', () => {
    const work = [entry(1, 45), entry(2, 45)];
    const account = invoiced(work, hours('ticket'));
    // 15 + 45 min are one hour: each has its own minutes of it.
    const shorter = [again(1, 15), entry(2, 45)];
    const first = open(shorter, account);
    expect(shown(first)).toEqual([
      ['w-1@a1', '-112.50'],
      ['w-2@a1', '-37.50'],
    ]);
    // The first is credited to be billed again, and voided.
    const kept = account.invoiced.filter(({ line }) => line.workItemId === 'w-2');
    const later = { ...hours('ticket'), invoiced: [...kept, ...asInvoiced(named(first, 'w-2@a1'), 'inv-2')] };
    const item = only(open([entry(2, 45)], later));
    expect(shown([item])).toEqual([['w-2@a2', '37.50']]);
    expect(item.trace.at(-1)?.text).toContain('other work, with which the work shares a price, was corrected');
    expect(causesOf(item)).toEqual([]);
  });
});

describe('what a frozen adjustment leaves open', () => {
  const work = [entry(1, 60), entry(2, 15), entry(3, 15)];
  /** 30 min fewer of the first hour: the second entry is in it now, and so is the third. */
  const shorter = [again(1, 30), entry(2, 15), entry(3, 15)];
  const settled = () => {
    const account = invoiced(work, tiers);
    const first = open(shorter, account);
    expect(shown(first)).toEqual([
      ['w-1@a1', '-120.00'],
      ['w-2@a1', '30.00'],
      ['w-3@a1', '30.00'],
    ]);
    return { ...tiers, invoiced: [...account.invoiced, ...asInvoiced(named(first, 'w-1@a1'), 'inv-2')] };
  };

  it('stays open for the others until they have theirs', () => {
    expect(shown(open(shorter, settled()))).toEqual([
      ['w-2@a1', '30.00'],
      ['w-3@a1', '30.00'],
    ]);
  });

  it('is held while a correction in the same scope awaits approval', () => {
    const awaiting = (approval: 'approved' | 'unapproved') => [again(1, 30), entry(2, 15), again(3, 20, { approval })];
    expect(open(awaiting('unapproved'), settled()).map(({ itemId }) => itemId)).toEqual(['w-3@a1']);
    expect(shown(open(awaiting('approved'), settled()))).toEqual([
      ['w-2@a1', '30.00'],
      ['w-3@a1', '40.00'],
    ]);
  });
});

describe('work that is rated again although it did not change', () => {
  it('stands under the rule that it was frozen under, whatever its ticket is said to be now', () => {
    const network = { id: 'net', name: 'Network', match: { categories: ['network'] }, outcome: 'included' } as const;
    const account = invoiced(
      [entry(1, 60), entry(2, 60)],
      under({ workTypes: [VISIT] }, { coverage: [network, ALL_BILLABLE] }),
    );
    const tickets = new Map([['T-1', ticketFacts({ category: 'network' })]]);
    const items = open([entry(2, 60)], { ...account, tickets });
    expect(shown(items)).toEqual([
      ['w-2@a1', '99.00'],
      ['w-1@a1', '-99.00'],
    ]);
    expect(items.map(({ basis }) => basis.ruleId)).toEqual(['all', 'all']);
    const placed = items[0]?.trace.filter(({ step }) => step === 'contract' || step === 'coverage');
    expect(placed?.map(({ facts: of }) => of)).toEqual([
      { contractId: 'con-1', contractVersion: 1, chosenBy: 'frozen' },
      expect.objectContaining({ ruleId: 'all', outcome: 'billable' }),
    ]);
  });

  it('keeps what it has where its version is no more to be found', () => {
    const account = invoiced([entry(1, 60), entry(2, 60)], visit);
    expect(shown(open([entry(2, 60)], { ...account, contracts: [] }))).toEqual([['w-1@a1', '-99.00']]);
  });

  it('and so does the others’ correction: without its version it has no price', () => {
    const account = { ...invoiced([entry(1, 60), entry(2, 60)], visit), contracts: [] };
    expect(open([again(1, 90), entry(2, 60)], account).map(({ itemId, disposition }) => [itemId, disposition])).toEqual(
      [['w-1@a1', 'unpriced']],
    );
  });

  it('has the price of its version where the rule of then is no more in it', () => {
    const account = invoiced([entry(1, 60), entry(2, 60)], visit);
    const renamed = under({ workTypes: [VISIT] }, { coverage: [{ ...ALL_BILLABLE, id: 'renamed' }] });
    expect(shown(open([entry(2, 60)], { ...account, ...renamed }))).toEqual([
      ['w-2@a1', '99.00'],
      ['w-1@a1', '-99.00'],
    ]);
  });

  it('never loses its price to a cap: it keeps what it has', () => {
    const cap = {
      id: 'cap',
      name: 'Seniors',
      scope: 'period',
      above: 'gap',
      match: { engineerRoles: ['senior'] },
    } as const;
    const budget = (amount: string) => under({ workTypes: [TIERS] }, { caps: [{ ...cap, amount }] });
    const senior = entry(2, 60, { engineerRole: 'senior' });
    const first = (minutes: number) => [again(1, minutes), senior];
    const of = (amount: string) => shown(open(first(30), invoiced([entry(1, 60), senior], budget(amount))));
    // Its hour would be 60.00 dearer, of which the budget lets 30.00 through.
    expect(of('150.00')).toEqual([['w-1@a1', '-120.00']]);
    expect(of('180.00')).toEqual([
      ['w-1@a1', '-120.00'],
      ['w-2@a1', '60.00'],
    ]);
  });
});

describe('what is reopened', () => {
  it('is the scope that corrected work was in, and the one that it is in now', () => {
    const days = { workDate: '2026-03-11' };
    const account = invoiced([entry(1, 30), entry(2, 30, days)], hours('ticket-day'));
    expect(account.invoiced.map(({ line }) => line.net.amount)).toEqual(['150.00', '150.00']);
    // Moved to the day of the second they are one hour, half of it each.
    expect(shown(open([again(1, 30, days), entry(2, 30, days)], account))).toEqual([
      ['w-1@a1', '-75.00'],
      ['w-2@a1', '-75.00'],
    ]);
    const both = under({ workTypes: [{ ...VISIT, workType: 'onsite' }] });
    const priced = invoiced([entry(1, 60), entry(2, 60, { workType: 'onsite' })], both);
    expect(shown(open([again(1, 60, { workType: 'onsite' }), entry(2, 60, { workType: 'onsite' })], priced))).toEqual([
      ['w-1@a1', '-51.00'],
      ['w-2@a1', '-99.00'],
    ]);
  });

  it('is no other ticket, no other scope and nothing by the hour', () => {
    const elsewhere = entry(3, 60, { ticketId: 'T-2' });
    const account = invoiced([entry(1, 60), entry(2, 60), elsewhere], visit);
    expect(shown(open([entry(2, 60), elsewhere], account))).toEqual([
      ['w-2@a1', '99.00'],
      ['w-1@a1', '-99.00'],
    ]);
    const plain = invoiced([entry(1, 60), entry(2, 60)], {});
    expect(shown(open([entry(2, 60)], plain))).toEqual([['w-1@a1', '-150.00']]);
  });

  it('is work of which a part was forgone or credited, too: the 99.00 were never forgone', () => {
    const work = [entry(1, 60), entry(2, 60)];
    const items = rate(facts(work, visit)).items;
    const first = asInvoiced(items.slice(0, 1));
    const both = [
      ['w-2@a1', '99.00'],
      ['w-1@a1', '-99.00'],
    ];
    expect(
      shown(open([entry(2, 60)], { ...visit, invoiced: first, writtenOff: asWrittenOff(items.slice(1)) })),
    ).toEqual(both);
    const credited = asInvoiced(items.slice(1)).map((line) => ({
      ...line,
      credited: { amount: '0.00', currency: 'AUD' },
      creditNoteId: 'cn-1',
    }));
    expect(shown(open([entry(2, 60)], { ...visit, invoiced: [...first, ...credited] }))).toEqual(both);
  });

  it('is not work of which only a part is frozen: its rest is rated as it is', () => {
    const evening = entry(2, 90, { startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
    const account = under(
      { workTypes: [TIERS] },
      {
        timeZone: 'Australia/Sydney',
        rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
      },
    );
    const items = rate(facts([entry(1, 60), evening], account)).items;
    const frozen = items.filter(({ itemId }) => itemId !== 'w-2@p2');
    expect(frozen.map(({ itemId, net }) => [itemId, net?.amount])).toEqual([
      ['w-1', '240.00'],
      ['w-2@p1', '60.00'],
    ]);
    // The first hour is free again: the rest begins half an hour into it, for the frozen part counts.
    expect(shown(open([evening], { ...account, invoiced: asInvoiced(frozen) }))).toEqual([
      ['w-2@p2', '180.00'],
      ['w-1@a1', '-240.00'],
    ]);
  });
});

describe('work that was adjusted', () => {
  const reopenedUnder = (card: Partial<RateCard>) => {
    const longer = again(1, 90);
    const base = invoiced([entry(1, 30), entry(2, 30)], under(card));
    const adjusted = named(open([longer, entry(2, 30)], base), 'w-1@a1');
    const account = facts([longer, entry(2, 30)], {
      ...base,
      invoiced: [...base.invoiced, ...asInvoiced(adjusted, 'inv-2')],
    });
    return [...assessWork(account.work, settledWork(account), new Assessor(account), account).reopened.causes];
  };

  it('stays open with what it shares a minimum with, and is not rated again where it shares none', () => {
    expect(reopenedUnder({ minimumMinutes: 60, incrementMinutes: 15, roundingScope: 'ticket' })).toEqual([
      ['w-1', []],
      ['w-2', ['w-1']],
    ]);
    expect(reopenedUnder({})).toEqual([]);
  });
});
