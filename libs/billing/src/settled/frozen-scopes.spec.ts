import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import { ALL_BILLABLE, asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Account = Partial<ClientPeriodFacts>;

const PREPAID: CoverageRule = { ...ALL_BILLABLE, outcome: 'prepaid' };
const nineToFive = [{ opens: '09:00', closes: '17:00' }];
/** Business on Tuesday 10 March from 9 to 17 in Sydney, after hours beyond. */
const inSydney: Partial<ContractTerms> = {
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: nineToFive }, holidays: [] },
};
const block = (blockId: string, count: number, purchasedOn = '2026-01-01', expiresOn: string | null = null) => ({
  blockId,
  amount: { unit: 'minutes', minutes: count } as const,
  purchasedOn,
  expiresOn,
  price: null,
  eventId: `ev-${blockId}`,
});
const under = (card: Partial<RateCard>, more: Partial<ContractTerms> = {}, ...blocks: ReturnType<typeof block>[]) => ({
  contracts: [contractFacts({ terms: { ...terms(card), ...more }, blocks })],
});
const entry = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, minutes, sourceEventIds: [`ev-w-${number}`], ...changes });
/** On 10 March from a time in Sydney on. */
const from = (clock: string, minutes: number, changes: Partial<Time> = {}): Time => {
  const start = Date.parse(`2026-03-10T${clock}:00+11:00`);
  const moment = (millis: number) => new Date(millis).toISOString();
  return entry(1, minutes, { startedAt: moment(start), endedAt: moment(start + minutes * 60_000), ...changes });
};

const billable = (items: readonly ExplainedItem[]) =>
  Object.fromEntries(items.map(({ itemId, billableMinutes }) => [itemId, billableMinutes]));
/** Billable minutes by item where some items of the first rating are on an invoice. */
function withFrozen(work: readonly WorkItem[], account: Account, frozen: readonly string[], more: WorkItem[] = []) {
  const before = rate(facts(work, account)).items.filter(({ itemId }) => frozen.includes(itemId));
  expect(before.map(({ itemId }) => itemId).sort()).toEqual([...frozen].sort());
  return billable(rate(facts([...work, ...more], { ...account, invoiced: asInvoiced(before) })).items);
}

/** Lines whose basis does not state what the work was. */
function forgetting(lines: readonly FrozenLine[]): readonly FrozenLine[] {
  return lines.map((one) => ({ ...one, line: { ...one.line, basis: { ...one.line.basis, work: null } } }));
}

describe('the rest of an entry of which a part is invoiced', () => {
  it('has what the whole rounds to less what the part has: 70 min are 90, of which 60 are invoiced; of each entry by itself', () => {
    const account = under(
      { incrementMinutes: 30 },
      { coverage: [PREPAID] },
      block('a', 60, '2026-01-01', '2026-03-10'),
      block('b', 60, '2026-03-11'),
    );
    const work = [entry(1, 70), entry(2, 70, { workDate: '2026-03-11' })];
    expect(withFrozen(work, account, ['w-1@p1', 'w-2@p1'])).toEqual({
      'w-1@p1': 60,
      'w-1@p2': 30,
      'w-2@p1': 60,
      'w-2@p2': 30,
    });
  });

  describe('16:15 to 18:10: 45 min of business and 70 after hours, two hours at an increment of 30, shared 47 and 73', () => {
    const account = under({ incrementMinutes: 30 }, { ...inSydney, coverage: [PREPAID] }, block('a', 80));
    const work = [from('16:15', 115)];
    const parts = { 'w-1@p1': 47, 'w-1@p2': 33, 'w-1@p3': 40 };

    it.each([
      ['the first segment', ['w-1@p1']],
      ['what the block covers of the second', ['w-1@p2']],
      ['all that the block covers', ['w-1@p1', 'w-1@p2']],
      ['the second segment', ['w-1@p2', 'w-1@p3']],
      ['the overage', ['w-1@p3']],
    ])('%s is invoiced: the entry is rounded once', (_, frozen) => {
      expect(withFrozen(work, account, frozen)).toEqual(parts);
    });

    it('the same where the approval was taken back since', () => {
      const invoiced = asInvoiced(rate(facts(work, account)).items.slice(0, 2));
      const open = [from('16:15', 115, { approval: 'unapproved' })];
      expect(billable(rate(facts(open, { ...account, invoiced })).items)).toEqual(parts);
    });
  });

  it('under another contract, where that of the part is gone: the minimum of an hour is billed once', () => {
    const card: Partial<RateCard> = { minimumMinutes: 60 };
    const before = under(card, { coverage: [PREPAID] }, block('a', 20));
    const first = rate(facts([entry(1, 50)], before)).items.filter(({ itemId }) => itemId === 'w-1@p1');
    const contracts = [contractFacts({ contractId: 'con-2', terms: terms(card) })];
    const after = billable(rate(facts([entry(1, 50)], { contracts, invoiced: asInvoiced(first) })).items);
    expect(after).toEqual({ 'w-1@p1': 20, 'w-1@p2': 40 });
  });

  it('has what the whole comes to, beside a segment in its middle that is invoiced: 565 min are 600', () => {
    const account = under({ incrementMinutes: 100 }, inSydney);
    const work = [from('08:45', 15 + 480 + 70)];
    expect(withFrozen(work, account, ['w-1@p2'])).toEqual({ 'w-1@p1': 16, 'w-1@p2': 510, 'w-1@p3': 74 });
  });

  it('is rounded with the segment that follows: 140 min are 150, of which 20 are invoiced', () => {
    const account = under({ incrementMinutes: 30 }, { ...inSydney, coverage: [PREPAID] }, block('a', 20));
    expect(withFrozen([from('16:00', 140)], account, ['w-1@p1'])).toEqual({ 'w-1@p1': 20, 'w-1@p2': 44, 'w-1@p3': 86 });
  });

  it('follows what was stated of the whole: 70 for 140 min worked are 90, shared 39 and 51', () => {
    const account = under({ incrementMinutes: 30 }, { ...inSydney, coverage: [PREPAID] }, block('a', 40));
    const work = [from('16:00', 140, { statedBillableMinutes: 70 })];
    const parts = { 'w-1@p1': 39, 'w-1@p2': 1, 'w-1@p3': 50 };
    expect(withFrozen(work, account, ['w-1@p1'])).toEqual(parts);
    expect(withFrozen(work, account, ['w-1@p2'])).toEqual(parts);
    expect(withFrozen(work, account, ['w-1@p1', 'w-1@p2'])).toEqual(parts);
  });
});

describe('a ticket of which some time is invoiced, minimum and increment 60 for the ticket', () => {
  const hourly: Partial<RateCard> = { roundingScope: 'ticket', minimumMinutes: 60, incrementMinutes: 60 };

  it('asks 60 for 45 + 45 + 5 min beyond the 60 that are invoiced', () => {
    const result = withFrozen([entry(1, 45)], under(hourly), ['w-1'], [entry(2, 45), entry(3, 5)]);
    expect(result).toEqual({ 'w-1': 60, 'w-2': 54, 'w-3': 6 });
  });

  it('counts what was stated of what is invoiced, not what was worked: 20 + 40 are still one hour', () => {
    const result = withFrozen([entry(1, 45, { statedBillableMinutes: 20 })], under(hourly), ['w-1'], [entry(2, 40)]);
    expect(result).toEqual({ 'w-1': 60, 'w-2': 0 });
  });

  it('does not count included time, also where its zero line is on an invoice', () => {
    const onsite: CoverageRule = { id: 'inc', name: 'On site', match: { workTypes: ['onsite'] }, outcome: 'included' };
    const account = under(hourly, { coverage: [onsite, ALL_BILLABLE] });
    const covered = entry(1, 50, { workType: 'onsite' });
    expect(withFrozen([covered], account, ['w-1'], [entry(2, 45)])).toMatchObject({ 'w-2': 60 });
    // Had the 50 min been in the scope, 95 would come to two hours, and 70 of them be left for this entry.
  });

  it('of two segments one is invoiced: the other has what the ticket comes to less that', () => {
    const account = under(hourly, inSydney);
    const work = [from('16:30', 50)];
    expect(withFrozen(work, account, ['w-1@p1'])).toEqual({ 'w-1@p1': 36, 'w-1@p2': 24 });
    expect(withFrozen(work, account, ['w-1@p2'])).toEqual({ 'w-1@p1': 36, 'w-1@p2': 24 });
  });

  it('by rounding rules for a class, business and after-hours have a scope each', () => {
    const rules = [{ rateClasses: ['after-hours'], minimumMinutes: 120, incrementMinutes: 30 }];
    const account = under({ ...hourly, roundingRules: rules }, inSydney);
    const late = entry(2, 125, { rateClass: 'after-hours' });
    const work = [from('16:30', 50)];
    expect(withFrozen(work, account, ['w-1@p2'], [late])).toEqual({ 'w-1@p1': 60, 'w-1@p2': 120, 'w-2': 30 });
    expect(withFrozen(work, account, ['w-1@p1'], [late])).toEqual({ 'w-1@p1': 60, 'w-1@p2': 21, 'w-2': 129 });
    const whole = withFrozen([late], account, ['w-2'], [entry(3, 35, { rateClass: 'after-hours' }), entry(4, 10)]);
    expect(whole).toEqual({ 'w-2': 150, 'w-3': 30, 'w-4': 60 });
  });

  it('work that was corrected and whose difference is invoiced too counts as it is now: 70 min, 2 h', () => {
    const account = under(hourly, inSydney);
    const first = asInvoiced(rate(facts([from('16:30', 50)], account)).items);
    const longer = from('16:30', 70, { sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const difference = rate(facts([longer], { ...account, invoiced: first })).items.slice(2);
    expect(billable(difference)).toEqual({ 'w-1@a2': 60 });
    const invoiced = [...first, ...asInvoiced(difference, 'inv-2')];
    const { items } = rate(facts([longer, entry(2, 40)], { ...account, invoiced }));
    expect(billable(items)).toMatchObject({ 'w-2': 0 });
  });

  it('work whose contract is gone brings nothing to the ticket, whole or in segments', () => {
    const contracts = [contractFacts({ contractId: 'con-2', terms: terms(hourly) })];
    const besides = (work: Time) => {
      const invoiced = asInvoiced(rate(facts([work], under(hourly, inSydney))).items);
      return billable(rate(facts([work, entry(2, 45)], { contracts, invoiced })).items);
    };
    expect(besides(entry(1, 45))).toMatchObject({ 'w-2': 60 });
    expect(besides(from('16:30', 50))).toMatchObject({ 'w-1@p1': 36, 'w-1@p2': 24, 'w-2': 60 });
  });

  it('of two segments that is not counted which is included: 35 min after hours are one hour, 65 would be two', () => {
    const office: CoverageRule = { id: 'o', name: 'By day', match: { rateClasses: ['business'] }, outcome: 'included' };
    const account = under(hourly, { ...inSydney, coverage: [office, ALL_BILLABLE] });
    expect(withFrozen([from('16:30', 65)], account, ['w-1@p1'])).toMatchObject({ 'w-1@p2': 60 });
  });
});

describe('a correction that nobody approved, in a ticket with an increment of 15', () => {
  const quarter: Partial<RateCard> = { roundingScope: 'ticket', incrementMinutes: 15 };
  const again = { approval: 'unapproved', sourceEventIds: ['ev-w-1', 'ev-w-1b'] } as const;
  const correct = (before: Time, after: Time, others: readonly Time[], account: Account = under(quarter)) => {
    const invoiced = asInvoiced(rate(facts([before], account)).items);
    return billable(rate(facts([after, ...others], { ...account, invoiced })).items);
  };

  it('leaves approved work beside it what is invoiced: 40 + 55 min; then it has its own place: 55 + 70', () => {
    expect(correct(entry(1, 40), entry(1, 70, again), [entry(2, 55)])).toEqual({
      'w-1': 45,
      'w-1@a1': 30,
      'w-2': 60,
    });
  });

  it('comes before other work that nobody approved, in the order of their days', () => {
    const later = entry(2, 55, { approval: 'unapproved', workDate: '2026-03-11' });
    expect(correct(entry(1, 40), entry(1, 70, again), [later])).toEqual({ 'w-1': 45, 'w-1@a1': 30, 'w-2': 60 });
  });

  it('is taken out once for all its segments', () => {
    const result = correct(from('16:30', 50), from('16:30', 65, again), [entry(2, 20)], under(quarter, inSydney));
    expect(result).toMatchObject({ 'w-1@p1': 36, 'w-1@p2': 24, 'w-1@a2': 15, 'w-2': 15 });
  });

  it('of work that was corrected before leaves it what that came to: 70 min are 75, with 40 they are 120', () => {
    const account = under(quarter, inSydney);
    const first = asInvoiced(rate(facts([from('16:30', 50)], account)).items);
    const longer = from('16:30', 70, { sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const difference = rate(facts([longer], { ...account, invoiced: first })).items.slice(2);
    expect(billable(difference)).toEqual({ 'w-1@a2': 15 });
    const invoiced = [...first, ...asInvoiced(difference, 'inv-2')];
    const open = from('16:30', 80, { approval: 'unapproved', sourceEventIds: ['ev-w-1', 'ev-w-1c'] });
    expect(billable(rate(facts([open, entry(2, 40)], { ...account, invoiced })).items)).toMatchObject({ 'w-2': 45 });
  });

  it('of a line that does not tell what it was counts what the work is now', () => {
    const account = under({ ...quarter, roundingRules: [{ workTypes: ['remote'], incrementMinutes: 15 }] });
    const invoiced = forgetting(asInvoiced(rate(facts([entry(1, 40)], account)).items));
    const { items } = rate(facts([entry(1, 70, again), entry(2, 55)], { ...account, invoiced }));
    // 70 + 55 min are 135, of which 45 are invoiced.
    expect(billable(items)).toMatchObject({ 'w-2': 90 });
  });

  it('when it is rejected what is invoiced stays in the ticket, and it is worth what it would be alone', () => {
    const rejected = entry(1, 70, { ...again, approval: 'rejected' });
    expect(correct(entry(1, 40), rejected, [entry(2, 55)])).toEqual({ 'w-1': 45, 'w-1@a1': 30, 'w-2': 60 });
  });
});
