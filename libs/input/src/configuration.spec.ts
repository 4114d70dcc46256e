import { describe, expect, it } from '@jest/globals';
import { billingConfiguration, problemsOfConfiguration } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { problemsOfShape, soundPart } from './check.js';

/** As the command that publishes it is checked: its shape, then what it means. */
const problems = (configuration: unknown) => [
  ...problemsOfShape(billingConfiguration, configuration, ''),
  ...problemsOfConfiguration(soundPart(billingConfiguration, configuration) ?? {}),
];

describe('problems of a configuration', () => {
  const paths = (changes: object): string[] => problems({ ...NAMED_CONFIGURATION, ...changes }).map(({ path }) => path);
  const organisation = (changes: object) => ({ organisation: { ...NAMED_CONFIGURATION.organisation, ...changes } });
  const aud = (amount: unknown) => ({ amount, currency: 'AUD' });

  it('the default has none', () => expect(problems(NAMED_CONFIGURATION)).toEqual([]));
  it.each<[string, object, string[]]>([
    ['an unknown property', { discount: 1 }, ['discount']],
    ['no organisation', { organisation: null }, ['organisation']],
    ['an ABN that fails its check', organisation({ taxId: '51 824 753 557' }), ['organisation.taxId']],
    ['a VAT id of an Australian seller', organisation({ taxId: 'DE 123456789' }), ['organisation.taxId']],
    ['an unknown zone', organisation({ timeZone: 'Sydney' }), ['organisation.timeZone']],
    ['a name with a mark that turns it around (Z6)', organisation({ name: 'Blue\u202eGum' }), ['organisation.name']],
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
      { creditNoteSeries: NAMED_CONFIGURATION.invoiceSeries },
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
  it('elsewhere a tax id need only look like one, and none is needed', () => {
    expect(paths(organisation({ timeZone: 'Europe/Berlin', taxId: 'DE 123456789' }))).toEqual([]);
    expect(paths(organisation({ timeZone: 'Europe/Berlin', taxId: '!' }))).toEqual(['organisation.taxId']);
    expect(paths(organisation({ taxId: null }))).toEqual([]);
  });
  it('takes a thousand words and no more', () => {
    const words = (count: number) => ({
      materialWords: Array.from({ length: count }, (_, index) => ({ word: `part-${index}`, assumedPrice: null })),
    });
    expect(paths(words(1_000))).toEqual([]);
    expect(paths(words(1_000 + 1))).toEqual(['materialWords']);
  });
});
