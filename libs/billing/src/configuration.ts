import { createHash } from 'node:crypto';
import {
  type Decider,
  type Decision,
  type Instant,
  type Issued,
  type MoneyJson,
  LOST,
  type Partly,
  type Problem,
  namedIn,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import {
  type Note,
  type SharedTerms,
  canonical,
  filledCards,
  inspectCards,
  inspectChangedCards,
  inspectNamed,
  inspectShared,
  inspectStatedCalendar,
  inspectStatedHolidays,
  isAustralianBusinessNumber,
  isAustralianZone,
  noteRepeats,
  problemsNoted,
  taxIdProblem,
} from '@billtrail/contracts';
import { numberOfBoth } from './account/series.js';
import type { BillingConfiguration, DocumentSeries, PublishedConfiguration } from './configuration-shape.js';
import { inspectTaxRates } from './tax-rules.js';
import type { ConfigurationEvent } from './events.js';

/**
 * Puts a configuration in force, validated as a whole. Quiet where it is the one in force already.
 * Refuses: ConfigurationMalformed (every error in `details.problems`).
 */
export interface PublishConfiguration {
  readonly type: 'PublishConfiguration';
  readonly configuration: PublishedConfiguration;
  /** Series that numbered documents although no configuration names them: those that hold until one does. */
  readonly unnamedSeries?: readonly DocumentSeries[];
  /** Calendars, holiday sets and rate cards that clients, sites and contracts name, and who does: it must have them. */
  readonly inUse?: readonly SharedInUse[];
  readonly occurredAt?: Instant;
}

/** Something of the configuration that somebody names. */
export interface SharedInUse {
  readonly part: keyof SharedTerms;
  readonly name: string;
  readonly by: string;
}

export interface ConfigurationState {
  /** null: nothing was published; {@link DEFAULT_CONFIGURATION} holds. */
  readonly configuration: BillingConfiguration | null;
  readonly hash: string | null;
  /** Every series that a configuration named so far: its numbers may stand on documents. */
  readonly series: readonly DocumentSeries[];
}

/** What holds until an organisation publishes its own. It names nobody, so nothing is issued under it. */
export const DEFAULT_CONFIGURATION: BillingConfiguration = {
  organisation: {
    name: null,
    taxId: null,
    address: null,
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

/** What a configuration says that can't be meant, each with its path. Empty: it can be published. Its shape was checked before. */
export function problemsOfConfiguration(configuration: Partly<BillingConfiguration>): readonly Problem[] {
  const {
    organisation = {},
    taxRates = {},
    invoiceSeries,
    creditNoteSeries,
    materialWords = [],
    approvalRules = [],
  } = configuration;
  return problemsNoted((note) => {
    inspectTaxId(note, organisation);
    inspectStatedCalendar(note, 'organisation.calendar', organisation.calendar);
    inspectStatedHolidays(note, 'organisation.holidays', organisation.holidays);
    inspectNamed(note, 'organisation.calendar', organisation.calendar, 'calendars', configuration);
    inspectNamed(note, 'organisation.holidays', organisation.holidays, 'holidaySets', configuration);
    inspectShared(note, configuration);
    inspectCards(note, configuration, { taxCategories: Object.keys(taxRates), currency: organisation.currency });
    inspectTaxRates(note, taxRates);
    for (const name of ['series', 'prefix'] as const) {
      if (creditNoteSeries?.[name] !== undefined && creditNoteSeries[name] === invoiceSeries?.[name])
        note(`creditNoteSeries.${name}`, 'must not be that of the invoices');
    }
    inspectWords(note, materialWords);
    noteRepeats(
      approvalRules,
      ({ name }) => name,
      (index) => note(`approvalRules[${index}].name`, `${approvalRules[index]?.name} stands in the list already`),
    );
    for (const [path, money] of amountsOf(configuration)) {
      if (organisation.currency === undefined || money?.currency === undefined) continue;
      if (money.currency !== organisation.currency)
        note(`${path}.currency`, `is ${money.currency}, but the organisation's currency is ${organisation.currency}`);
    }
  });
}

/** An Australian seller's invoices are tax invoices only with its ABN; elsewhere a tax id need only look like one. */
function inspectTaxId(note: Note, { taxId, timeZone }: Partly<BillingConfiguration['organisation']>): void {
  if (taxId === undefined || taxId === null || timeZone === undefined) return;
  const problem = isAustralianZone(timeZone)
    ? isAustralianBusinessNumber(taxId)
      ? null
      : 'must be an ABN: eleven digits that pass its check'
    : taxIdProblem(taxId, timeZone);
  if (problem !== null) note('organisation.taxId', problem);
}

function inspectWords(note: Note, words: Partly<BillingConfiguration['materialWords']>): void {
  words.forEach((entry, index) => {
    if (entry?.word !== undefined && entry.word !== entry.word.trim())
      note(`materialWords[${index}].word`, 'must not begin or end with a space');
  });
  noteRepeats(
    words,
    ({ word }) => word?.toLowerCase(),
    (index) => note(`materialWords[${index}].word`, `${words[index]?.word} stands in the list already`),
  );
}

/** The money of a configuration: all in the organisation's currency. */
function amountsOf({
  materialWords = [],
  assumedPricePerHour,
  secondPersonAbove,
  limits = {},
}: Partly<BillingConfiguration>): readonly (readonly [string, Partly<MoneyJson> | null | undefined])[] {
  return [
    ...materialWords.map((entry, index) => [`materialWords[${index}].assumedPrice`, entry?.assumedPrice] as const),
    ['assumedPricePerHour', assumedPricePerHour],
    ['secondPersonAbove', secondPersonAbove],
    ...Object.entries(limits).map(
      ([role, limit]) => [`limits.${role}.secondPersonAbove`, limit?.secondPersonAbove] as const,
    ),
  ];
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
  // Credit notes that have no series by name print numbers of their own all the same.
  const others = [
    ...earlier,
    ...(configuration.creditNoteSeries === undefined ? [creditNoteSeriesOf(configuration)] : []),
  ];
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

/** Most of those who name something that are told. */
const MAX_NAMED_BY = 20;

/** What somebody names can't be dropped: their work could not be rated. */
function problemsOfUse(
  configuration: PublishedConfiguration,
  inUse: NonNullable<PublishConfiguration['inUse']>,
): readonly Problem[] {
  return problemsNoted((note) => {
    const namedBy = new Map<string, Set<string>>();
    for (const { part, name, by } of inUse)
      if (namedIn<unknown>(configuration[part], name) === undefined) {
        const path = `${part}.${name}`;
        namedBy.set(path, (namedBy.get(path) ?? new Set()).add(by));
      }
    for (const [path, all] of namedBy) {
      const [first = '', ...others] = all;
      const named = [first, ...others.slice(0, MAX_NAMED_BY - 1)].join(', ');
      const more = all.size > MAX_NAMED_BY ? ` and ${all.size - MAX_NAMED_BY} more` : '';
      note(path, `is missing, and ${named}${more} ${all.size === 1 ? 'names' : 'name'} it`);
    }
  });
}

/** As it is recorded: its rate cards with what they leave out. */
export function filledConfiguration<C extends BillingConfiguration>(configuration: C): C {
  const { rateCards, organisation } = configuration;
  return rateCards === undefined
    ? configuration
    : { ...configuration, rateCards: filledCards(rateCards, organisation.currency) };
}

function publish(command: PublishConfiguration & Issued, state: ConfigurationState): Decision<ConfigurationEvent> {
  const configuration = filledConfiguration(command.configuration);
  const malformed = [
    ...problemsOfConfiguration(configuration),
    ...problemsOfUse(configuration, command.inUse ?? []),
    ...problemsNoted((note) => inspectChangedCards(note, state.configuration ?? {}, configuration)),
  ];
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
  if (hash === state.hash && !isAnyLost(state.configuration)) return [];
  return [
    { type: 'ConfigurationPublished', data: { configuration, hash }, occurredAt: command.occurredAt ?? command.at },
  ];
}

/** Who the organisation is can't be read any more, so that the same is published to state it again. */
function isAnyLost(configuration: BillingConfiguration | null): boolean {
  return JSON.stringify(configuration?.organisation ?? null).includes(JSON.stringify(LOST));
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
      case 'ForgoingRequested':
      case 'ForgoingWithdrawn':
      case 'ForgoingApproved':
      case 'ForgoingRefused':
        return state;
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
        return unreachable(event);
    }
  },
};
