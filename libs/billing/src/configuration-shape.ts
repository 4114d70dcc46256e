import { type Of, ROLES, shape } from '@billtrail/kernel';
import {
  INVOICE_GROUPINGS,
  TAX_TREATMENTS,
  paymentTerms,
  sharedCalendars,
  sharedCards,
  slaPolicy,
  statedCalendar,
  statedHolidays,
} from '@billtrail/contracts';
import { ticketConfiguration } from '@billtrail/ticketing';

const { about, anyText, date, either, list, money, nullable, object, oneOf, optional, percent, text, truth, whole } =
  shape;

/** Most tax categories, and most rates of one. */
export const MAX_TAX_CATEGORIES = 100;
/** Most taxes of one category. */
const MAX_TAXES = 10;
/** Most words that name a part or licence. */
export const MAX_MATERIAL_WORDS = 1_000;
/** Most digits that a number is padded to. */
export const MAX_NUMBER_DIGITS = 12;
const MAX_DAYS = 366;
const MAX_DAYS_BACK = 3660;
/** Longest lead time of charges: a quarter is billed a quarter before it begins. */
const MAX_LEAD_DAYS = 92;
const MAX_ASSUMED_MINUTES = 10_000;

/** A rate in percent and the first day on which it holds. */
const datedTaxRate = object({ from: date, rate: percent });
export type DatedTaxRate = Of<typeof datedTaxRate>;

const statedTaxRate = about(
  'Percent; or each rate with the first day on which it holds, in the order of the days.',
  either(percent, list(datedTaxRate, MAX_TAX_CATEGORIES, { minItems: 1 }), 'a list of rates, each with its first day'),
);
export type StatedTaxRate = Of<typeof statedTaxRate>;

/** A tax category with its rates from day to day, and with its treatment where the law gives it one whoever the client is. */
const taxCategoryRules = object({
  rate: optional(statedTaxRate),
  taxes: optional(
    about(
      'In place of rate: several taxes on the same net, each with its name and rate, in the order in which documents show them.',
      list(object({ name: text(), rate: statedTaxRate }), MAX_TAXES, { minItems: 2 }),
    ),
  ),
  treatment: optional(
    about("By default the client's, else taxable; gst-free where the rate is zero.", oneOf(TAX_TREATMENTS)),
  ),
  legalReason: optional(about('Of a treatment without tax, as documents state it.', text())),
});
export type TaxCategoryRules = Of<typeof taxCategoryRules>;

const taxRules = {
  taxRates: about(
    'By tax category: a rate in percent alone, or all that is to be said of it.',
    shape.record(either(percent, taxCategoryRules, 'an object with the rate and its treatment'), 1, MAX_TAX_CATEGORIES),
  ),
  taxDate: optional(
    about(
      "The day whose rate holds: the document's day of issue, or the day of each supply (of work its day, of a charge its first). By default issue.",
      oneOf(['issue', 'supply']),
    ),
  ),
  taxRounding: optional(
    about(
      'Once per category and rate on the summed nets, or on each line. By default document.',
      oneOf(['document', 'line']),
    ),
  ),
  taxRegistered: optional(about('False: the seller charges no tax at all. By default true.', truth)),
};
/** What the organisation says of tax. */
export type TaxRules = Of<ReturnType<typeof object<typeof taxRules>>>;

/** How far a day of issue may be from what the document is about. */
const issueDateLimits = object({
  daysBeforeWork: about(
    'Most days before the last work, or before the first day of the latest charge.',
    whole(0, MAX_DAYS),
  ),
  daysAhead: about('Most days after today.', whole(0, MAX_DAYS)),
  daysBack: optional(about('Most days before today. By default 92.', whole(0, MAX_DAYS_BACK))),
});
export type IssueDateLimits = Of<typeof issueDateLimits>;

/** Numbers of one kind of document: `{prefix}{number}`, padded with zeros to as many digits. */
const documentSeries = object({
  series: shape.id,
  prefix: anyText(0, 20),
  digits: about('Digits that the number is padded to with zeros.', whole(1, MAX_NUMBER_DIGITS)),
});
export type DocumentSeries = Of<typeof documentSeries>;

const amount = money(shape.decimal);

/** How to reach the organisation. */
const contact = object({
  name: optional(text()),
  email: optional(text()),
  phone: optional(text()),
  website: optional(text()),
});

/** The account that clients pay to. */
const bank = object({
  accountName: text(),
  accountNumber: about('Account number or IBAN.', text(50)),
  branchCode: optional(about('BSB, sort code or routing number.', text(20))),
  bic: optional(text(20)),
  bankName: optional(text()),
});

const organisation = object({
  name: text(),
  taxId: about('ABN or VAT id.', nullable(text())),
  address: nullable(text(shape.MAX_REASON)),
  contact: optional(about('Stands on printed documents.', contact)),
  bank: optional(about('Stands on printed documents.', bank)),
  currency: shape.currency,
  timeZone: shape.timeZone,
  calendar: optional(about('Class hours of work, where contract, site and client state none.', statedCalendar)),
  holidays: optional(
    about("Holidays of work, where site and client state none; by default the contract's own.", statedHolidays),
  ),
});

const MAX_CURRENCY_RATES = 10_000;
const MAX_NAMED = 100;

/** What one unit of a currency is worth in that of the organisation. */
const currencyRate = object({
  currency: shape.currency,
  from: about('First day on which it holds, until the next of the currency.', date),
  rate: about('Units of the currency of the organisation for one unit.', shape.positive),
  source: about('Who says so: the central bank.', text()),
});

const documentText = object({
  header: optional(text(shape.MAX_REASON)),
  footer: optional(text(shape.MAX_REASON)),
});

const account = text(50);
const limits = about(
  'By role, in place of secondPersonAbove.',
  shape.anyOfMembers(
    ROLES.filter((role) => role !== 'client' && role !== 'system'),
    object({ secondPersonAbove: amount }),
  ),
);

/** The names of the parts of a configuration that nothing reads yet. */
const toCome = {
  currencyRates: optional(
    about("Rates of other currencies into the organisation's.", list(currencyRate, MAX_CURRENCY_RATES)),
  ),
  serviceLevelPolicies: optional(
    about('Response and resolution targets that clients are promised, by name.', shape.record(slaPolicy, 0, MAX_NAMED)),
  ),
  internalTargets: optional(
    about('Targets that the organisation sets itself, by name.', shape.record(slaPolicy, 0, MAX_NAMED)),
  ),
  documentTexts: optional(
    about(
      'What is printed above and below the lines of a document.',
      object({ invoice: optional(documentText), creditNote: optional(documentText) }),
    ),
  ),
  accountMap: optional(
    about(
      'Codes of accounts in the accounting system.',
      object({
        receivable: optional(account),
        prepaid: optional(about('What was paid for and not worked yet.', account)),
        tax: optional(about('By tax category.', shape.record(account, 0, MAX_TAX_CATEGORIES))),
        income: optional(
          about('By kind of line: time, material, expense or charge.', shape.record(account, 0, MAX_NAMED)),
        ),
      }),
    ),
  ),
};

/**
 * The organisation's configuration: one document, published whole. Each section belongs to the lib that reads it; who that is, and what a change of it has
 * rated again, is in `configuration-sections.ts`.
 */
export const billingConfiguration = object({
  organisation: about('Who bills, in which currency and zone; its class hours and holidays.', organisation),
  unbilledAfterDays: about(
    'Days after resolution after which a billable item on no issued invoice is a gap unbilled.',
    whole(0, MAX_DAYS),
  ),
  ...taxRules,
  issueDates: optional(
    about(
      "How far a document's day of issue may be from its work and from today. By default 31 days each, and 92 before today.",
      issueDateLimits,
    ),
  ),
  paymentTerms: optional(
    about(
      "When documents are due, where neither their contracts nor the client's details say. By default they state no due date.",
      paymentTerms,
    ),
  ),
  invoices: optional(
    about(
      "One invoice of all that can go on one, or one for each contract, where the client's details don't say. By default together.",
      oneOf(INVOICE_GROUPINGS),
    ),
  ),
  draftApproval: optional(
    about(
      'Who may approve a draft: anyone of Accounts, or another person than who drafted it. By default anyone.',
      oneOf(['anyone', 'another-person']),
    ),
  ),
  invoiceSeries: about('The numbers of invoices.', documentSeries),
  creditNoteSeries: optional(about("By default CN, and never the invoices' own.", documentSeries)),
  quickQuestionMinutes: about(
    'Minutes after which a ticket of type quick-question is no longer one.',
    whole(0, MAX_ASSUMED_MINUTES),
  ),
  materialWords: about(
    "Words in a ticket's text that name a part or licence (gap material-suspected), and the price that values such a gap. A word counts in texts that are recorded while it is here.",
    list(object({ word: text(), assumedPrice: nullable(amount) }), MAX_MATERIAL_WORDS),
  ),
  assumedPricePerHour: about(
    'Of an hour that values unrecorded work; null: such gaps have no money value.',
    nullable(amount),
  ),
  assumedMinutesPerTicket: about(
    'Minutes that unrecorded work is assumed to have taken, for the value of its gap.',
    whole(0, MAX_ASSUMED_MINUTES),
  ),
  secondPersonAbove: about('Above this value a write-off or an accepted gap needs a second person.', amount),
  limits: optional(limits),
  chargeLeadDays: optional(
    about(
      'Days before the first day of a period from which its charges in advance may be drafted. By default 0.',
      whole(0, MAX_LEAD_DAYS),
    ),
  ),
  ...sharedCalendars,
  ...sharedCards,
  ...ticketConfiguration,
  ...toCome,
});
/** A configuration as it is published. */
export type PublishedConfiguration = Of<typeof billingConfiguration>;

/** The configuration in force: one that was published, or what holds until then, which names no organisation. */
export type BillingConfiguration = Omit<PublishedConfiguration, 'organisation'> & {
  readonly organisation: Omit<PublishedConfiguration['organisation'], 'name'> & {
    /** null: nobody named it yet, and nothing is issued in its name. */
    readonly name: string | null;
  };
};
