import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRefusal } from '@billtrail/kernel';
import { MAX_MAPPING_BYTES } from '../limits.js';
import { readLeakageAuditMapping } from './leakage-audit-mapping.js';
import { readTicketHistoryMapping } from './ticket-history-mapping.js';
import type { MappingProblem } from './yaml-section.js';

const MINIMAL = `mapping: ticket-history
source: desk
times: { format: iso, zone: UTC }
ticket: { id: id, updatedAt: at }
stages:
  column: state
  values:
    1: triage
    -100: in-progress
    yes: closed
`;

function problemsOf(yaml: string): readonly MappingProblem[] {
  const refusal = readTicketHistoryMapping('m.yaml', yaml);
  if (!isRefusal(refusal)) return [];
  expect(refusal.code).toBe('MappingInvalid');
  return refusal.details['problems'] as readonly MappingProblem[];
}

describe('a ticket history mapping', () => {
  it('needs little, and reads values of the export as they are written', () => {
    const mapping = readTicketHistoryMapping('m.yaml', MINIMAL);
    expect(mapping).toMatchObject({
      source: 'desk',
      file: { encoding: 'utf-8', delimiter: ',', quote: '"' },
      times: { format: 'iso', zone: 'UTC', ambiguous: 'earlier', nonexistent: 'later' },
      ticket: { id: 'id', updatedAt: 'at', sequence: null, openedAt: null, summary: [] },
      client: null,
      stages: { unknown: 'note' },
      assignment: { engineer: null, team: null },
    });
    expect(isRefusal(mapping) ? [] : [...mapping.stages.values]).toEqual([
      ['1', 'triage'],
      ['-100', 'in-progress'],
      ['yes', 'closed'],
    ]);
    expect(isRefusal(mapping) ? [] : mapping.needed).toEqual([
      { column: 'id', neededFor: 'ticket.id' },
      { column: 'at', neededFor: 'ticket.updatedAt' },
      { column: 'state', neededFor: 'stages.column' },
    ]);
  });

  it('that is shipped for ServiceNow is valid', () => {
    const file = fileURLToPath(new URL('../../../../mappings/servicenow.yaml', import.meta.url));
    expect(readTicketHistoryMapping(file, readFileSync(file, 'utf8'))).toMatchObject({ source: 'servicenow' });
  });

  it('tells every problem at once, with line, column and remedy, in the order of the file', () => {
    const problems = problemsOf(`mapping: ticket-history
source: My Desk
file: { encoding: utf8, delimiter: ';;' }
times:
  format: dd/mm
  zone: Sydney
ticket:
  id: number
  updateAt: x
stages:
  column: state
  values:
    New: traige
    Done: closed
client: { currency: Dollars }
colour: blue
`);
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '2:9 source is "My Desk"',
      '3:19 file.encoding is "utf8" (did you mean utf-8?)',
      '3:36 file.delimiter must be one character',
      '5:11 times.format is no time format: dd/mm',
      '6:9 times.zone is no time zone: Sydney',
      '8:3 ticket.updatedAt is missing',
      '9:3 ticket.updateAt is not a key of a mapping (did you mean updatedAt?)',
      '13:10 stages.values: "New" leads to "traige" (did you mean triage?)',
      '15:9 client names neither a column nor a constant',
      '15:21 client.currency is "Dollars"',
      '16:1 colour is not a key of a mapping',
    ]);
    expect(problems.every(({ remedy }) => remedy.length > 10)).toBe(true);
  });

  it('names file, line and column of a single problem in the message, and all lines where there are several', () => {
    const one = readTicketHistoryMapping('m.yaml', MINIMAL.replace('zone: UTC', 'zone: Mars'));
    expect(one).toMatchObject({
      code: 'MappingInvalid',
      message: 'm.yaml, line 3, column 29: times.zone is no time zone: Mars',
      remedy: 'Write an IANA name such as Australia/Sydney or UTC',
      details: { file: 'm.yaml', line: 3, column: 29 },
    });
    const two = readTicketHistoryMapping(
      'm.yaml',
      MINIMAL.replace('zone: UTC', 'zone: Mars').replace('source: desk', 'source: "!"'),
    );
    expect(isRefusal(two) ? two.message : '').toMatch(
      /^m.yaml: 2 problems in the mapping\nm.yaml, line 2, column 9: source is "!"\. Use .*\nm.yaml, line 3, column 29: /,
    );
  });

  it.each([
    ['broken YAML', 'mapping: [ticket-history\nsource: x', /not valid YAML/, 2],
    ['a key twice', `${MINIMAL}source: again\n`, /not valid YAML/, 11],
    ['no map at all', '- a\n- b\n', /a mapping is a map of keys/, 1],
    ['an audit mapping', MINIMAL.replace('ticket-history', 'leakage-audit'), /mapping is not ticket-history/, 1],
    ['a list where one value belongs', MINIMAL.replace('id: id', 'id: [a, b]'), /ticket.id must be a single value/, 4],
    ['a value where a section belongs', `${MINIMAL}priority: high\n`, /priority must be a section/, 11],
    ['no stages', MINIMAL.slice(0, MINIMAL.indexOf('stages')), /stages is missing/, 1],
    ['empty stage values', MINIMAL.slice(0, MINIMAL.indexOf('values')) + 'values: {}\n', /stages.values is empty/, 7],
    [
      'stage values that are no map',
      MINIMAL.slice(0, MINIMAL.indexOf('values')) + 'values: [a]\n',
      /stages.values must be a map/,
      7,
    ],
    [
      'a client from column and constant',
      `${MINIMAL}client: { column: c, constant: d, currency: AUD }\n`,
      /client names a column and a constant/,
      11,
    ],
    [
      'quote and delimiter alike',
      `${MINIMAL}file: { quote: ";", delimiter: ";" }\n`,
      /file.quote is the same as the delimiter/,
      11,
    ],
    [
      'a client zone that is none',
      `${MINIMAL}client: { constant: d, currency: AUD, timeZone: Here }\n`,
      /client.timeZone is no time zone: Here/,
      11,
    ],
    [
      'a name that never ends',
      MINIMAL.replace('id: id', `id: ${'x'.repeat(1_001)}`),
      /ticket.id is longer than 1000/,
      4,
    ],
    [
      'a list of lists',
      MINIMAL.replace('id: id', 'id: id, summary: [[a]]'),
      /ticket.summary must be a list of single values/,
      4,
    ],
  ])('refuses %s', (_, yaml, message, line) => {
    const [first] = problemsOf(yaml);
    expect(first?.message).toMatch(message);
    expect(first?.line).toBe(line);
    expect(first?.remedy).not.toBe('');
  });

  it('refuses a file that is not a mapping by its size', () => {
    expect(readTicketHistoryMapping('m.yaml', `${MINIMAL}#${'x'.repeat(MAX_MAPPING_BYTES)}`)).toMatchObject({
      code: 'MappingInvalid',
      details: { file: 'm.yaml' },
    });
  });
});

describe('the examples in docs/importing.md', () => {
  it('are valid mappings', () => {
    const guide = readFileSync(fileURLToPath(new URL('../../../../docs/importing.md', import.meta.url)), 'utf8');
    const [head, history, audit] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '');
    expect(readTicketHistoryMapping('example.yaml', `${head ?? ''}${history ?? ''}`)).toMatchObject({
      source: 'my-desk',
    });
    expect(readLeakageAuditMapping('example.yaml', audit ?? '')).toMatchObject({ source: 'my-desk' });
  });
});

describe('a leakage audit mapping', () => {
  const refused = (yaml: string): string[] => {
    const refusal = readLeakageAuditMapping('a.yaml', yaml);
    if (!isRefusal(refusal)) return [];
    return (refusal.details['problems'] as readonly MappingProblem[]).map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  };

  it('tells every problem at once, with line and column', () => {
    expect(
      refused(`mapping: leakage-audit
source: desk
currency: AUD
times: { format: iso }
tickets: { id: a, state: b, resolved: [] }
work: { ticket: t, minutes: m, hours: h, covered: { column: c } }
invoices: { invoice: i }
value: { pricePerHour: a lot, minutesPerTicket: 1.5 }
`),
    ).toEqual([
      '5:39 tickets.resolved names no state',
      '6:39 work.hours and minutes say the same',
      '6:51 work.covered.values is empty or missing',
      '7:11 invoices names neither ticket nor work',
      '8:24 value.pricePerHour is "a lot"',
      '8:49 value.minutesPerTicket is "1.5"',
    ]);
  });

  it('needs something to measure work by, and is not an import mapping', () => {
    expect(refused(MINIMAL)).toContain('1:10 mapping is not leakage-audit');
    expect(
      refused(`mapping: leakage-audit
source: desk
currency: Gold
times: { format: iso }
tickets: { id: a, state: b, resolved: [Closed] }
work: { ticket: t }
`),
    ).toEqual(['3:11 currency is "Gold"', '6:7 work names neither minutes nor hours nor amount']);
  });
});
