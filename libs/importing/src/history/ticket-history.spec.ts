import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isId } from '@billtrail/kernel';
import { isTransition, type TicketEvent } from '@billtrail/ticketing';
import { continueHistory, type StoredTicketEvent } from './continue-history.js';
import { idFrom, idFromName } from './ids.js';
import { isBroken, RowReader } from './rows.js';
import { SPEC_HEADER, type SpecFields, specFields, specMapping, specRows } from '../testing/history.js';
import { ticketHistory } from './ticket-history.js';

const mapping = specMapping();
const historyOf = (...rows: readonly SpecFields[]) => ticketHistory(specRows(...rows), mapping);
const summary = (events: readonly TicketEvent[]): string[] =>
  events.map((event) => {
    const irregular = isTransition(event) && 'irregular' in event.data ? (event.data.irregular ?? []) : [];
    return `${event.type}${irregular.includes('TransitionNotAllowed') ? '!' : ''}`;
  });
const fates = (...rows: readonly SpecFields[]) => historyOf(...rows).outcomes.map(({ fate }) => fate);

const PLAIN_RUN: readonly SpecFields[] = [
  { at: '1/6/2026 09:00', seq: '0', state: 'New' },
  { at: '1/6/2026 09:10', seq: '1', state: 'New', who: 'Ann Lee', team: 'Desk' },
  { at: '1/6/2026 09:30', seq: '2', state: 'Active', who: 'Ann Lee', team: 'Desk' },
  { at: '1/6/2026 10:00', seq: '3', state: 'Waiting', who: 'Ann Lee', team: 'Desk' },
  { at: '1/6/2026 11:00', seq: '4', state: 'Active', who: 'Ann Lee', team: 'Desk' },
  { at: '1/6/2026 12:00', seq: '5', state: 'Resolved', who: 'Ann Lee', team: 'Desk', code: 'fixed' },
  { at: '6/6/2026 12:00', seq: '6', state: 'Closed', who: 'Ann Lee', team: 'Desk', code: 'fixed' },
];

describe('the history of a ticket from its rows', () => {
  it('is the run through the stages, each event at its own time', () => {
    const { events, outcomes } = historyOf(...PLAIN_RUN);
    expect(summary(events)).toEqual([
      'TicketRequested',
      'TicketTriaged',
      'TicketAssigned',
      'WorkStarted',
      'TicketPendedOnClient',
      'TicketResumed',
      'TicketResolved',
      'TicketClosed',
    ]);
    expect(outcomes.map(({ fate }) => fate)).toEqual(PLAIN_RUN.map(() => 'moved'));
    expect(events[0]).toEqual({
      type: 'TicketRequested',
      occurredAt: '2026-05-31T22:30:00.000Z',
      data: {
        ticketId: 'T1',
        clientId: 'Acme',
        contractId: null,
        siteId: null,
        category: 'Network',
        ticketType: null,
        priority: null,
        reference: null,
        summary: 'Ticket T1',
        description: null,
        requestedBy: null,
        source: 'desk',
      },
    });
    expect(events[2]).toMatchObject({
      data: { engineerId: 'Ann-Lee', team: 'Desk' },
      occurredAt: '2026-05-31T23:10:00.000Z',
    });
    expect(events[6]).toMatchObject({ data: { resolution: 'fixed' } });
  });

  it('keeps moves that the lifecycle forbids, and marks them', () => {
    expect(summary(historyOf({ state: 'New' }, { at: '2/6/2026 09:00', seq: '1', state: 'Closed' }).events)).toEqual([
      'TicketRequested',
      'TicketTriaged',
      'TicketClosed!',
    ]);
    expect(summary(historyOf({ state: 'Resolved', who: 'Ann Lee' }).events)).toEqual([
      'TicketRequested',
      'TicketAssigned!',
      'TicketResolved!',
    ]);
    expect(
      summary(historyOf({ state: 'Closed' }, { at: '2/6/2026 09:00', seq: '1', state: 'Waiting' }).events),
    ).toEqual(['TicketRequested', 'TicketClosed!', 'TicketPendedOnClient!']);
  });

  it('says what changed without a move', () => {
    const rows: SpecFields[] = [
      { state: 'Active', who: 'Ann Lee', prio: 'P2' },
      { at: '1/6/2026 09:01', seq: '1', state: 'Active', who: 'Ann Lee', prio: 'P1' },
      { at: '1/6/2026 09:02', seq: '2', state: 'Active', who: 'Bo', prio: 'P1' },
      { at: '1/6/2026 09:03', seq: '3', state: 'Active', who: 'Bo', prio: 'P1', client: 'Other Pty', cat: 'Mail' },
      { at: '1/6/2026 09:04', seq: '4', state: 'Active', prio: 'P1', client: '?', cat: '?' },
      { at: '1/6/2026 09:05', seq: '5', state: 'Active', prio: 'P1', client: 'Other Pty', cat: 'Mail' },
      {
        at: '1/6/2026 09:06',
        seq: '6',
        state: 'Active',
        prio: 'P9',
        client: 'Other Pty',
        cat: 'Mail',
        note: 'called',
        by: 'Bo',
      },
    ];
    const { events } = historyOf(...rows);
    expect(events.slice(3).map(({ type, data }) => [type, data])).toEqual([
      ['TicketReprioritised', { priority: 'critical' }],
      ['TicketReassigned', { engineerId: 'Bo', team: null }],
      [
        'TicketReclassified',
        expect.objectContaining({ clientId: 'Other-Pty', category: 'Mail', priority: 'critical', reason: null }),
      ],
      ['TicketReassigned', { engineerId: null, team: null }],
      ['NoteAdded', expect.objectContaining({ text: 'called', author: 'Bo', visibility: 'internal' })],
    ]);
    expect(fates(...rows)).toEqual([
      'moved',
      'changed-facts',
      'changed-facts',
      'changed-facts',
      'changed-facts',
      'nothing-new',
      'noted',
    ]);
  });

  it('keeps a row of an unknown state as a note and leaves the stage', () => {
    const { events, outcomes } = historyOf({ state: 'New' }, { at: '2/6/2026 09:00', seq: '1', state: '-100' });
    expect(events.at(-1)).toMatchObject({
      type: 'NoteAdded',
      data: { text: 'State "-100" of desk is not in the mapping; the stage was left as it was.' },
      occurredAt: '2026-06-01T23:00:00.000Z',
    });
    expect(outcomes.map(({ fate }) => fate)).toEqual(['moved', 'unknown-state']);
  });

  it('knows a row that stands twice', () => {
    expect(fates({}, { at: '1/6/2026 09:05', state: 'Active' }, { at: '1/6/2026 09:05', state: 'Active' })).toEqual([
      'moved',
      'moved',
      'duplicate',
    ]);
  });

  it('marks a request that nobody stated', () => {
    const { events } = historyOf({ opened: '?', state: 'Active' });
    expect(events[0]).toMatchObject({
      type: 'TicketRequested',
      data: { irregular: ['RequestMissing'] },
      occurredAt: '2026-05-31T23:00:00.000Z',
    });
  });

  it('takes rows in the order that time or sequence confirms, else by time', () => {
    const order = (...rows: readonly SpecFields[]) => historyOf(...rows).outcomes.map(({ row }) => row.fields[4]);
    const at = (minute: number, seq: number, state: string): SpecFields => ({
      at: `1/6/2026 09:0${minute}`,
      seq: String(seq),
      state,
    });
    // Ties by sequence; a sequence that falls back while time goes on; a time that falls back while the sequence goes on; newest first.
    expect(order(at(1, 1, 'Active'), at(1, 0, 'New'))).toEqual(['New', 'Active']);
    expect(order(at(1, 2, 'New'), at(2, 1, 'Active'))).toEqual(['New', 'Active']);
    expect(order(at(5, 1, 'New'), at(3, 2, 'Resolved'), at(4, 3, 'Closed'))).toEqual(['New', 'Resolved', 'Closed']);
    expect(order(at(4, 3, 'Closed'), at(3, 2, 'Resolved'), at(1, 1, 'New'))).toEqual(['New', 'Resolved', 'Closed']);
  });

  it.each([
    ['fields', ['T1', '1/6/2026 09:00'], null, 'the row has 2 fields, the header 14'],
    ['time', specFields({ at: '31/6/2026 09:00' }), 'at', '"31/6/2026 09:00" is not a time of the form d/M/yyyy HH:mm'],
    ['no time', specFields({ at: '?' }), 'at', 'the time is missing'],
    ['sequence', specFields({ seq: 'x' }), 'seq', '"x" is not a whole number'],
    ['id', specFields({ id: '?' }), 'id', 'the ticket id is missing'],
    ['long', specFields({ note: 'x'.repeat(100_001) }), 'note', 'the text is longer than 100000 characters'],
  ])('refuses a row by its broken %s', (_, fields, column, reason) => {
    const row = new RowReader(mapping, SPEC_HEADER, 'Australia/Sydney').read({ line: 7, fields });
    expect(isBroken(row) ? { line: row.line, column: row.column, reason: row.reason } : row).toEqual({
      line: 7,
      column,
      reason,
    });
  });

  it('refuses unknown states and priorities where the mapping says so', () => {
    const strict = specMapping(`
mapping: ticket-history
source: desk
times: { format: d/M/yyyy HH:mm, zone: UTC }
ticket: { id: id, updatedAt: at }
stages: { column: state, values: { New: triage }, unknown: reject }
priority: { column: prio, values: { P1: high }, unknown: reject }
`);
    const reader = new RowReader(strict, SPEC_HEADER, 'UTC');
    expect(reader.read({ line: 2, fields: specFields({ state: 'Odd', prio: 'P1' }) })).toMatchObject({
      column: 'state',
      reason: 'the state "Odd" is not in the mapping',
    });
    expect(reader.read({ line: 2, fields: specFields({ prio: 'P7' }) })).toMatchObject({
      column: 'prio',
      reason: 'the priority "P7" is not in the mapping',
    });
  });
});

describe('ids', () => {
  it('are ours, whatever comes in, and two ids never become one', () => {
    expect([idFrom('INC0000045'), idFrom('TICK #12'), idFromName('Location 143'), idFrom('-1')]).toEqual([
      'INC0000045',
      'TICK~20~~23~12',
      'Location-143',
      '0~-1',
    ]);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.string({ minLength: 1, maxLength: 20 }),
        (a, b) => {
          expect(isId(idFrom(a))).toBe(true);
          expect(isId(idFromName(a))).toBe(true);
          expect(idFrom(a) === idFrom(b)).toBe(a === b);
        },
      ),
    );
  });
});

const randomRows = fc
  .array(
    fc.record({
      minute: fc.nat(30),
      state: fc.constantFrom('New', 'Active', 'Waiting', 'Resolved', 'Closed', '-100'),
      who: fc.constantFrom('?', 'Ann Lee', 'Bo'),
      team: fc.constantFrom('?', 'Desk'),
      prio: fc.constantFrom('?', 'P1', 'P2', 'P9'),
      client: fc.constantFrom('?', 'Acme', 'Other'),
      note: fc.constantFrom('?', '?', 'called', 'mailed'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows
      .sort((a, b) => a.minute - b.minute)
      .map(({ minute, ...fields }, index): SpecFields => ({
        ...fields,
        at: `1/6/2026 09:${String(minute).padStart(2, '0')}`,
        seq: String(index),
      })),
  );
const stored = (events: readonly TicketEvent[]): StoredTicketEvent[] =>
  events.map((event) => ({ event, imported: true }));

describe('any history', () => {
  it('gives each row one fate, and the same events again from the same rows, also shuffled', () => {
    fc.assert(
      fc.property(randomRows, fc.infiniteStream(fc.nat()), (fields, keys) => {
        const rows = specRows(...fields);
        const { events, outcomes } = ticketHistory(rows, mapping);
        expect(new Set(outcomes.map(({ row }) => row)).size).toBe(rows.length);
        expect(outcomes).toHaveLength(rows.length);
        const weights = new Map(rows.map((row) => [row, keys.next().value ?? 0]));
        const shuffled = [...rows].sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
        expect(ticketHistory(shuffled, mapping).events).toEqual(events);
      }),
    );
  });

  it('that was imported adds nothing when it comes again, and only its new rows when it has grown', () => {
    fc.assert(
      fc.property(randomRows, fc.nat(12), (fields, cut) => {
        const rows = specRows(...fields);
        const whole = ticketHistory(rows, mapping).events;
        expect(continueHistory(rows, stored(whole), mapping).added).toEqual([]);
        const first = ticketHistory(rows.slice(0, cut), mapping).events;
        expect([...first, ...continueHistory(rows, stored(first), mapping).added]).toEqual(whole);
      }),
    );
  });

  it('that comes in parts, minute by minute, becomes the same as at once, and a part that comes again adds nothing', () => {
    fc.assert(
      fc.property(randomRows, fc.nat(30), (fields, minute) => {
        const rows = specRows(...fields);
        const split = rows.findIndex(({ fields: [, at] }) => Number(at?.slice(-2)) >= minute);
        const parts = split <= 0 ? [rows] : [rows.slice(0, split), rows.slice(split)];
        const log: TicketEvent[] = [];
        for (const part of parts) log.push(...continueHistory(part, stored(log), mapping).added);
        // Told in parts, the request comes from the first part: the same as told at once.
        expect(log).toEqual(ticketHistory(rows, mapping).events);
        for (const part of parts) expect(continueHistory(part, stored(log), mapping).added).toEqual([]);
      }),
    );
  });

  it('keeps a late row as a note, once, and does not move the ticket back', () => {
    const log = [...historyOf({ state: 'New' }, { at: '3/6/2026 09:00', seq: '2', state: 'Resolved' }).events];
    const late = specRows({ at: '2/6/2026 09:00', seq: '1', state: 'Waiting' });
    const { added, history } = continueHistory(late, stored(log), mapping);
    expect(history.outcomes.map(({ fate }) => fate)).toEqual(['late']);
    expect(added).toMatchObject([
      {
        type: 'NoteAdded',
        occurredAt: '2026-06-01T23:00:00.000Z',
        data: { text: expect.stringContaining('state "Waiting"') },
      },
    ]);
    const again = continueHistory(late, stored([...log, ...added]), mapping);
    expect(again.added).toEqual([]);
    expect(again.history.outcomes.map(({ fate }) => fate)).toEqual(['already-imported']);
  });

  it('goes on from a ticket that was opened here by hand', () => {
    const byHand = stored(historyOf({ state: 'New' }).events).map((entry) => ({ ...entry, imported: false }));
    const { added } = continueHistory(specRows({ at: '3/6/2026 09:00', seq: '2', state: 'Active' }), byHand, mapping);
    expect(summary(added)).toEqual(['WorkStarted!']);
  });
});
