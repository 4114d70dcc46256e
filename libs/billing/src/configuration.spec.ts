import { describe, expect, it } from '@jest/globals';
import { type Issued, type Problem, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { configuration, configurationHash, creditNoteSeriesOf } from './configuration.js';
import type { TaxCategoryRules, TaxRules } from './configuration-shape.js';
import { NAMED_CONFIGURATION } from './testing/named-configuration.js';
import type { PublishedConfiguration, ConfigurationEvent, ConfigurationPublished } from './events.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'admin-1', role: 'admin' } };
const publish = (changes: Partial<PublishedConfiguration> = {}) =>
  ({ type: 'PublishConfiguration', configuration: { ...NAMED_CONFIGURATION, ...changes }, ...issued }) as const;
const published = publishedOf({});
function publishedOf(changes: Partial<PublishedConfiguration>): ConfigurationPublished {
  const whole = { ...NAMED_CONFIGURATION, ...changes };
  return {
    type: 'ConfigurationPublished',
    data: { configuration: whole, hash: configurationHash(whole) },
    occurredAt: issued.at,
  };
}

describe('PublishConfiguration', () => {
  it('publishes with its hash', () => spec(configuration).given().when(publish()).then(published));
  it('is published again where it is in force already but who the organisation is was lost', () => {
    const { organisation } = published.data.configuration;
    const configurationThen = { ...published.data.configuration, organisation: { ...organisation, name: '(lost)' } };
    spec(configuration)
      .given({ ...published, data: { ...published.data, configuration: configurationThen } })
      .when(publish(published.data.configuration))
      .then(published);
  });

  it('is quiet where it is in force already, whatever the order of its properties', () => {
    const reordered = Object.fromEntries(Object.entries(NAMED_CONFIGURATION).toReversed());
    spec(configuration).given(published).when(publish(reordered)).thenNothing();
  });
  it('publishes a change', () =>
    spec(configuration)
      .given(published)
      .when(publish({ unbilledAfterDays: 7 }))
      .thenLike({ data: { configuration: { unbilledAfterDays: 7 } } }));
  it('refuses taxes that can not be told apart, or that come to more than the net on a day', () => {
    const problemsOf = (taxes: TaxCategoryRules['taxes']): readonly string[] => {
      const decision = configuration.decide(
        publish({ taxRates: { X: { taxes } } as TaxRules['taxRates'] }),
        configuration.initialState,
      );
      return isRefusal(decision)
        ? (decision.details['problems'] as Problem[]).map(({ path, problem }) => `${path} ${problem}`)
        : [];
    };
    const gst = { name: 'GST', rate: '50' };
    expect(problemsOf([gst, { name: 'QST', rate: '50' }])).toEqual([]);
    expect(problemsOf([gst, { name: 'gst ', rate: '50' }])).toEqual([
      'taxRates.X.taxes[1].name gst  stands in the list already',
    ]);
    expect(problemsOf([gst, { name: 'QST', rate: '50.1' }])).toEqual([
      'taxRates.X.taxes must come to at most 100 percent together: they are 100.1',
    ]);
    const rising = {
      name: 'QST',
      rate: [
        { from: '2020-01-01', rate: '10' },
        { from: '2027-07-01', rate: '60' },
      ],
    };
    expect(problemsOf([gst, rising])).toEqual([
      'taxRates.X.taxes must come to at most 100 percent together: they are 110 on 2027-07-01',
    ]);
  });
  it('refuses whole what can not be meant', () => {
    const decision = configuration.decide(
      publish({
        secondPersonAbove: { amount: '5', currency: 'NZD' },
        taxRates: { X: { rate: '0', treatment: 'taxable' } },
      }),
      configuration.initialState,
    );
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('ConfigurationMalformed');
    expect(decision.details['problems']).toMatchObject([
      { path: 'taxRates.X.rate' },
      { path: 'secondPersonAbove.currency' },
    ]);
  });
});

describe('the series of credit notes', () => {
  it('credit notes have a series of their own, configured or not', () => {
    const { invoiceSeries } = NAMED_CONFIGURATION;
    const creditNoteSeries = { series: 'GUT', prefix: 'G', digits: 4 };
    expect(creditNoteSeriesOf(NAMED_CONFIGURATION)).toEqual({ series: 'CN', prefix: 'CN-', digits: 6 });
    expect(creditNoteSeriesOf({ invoiceSeries, creditNoteSeries })).toBe(creditNoteSeries);
    for (const change of [{ series: 'CN' }, { prefix: 'CN-' }])
      expect(creditNoteSeriesOf({ invoiceSeries: { ...invoiceSeries, ...change } })).toMatchObject({
        series: 'CREDIT',
        prefix: 'CREDIT-',
      });
  });
});

describe('a printed number is on one document only (L4, K14, Y5)', () => {
  const [y27, y28] = [
    { series: 'INV27', prefix: 'INV-', digits: 6 },
    { series: 'INV28', prefix: 'INV-0', digits: 5 },
  ];
  const refused = (
    given: readonly ConfigurationEvent[],
    changes: Partial<PublishedConfiguration>,
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
  it('so is one of invoices that could print a number of credit notes whose series nobody named', () => {
    const invoices = { series: 'Z', prefix: 'CN-0', digits: 5 };
    expect(refused([published], { invoiceSeries: invoices })).toEqual(again('invoiceSeries.prefix', 'CN', 'CN-000001'));
    expect(refused([published], { invoiceSeries: { ...invoices, series: 'CN', prefix: 'CREDIT-0' } })).toEqual(
      again('invoiceSeries.prefix', 'CREDIT', 'CREDIT-000001'),
    );
    const creditNoteSeries = { series: 'GUT', prefix: 'G', digits: 4 };
    expect(refused([published], { invoiceSeries: invoices, creditNoteSeries })).toBeNull();
    // A log of before that has such a series is not held up by it.
    const before = [published, publishedOf({ invoiceSeries: invoices })];
    expect(refused(before, { invoiceSeries: invoices, unbilledAfterDays: 7 })).toBeNull();
  });
  it.each(['inv-', 'INV- ', ' INV-', 'ＩＮＶ-'])('so is one that people would take for the same: %j', (prefix) => {
    const other = { series: 'INV28', prefix, digits: 6 };
    expect(refused([published], { invoiceSeries: other })).toEqual(again('invoiceSeries.prefix', 'INV', 'INV-000001'));
    expect(refused([published], { invoiceSeries: { ...other, prefix: `${prefix}B` } })).toBeNull();
  });
  it('one that nobody named counts once it gave a number', () => {
    expect(refused([], { invoiceSeries: y27 })).toBeNull();
    const { invoiceSeries } = NAMED_CONFIGURATION;
    expect(refused([], { invoiceSeries: y27 }, [invoiceSeries])).toEqual(
      again('invoiceSeries.prefix', 'INV', 'INV-000001'),
    );
  });
  it('more digits, another prefix, and what was in force before are fine', () => {
    const { invoiceSeries } = NAMED_CONFIGURATION;
    expect(refused([published], { invoiceSeries: { ...invoiceSeries, digits: 8 } })).toBeNull();
    expect(refused([published], { invoiceSeries: { series: 'INV27', prefix: 'INV27-', digits: 6 } })).toBeNull();
    // Logs of before hold such series already: what else they publish is not held up by it.
    const both = [published, publishedOf({ invoiceSeries: y27 })];
    expect(refused(both, { invoiceSeries: y27, unbilledAfterDays: 7 })).toBeNull();
  });
});
