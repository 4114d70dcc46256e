import { describe, expect, it } from '@jest/globals';
import type { ClassCalendar, ContractTerms, Holiday, Site, SiteDetails } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../../client-period.js';
import { rate, rateExplained } from '../../rate.js';
import { CONFIGURATION, contractFacts, facts, terms, ticketFacts, time } from '../../testing/facts.js';

const day = [{ opens: '08:00', closes: '17:00' }];
const hours: ClassCalendar['hours'] = { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day };
const CUP_DAY: Holiday = { date: '2022-11-01', name: 'Melbourne Cup Day' };
const CHRISTMAS_EVE: Holiday = { date: '2021-12-24', name: 'Christmas Eve', from: '18:00' };
const MULTIPLIERS = [
  { rateClass: 'after-hours', multiplier: '1.5' },
  { rateClass: 'holiday', multiplier: '2.5' },
  { rateClass: 'long-day', multiplier: '3' },
];
/** 150.00 an hour, after hours x 1.5, on holidays x 2.5. */
const TERMS = terms({ rateClassMultipliers: MULTIPLIERS });
const OFFICE: ContractTerms = { ...TERMS, rateCalendar: { hours, holidays: [] } };

const SITE: SiteDetails = {
  name: 'Branch',
  address: null,
  timeZone: null,
  calendar: null,
  holidays: null,
  billTo: null,
};

function siteOf(...changes: readonly (Partial<SiteDetails> & { readonly from?: string })[]): Site {
  return { siteId: 'S', details: changes.map((one) => ({ from: '2020-01-01', ...SITE, ...one })) };
}

/** A stretch of one entry on a ticket at the site. */
function worked(startedAt: string, endedAt: string, more: Partial<ClientPeriodFacts> & { terms?: ContractTerms } = {}) {
  const workDate = startedAt.slice(0, 10);
  const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
  const { terms: ofContract = OFFICE, ...changes } = more;
  return facts([time({ workDate, startedAt, endedAt, minutes })], {
    period: workDate.slice(0, 7),
    clientTimeZone: 'Australia/Sydney',
    contracts: [
      contractFacts({
        versions: [{ versionNumber: 1, effectiveFrom: '2020-01-01', effectiveTo: null, terms: ofContract }],
      }),
    ],
    tickets: new Map([['T-1', ticketFacts({ siteId: 'S' })]]),
    ...changes,
  });
}

/** Hours, class and net of each item. */
function priced(of: ClientPeriodFacts): readonly string[] {
  return rateExplained(of).items.map(
    ({ quantity, net, basis }) => `${quantity} h ${basis.rateClass ?? '-'} ${net?.amount ?? '-'}`,
  );
}

const melbourne = siteOf({ timeZone: 'Australia/Melbourne', holidays: [CUP_DAY] });

describe('holidays of work (K26)', () => {
  it('a holiday may be a part of a day: 24 December in Brisbane, 17:30 to 19:30, is 675.00', () => {
    const brisbane = siteOf({ timeZone: 'Australia/Brisbane', holidays: [CHRISTMAS_EVE] });
    const evening = worked('2021-12-24T17:30:00+10:00', '2021-12-24T19:30:00+10:00', { places: { sites: [brisbane] } });
    expect(priced(evening)).toEqual(['0.5 h after-hours 112.50', '1.5 h holiday 562.50']);
  });

  it('a part of a day ends, too, and takes precedence over class hours', () => {
    const morning = siteOf({ holidays: [{ date: '2021-12-24', name: 'Local show', from: '08:00', to: '12:00' }] });
    const work = worked('2021-12-24T07:00:00+11:00', '2021-12-24T13:00:00+11:00', { places: { sites: [morning] } });
    expect(priced(work)).toEqual(['1 h after-hours 225.00', '4 h holiday 1500.00', '1 h business 150.00']);
  });

  it('a part of a day is none of a duration without start; a whole day is', () => {
    const on = (holidays: readonly Holiday[], declared: string | null = null) => {
      const work = time({ workDate: '2021-12-24', rateClass: declared });
      return priced({
        ...worked('2021-12-24T09:00:00+11:00', '2021-12-24T10:00:00+11:00', { places: { holidays, sites: [] } }),
        work: [work],
      });
    };
    expect(on([CHRISTMAS_EVE])).toEqual(['1 h business 150.00']);
    expect(on([{ date: '2021-12-24', name: 'All day', from: '00:00', to: '24:00' }])).toEqual(['1 h holiday 375.00']);
    expect(on([{ date: '2021-12-24', name: 'All day' }])).toEqual(['1 h holiday 375.00']);
    expect(on([{ date: '2021-12-24', name: 'All day' }], 'business')).toEqual(['1 h business 150.00']);
  });

  it('a Melbourne site of a Sydney client on Melbourne Cup Day, 3 h: 1,125.00', () => {
    const cup = ['2022-11-01T10:00:00+11:00', '2022-11-01T13:00:00+11:00'] as const;
    expect(priced(worked(...cup, { places: { sites: [melbourne] } }))).toEqual(['3 h holiday 1125.00']);
    expect(priced(worked(...cup))).toEqual(['3 h business 450.00']);
    // The contract has no calendar of its own: a holiday is one all the same, and all else has no class.
    expect(priced(worked(...cup, { terms: TERMS, places: { sites: [melbourne] } }))).toEqual(['3 h holiday 1125.00']);
    const before = ['2022-10-31T20:00:00+11:00', '2022-10-31T21:00:00+11:00'] as const;
    expect(priced(worked(...before, { terms: TERMS, places: { sites: [melbourne] } }))).toEqual(['1 h - 150.00']);
  });

  it.each<[string, Partial<ClientPeriodFacts>, string]>([
    ['of the site', { places: { holidays: [], sites: [melbourne] } }, 'holiday 1125.00'],
    [
      'none, as the site states',
      { places: { holidays: [CUP_DAY], sites: [siteOf({ holidays: [] })] } },
      'business 450.00',
    ],
    ['of the client', { places: { holidays: [CUP_DAY], sites: [siteOf({})] } }, 'holiday 1125.00'],
    ['none, as the client states', { ...organised([CUP_DAY]), places: { holidays: [], sites: [] } }, 'business 450.00'],
    ['of the organisation', { ...organised([CUP_DAY]), places: { sites: [] } }, 'holiday 1125.00'],
    ["none, as the organisation's hold before the contract's", organised([]), 'business 450.00'],
    ['of the contract', {}, 'holiday 1125.00'],
  ])('are those %s', (_, changes, expected) => {
    const ofContract = { ...OFFICE, rateCalendar: { hours, holidays: [CUP_DAY] } };
    const work = worked('2022-11-01T10:00:00+11:00', '2022-11-01T13:00:00+11:00', { terms: ofContract, ...changes });
    expect(priced(work)).toEqual([`3 h ${expected}`]);
  });
});

function organised(holidays: readonly Holiday[], calendar?: ClassCalendar): Pick<ClientPeriodFacts, 'configuration'> {
  const { organisation } = CONFIGURATION;
  return {
    configuration: { ...CONFIGURATION, organisation: { ...organisation, holidays, ...(calendar && { calendar }) } },
  };
}

describe('class hours of work (K26)', () => {
  const long: ClassCalendar = { hours: { tuesday: [{ opens: '06:00', closes: '20:00', rateClass: 'long-day' }] } };
  const evening = ['2022-11-08T18:00:00+11:00', '2022-11-08T19:00:00+11:00'] as const;

  it.each<[string, ContractTerms, Partial<ClientPeriodFacts>, string]>([
    [
      'of the contract before all',
      OFFICE,
      { places: { calendar: long, sites: [siteOf({ calendar: long })] } },
      'after-hours 225.00',
    ],
    ['of the site', TERMS, { places: { sites: [siteOf({ calendar: long })] } }, 'long-day 450.00'],
    ['of the client', TERMS, { places: { calendar: long, sites: [siteOf({})] } }, 'long-day 450.00'],
    ['of the organisation', TERMS, organised([], long), 'long-day 450.00'],
    ['of nobody', TERMS, { places: { sites: [siteOf({})] } }, '- 150.00'],
  ])('are those %s', (_, ofContract, changes, expected) => {
    expect(priced(worked(...evening, { terms: ofContract, ...changes }))).toEqual([`1 h ${expected}`]);
  });

  it('are counted in the zone of the site', () => {
    // 17:30 to 18:30 in Sydney is 14:30 to 15:30 in Perth.
    const perth = siteOf({ timeZone: 'Australia/Perth' });
    const work = ['2022-11-08T17:30:00+11:00', '2022-11-08T18:30:00+11:00'] as const;
    expect(priced(worked(...work))).toEqual(['1 h after-hours 225.00']);
    expect(priced(worked(...work, { places: { sites: [perth] } }))).toEqual(['1 h business 150.00']);
  });
});

describe('days and months of work (K26)', () => {
  // 1 July, 00:30 to 01:30 in Sydney; 30 June in Perth.
  const edge = ['2022-06-30T14:30:00Z', '2022-06-30T15:30:00Z'] as const;
  const inPerth = { places: { sites: [siteOf({ timeZone: 'Australia/Perth' })] } };

  it('are those of the site', () => {
    const june = worked(...edge, { terms: TERMS, ...inPerth });
    expect(rate(june).items.map(({ workDate, net }) => [workDate, net?.amount])).toEqual([['2022-06-30', '150.00']]);
    expect(rate({ ...june, period: '2022-07' }).items).toEqual([]);
  });

  it("leave the contract's own days alone: its versions and blocks go by its zone", () => {
    const dearer = terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '200.00' }] });
    const versions = [
      { versionNumber: 1, effectiveFrom: '2020-01-01', effectiveTo: null, terms: TERMS },
      { versionNumber: 2, effectiveFrom: '2022-07-01', effectiveTo: null, terms: dearer },
    ];
    const june = worked(...edge, { ...inPerth, contracts: [contractFacts({ versions })] });
    expect(rate(june).items.map(({ workDate, net }) => [workDate, net?.amount])).toEqual([['2022-06-30', '200.00']]);

    const prepaid = { ...terms({}, [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }]), prepaid: {} };
    const block = { blockId: 'B', amount: { unit: 'minutes', minutes: 600 }, price: null, eventId: 'e' } as const;
    const drawn = (purchasedOn: string, expiresOn: string) => {
      const version = { versionNumber: 1, effectiveFrom: '2020-01-01', effectiveTo: null, terms: prepaid };
      const contract = contractFacts({ versions: [version], blocks: [{ ...block, purchasedOn, expiresOn }] });
      return rate({ ...june, contracts: [contract] }).items.map(({ disposition }) => disposition);
    };
    expect(drawn('2022-07-01', '2022-07-31')).toEqual(['covered']);
    expect(drawn('2022-06-01', '2022-06-30')).toEqual(['billable']);
  });

  it('follow a site that moves from a day on, and the client before its first day', () => {
    const moves = siteOf(
      { from: '2022-01-01', holidays: [{ date: '2022-03-07', name: 'Labour Day' }] },
      { from: '2022-04-01', holidays: [{ date: '2022-05-02', name: 'Labour Day' }] },
    );
    const on = (date: string) =>
      priced(worked(`${date}T10:00:00+10:00`, `${date}T11:00:00+10:00`, { places: { sites: [moves] } }));
    expect(on('2022-03-07')).toEqual(['1 h holiday 375.00']);
    expect(on('2022-05-02')).toEqual(['1 h holiday 375.00']);
    const unmoved = siteOf({ from: '2022-04-01', holidays: [{ date: '2022-03-07', name: 'Labour Day' }] });
    const before = worked('2022-03-07T10:00:00+11:00', '2022-03-07T11:00:00+11:00', { places: { sites: [unmoved] } });
    expect(priced(before)).toEqual(['1 h business 150.00']);
  });

  it('a site that the client does not have is the client', () => {
    const work = worked('2022-11-01T10:00:00+11:00', '2022-11-01T13:00:00+11:00', { places: { sites: [] } });
    expect(priced(work)).toEqual(['3 h business 450.00']);
  });
});

it('two tickets of one day at two places are told apart, and the step says where and why', () => {
  const work = worked('2022-11-01T10:00:00+11:00', '2022-11-01T13:00:00+11:00', { places: { sites: [melbourne] } });
  const [first] = work.work;
  const elsewhere = { ...first, ticketId: 'T-2', workItemId: 'w-2' } as NonNullable<typeof first>;
  const both = {
    ...work,
    work: [...work.work, elsewhere],
    tickets: new Map([...work.tickets, ['T-2', ticketFacts({ ticketId: 'T-2' })]]),
  };
  expect(priced(both)).toEqual(['3 h holiday 1125.00', '3 h business 450.00']);
  expect(rateExplained(both).items.map(({ trace }) => trace.find(({ step }) => step === 'segment')?.text)).toEqual([
    'holiday (Melbourne Cup Day, a holiday of site S) on 2022-11-01 in Australia/Melbourne at site S',
    'business on 2022-11-01 in Australia/Sydney',
  ]);
});
