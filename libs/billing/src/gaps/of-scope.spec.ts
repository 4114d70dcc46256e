import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, RateCard } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  contractFacts,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const including = (minutes: number, changes: Partial<CoverageRule> = {}): CoverageRule => ({
  id: 'inc',
  name: 'Included hours',
  match: {},
  outcome: 'included',
  includedMinutesPerTicket: minutes,
  ...changes,
});
const ROLES = [
  { workType: 'remote', engineerRole: null, pricePerHour: '150.00' },
  { workType: 'remote', engineerRole: 'senior', pricePerHour: '300.00' },
];
const under = (rules: readonly CoverageRule[], card: Partial<RateCard> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms({ labour: ROLES, ...card }, rules) })],
});
/** Entry number n of the ticket. */
const entry = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  time({
    workItemId: `w-${number}`,
    position: number,
    minutes,
    sourceEventIds: [`ev-w-${number}`],
    ...changes,
  });
const scope = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): readonly DerivedGap[] =>
  rate(facts(work, changes)).gaps.filter(({ kind }) => kind === 'scope-suspected');
const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('scope-suspected: included time of a ticket that passes the limit of its rule', () => {
  it('is one gap of the ticket: the minutes above the limit, at the rate of the card', () => {
    expect(scope([entry(1, 50), entry(2, 40)], under([including(60)]))).toEqual([
      {
        kind: 'scope-suspected',
        ticketId: 'T-1',
        clientId: 'cli-1',
        period: '2026-03',
        workItemId: null,
        valueAtRisk: { money: aud('75.00'), minutes: 30 },
        cause: '90 min of covered work pass the 60 min that rule Included hours includes by 30 min',
        sourceEventIds: ['ev-w-1', 'ev-w-2'],
        dueOn: null,
      },
    ]);
  });

  it('is none where the limit is met exactly, nor where the rule has no limit', () => {
    expect(scope([entry(1, 50), entry(2, 40)], under([including(90)]))).toEqual([]);
    const { includedMinutesPerTicket: _none, ...boundless } = including(60);
    expect(scope([entry(1, 500)], under([boundless]))).toEqual([]);
  });

  it('is valued by the work that lies above the limit, each minute at its own rate', () => {
    const work = [entry(1, 50), entry(2, 40, { engineerRole: 'senior' }), entry(3, 20)];
    // 60 min are included: 30 min of the senior at 300.00 and 20 min at 150.00 lie above.
    expect(only(scope(work, under([including(60)]))).valueAtRisk).toEqual({ money: aud('200.00'), minutes: 50 });
    const late = [entry(1, 60), entry(2, 30, { rateClass: 'after-hours' })];
    const twice = { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] };
    expect(only(scope(late, under([including(60)], twice))).valueAtRisk).toEqual({ money: aud('150.00'), minutes: 30 });
  });

  it('rounds its value once, at the end', () => {
    const card = { labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '0.40' }] };
    // Three times 1 min at 0.40 an hour: three times 0.00666.. is 0.02, where rounded one by one it were 0.03.
    const work = [entry(1, 60), entry(2, 1), entry(3, 1), entry(4, 1)];
    expect(only(scope(work, under([including(60)], card))).valueAtRisk).toEqual({ money: aud('0.02'), minutes: 3 });
  });

  it('has no value where a minute above the limit has no rate; the minutes are told all the same', () => {
    const unrated = { workType: 'project' };
    const rules = under([including(60)]);
    expect(only(scope([entry(1, 60), entry(2, 20), entry(3, 10, unrated)], rules)).valueAtRisk).toEqual({
      money: null,
      minutes: 30,
    });
    expect(only(scope([entry(1, 60), entry(2, 20, unrated), entry(3, 10)], rules)).valueAtRisk).toEqual({
      money: null,
      minutes: 30,
    });
    // Below the limit it may lack one.
    expect(only(scope([entry(1, 60, unrated), entry(2, 20)], rules)).valueAtRisk).toEqual({
      money: aud('50.00'),
      minutes: 20,
    });
  });

  it('counts time that its rule includes and no other work of the ticket', () => {
    const rules = [including(60, { match: { workTypes: ['remote'] } }), ALL_BILLABLE];
    const billed = entry(2, 500, { workType: 'onsite' });
    expect(scope([entry(1, 60), billed], under(rules))).toEqual([]);
    const all = [including(60)];
    expect(only(scope([entry(1, 90), material()], under(all))).sourceEventIds).toEqual(['ev-w-1']);
    expect(scope([entry(1, 60), entry(2, 60, { ticketId: 'T-2' })], under(all))).toEqual([]);
  });

  it('counts each version and each rule by itself', () => {
    const versions = ['2026-01-01', '2026-03-11'].map((effectiveFrom, index) => ({
      versionNumber: index + 1,
      effectiveFrom,
      effectiveTo: null,
      terms: terms({}, [including(60)]),
    }));
    const work = [entry(1, 50), entry(2, 50, { workDate: '2026-03-12' })];
    expect(scope(work, { contracts: [contractFacts({ versions })] })).toEqual([]);
    const two = [including(60, { id: 'a', match: { engineerRoles: ['senior'] } }), including(60, { id: 'b' })];
    expect(scope([entry(1, 50), entry(2, 50, { engineerRole: 'senior' })], under(two))).toEqual([]);
  });

  it('is not asked of work that is frozen and was corrected: the adjustment is', () => {
    const rules = [including(60, { match: { workTypes: ['project'] } }), ALL_BILLABLE];
    const account = under(rules);
    const invoiced = asInvoiced(rate(facts([entry(1, 120)], account)).items);
    expect(scope([entry(1, 120, { workType: 'project' })], { ...account, invoiced })).toEqual([]);
  });

  it('is asked of what is left of work of which a part is frozen', () => {
    const rules = [including(20, { match: { rateClasses: ['business'] } }), ALL_BILLABLE];
    const contract: ContractFacts = contractFacts({
      terms: {
        ...terms({ labour: ROLES }, rules),
        timeZone: 'Australia/Sydney',
        rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
      },
    });
    const evening = time({
      minutes: 90,
      startedAt: '2026-03-10T16:30:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const { items } = rate(facts([evening], { contracts: [contract] }));
    const late = items.filter(({ disposition }) => disposition === 'billable');
    expect(late.map(({ actualMinutes }) => actualMinutes)).toEqual([60]);
    const found = scope([evening], { contracts: [contract], invoiced: asInvoiced(late) });
    expect(only(found).valueAtRisk).toEqual({ money: aud('25.00'), minutes: 10 });
  });
});

describe('scope-suspected: one gap, whatever the findings', () => {
  const rules = [
    including(60, { id: 'r', name: 'Remote', match: { workTypes: ['remote'] } }),
    including(30, { id: 'o', name: 'Onsite', match: { workTypes: ['onsite'] } }),
  ];
  const labour = [...ROLES, { workType: 'onsite', engineerRole: null, pricePerHour: '60.00' }];
  const findings = (remote: number, onsite: number): DerivedGap =>
    only(scope([entry(1, remote), entry(2, onsite, { workType: 'onsite' })], under(rules, { labour })));

  it('the longest speaks, and every cause and event is named', () => {
    const longerOnsite = findings(70, 90);
    expect(longerOnsite.valueAtRisk).toEqual({ money: aud('60.00'), minutes: 60 });
    expect(longerOnsite.cause).toBe(
      '70 min of covered work pass the 60 min that rule Remote includes by 10 min; ' +
        '90 min of covered work pass the 30 min that rule Onsite includes by 60 min',
    );
    expect(longerOnsite.sourceEventIds).toEqual(['ev-w-1', 'ev-w-2']);
    expect(findings(90, 40).valueAtRisk).toEqual({ money: aud('75.00'), minutes: 30 });
  });

  it('of equals the first speaks', () => {
    expect(findings(90, 60).valueAtRisk).toEqual({ money: aud('75.00'), minutes: 30 });
  });
});

describe('scope-suspected: a quick question that was none', () => {
  const quick = { tickets: new Map([['T-1', ticketFacts({ ticketType: 'quick-question' })]]) };
  const boundless = including(0);
  const { includedMinutesPerTicket: _none, ...included } = boundless;

  it('its covered time passes the minutes of a quick question', () => {
    const found = only(scope([entry(1, 45)], { ...under([included]), ...quick }));
    expect(found.valueAtRisk).toEqual({ money: aud('75.00'), minutes: 30 });
    expect(found.cause).toBe('45 min of covered work pass the 15 min of a quick question by 30 min');
    expect(scope([entry(1, 15)], { ...under([included]), ...quick })).toEqual([]);
    const other = { tickets: new Map([['T-1', ticketFacts({ ticketType: 'incident' })]]) };
    expect(scope([entry(1, 45)], { ...under([included]), ...other })).toEqual([]);
  });

  it('also where it was declared no-charge: then it has no value', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'quick', eventId: 'ev-nc' };
    const tickets = new Map([['T-1', ticketFacts({ ticketType: 'quick-question', noCharge })]]);
    expect(only(scope([entry(1, 45)], { tickets })).valueAtRisk).toEqual({ money: null, minutes: 30 });
  });

  it('its billed and its prepaid time is none of it', () => {
    for (const outcome of ['billable', 'prepaid'] as const)
      expect(scope([entry(1, 45)], { ...under([{ ...ALL_BILLABLE, outcome }]), ...quick })).toEqual([]);
  });

  it('of contracts in two currencies there is no sum, only minutes', () => {
    const versions = (['AUD', 'NZD'] as const).map((currency, index) => ({
      versionNumber: index + 1,
      effectiveFrom: index === 0 ? '2026-01-01' : '2026-03-11',
      effectiveTo: null,
      terms: terms({ currency }, [included]),
    }));
    const work = [entry(1, 45), entry(2, 30, { workDate: '2026-03-12' })];
    const found = only(scope(work, { contracts: [contractFacts({ versions })], ...quick }));
    expect(found.valueAtRisk).toEqual({ money: null, minutes: 60 });
  });
});
