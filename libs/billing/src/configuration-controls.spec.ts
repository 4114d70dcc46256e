import { describe, expect, it } from '@jest/globals';
import { loosenedBy } from './configuration-controls.js';
import type { PublishedConfiguration } from './events.js';
import { NAMED_CONFIGURATION } from './testing/named-configuration.js';
import { filledConfiguration } from './configuration.js';

type Changes = Partial<PublishedConfiguration>;
type Card = NonNullable<PublishedConfiguration['rateCards']>[string];

const TODAY = '2026-03-20';
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const configured = (changes: Changes) => filledConfiguration({ ...NAMED_CONFIGURATION, ...changes });
const loosened = (before: Changes, after: Changes) => loosenedBy(configured(before), configured(after), TODAY);

const version = (from: string, pricePerHour: string, more: object = {}) => ({
  from,
  taxCategory: 'GST',
  labour: [{ pricePerHour }],
  ...more,
});
const cards = (...versions: readonly object[]): Changes => ({
  rateCards: { house: { versions } as unknown as Card },
});
const JANUARY = version('2026-01-01', '150.00');
const rule = { name: 'Short', upToMinutes: 60 };
const open = { monday: [{ opens: '08:00', closes: '17:00' }] };
const holiday = (date: string) => ({ date, name: 'Shut' });

/** Y1, Y2: nobody makes room for themselves by the rules that hold them. */
describe('what a configuration loosens', () => {
  it.each<[string, Changes, Changes, readonly string[]]>([
    ['a higher limit', {}, { secondPersonAbove: aud('500.01') }, ['secondPersonAbove']],
    ['a lower one does not', {}, { secondPersonAbove: aud('499.00') }, []],
    [
      'a higher limit of a role',
      {},
      { limits: { accounts: { secondPersonAbove: aud('900.00') } } },
      ['limits.accounts'],
    ],
    [
      'a limit of a role that goes, where that of all is higher',
      { limits: { operations: { secondPersonAbove: aud('10.00') } } },
      {},
      ['limits.operations'],
    ],
    ['a lower limit of a role does not', {}, { limits: { admin: { secondPersonAbove: aud('100.00') } } }, []],
    ['approval of own work', {}, { selfApproval: 'recorded' }, ['selfApproval']],
    ['drafts that anyone approves', { draftApproval: 'another-person' }, {}, ['draftApproval']],
    ['stricter approval does not', {}, { draftApproval: 'another-person' }, []],
    [
      'issue dates further back and ahead',
      {},
      { issueDates: { daysBeforeWork: 31, daysAhead: 60, daysBack: 365 } },
      ['issueDates.daysAhead', 'issueDates.daysBack'],
    ],
    ['work from further back', { workDaysBack: 30 }, {}, ['workDaysBack']],
    ['a first bound of it does not', {}, { workDaysBack: 30 }, []],
    ['a rule that approves time', {}, { approvalRules: [rule] }, ['approvalRules[0]']],
    [
      'a rule that approves longer time',
      { approvalRules: [rule] },
      { approvalRules: [{ ...rule, upToMinutes: 90 }] },
      ['approvalRules[0]'],
    ],
    [
      'a rule that approves less does not, nor one that is renamed',
      { approvalRules: [rule] },
      { approvalRules: [{ ...rule, name: 'Shorter', upToMinutes: 30, workTypes: ['remote'], withTimesOnly: true }] },
      [],
    ],
    [
      'a rule for all types of work, of one for some',
      { approvalRules: [{ ...rule, workTypes: ['remote'] }] },
      { approvalRules: [rule] },
      ['approvalRules[0]'],
    ],
    [
      'a bound that is left out, where one was stated within what it is then',
      { approvalRules: [{ ...rule, withinDays: 6, upToMinutesOfDay: 1_439 }] },
      { approvalRules: [rule] },
      ['approvalRules[0]'],
    ],
    [
      'a bound that is stated as it was when it was left out does not',
      { approvalRules: [rule] },
      { approvalRules: [{ ...rule, withinDays: 7, upToMinutesOfDay: 1_440, withTimesOnly: false }] },
      [],
    ],
    ['later records', { approvalRules: [rule] }, { approvalRules: [{ ...rule, withinDays: 8 }] }, ['approvalRules[0]']],
    ['gaps that come later', {}, { unbilledAfterDays: 366 }, ['unbilledAfterDays']],
    ['longer quick questions', {}, { quickQuestionMinutes: 600 }, ['quickQuestionMinutes']],
    ['a word that is dropped', {}, { materialWords: NAMED_CONFIGURATION.materialWords.slice(1) }, ['materialWords']],
    [
      'work without a price that is worth less',
      { assumedPricePerHour: aud('150.00') },
      { assumedPricePerHour: aud('0.01') },
      ['assumedPricePerHour'],
    ],
    [
      'work without a price that is worth something at all, for it waited before',
      { assumedPricePerHour: null },
      { assumedPricePerHour: aud('0.01') },
      ['assumedPricePerHour'],
    ],
    ['less assumed work', {}, { assumedMinutesPerTicket: 1 }, ['assumedMinutesPerTicket']],
    [
      'another zone of the organisation',
      {},
      { organisation: { ...NAMED_CONFIGURATION.organisation, timeZone: 'Pacific/Auckland' } },
      ['organisation.timeZone'],
    ],
    [
      'its holidays of days that have passed, and not of those to come',
      { organisation: { ...NAMED_CONFIGURATION.organisation, holidays: [holiday('2026-03-19')] } },
      { organisation: { ...NAMED_CONFIGURATION.organisation, holidays: [holiday('2026-03-21')] } },
      ['organisation.holidays'],
    ],
    [
      'another account that clients pay to, or a first one',
      { organisation: { ...NAMED_CONFIGURATION.organisation, bank: { accountName: 'House', accountNumber: '1' } } },
      { organisation: { ...NAMED_CONFIGURATION.organisation, bank: { accountName: 'House', accountNumber: '2' } } },
      ['organisation.bank'],
    ],
    [
      'and not that none is stated any more',
      { organisation: { ...NAMED_CONFIGURATION.organisation, bank: { accountName: 'House', accountNumber: '1' } } },
      { organisation: NAMED_CONFIGURATION.organisation },
      [],
    ],
    ['its name does not', {}, { organisation: { ...NAMED_CONFIGURATION.organisation, name: 'Another' } }, []],
    [
      'hours of a calendar',
      { calendars: { office: { hours: open } } },
      { calendars: { office: { hours: {} } } },
      ['calendars.office'],
    ],
    ['a calendar that nobody can name yet does not', {}, { calendars: { office: { hours: open } } }, []],
    [
      'a holiday that has passed',
      { holidaySets: { vic: { days: [holiday('2026-03-10')] } } },
      { holidaySets: { vic: { days: [] } } },
      ['holidaySets.vic'],
    ],
    [
      'a holiday to come does not',
      { holidaySets: { vic: { days: [holiday('2026-03-10')] } } },
      { holidaySets: { vic: { days: [holiday('2026-03-10'), holiday('2026-12-29')] } } },
      [],
    ],
    [
      'a card that was cheaper',
      cards(JANUARY),
      cards(JANUARY, version('2026-03-01', '149.99')),
      ['rateCards.house.versions[1]'],
    ],
    [
      'a card that is cheaper from tomorrow on does not',
      cards(JANUARY),
      cards(JANUARY, version('2026-03-21', '1.00')),
      [],
    ],
    ['a card that was dearer does not', cards(JANUARY), cards(JANUARY, version('2026-03-01', '151.00')), []],
    [
      'a card that was dearer than the one of its first day, and not than one after that',
      cards(JANUARY, version('2026-03-10', '200.00')),
      cards(JANUARY, version('2026-03-10', '200.00'), version('2026-03-05', '190.00')),
      ['rateCards.house.versions[2]'],
    ],
    [
      'a card that rounds otherwise at a higher price',
      cards(JANUARY),
      cards(JANUARY, version('2026-03-01', '151.00', { incrementMinutes: 60 })),
      ['rateCards.house.versions[1]'],
    ],
    ['a card that nobody can name yet does not', {}, cards(version('2026-01-01', '1.00')), []],
    ['a tax, a series and a lead do not', {}, { taxRates: { GST: '15', 'GST-FREE': '0' }, chargeLeadDays: 5 }, []],
  ])('%s', (_what, before, after, expected) => {
    expect(loosened(before, after)).toEqual(expected);
  });
});
