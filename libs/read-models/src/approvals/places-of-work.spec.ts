import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import { ReadDatabase } from '../database/read-database.js';
import { PlacesOfWorkFold, placesLeft } from './places-of-work.js';
import { PLACES_LEFT, PLACES_OF_TICKETS, PLACES_OF_WORK } from './tables.js';

type Told = readonly [ticketId: string, type: TicketEvent['type'], data?: object];

const logs = (timeEntryId: string, workDate: string, ticketId = 'T'): Told => [
  ticketId,
  'TimeEntryLogged',
  { timeEntryId, workDate },
];
const corrects = (timeEntryId: string, workDate: string): Told => [
  'T',
  'TimeEntryCorrected',
  { timeEntryId, workDate },
];
const approves = (timeEntryId: string): Told => ['T', 'TimeEntryApproved', { timeEntryId }];
const isOf = (clientId: string, ticketId = 'T'): Told => [ticketId, 'TicketReclassified', { clientId }];
const merges = (ticketId: string, into: string): Told => [ticketId, 'TicketMerged', { into }];
const splits = (ticketId: string, more: object = {}): Told => [
  ticketId,
  'TicketSplit',
  { stage: 'in-progress', ...more },
];
const MARCH = logs('W', '2026-03-02');
const RESOLVED: Told = ['T', 'TicketResolved', {}];

/** Y2: 20 entries are moved to 20 months or clients, and each is within the limit of its own. */
describe('the months and clients that held work has left', () => {
  let database: ReadDatabase;
  let fold: PlacesOfWorkFold;
  beforeEach(() => {
    database = new ReadDatabase(':memory:', { check: false });
    for (const { created } of [PLACES_OF_TICKETS, PLACES_OF_WORK, PLACES_LEFT])
      for (const sql of created) database.exec(sql);
    fold = new PlacesOfWorkFold(database);
    tell(
      ['T', 'TicketRequested', { clientId: 'c1' }],
      ['U', 'TicketRequested', { clientId: 'c1' }],
      ['V', 'TicketRequested', { clientId: 'c9' }],
    );
  });
  afterEach(() => database.close());

  function tell(...events: readonly Told[]): void {
    for (const [ticketId, type, data = {}] of events)
      fold.apply({ stream: `ticket-${ticketId}`, type, data } as unknown as RecordedEvent);
  }
  const left = (isAsked = (_id: string) => true) =>
    placesLeft(database, ['T'], (_ticketId, id) => isAsked(id)).map(({ clientId, period }) => `${clientId} ${period}`);

  it.each<[string, readonly Told[], readonly string[]]>([
    ['none where it stands still', [MARCH, approves('W'), corrects('W', '2026-03-30')], []],
    ['none where nothing held it yet', [MARCH, corrects('W', '2026-04-02'), approves('W')], []],
    ['its month, once it was approved there', [MARCH, approves('W'), corrects('W', '2026-04-02')], ['c1 2026-03']],
    [
      'each of them',
      [MARCH, approves('W'), corrects('W', '2026-04-02'), corrects('W', '2026-05-02')],
      ['c1 2026-03', 'c1 2026-04'],
    ],
    ['its client, once the ticket was resolved', [MARCH, RESOLVED, isOf('c2')], ['c1 2026-03']],
    ['none by another class of the same client', [MARCH, approves('W'), isOf('c1')], []],
    [
      'those of goods as well, of a ticket that is part of another',
      [
        ['T', 'MaterialUsed', { materialUsageId: 'M', workDate: '2026-03-02' }],
        merges('T', 'U'),
        ['T', 'MaterialUsageCorrected', { materialUsageId: 'M', workDate: '2026-04-02' }],
      ],
      ['c1 2026-03'],
    ],
    [
      'not of work that was recorded after the resolution',
      [RESOLVED, ['T', 'TicketReopened'], MARCH, corrects('W', '2026-04-02')],
      [],
    ],
    ['none by a merge into a ticket of the same client', [MARCH, approves('W'), merges('T', 'U')], []],
    ['its client, by a merge into a ticket of another', [MARCH, approves('W'), merges('T', 'V')], ['c1 2026-03']],
    ['its client, where that which it is part of goes', [MARCH, merges('T', 'U'), isOf('c2', 'U')], ['c1 2026-03']],
    ['also by way of further ones', [MARCH, merges('T', 'U'), merges('U', 'V')], ['c1 2026-03']],
    [
      'that of the other, where it is split off again',
      [MARCH, merges('T', 'U'), isOf('c2', 'U'), splits('T')],
      ['c1 2026-03', 'c2 2026-03'],
    ],
    [
      'none where the merge of two at once closes a circle',
      [MARCH, merges('T', 'U'), merges('U', 'T'), splits('U')],
      [],
    ],
    [
      'where it was resolved as part of the other',
      [splits('T'), MARCH, splits('T', { wasResolved: true }), isOf('c2')],
      ['c1 2026-03'],
    ],
  ])('%s', (_what, events, places) => {
    tell(...events);
    expect(left()).toEqual(places);
  });

  const NIGHT = { startedAt: '2026-03-31T11:00:00Z', endedAt: '2026-03-31T13:00:00Z' };
  const night = (type: 'TimeEntryLogged' | 'TimeEntryCorrected', workDate: string, more: object = NIGHT): Told => [
    'T',
    type,
    { timeEntryId: 'N', workDate, ...more },
  ];

  it('are all in which work with start and end may lie, whatever the zone: rating puts it into either', () => {
    tell(night('TimeEntryLogged', '2026-03-31'), MARCH, approves('N'));
    const places = (...ids: readonly string[]) =>
      fold.ofSeveralMonths(['T'], (_ticketId, id) => ids.includes(id)).map(({ period }) => period);
    expect(places('N', 'W')).toEqual(['2026-03', '2026-04']);
    expect(places('W')).toEqual([]);
    expect(fold.now(['T']).map(({ period }) => period)).toEqual(['2026-03', '2026-04']);
    // The day alone moves it between months in which it lay already.
    tell(night('TimeEntryCorrected', '2026-04-01'));
    expect(left()).toEqual([]);
    const may = { startedAt: '2026-05-01T00:00:00Z', endedAt: '2026-05-01T02:00:00Z' };
    tell(night('TimeEntryCorrected', '2026-05-01', may));
    expect(left()).toEqual(['c1 2026-03']);
  });

  it('are left at once with the client, each of them', () => {
    tell(night('TimeEntryLogged', '2026-03-31'), approves('N'), isOf('c2'));
    expect(left()).toEqual(['c1 2026-03', 'c1 2026-04']);
  });

  it('are asked of one piece of work too', () => {
    tell(MARCH, logs('X', '2026-02-02'), approves('W'), approves('X'), isOf('c2'));
    expect(left()).toEqual(['c1 2026-03', 'c1 2026-02']);
    expect(left((id) => id === 'X')).toEqual(['c1 2026-02']);
  });
});
