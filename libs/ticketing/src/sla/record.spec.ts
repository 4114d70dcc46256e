import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, type Instant } from '@billtrail/kernel';
import type { TicketEvent } from '../events.js';
import { UNCLASSIFIED } from '../state.js';
import { ticketDecider } from '../ticket.js';
import { GOLD, inForce, moved, requested } from '../testing/sla.js';
import {
  breachesBy,
  decideSla,
  slaActsAfter,
  slaClocksOf,
  slaRecordOf,
  type FindSla,
  type SlaEvent,
  type SlaInForce,
} from './record.js';

function march(text: string): Instant {
  return new Date(`2026-03-${text.replace(' ', 'T')}:00+11:00`).toISOString();
}
const numbered = (events: readonly TicketEvent[]) =>
  events.map((event, index) => ({ ...event, id: `ev-${index + 1}` }));
const ofAcme =
  (sla: SlaInForce | null): FindSla =>
  ({ clientId }) =>
    clientId === 'acme' ? sla : null;

function decide(events: readonly TicketEvent[], now: Instant, sla: SlaInForce | null = inForce()): readonly SlaEvent[] {
  const record = slaRecordOf('T1', numbered(events));
  return decideSla(record, slaClocksOf(record, ofAcme(sla)), now);
}
function actsAfter(events: readonly TicketEvent[], sla: SlaInForce | null = inForce()): number | null {
  const record = slaRecordOf('T1', numbered(events));
  return slaActsAfter(record, slaClocksOf(record, ofAcme(sla)));
}
/** `SlaBreached resolution`, `SlaWarned response 50`, `SlaBreachWithdrawn resolution in-time`. */
const line = ({ type, data }: SlaEvent): string =>
  [type, data.target, ...('percent' in data ? [data.percent] : []), ...('reason' in data ? [data.reason] : [])].join(
    ' ',
  );

const begun = [requested(march('12 10:00')), moved.started(march('12 10:10'))];
const late = [...begun, moved.resolved(march('12 15:00'))];

describe('recording the SLA of a ticket', () => {
  it('tells a breach that the log itself shows, with its terms, its due instant and its day in the zone of the contract', () => {
    const [breach, ...others] = decide(late, march('12 15:00'));
    expect(others).toEqual([]);
    expect(breach).toEqual({
      type: 'SlaBreached',
      occurredAt: march('12 14:00'),
      data: {
        ticketId: 'T1',
        clientId: 'acme',
        contractId: 'acme-1',
        contractVersion: 1,
        policyId: 'gold',
        target: 'resolution',
        run: 1,
        priority: 'critical',
        targetMinutes: 240,
        clock: 'business',
        dueAt: march('12 14:00'),
        breachedOn: '2026-03-12',
      },
    });
    expect(decide(late, march('12 15:00'), inForce(GOLD, { timeZone: 'Pacific/Honolulu' }))[0]).toMatchObject({
      data: { breachedOn: '2026-03-11' },
    });
  });

  it('warns at each share while the ticket is open, and then tells the breach, each when its time has passed', () => {
    const at = (now: string) => decide(begun, march(now)).map(line);
    expect(at('12 12:00')).toEqual([]);
    expect(at('12 12:01')).toEqual(['SlaWarned resolution 50']);
    expect(at('12 13:30')).toEqual(['SlaWarned resolution 50', 'SlaWarned resolution 80']);
    expect(at('12 14:00')).toEqual(['SlaWarned resolution 50', 'SlaWarned resolution 80']);
    expect(at('12 14:01')).toEqual(['SlaBreached resolution']);
    expect(decide(begun, march('12 12:01'))[0]).toMatchObject({
      occurredAt: march('12 12:00'),
      data: { percent: 50, dueAt: march('12 14:00') },
    });
  });

  it('warns nobody of a ticket that has ended', () => {
    expect(decide([...begun, moved.resolved(march('12 13:59'))], march('13 09:00'))).toEqual([]);
  });

  it('stays quiet on repeat, also as time goes by', () => {
    for (const now of ['12 12:01', '12 13:30', '12 14:01']) {
      const recorded = [...begun, ...decide(begun, march(now))];
      expect(decide(recorded, march(now))).toEqual([]);
    }
    const breached = [...begun, ...decide(begun, march('12 14:01'))];
    expect(decide([...breached, moved.resolved(march('12 16:00'))], march('13 09:00'))).toEqual([]);
    expect(actsAfter(breached)).toBeNull();
  });

  it('says which breaches stand once all is recorded, whoever has the ticket then', () => {
    const stands = (events: readonly TicketEvent[], now: string, sla: SlaInForce | null = inForce()) => {
      const record = slaRecordOf('T1', numbered(events));
      return breachesBy(record, slaClocksOf(record, ofAcme(sla)), march(now)).map(
        ({ eventId, facts }) => `${facts.contractId} ${facts.target} ${eventId ?? 'to come'}`,
      );
    };
    expect(stands(begun, '12 14:00')).toEqual([]);
    expect(stands(begun, '12 14:01')).toEqual(['acme-1 resolution to come']);
    const recorded = [...begun, ...decide(begun, march('12 14:01'))];
    expect(stands(recorded, '12 14:01')).toEqual(['acme-1 resolution ev-3']);
    expect(stands(recorded, '12 14:01', null)).toEqual([]);
    expect(stands(recorded, '12 14:01', inForce(GOLD, { contractId: 'acme-2' }))).toEqual([
      'acme-2 resolution to come',
    ]);
  });

  it('tells a breach of each run', () => {
    const again = [
      ...late,
      ...decide(late, march('12 15:00')),
      moved.closed(march('12 16:00')),
      moved.reopened(march('16 09:00')),
      moved.resolved(march('16 14:00')),
    ];
    expect(decide(again, march('16 14:00'))).toMatchObject([{ type: 'SlaBreached', data: { run: 2 } }]);
  });

  it('has nothing to tell without a service level, or a target for the priority', () => {
    expect(decide(late, march('13 09:00'), null)).toEqual([]);
    const low = [requested(march('12 10:00'), 'low'), moved.resolved(march('20 10:00'))];
    expect(decide(low, march('23 09:00'))).toEqual([]);
  });
});

describe('a recorded breach that the facts no longer support', () => {
  const recorded = [...late, ...decide(late, march('12 15:00'))];
  const after = (event: TicketEvent, sla?: SlaInForce | null) => decide([...recorded, event], march('16 09:00'), sla);
  const note: TicketEvent = {
    type: 'TicketReprioritised',
    data: { priority: 'critical' },
    occurredAt: march('12 15:00'),
  };

  it('is withdrawn where the resolution turns out to be in time', () => {
    expect(after(moved.resolved(march('12 13:00')))).toEqual([
      {
        type: 'SlaBreachWithdrawn',
        occurredAt: march('16 09:00'),
        data: { ticketId: 'T1', run: 1, target: 'resolution', breachEventId: 'ev-4', reason: 'in-time' },
      },
    ]);
  });

  it('is withdrawn where the contract has no service level any more, or is of another client', () => {
    expect(after(note, null).map(line)).toEqual(['SlaBreachWithdrawn resolution no-sla']);
    const moves: TicketEvent = {
      type: 'TicketReclassified',
      data: { ...UNCLASSIFIED, clientId: 'beta', reason: null },
      occurredAt: march('16 08:00'),
    };
    expect(after(moves).map(line)).toEqual(['SlaBreachWithdrawn resolution no-sla']);
  });

  it('is withdrawn and recorded anew where it was missed otherwise', () => {
    const tighter = inForce(
      {
        ...GOLD,
        targets: { ...GOLD.targets, critical: { response: null, resolution: { minutes: 60, clock: 'business' } } },
      },
      { contractVersion: 2 },
    );
    const events = after(note, tighter);
    expect(events.map(line)).toEqual(['SlaBreachWithdrawn resolution restated', 'SlaBreached resolution']);
    expect(events[1]).toMatchObject({ data: { dueAt: march('12 11:00'), contractVersion: 2 } });
    expect(decide([...recorded, note, ...events], march('16 09:00'), tighter)).toEqual([]);
  });

  it('is recorded again where the facts support it again', () => {
    const withdrawn = [...recorded, ...after(note, null)];
    expect(decide(withdrawn, march('16 10:00')).map(line)).toEqual(['SlaBreached resolution']);
  });
});

describe('recording, whatever happens', () => {
  const kinds = ['assigned', 'started', 'onClient', 'resumed', 'resolved', 'closed', 'reopened'] as const;
  const stories = fc
    .array(
      fc.record({
        kind: fc.constantFrom(...kinds, 'raised' as const, 'lowered' as const),
        minutes: fc.integer({ min: -600, max: 3_000 }),
      }),
      { minLength: 1, maxLength: 10 },
    )
    .map((steps) => {
      let at = Date.parse(march('12 10:00'));
      return [
        requested(new Date(at).toISOString()),
        ...steps.map(({ kind, minutes }) => {
          at += minutes * 60_000;
          const instant = new Date(at).toISOString();
          if (kind === 'raised') return moved.reprioritised(instant, 'critical');
          return kind === 'lowered' ? moved.reprioritised(instant, 'high') : moved[kind](instant);
        }),
      ];
    });

  it('is done after one time, acts exactly when it is due, and leaves the ticket itself as it was', () => {
    fc.assert(
      fc.property(stories, fc.integer({ min: 0, max: 30_000 }), (events, minutes) => {
        const now = Date.parse(march('12 10:00')) + minutes * 60_000;
        const at = new Date(now).toISOString();
        const acts = actsAfter(events);
        const decided = decide(events, at);
        expect(decided.length > 0).toBe(acts !== null && acts < now);
        const all = [...events, ...decided];
        expect(decide(all, at)).toEqual([]);
        const rest = actsAfter(all);
        expect(rest === null || rest >= now).toBe(true);
        const ticket = ticketDecider();
        expect(fold(ticket, all)).toEqual(fold(ticket, events));
      }),
    );
  });

  it('comes to the same standing breaches however often it was looked at in between', () => {
    fc.assert(
      fc.property(stories, fc.array(fc.nat({ max: 30_000 }), { maxLength: 4 }), (events, looks) => {
        const end = '2026-12-31T00:00:00.000Z';
        const standing = (told: readonly TicketEvent[]) =>
          slaRecordOf('T1', numbered([...told, ...decide(told, end)])).breaches.map(({ facts }) => facts);
        let told: readonly TicketEvent[] = [];
        for (const [index, event] of events.entries()) {
          const look = looks[index];
          told = [...told, event];
          if (look !== undefined)
            told = [...told, ...decide(told, new Date(Date.parse(event.occurredAt) + look * 60_000).toISOString())];
        }
        const key = (facts: { run: number; target: string }) => `${facts.run} ${facts.target}`;
        const sorted = (told_: readonly TicketEvent[]) =>
          [...standing(told_)].sort((a, b) => (key(a) < key(b) ? -1 : 1));
        expect(sorted(told)).toEqual(sorted(events));
      }),
    );
  });
});
