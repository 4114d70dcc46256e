import { type Currency, isCurrency, isDecimalString, type Refusal } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import { WORK_KINDS } from '@billtrail/contracts';
import type { NeededColumn } from '../csv/csv-reader.js';
import type { InputCode } from '../input-refused.js';
import { type FileMapping, readFileSection, readTimesSection, type TimesMapping } from './common-sections.js';
import { readMapping, type YamlSection } from './yaml-section.js';

/** A column, and which of its values mean yes, in the form of {@link comparable}. */
export interface Flag {
  readonly column: string;
  readonly values: ReadonlySet<string>;
}

/** Values of states and flags are compared without regard to case and to space around them: people type them. */
export function comparable(value: string): string {
  return value.trim().toLowerCase();
}

export interface AuditTicketsMapping {
  readonly id: string;
  readonly state: string;
  /** States in which a ticket counts as resolved, in the form of {@link comparable}. */
  readonly resolved: ReadonlySet<string>;
  readonly resolvedAt: string | null;
  /** A row per update of a ticket: the latest one by this column (then `sequence`) tells how it stands. null: a row per ticket. */
  readonly updatedAt: string | null;
  readonly sequence: string | null;
  readonly client: string | null;
  readonly texts: readonly string[];
  /** Tickets that somebody declared to be free of charge, and the column that says why. */
  readonly noCharge: Flag | null;
}

export interface AuditWorkMapping {
  readonly id: string | null;
  readonly ticket: string;
  readonly kind: { readonly column: string; readonly values: ReadonlyMap<string, WorkKind> } | null;
  readonly minutes: string | null;
  readonly hours: string | null;
  readonly amount: string | null;
  readonly pricePerHour: string | null;
  readonly date: string | null;
  readonly description: string | null;
  readonly covered: Flag | null;
  readonly unapproved: Flag | null;
}

export interface AuditInvoicesMapping {
  readonly invoice: string;
  readonly ticket: string | null;
  readonly work: string | null;
  readonly minutes: string | null;
  readonly hours: string | null;
  readonly amount: string | null;
  readonly description: string | null;
  /** Lines that bill nothing: drafts, voided invoices. */
  readonly ignored: Flag | null;
}

/** How the exports of another system are read for a leakage audit. The keys are told in docs/importing.md. */
export interface LeakageAuditMapping {
  readonly source: string;
  readonly currency: Currency;
  readonly decimalPoint: '.' | ',';
  readonly file: FileMapping;
  readonly times: TimesMapping;
  readonly tickets: AuditTicketsMapping;
  readonly work: AuditWorkMapping | null;
  readonly invoices: AuditInvoicesMapping | null;
  /** What values gaps where the export has no price of its own. */
  readonly value: {
    readonly pricePerHour: string | null;
    readonly minutesPerTicket: number | null;
    readonly materialWords: readonly string[];
    /** Minutes of covered work on one ticket above which it looks like scope creep. */
    readonly coveredMinutesPerTicket: number | null;
  };
  /** Columns asked for, by export. */
  readonly needed: Readonly<Record<'tickets' | 'work' | 'invoices', readonly NeededColumn[]>>;
}

/** False where the invoice export has no column that tells how much a line bills. */
export function hasMeasures({ invoices }: LeakageAuditMapping): boolean {
  return invoices !== null && (invoices.minutes !== null || invoices.hours !== null || invoices.amount !== null);
}

/** Reads and validates a leakage audit mapping. All problems come in one refusal `MappingInvalid`. `file` is only named in messages. */
export function readLeakageAuditMapping(file: string, text: string): LeakageAuditMapping | Refusal<InputCode> {
  const read = readMapping(file, text, readRoot);
  if ('refused' in read) return read;
  const of = (section: string): readonly NeededColumn[] =>
    read.needed.filter(({ neededFor }) => neededFor.startsWith(`${section}.`));
  return { ...read.mapping, needed: { tickets: of('tickets'), work: of('work'), invoices: of('invoices') } };
}

function readRoot(root: YamlSection): Omit<LeakageAuditMapping, 'needed'> {
  if (root.text('mapping', 'leakage-audit') !== 'leakage-audit') {
    root.wrong(
      'mapping',
      'is not leakage-audit',
      'Use a mapping whose first key is `mapping: leakage-audit`; `import` takes the other kind',
    );
  }
  const source = root.text('source', 'my-desk');
  const currency = root.text('currency', 'AUD');
  if (currency !== '' && !isCurrency(currency))
    root.wrong('currency', `is "${currency}"`, 'Use a currency code of ISO 4217 such as AUD, USD or EUR');
  const mapping = {
    source,
    currency,
    decimalPoint: root.oneOf('decimalPoint', ['.', ','], '.'),
    file: readFileSection(root),
    times: readTimesSection(root),
    tickets: readTickets(root),
    work: readWork(root),
    invoices: readInvoices(root),
    value: readValue(root),
  };
  root.finish();
  return mapping;
}

function readFlag(section: YamlSection, key: string): Flag | null {
  const flag = section.optionalSection(key);
  if (flag === null) return null;
  const column = flag.column('column', 'billable');
  const values = flag.texts('values');
  if (values.length === 0)
    flag.wrong('values', 'is empty or missing', 'List the values that mean it, for example `values: [N, no]`');
  flag.finish();
  return { column, values: new Set(values.map(comparable)) };
}

function readTickets(root: YamlSection): AuditTicketsMapping {
  const section = root.section('tickets', '{ id: number, state: status, resolved: [Closed] }');
  const resolved = section.texts('resolved');
  if (resolved.length === 0)
    section.wrong(
      'resolved',
      'names no state',
      'List the states in which a ticket is resolved: `resolved: [Resolved, Closed]`',
    );
  const tickets = {
    id: section.column('id', 'number'),
    state: section.column('state', 'status'),
    resolved: new Set(resolved.map(comparable)),
    resolvedAt: section.optionalColumn('resolvedAt'),
    updatedAt: section.optionalColumn('updatedAt'),
    sequence: section.optionalColumn('sequence'),
    client: section.optionalColumn('client'),
    texts: section.columns('texts'),
    noCharge: readFlag(section, 'noCharge'),
  };
  section.finish();
  return tickets;
}

function onlyOne(section: YamlSection, a: string, b: string): void {
  if (section.has(a) && section.has(b)) section.wrong(b, `and ${a} say the same`, `Keep one of ${a} and ${b}`);
}

function readWork(root: YamlSection): AuditWorkMapping | null {
  const section = root.optionalSection('work');
  if (section === null) return null;
  onlyOne(section, 'minutes', 'hours');
  const kinds = section.optionalSection('kind');
  const work = {
    id: section.optionalColumn('id'),
    ticket: section.column('ticket', 'ticket'),
    kind:
      kinds === null ? null : { column: kinds.column('column', 'type'), values: kinds.valueMap('values', WORK_KINDS) },
    minutes: section.optionalColumn('minutes'),
    hours: section.optionalColumn('hours'),
    amount: section.optionalColumn('amount'),
    pricePerHour: section.optionalColumn('pricePerHour'),
    date: section.optionalColumn('date'),
    description: section.optionalColumn('description'),
    covered: readFlag(section, 'covered'),
    unapproved: readFlag(section, 'unapproved'),
  };
  kinds?.finish();
  if (work.minutes === null && work.hours === null && work.amount === null) {
    root.wrong(
      'work',
      'names neither minutes nor hours nor amount',
      'Name at least one: without them the amount of work is unknown',
    );
  }
  section.finish();
  return work;
}

function readInvoices(root: YamlSection): AuditInvoicesMapping | null {
  const section = root.optionalSection('invoices');
  if (section === null) return null;
  onlyOne(section, 'minutes', 'hours');
  const invoices = {
    invoice: section.column('invoice', 'invoice_number'),
    ticket: section.optionalColumn('ticket'),
    work: section.optionalColumn('work'),
    minutes: section.optionalColumn('minutes'),
    hours: section.optionalColumn('hours'),
    amount: section.optionalColumn('amount'),
    description: section.optionalColumn('description'),
    ignored: readFlag(section, 'ignored'),
  };
  if (invoices.ticket === null && invoices.work === null) {
    root.wrong(
      'invoices',
      'names neither ticket nor work',
      'Name the column by which a line tells what it bills: `ticket: ...` or `work: ...`',
    );
  }
  section.finish();
  return invoices;
}

function readValue(root: YamlSection): LeakageAuditMapping['value'] {
  const section = root.optionalSection('value');
  if (section === null)
    return { pricePerHour: null, minutesPerTicket: null, materialWords: [], coveredMinutesPerTicket: null };
  const pricePerHour = section.optionalText('pricePerHour');
  if (pricePerHour !== null && (!isDecimalString(pricePerHour) || pricePerHour.startsWith('-'))) {
    section.wrong('pricePerHour', `is "${pricePerHour}"`, 'Write a plain decimal number such as 150.00');
  }
  const value = {
    pricePerHour,
    minutesPerTicket: wholeMinutes(section, 'minutesPerTicket'),
    materialWords: section.texts('materialWords'),
    coveredMinutesPerTicket: wholeMinutes(section, 'coveredMinutesPerTicket'),
  };
  section.finish();
  return value;
}

function wholeMinutes(section: YamlSection, key: string): number | null {
  const text = section.optionalText(key);
  if (text === null) return null;
  if (!/^\d{1,6}$/.test(text)) section.wrong(key, `is "${text}"`, 'Write whole minutes, for example 30');
  return Number(text);
}
