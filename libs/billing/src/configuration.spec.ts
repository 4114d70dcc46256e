import { describe, expect, it } from '@jest/globals';
import { type Issued, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import {
  DEFAULT_CONFIGURATION,
  MAX_MATERIAL_WORDS,
  configuration,
  configurationHash,
  creditNoteSeriesOf,
  problemsOfConfiguration,
} from './configuration.js';
import type { BillingConfiguration, ConfigurationEvent } from './events.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'admin-1', role: 'admin' } };
const publish = (changes: Partial<BillingConfiguration> = {}) =>
  ({ type: 'PublishConfiguration', configuration: { ...DEFAULT_CONFIGURATION, ...changes }, ...issued }) as const;
const published = publishedOf({});
function publishedOf(changes: Partial<BillingConfiguration>): ConfigurationEvent {
  const whole = { ...DEFAULT_CONFIGURATION, ...changes };
  return {
    type: 'ConfigurationPublished',
    data: { configuration: whole, hash: configurationHash(whole) },
    occurredAt: issued.at,
  };
}

describe('PublishConfiguration', () => {
  it('publishes with its hash', () => spec(configuration).given().when(publish()).then(published));
  it('is quiet where it is in force already, whatever the order of its properties', () => {
    const reordered = Object.fromEntries(Object.entries(DEFAULT_CONFIGURATION).toReversed());
    spec(configuration).given(published).when(publish(reordered)).thenNothing();
  });
  it('publishes a change', () =>
    spec(configuration)
      .given(published)
      .when(publish({ unbilledAfterDays: 7 }))
      .thenLike({ data: { configuration: { unbilledAfterDays: 7 } } }));
  it('refuses a malformed one whole', () => {
    const decision = configuration.decide(
      publish({ unbilledAfterDays: -1, taxRates: {}, quickQuestionMinutes: 0.5 }),
      configuration.initialState,
    );
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('ConfigurationMalformed');
    expect(decision.details['problems']).toMatchObject([
      { path: 'unbilledAfterDays' },
      { path: 'taxRates' },
      { path: 'quickQuestionMinutes' },
    ]);
  });
});

describe('problems of a configuration', () => {
  const paths = (changes: object): string[] =>
    problemsOfConfiguration({ ...DEFAULT_CONFIGURATION, ...changes }).map(({ path }) => path);
  const organisation = (changes: object) => ({ organisation: { ...DEFAULT_CONFIGURATION.organisation, ...changes } });
  const aud = (amount: unknown) => ({ amount, currency: 'AUD' });

  it('the default has none', () => expect(problemsOfConfiguration(DEFAULT_CONFIGURATION)).toEqual([]));
  it.each<[string, object, string[]]>([
    ['an unknown property', { discount: 1 }, ['configuration.discount']],
    ['no organisation', { organisation: null }, ['organisation']],
    ['an ABN that fails its check', organisation({ taxId: '51 824 753 557' }), ['organisation.taxId']],
    ['a VAT id of an Australian seller', organisation({ taxId: 'DE 123456789' }), ['organisation.taxId']],
    ['an unknown zone', organisation({ timeZone: 'Sydney' }), ['organisation.timeZone']],
    ['an unknown currency', organisation({ currency: 'AU' }), ['organisation.currency']],
    [
      'money in another currency',
      organisation({ currency: 'NZD' }),
      [...[0, 1, 2, 3].map((index) => `materialWords[${index}].assumedPrice.currency`), 'secondPersonAbove.currency'],
    ],
    ['a negative tax rate', { taxRates: { GST: '-10' } }, ['taxRates.GST']],
    ['a tax rate above everything', { taxRates: { GST: '100.1' } }, ['taxRates.GST']],
    ['a rate without a day', { taxRates: { VAT: { rate: [{ rate: '20' }] } } }, ['taxRates.VAT.rate[0].from']],
    [
      'rates that are not in the order of their days',
      {
        taxRates: {
          VAT: {
            rate: [
              { from: '2026-07-01', rate: '22' },
              { from: '2020-01-01', rate: '20' },
            ],
          },
        },
      },
      ['taxRates.VAT.rate[1].from'],
    ],
    ['no rate at all', { taxRates: { VAT: { rate: [] } } }, ['taxRates.VAT.rate']],
    ['an unknown treatment', { taxRates: { X: { rate: '0', treatment: 'free' } } }, ['taxRates.X.treatment']],
    ['what is taxable at nothing', { taxRates: { X: { rate: '0', treatment: 'taxable' } } }, ['taxRates.X.rate']],
    [
      'an export with tax and without a reason',
      { taxRates: { X: { rate: '10', treatment: 'export' } } },
      ['taxRates.X.rate', 'taxRates.X.legalReason'],
    ],
    ['an unknown rounding', { taxRounding: 'invoice' }, ['taxRounding']],
    ['an unknown date of tax', { taxDate: 'payment' }, ['taxDate']],
    ['a registration that is no truth', { taxRegistered: 'no' }, ['taxRegistered']],
    [
      'limits of issue dates that are no days',
      { issueDates: { daysBeforeWork: -1, daysAhead: 367 } },
      ['issueDates.daysBeforeWork', 'issueDates.daysAhead'],
    ],
    ['a series without digits', { invoiceSeries: { series: 'INV', prefix: '', digits: 0 } }, ['invoiceSeries.digits']],
    [
      'a series that is no id',
      { invoiceSeries: { series: 'my series', prefix: '', digits: 6 } },
      ['invoiceSeries.series'],
    ],
    [
      'a prefix too long',
      { invoiceSeries: { series: 'INV', prefix: 'x'.repeat(21), digits: 6 } },
      ['invoiceSeries.prefix'],
    ],
    [
      "credit notes with the invoices' own numbers",
      { creditNoteSeries: DEFAULT_CONFIGURATION.invoiceSeries },
      ['creditNoteSeries.series', 'creditNoteSeries.prefix'],
    ],
    [
      'a series of credit notes without digits',
      { creditNoteSeries: { series: 'CN', prefix: 'CN-', digits: 0 } },
      ['creditNoteSeries.digits'],
    ],
    [
      'a word twice',
      {
        materialWords: [
          { word: 'SSD', assumedPrice: null },
          { word: 'ssd', assumedPrice: null },
        ],
      },
      ['materialWords[1].word'],
    ],
    [
      'a word with a space around it',
      { materialWords: [{ word: ' SSD', assumedPrice: null }] },
      ['materialWords[0].word'],
    ],
    ['a price that is a number', { assumedPricePerHour: aud(150) }, ['assumedPricePerHour.amount']],
    ['no limit of a second person', { secondPersonAbove: null }, ['secondPersonAbove']],
  ])('%s', (_case, changes, expected) => expect(paths(changes)).toEqual(expected));
  it('credit notes have a series of their own, configured or not', () => {
    const { invoiceSeries } = DEFAULT_CONFIGURATION;
    const creditNoteSeries = { series: 'GUT', prefix: 'G', digits: 4 };
    expect(creditNoteSeriesOf(DEFAULT_CONFIGURATION)).toEqual({ series: 'CN', prefix: 'CN-', digits: 6 });
    expect(paths({ creditNoteSeries })).toEqual([]);
    expect(creditNoteSeriesOf({ invoiceSeries, creditNoteSeries })).toBe(creditNoteSeries);
    for (const change of [{ series: 'CN' }, { prefix: 'CN-' }])
      expect(creditNoteSeriesOf({ invoiceSeries: { ...invoiceSeries, ...change } })).toMatchObject({
        series: 'CREDIT',
        prefix: 'CREDIT-',
      });
  });
  it('elsewhere a tax id need only look like one, and none is needed', () => {
    expect(paths(organisation({ timeZone: 'Europe/Berlin', taxId: 'DE 123456789' }))).toEqual([]);
    expect(paths(organisation({ timeZone: 'Europe/Berlin', taxId: '!' }))).toEqual(['organisation.taxId']);
    expect(paths(organisation({ taxId: null }))).toEqual([]);
  });
  it('takes a thousand words and no more', () => {
    const words = (count: number) => ({
      materialWords: Array.from({ length: count }, (_, index) => ({ word: `part-${index}`, assumedPrice: null })),
    });
    expect(paths(words(MAX_MATERIAL_WORDS))).toEqual([]);
    expect(paths(words(MAX_MATERIAL_WORDS + 1))).toEqual(['materialWords']);
  });
});

describe('a printed number is on one document only (L4, K14, Y5)', () => {
  const [y27, y28] = [
    { series: 'INV27', prefix: 'INV-', digits: 6 },
    { series: 'INV28', prefix: 'INV-0', digits: 5 },
  ];
  const refused = (
    given: readonly ConfigurationEvent[],
    changes: Partial<BillingConfiguration>,
    unnamedSeries: readonly (typeof y27)[] = [],
  ): unknown => {
    const state = given.reduce(configuration.evolve, configuration.initialState);
    const decision = configuration.decide({ ...publish(changes), unnamedSeries }, state);
    return isRefusal(decision) ? decision.details['problems'] : null;
  };
  const again = (path: string, series: string, number: string) => [
    {
      path,
      problem: `would print numbers of series ${series} again, such as ${number}: choose a prefix that no other series begins with`,
    },
  ];

  it('a series that could print a number of any earlier one is refused, however long ago that was', () => {
    const since = [publishedOf({ invoiceSeries: y27 }), publishedOf({ invoiceSeries: { ...y27, prefix: 'R-' } })];
    expect(refused(since, { invoiceSeries: y28 })).toEqual(again('invoiceSeries.prefix', 'INV27', 'INV-000001'));
    expect(refused([published], { invoiceSeries: y27 })).toEqual(again('invoiceSeries.prefix', 'INV', 'INV-000001'));
  });
  it('so is one of credit notes that could print a number of invoices, and the other way round', () => {
    const notes = { creditNoteSeries: { series: 'CN', prefix: 'INV-00', digits: 5 } };
    expect(refused([], notes)).toBeNull();
    expect(refused([], { creditNoteSeries: { ...notes.creditNoteSeries, prefix: 'INV-0' } })).toEqual(
      again('creditNoteSeries.prefix', 'INV', 'INV-000001'),
    );
    const earlier = publishedOf({ creditNoteSeries: { series: 'GUT', prefix: 'G', digits: 4 } });
    expect(refused([earlier], { invoiceSeries: { series: 'G', prefix: 'G1', digits: 4 } })).toEqual(
      again('invoiceSeries.prefix', 'GUT', 'G10001'),
    );
  });
  it('one that nobody named counts once it gave a number', () => {
    expect(refused([], { invoiceSeries: y27 })).toBeNull();
    const { invoiceSeries } = DEFAULT_CONFIGURATION;
    expect(refused([], { invoiceSeries: y27 }, [invoiceSeries])).toEqual(
      again('invoiceSeries.prefix', 'INV', 'INV-000001'),
    );
  });
  it('more digits, another prefix, and what was in force before are fine', () => {
    const { invoiceSeries } = DEFAULT_CONFIGURATION;
    expect(refused([published], { invoiceSeries: { ...invoiceSeries, digits: 8 } })).toBeNull();
    expect(refused([published], { invoiceSeries: { series: 'INV27', prefix: 'INV27-', digits: 6 } })).toBeNull();
    // Logs of before hold such series already: what else they publish is not held up by it.
    const both = [published, publishedOf({ invoiceSeries: y27 })];
    expect(refused(both, { invoiceSeries: y27, unbilledAfterDays: 7 })).toBeNull();
  });
});
