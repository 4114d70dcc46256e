import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECTIONS, SHARED_TABLES } from '../read-models.js';

const SOURCES = join(import.meta.dirname, '..');

/** Where what is read is decided on: by rating, a policy, a document or an act that forgoes money, or folded on. All other rooms show it. */
const DECIDING: ReadonlySet<string> = new Set([
  'billable-items',
  'charges',
  'client-streams',
  'contract-terms',
  'document-facts',
  'approvals',
  'gap-ledger',
  'gaps',
  'invoices',
  'milestones',
  'prepaid',
  'rating-facts',
  'sla',
  'ticket-merges',
]);

/** Tables that are never compared, although one of these rooms reads them, each with what keeps a changed row from deciding anything. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  allotments: 'what is granted is shown from here; rating works it out of the terms',
  billable_items: 'a document rates anew; before a gap is recorded they are what rating makes of the facts (RatedRows)',
  credit_note_lines: 'shown; what was credited is decided on the account, and rated from account tables',
  credit_notes: 'name the notes that are to be completed; each is completed on its own stream',
  derived_gaps: 'before a gap is recorded they are what rating makes of the facts (RatedRows)',
  gap_ledger: 'names gaps of which something is to be recorded; what that is, is decided on rows that are looked at',
  gaps: 'what was recorded must be what its own stream says',
  invoice_lines: 'shown; what was invoiced is rated from account tables, and decided on the account',
  lapses: 'shown; what lapsed is carried on in rated_periods, which are compared',
  parked: 'withholds answers, and makes none; verify names what is there',
  sla_acts: 'names tickets that are to be looked at; what is recorded is decided on the ticket and on compared terms',
  sla_clocks: 'shown; the policy works the clocks out of the ticket itself',
  stale_clocks: 'names what is to be worked out again, from rows that are looked at',
  stale_derived_gaps: 'names what is to be worked out again, from rows that are looked at',
  stale_periods: 'names what is to be worked out again, from rows that are looked at',
  stale_recorded_gaps: 'names what is to be worked out again, from rows that are looked at',
  stale_tickets: 'names what is to be worked out again, from rows that are looked at',
  ticket_moves:
    'as many as steps of tickets; the policy of targets reads the ticket itself. Rating asks only whether a client had tickets after a contract ended, for a gap of no document',
  told_by: 'names the event that made something unknown known; no figure',
};

interface Source {
  readonly room: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(SOURCES, { recursive: true, withFileTypes: true }).flatMap((one) => {
  if (!one.isFile() || !one.name.endsWith('.ts') || one.name.endsWith('.spec.ts')) return [];
  const path = join(one.parentPath, one.name);
  const [room = ''] = path.slice(SOURCES.length + 1).split('/');
  return [{ room, text: readFileSync(path, 'utf8') }];
});

/** The constant that describes a table. */
function constantOf(table: string): string {
  const described = new RegExp(`const (\\w+) = table\\(\\s*'${table}'`);
  const found = sources.flatMap(({ text }) => described.exec(text)?.[1] ?? []);
  expect([table, found]).toEqual([table, [expect.any(String)]]);
  return found[0]!;
}

/** Whether a source reads a table: names it in SQL, or its constant, other than to write a row or to be described. */
function reads(text: string, table: string): boolean {
  if (new RegExp(`\\b(FROM|JOIN) (main\\.)?${table}\\b(?! WHERE [^']*'\\)?;?$)`, 'm').test(text)) return true;
  const constant = constantOf(table);
  const imported = new RegExp(`import (?:type )?\\{[^}]*\\b${constant}\\b[^}]*\\} from '[^']*tables\\.js'`);
  if (!imported.test(text)) return false;
  const body = text.replace(/^import [^;]*;$/gm, '');
  return new RegExp(`(?<!insert(From)?(<[^(]*>)?\\()(?<!typeof )\\b${constant}\\b`).test(body);
}

describe('a table that is never compared', () => {
  const never = [...PROJECTIONS.flatMap(({ tables }) => tables), ...SHARED_TABLES].filter(
    ({ compared }) => compared === 'never',
  );
  const decidedOn = never
    .map(({ name }) => name)
    .filter((name) => sources.some(({ room, text }) => DECIDING.has(room) && reads(text, name)));

  it('is read by nothing that decides, but for those that have a reason', () => {
    expect(decidedOn.toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
  });
});
