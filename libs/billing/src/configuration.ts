import { createHash } from 'node:crypto';
import {
  type Decider,
  type Decision,
  type Instant,
  type Issued,
  isCurrency,
  isTimeZone,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import {
  type Fields,
  Inspection,
  MAX_TEXT_LENGTH,
  type Problem,
  canonical,
  inspectClassCalendar,
  inspectHolidays,
  isAustralianBusinessNumber,
  isAustralianZone,
  taxIdProblem,
} from '@billtrail/contracts';
import { inspectIssueDates } from './account/issue-date.js';
import { MAX_NUMBER_DIGITS } from './account/numbering.js';
import { numberOfBoth } from './account/series.js';
import { inspectTaxRules } from './tax-rules.js';
import type { BillingConfiguration, ConfigurationEvent, DocumentSeries } from './events.js';

/** Most words that name a part or licence. */
export const MAX_MATERIAL_WORDS = 1_000;
const MAX_DAYS = 366;
/** Longest lead time of charges: a quarter is billed a quarter before it begins. */
const MAX_LEAD_DAYS = 92;
const MAX_ASSUMED_MINUTES = 10_000;

/**
 * Puts a configuration in force, validated as a whole. Quiet where it is the one in force already.
 * Refuses: ConfigurationMalformed (every error in `details.problems`).
 */
export interface PublishConfiguration {
  readonly type: 'PublishConfiguration';
  readonly configuration: BillingConfiguration;
  /** Series that numbered documents although no configuration names them: those that hold until one does. */
  readonly unnamedSeries?: readonly DocumentSeries[];
  readonly occurredAt?: Instant;
}

export interface ConfigurationState {
  /** null: nothing was published; {@link DEFAULT_CONFIGURATION} holds. */
  readonly configuration: BillingConfiguration | null;
  readonly hash: string | null;
  /** Every series that a configuration named so far: its numbers may stand on documents. */
  readonly series: readonly DocumentSeries[];
}

/** What holds until an organisation publishes its own. Its identity is an example and must be replaced before the first real invoice. */
export const DEFAULT_CONFIGURATION: BillingConfiguration = {
  organisation: {
    name: 'Example MSP',
    taxId: '51 824 753 556',
    address: '1 Example Street, Sydney NSW 2000',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
  },
  unbilledAfterDays: 14,
  taxRates: { GST: '10', 'GST-FREE': '0' },
  invoiceSeries: { series: 'INV', prefix: 'INV-', digits: 6 },
  quickQuestionMinutes: 15,
  materialWords: [
    { word: 'cable', assumedPrice: { amount: '15.00', currency: 'AUD' } },
    { word: 'SSD', assumedPrice: { amount: '120.00', currency: 'AUD' } },
    { word: 'licence', assumedPrice: { amount: '180.00', currency: 'AUD' } },
    { word: 'toner', assumedPrice: { amount: '95.00', currency: 'AUD' } },
  ],
  // Nobody but the organisation can say what work that was never recorded is worth.
  assumedPricePerHour: null,
  assumedMinutesPerTicket: 60,
  secondPersonAbove: { amount: '500.00', currency: 'AUD' },
};

/** The series of credit notes: the one configured, else `CN`, and never that of the invoices. */
export function creditNoteSeriesOf({
  invoiceSeries,
  creditNoteSeries,
}: Pick<BillingConfiguration, 'invoiceSeries' | 'creditNoteSeries'>): DocumentSeries {
  if (creditNoteSeries !== undefined) return creditNoteSeries;
  const isTaken = invoiceSeries.series === 'CN' || invoiceSeries.prefix === 'CN-';
  const series = isTaken ? 'CREDIT' : 'CN';
  return { series, prefix: `${series}-`, digits: 6 };
}

/** SHA-256 of a configuration, hexadecimal; equal whatever the order of its properties. */
export function configurationHash(configuration: BillingConfiguration): string {
  return createHash('sha256').update(canonical(configuration)).digest('hex');
}

/** Every problem in a configuration, each with its path. Empty: it can be published. Trusts no type: it came from a file. */
export function problemsOfConfiguration(configuration: unknown): readonly Problem[] {
  const inspection = new Inspection();
  const fields = inspection.fields('configuration', configuration, [
    'organisation',
    'unbilledAfterDays',
    'taxRates',
    'taxDate',
    'taxRounding',
    'taxRegistered',
    'issueDates',
    'invoiceSeries',
    'creditNoteSeries',
    'quickQuestionMinutes',
    'materialWords',
    'assumedPricePerHour',
    'assumedMinutesPerTicket',
    'secondPersonAbove',
    'chargeLeadDays',
  ]);
  if (fields === null) return inspection.problems;
  const currency = inspectOrganisation(inspection, fields['organisation']);
  inspection.wholeNumber('unbilledAfterDays', fields['unbilledAfterDays'], 0, MAX_DAYS);
  inspectTaxRules(inspection, fields);
  inspectIssueDates(inspection, fields['issueDates']);
  const invoices = inspectSeries(inspection, 'invoiceSeries', fields['invoiceSeries']);
  if (fields['creditNoteSeries'] !== undefined) {
    const creditNotes = inspectSeries(inspection, 'creditNoteSeries', fields['creditNoteSeries']);
    for (const name of ['series', 'prefix']) {
      if (creditNotes !== null && creditNotes[name] === invoices?.[name])
        inspection.note(`creditNoteSeries.${name}`, 'must not be that of the invoices');
    }
  }
  inspection.wholeNumber('quickQuestionMinutes', fields['quickQuestionMinutes'], 0, MAX_ASSUMED_MINUTES);
  inspectWords(inspection, fields['materialWords'], currency);
  if (fields['assumedPricePerHour'] !== null)
    inspectMoney(inspection, 'assumedPricePerHour', fields['assumedPricePerHour'], currency);
  inspection.wholeNumber('assumedMinutesPerTicket', fields['assumedMinutesPerTicket'], 0, MAX_ASSUMED_MINUTES);
  inspectMoney(inspection, 'secondPersonAbove', fields['secondPersonAbove'], currency);
  if (fields['chargeLeadDays'] !== undefined)
    inspection.wholeNumber('chargeLeadDays', fields['chargeLeadDays'], 0, MAX_LEAD_DAYS);
  return inspection.problems;
}

/** The organisation's currency, where it has one: the money of the configuration must be in it. */
function inspectOrganisation(inspection: Inspection, organisation: unknown): string | null {
  const fields = inspection.fields('organisation', organisation, [
    'name',
    'taxId',
    'address',
    'currency',
    'timeZone',
    'calendar',
    'holidays',
  ]);
  if (fields === null) return null;
  inspection.text('organisation.name', fields['name']);
  inspection.textOrNull('organisation.address', fields['address'], MAX_TEXT_LENGTH);
  const zone = fields['timeZone'];
  const zoneKnown = typeof zone === 'string' && isTimeZone(zone);
  if (!zoneKnown) inspection.note('organisation.timeZone', 'must be an IANA time zone, such as Australia/Sydney');
  inspectTaxId(inspection, fields['taxId'], zoneKnown ? zone : '');
  const { calendar, holidays } = fields;
  if (calendar !== undefined) inspectClassCalendar(inspection, 'organisation.calendar', calendar);
  if (holidays !== undefined) inspectHolidays(inspection, 'organisation.holidays', holidays);
  const currency = fields['currency'];
  if (typeof currency === 'string' && isCurrency(currency)) return currency;
  inspection.note('organisation.currency', 'must be an ISO 4217 code, such as AUD');
  return null;
}

/** An Australian seller's invoices are tax invoices only with its ABN; elsewhere a tax id need only look like one. */
function inspectTaxId(inspection: Inspection, taxId: unknown, zone: string): void {
  if (taxId === null || !inspection.text('organisation.taxId', taxId)) return;
  if (isAustralianZone(zone)) {
    if (!isAustralianBusinessNumber(taxId))
      inspection.note('organisation.taxId', 'must be an ABN: eleven digits that pass its check');
    return;
  }
  const problem = taxIdProblem(taxId, zone);
  if (problem !== null) inspection.note('organisation.taxId', problem);
}

function inspectSeries(inspection: Inspection, path: string, series: unknown): Fields | null {
  const fields = inspection.fields(path, series, ['series', 'prefix', 'digits']);
  if (fields === null) return null;
  inspection.id(`${path}.series`, fields['series']);
  if (typeof fields['prefix'] !== 'string' || fields['prefix'].length > 20)
    inspection.note(`${path}.prefix`, 'must be a text of at most 20 characters');
  inspection.wholeNumber(`${path}.digits`, fields['digits'], 1, MAX_NUMBER_DIGITS);
  return fields;
}

function inspectWords(inspection: Inspection, words: unknown, currency: string | null): void {
  const seen = new Set<string>();
  inspection.list('materialWords', words, MAX_MATERIAL_WORDS).forEach((entry, index) => {
    const path = `materialWords[${index}]`;
    const fields = inspection.fields(path, entry, ['word', 'assumedPrice']);
    if (fields === null) return;
    const word = fields['word'];
    if (inspection.text(`${path}.word`, word)) {
      if (word !== word.trim()) inspection.note(`${path}.word`, 'must not begin or end with a space');
      if (seen.has(word.toLowerCase())) inspection.note(`${path}.word`, `${word} stands in the list already`);
      seen.add(word.toLowerCase());
    }
    if (fields['assumedPrice'] !== null)
      inspectMoney(inspection, `${path}.assumedPrice`, fields['assumedPrice'], currency);
  });
}

function inspectMoney(inspection: Inspection, path: string, money: unknown, currency: string | null): void {
  const fields = inspection.fields(path, money, ['amount', 'currency']);
  if (fields === null) return;
  const { amount, currency: given } = fields;
  inspection.decimal(`${path}.amount`, amount);
  if (typeof given !== 'string' || !isCurrency(given))
    inspection.note(`${path}.currency`, 'must be an ISO 4217 code, such as AUD');
  else if (currency !== null && given !== currency)
    inspection.note(`${path}.currency`, `is ${given}, but the organisation's currency is ${currency}`);
}

function namedSeriesOf({
  invoiceSeries,
  creditNoteSeries,
}: BillingConfiguration): readonly (readonly [string, DocumentSeries])[] {
  return [
    ['invoiceSeries', invoiceSeries],
    ...(creditNoteSeries === undefined ? [] : ([['creditNoteSeries', creditNoteSeries]] as const)),
  ];
}

function isSame(one: DocumentSeries, other: DocumentSeries): boolean {
  return one.series === other.series && one.prefix === other.prefix && one.digits === other.digits;
}

/** A printed number is on one document only (law L4): a new series must not be able to print one of another, be it of credit notes or of years ago. */
function problemsOfSeries(configuration: BillingConfiguration, earlier: readonly DocumentSeries[]): readonly Problem[] {
  const named = namedSeriesOf(configuration);
  const others = [...earlier];
  const problems: Problem[] = [];
  for (const [path, series] of named) {
    if (!earlier.some((one) => isSame(one, series))) {
      for (const other of others) {
        const number = numberOfBoth(series, other);
        if (number === null) continue;
        const problem = `would print numbers of series ${other.series} again, such as ${number}: choose a prefix that no other series begins with`;
        problems.push({ path: `${path}.prefix`, problem });
        break;
      }
    }
    others.push(series);
  }
  return problems;
}

function publish(command: PublishConfiguration & Issued, state: ConfigurationState): Decision<ConfigurationEvent> {
  const { configuration } = command;
  const malformed = problemsOfConfiguration(configuration);
  const problems =
    malformed.length > 0
      ? malformed
      : problemsOfSeries(configuration, [...state.series, ...(command.unnamedSeries ?? [])]);
  if (problems.length > 0) {
    return refuse(
      'ConfigurationMalformed',
      `The configuration has ${problems.length} problem(s): ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
      'Correct what is listed and publish the whole configuration again; nothing of it took effect.',
      { problems },
    );
  }
  const hash = configurationHash(configuration);
  if (hash === state.hash) return [];
  return [
    { type: 'ConfigurationPublished', data: { configuration, hash }, occurredAt: command.occurredAt ?? command.at },
  ];
}

/** The organisation's configuration: stream `configuration`. */
export const configuration: Decider<PublishConfiguration, ConfigurationState, ConfigurationEvent> = {
  initialState: { configuration: null, hash: null, series: [] },
  decide(command, state) {
    switch (command.type) {
      case 'PublishConfiguration':
        return publish(command, state);
      default:
        return unreachable(command.type);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ConfigurationPublished':
        return {
          configuration: event.data.configuration,
          hash: event.data.hash,
          series: [
            ...state.series,
            ...namedSeriesOf(event.data.configuration)
              .map(([, series]) => series)
              .filter((series) => !state.series.some((one) => isSame(one, series))),
          ],
        };
      default:
        return unreachable(event.type);
    }
  },
};
