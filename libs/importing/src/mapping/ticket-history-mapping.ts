import { type Currency, isCurrency, isTimeZone, type Refusal } from '@billtrail/kernel';
import { PRIORITIES, type Priority, STAGES, type Stage } from '@billtrail/ticketing';
import type { NeededColumn } from '../csv/csv-reader.js';
import type { InputCode } from '../input-refused.js';
import { type FileMapping, readFileSection, readTimesSection, type TimesMapping } from './common-sections.js';
import { readMapping, type YamlSection } from './yaml-section.js';

/** Whose ticket it is: the same client for the whole file, or the client that a column names. */
export type ClientSource =
  { readonly kind: 'constant'; readonly name: string } | { readonly kind: 'column'; readonly column: string };

/** How another system's log of ticket updates (a row per update) becomes ticket events. The keys are told in docs/importing.md. */
export interface TicketHistoryMapping {
  /** The system it came from: stands on every ticket. */
  readonly source: string;
  readonly file: FileMapping;
  readonly times: TimesMapping;
  readonly ticket: {
    readonly id: string;
    readonly updatedAt: string;
    /** Orders rows of one ticket that share their time. */
    readonly sequence: string | null;
    readonly openedAt: string | null;
    readonly summary: readonly string[];
    readonly description: string | null;
    readonly requestedBy: string | null;
    readonly category: string | null;
    readonly ticketType: string | null;
    readonly site: string | null;
    readonly resolution: readonly string[];
    /** Only compared with the times of the rows that resolve and close: the report says how often they differ. */
    readonly resolvedAt: string | null;
    readonly closedAt: string | null;
  };
  readonly client: {
    readonly from: ClientSource;
    readonly currency: Currency;
    readonly timeZone: string | null;
  } | null;
  readonly stages: {
    readonly column: string;
    readonly values: ReadonlyMap<string, Stage>;
    readonly unknown: 'note' | 'reject';
  };
  readonly assignment: { readonly engineer: string | null; readonly team: string | null };
  readonly priority: {
    readonly column: string;
    readonly values: ReadonlyMap<string, Priority>;
    readonly unknown: 'ignore' | 'reject';
  } | null;
  readonly note: {
    readonly text: string;
    readonly author: string | null;
    readonly visibility: 'internal' | 'client';
  } | null;
  /** Every column that it names, with the key that names it. */
  readonly needed: readonly NeededColumn[];
}

/** Reads and validates a ticket history mapping. All problems come in one refusal `MappingInvalid`. `file` is only named in messages. */
export function readTicketHistoryMapping(file: string, text: string): TicketHistoryMapping | Refusal<InputCode> {
  const read = readMapping(file, text, readRoot);
  if ('refused' in read) return read;
  return { ...read.mapping, needed: read.needed };
}

function readRoot(root: YamlSection): Omit<TicketHistoryMapping, 'needed'> {
  if (root.text('mapping', 'ticket-history') !== 'ticket-history') {
    root.wrong(
      'mapping',
      'is not ticket-history',
      'Use a mapping whose first key is `mapping: ticket-history` to import tickets; `audit` takes the other kind',
    );
  }
  const source = root.text('source', 'servicenow');
  if (source !== '' && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(source)) {
    root.wrong('source', `is "${source}"`, 'Use up to 40 small letters, digits and hyphens, for example servicenow');
  }
  const mapping = {
    source,
    file: readFileSection(root),
    times: readTimesSection(root),
    ticket: readTicket(root),
    client: readClient(root),
    stages: readStages(root),
    assignment: readAssignment(root),
    priority: readPriority(root),
    note: readNote(root),
  };
  root.finish();
  return mapping;
}

function readTicket(root: YamlSection): TicketHistoryMapping['ticket'] {
  const section = root.section('ticket', '{ id: number, updatedAt: updated_at }');
  const ticket = {
    id: section.column('id', 'number'),
    updatedAt: section.column('updatedAt', 'sys_updated_at'),
    sequence: section.optionalColumn('sequence'),
    openedAt: section.optionalColumn('openedAt'),
    summary: section.columns('summary'),
    description: section.optionalColumn('description'),
    requestedBy: section.optionalColumn('requestedBy'),
    category: section.optionalColumn('category'),
    ticketType: section.optionalColumn('ticketType'),
    site: section.optionalColumn('site'),
    resolution: section.columns('resolution'),
    resolvedAt: section.optionalColumn('resolvedAt'),
    closedAt: section.optionalColumn('closedAt'),
  };
  section.finish();
  return ticket;
}

function readClient(root: YamlSection): TicketHistoryMapping['client'] {
  const section = root.optionalSection('client');
  if (section === null) return null;
  const column = section.optionalColumn('column');
  const constant = section.optionalText('constant');
  if ((column === null) === (constant === null)) {
    root.wrong(
      'client',
      column === null ? 'names neither a column nor a constant' : 'names a column and a constant',
      'Give exactly one of `column: name of the column` and `constant: name of the client`',
    );
  }
  const currency = section.text('currency', 'AUD');
  if (currency !== '' && !isCurrency(currency))
    section.wrong('currency', `is "${currency}"`, 'Use a currency code of ISO 4217 such as AUD, USD or EUR');
  const timeZone = section.optionalText('timeZone');
  if (timeZone !== null && !isTimeZone(timeZone))
    section.wrong(
      'timeZone',
      `is no time zone: ${timeZone}`,
      'Write an IANA name such as Australia/Sydney, or leave it out: then it is the zone of the times',
    );
  section.finish();
  return {
    from: column === null ? { kind: 'constant', name: constant ?? '' } : { kind: 'column', column },
    currency,
    timeZone,
  };
}

function readStages(root: YamlSection): TicketHistoryMapping['stages'] {
  const section = root.section('stages', '{ column: state, values: { New: triage } }');
  const column = section.column('column', 'incident_state');
  const values = section.valueMap('values', STAGES);
  const unknown = section.oneOf('unknown', ['note', 'reject'], 'note');
  section.finish();
  return { column, values, unknown };
}

function readAssignment(root: YamlSection): TicketHistoryMapping['assignment'] {
  const section = root.optionalSection('assignment');
  const assignment = {
    engineer: section?.optionalColumn('engineer') ?? null,
    team: section?.optionalColumn('team') ?? null,
  };
  section?.finish();
  return assignment;
}

function readPriority(root: YamlSection): TicketHistoryMapping['priority'] {
  const section = root.optionalSection('priority');
  if (section === null) return null;
  const column = section.column('column', 'priority');
  const values = section.valueMap('values', PRIORITIES);
  const unknown = section.oneOf('unknown', ['ignore', 'reject'], 'ignore');
  section.finish();
  return { column, values, unknown };
}

function readNote(root: YamlSection): TicketHistoryMapping['note'] {
  const section = root.optionalSection('note');
  if (section === null) return null;
  const text = section.column('text', 'comments');
  const author = section.optionalColumn('author');
  const visibility = section.oneOf('visibility', ['internal', 'client'], 'internal');
  section.finish();
  return { text, author, visibility };
}
