import { addDays, localDateIn, monthOf, type Instant, type Month, type TimeZone } from '@billtrail/kernel';
import { CommandIdReused, fingerprintOf, Position, WrongExpectedVersion } from '@billtrail/event-store';
import type { BillingMonthOpened } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';

const POLICY = { id: 'open-months', role: 'system' } as const;
const CALENDAR_STREAM = 'calendar';
/** Where a month begins first. */
export const EASTERNMOST: TimeZone = 'Pacific/Kiritimati';

/**
 * Records that a month has come where a contract has charges, or is as near as the organisation's lead time, so that its charges are there although
 * nothing else happened in it. Where something did, nothing is recorded.
 */
export class OpenMonths {
  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models'>) {}

  /** Returns the position of the event, or null: there is nothing to record. The read models must be at the log's end. */
  async run(now: Instant): Promise<Position | null> {
    const { store, models } = this.ports;
    const { month: known, leadDays } = await models.charges.horizon();
    const monthIn = (zone: TimeZone): Month => monthOf(addDays(localDateIn(zone, now), leadDays));
    if (known !== null && monthIn(EASTERNMOST) <= known) return null;
    const month = (await models.charges.zones()).map(monthIn).sort().at(-1);
    if (month === undefined || (known !== null && month <= known)) return null;
    const { events, version } = await store.readStream(CALENDAR_STREAM, { direction: 'backwards', limit: 1 });
    const [last] = events;
    if (last !== undefined && month <= (last as unknown as BillingMonthOpened).data.month) return Position.of(last);
    try {
      const opened: BillingMonthOpened = { type: 'BillingMonthOpened', data: { month }, occurredAt: now };
      const appended = await store.append({
        stream: CALENDAR_STREAM,
        expected: version,
        events: [opened],
        actor: POLICY,
        commandId: `${POLICY.id}/${month}`,
        correlationId: month,
        causationId: null,
        fingerprint: fingerprintOf(POLICY.id, opened.data),
      });
      return appended.position;
    } catch (error) {
      // Another process was first: what it recorded comes back through the read models.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused) return store.head();
      throw error;
    }
  }
}
