import { storedEventTypes, type DomainEvent, type Instant } from '@billtrail/kernel';

/** Somebody vouched for the clock of the machine: it was right, and the log had slept, or its last event had a wrong time. */
export type ClockAccepted = DomainEvent<'ClockAccepted', { readonly lastRecordedAt: Instant | null }>;

export const storedClockEvents = storedEventTypes<ClockAccepted>()({
  ClockAccepted: { storedName: 'clock-accepted', personalFields: [] },
});
