import { describe, expect, it } from '@jest/globals';
import type { TicketEvent } from './events.js';
import { placesLeft } from './places-left.js';

const told = (type: TicketEvent['type'], data: object = {}): TicketEvent =>
  ({ type, data, occurredAt: '2026-03-25T00:00:00Z' }) as unknown as TicketEvent;
const asked = told('TicketRequested', { clientId: 'c1' });
const logs = (timeEntryId: string, workDate: string) => told('TimeEntryLogged', { timeEntryId, workDate });
const corrects = (timeEntryId: string, workDate: string) => told('TimeEntryCorrected', { timeEntryId, workDate });
const approves = (timeEntryId: string) => told('TimeEntryApproved', { timeEntryId });
const isOf = (clientId: string) => told('TicketReclassified', { clientId });

const shown = (events: readonly TicketEvent[], isAsked?: (id: string) => boolean) =>
  placesLeft([asked, ...events], isAsked).map(({ clientId, period }) => `${clientId} ${period}`);

/** Y2: 20 entries are moved to 20 months, and each is within the limit of its own. */
describe('the months and clients that held work has left', () => {
  it.each<[string, readonly TicketEvent[], readonly string[]]>([
    ['none where it stands still', [logs('W', '2026-03-02'), approves('W'), corrects('W', '2026-03-30')], []],
    ['none where nothing held it yet', [logs('W', '2026-03-02'), corrects('W', '2026-04-02'), approves('W')], []],
    [
      'its month, once it was approved there',
      [logs('W', '2026-03-02'), approves('W'), corrects('W', '2026-04-02')],
      ['c1 2026-03'],
    ],
    [
      'each, in their order',
      [logs('W', '2026-03-02'), approves('W'), corrects('W', '2026-04-02'), corrects('W', '2026-05-02')],
      ['c1 2026-03', 'c1 2026-04'],
    ],
    [
      'its client, once the ticket was resolved',
      [logs('W', '2026-03-02'), told('TicketResolved'), isOf('c2')],
      ['c1 2026-03'],
    ],
    ['none by another class of the same client', [logs('W', '2026-03-02'), approves('W'), isOf('c1')], []],
    [
      'those of goods as well, of a ticket that is part of another',
      [
        told('MaterialUsed', { materialUsageId: 'M', workDate: '2026-03-02' }),
        told('TicketMerged', { into: 'T2' }),
        told('MaterialUsageCorrected', { materialUsageId: 'M', workDate: '2026-04-02' }),
      ],
      ['c1 2026-03'],
    ],
    [
      'not of work that was recorded after the resolution',
      [told('TicketResolved'), told('TicketReopened'), logs('W', '2026-03-02'), corrects('W', '2026-04-02')],
      [],
    ],
  ])('%s', (_what, events, places) => expect(shown(events)).toEqual(places));

  it('are asked of one piece of work too', () => {
    const both = [logs('W', '2026-03-02'), logs('V', '2026-02-02'), approves('W'), approves('V')];
    expect(shown([...both, isOf('c2')])).toEqual(['c1 2026-03', 'c1 2026-02']);
    expect(shown([...both, isOf('c2')], (id) => id === 'V')).toEqual(['c1 2026-02']);
  });
});
