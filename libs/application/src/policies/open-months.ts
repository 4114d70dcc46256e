import {
  addDays,
  compareTexts,
  localDateIn,
  monthOf,
  type Instant,
  type Month,
  type TimeZone,
} from '@billtrail/kernel';
import type { Position, StreamSlice } from '@billtrail/event-store';
import type { BillingMonthOpened } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { Fence, type Decided } from './fence.js';

const POLICY = 'open-months';
const CALENDAR_STREAM = 'calendar';
/** Where a month begins first. */
export const EASTERNMOST: TimeZone = 'Pacific/Kiritimati';

/**
 * Records that a month has come where a contract has charges, or is as near as the organisation's lead time, so that its charges are there although
 * nothing else happened in it. Where something did, nothing is recorded.
 */
export class OpenMonths {
  private readonly fence: Fence;

  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock'>) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Returns the position at which to look again, or null: there is nothing to record. */
  async run(): Promise<Position | null> {
    if (this.monthToOpen((await this.fence.now()).now) === null) return null;
    const read = async () => ({
      slice: await this.ports.store.readStream(CALENDAR_STREAM, { direction: 'backwards', limit: 1 }),
    });
    return (await this.fence.record(read, ({ slice }, now) => this.decide(slice, now))).again;
  }

  /** With a client whose contracts have charges in it, where it has begun first. */
  private monthToOpen(now: Instant): { readonly month: Month; readonly clientId: string } | null {
    const { charges } = this.ports.models;
    const { month: known, leadDays } = charges.horizonNow();
    const monthIn = (zone: TimeZone): Month => monthOf(addDays(localDateIn(zone, now), leadDays));
    if (known !== null && monthIn(EASTERNMOST) <= known) return null;
    const [first] = charges
      .zonesNow()
      .map(({ zone, clientId }) => ({ month: monthIn(zone), clientId }))
      .sort((one, other) => compareTexts(other.month, one.month));
    return first === undefined || (known !== null && first.month <= known) ? null : first;
  }

  private decide({ events }: StreamSlice, now: Instant): Decided | null {
    const toOpen = this.monthToOpen(now);
    if (toOpen === null) return null;
    const { month, clientId } = toOpen;
    const [last] = events as unknown as readonly BillingMonthOpened[];
    if (last !== undefined && month <= last.data.month) return null;
    const opened: BillingMonthOpened = { type: 'BillingMonthOpened', data: { month }, occurredAt: now };
    return {
      events: [opened],
      commandId: `${POLICY}/${month}`,
      correlationId: month,
      causationId: null,
      asked: opened.data,
      restsOn: { clients: [clientId] },
    };
  }
}
