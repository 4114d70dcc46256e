import { StoredNames, SqliteEventStore } from '@billtrail/event-store';
import { storedContractEvents } from '@billtrail/contracts';
import { isRefusal } from '@billtrail/kernel';
import { storedTicketEvents } from '@billtrail/ticketing';
import { readTicketHistoryMapping, type TicketHistoryMapping } from '../mapping/ticket-history-mapping.js';
import { type HistoryRow, isBroken, RowReader } from '../history/rows.js';

/** A small mapping for specs: short column names, Sydney time. */
export const SPEC_MAPPING_YAML = `
mapping: ticket-history
source: desk
file: { nulls: ['?'] }
times: { format: d/M/yyyy HH:mm, zone: Australia/Sydney }
ticket: { id: id, updatedAt: at, sequence: seq, openedAt: opened, category: cat, resolution: code, resolvedAt: resolved }
client: { column: client, currency: AUD }
stages:
  column: state
  values: { New: triage, Active: in-progress, Waiting: pending-client, Resolved: resolved, Closed: closed }
assignment: { engineer: who, team: team }
priority: { column: prio, values: { P1: critical, P2: high } }
note: { text: note, author: by }
`;

export function specMapping(yaml: string = SPEC_MAPPING_YAML): TicketHistoryMapping {
  const mapping = readTicketHistoryMapping('spec.yaml', yaml);
  if (isRefusal(mapping)) throw new Error(mapping.message);
  return mapping;
}

export const SPEC_HEADER = [
  'id',
  'at',
  'seq',
  'opened',
  'state',
  'who',
  'team',
  'prio',
  'client',
  'cat',
  'code',
  'resolved',
  'note',
  'by',
] as const;
export type SpecFields = Partial<Record<(typeof SPEC_HEADER)[number], string>>;

export function specFields(fields: SpecFields): string[] {
  const base: SpecFields = {
    id: 'T1',
    at: '1/6/2026 09:00',
    seq: '0',
    opened: '1/6/2026 08:30',
    state: 'New',
    client: 'Acme',
    cat: 'Network',
  };
  return SPEC_HEADER.map((name) => fields[name] ?? base[name] ?? '?');
}

export function specRows(...rows: readonly SpecFields[]): HistoryRow[] {
  const reader = new RowReader(specMapping(), SPEC_HEADER, 'Australia/Sydney');
  return rows.map((fields, index) => {
    const row = reader.read({ line: index + 2, fields: specFields(fields) });
    if (isBroken(row)) throw new Error(row.reason);
    return row;
  });
}

export function specCsv(...rows: readonly SpecFields[]): string {
  return `${[SPEC_HEADER.join(','), ...rows.map((fields) => specFields(fields).join(','))].join('\n')}\n`;
}

export function specStore(): SqliteEventStore {
  return SqliteEventStore.open({ file: ':memory:', names: new StoredNames(storedTicketEvents, storedContractEvents) });
}
