import { describe, expect, it } from '@jest/globals';
import { type RatedAgain, ratedAgainBy } from './configuration-sections.js';
import type { PublishedConfiguration } from './events.js';
import { NAMED_CONFIGURATION } from './testing/named-configuration.js';

const after = (changes: Partial<PublishedConfiguration>): readonly RatedAgain[] =>
  [...ratedAgainBy(NAMED_CONFIGURATION, { ...NAMED_CONFIGURATION, ...changes })].sort();
const organisation = (changes: Partial<PublishedConfiguration['organisation']>) =>
  after({ organisation: { ...NAMED_CONFIGURATION.organisation, ...changes } });

describe('what a new configuration has rated again', () => {
  it('nothing where it says the same, whatever the order', () => {
    const reordered = Object.fromEntries(Object.entries(NAMED_CONFIGURATION).toReversed());
    expect(after(reordered)).toEqual([]);
  });
  it('nothing for a text of a document, a tax rate, a limit', () => {
    expect(after({ documentTexts: { invoice: { footer: 'Thank you' } } })).toEqual(['nothing']);
    expect(after({ taxRates: { GST: '12' } })).toEqual(['nothing']);
    expect(after({ limits: { accounts: { secondPersonAbove: { amount: '9', currency: 'AUD' } } } })).toEqual([
      'nothing',
    ]);
  });
  it('tickets for a word, everything for the days until work is unbilled', () => {
    expect(after({ materialWords: [] })).toEqual(['tickets']);
    expect(after({ unbilledAfterDays: 3 })).toEqual(['everything']);
    expect(after({ materialWords: [], unbilledAfterDays: 3, reopenWithinDays: 1 })).toEqual([
      'everything',
      'nothing',
      'tickets',
    ]);
  });
  it('of the organisation nothing for who it is, places for its holidays, everything for its zone', () => {
    expect(organisation({ name: 'Another', bank: { accountName: 'A', accountNumber: '1' } })).toEqual([]);
    expect(organisation({ holidays: [] })).toEqual(['places']);
    expect(organisation({ timeZone: 'Europe/Berlin', holidays: [] })).toEqual(['everything']);
  });
});
