import type { LocalDate, Minutes, Month } from '@billtrail/kernel';
import type { RateClass } from '@billtrail/contracts';
import type { Step } from '../item/trace.js';
import type { Placement } from './coverage/placement.js';
import type { ClassFound } from './time/class-found.js';

/** Where a stretch of work was put. One for all work that asks the same, so that it can be remembered by. */
export interface Placed {
  readonly placement: Placement;
  /** The day where the work was done. */
  readonly date: LocalDate;
  /** The same moment's day in the zone of the contract: its blocks and its versions count by it. */
  readonly contractDate: LocalDate;
  readonly month: Month;
  readonly rateClass: RateClass | null;
  readonly whichClass: () => ClassFound;
  /** What step 2 says of work that was not cut. */
  readonly wholeStep: Step | null;
}
/** A stretch of work with where it was put. */
export interface PlacedStretch {
  readonly fromMinute: Minutes;
  readonly toMinute: Minutes;
  readonly placed: Placed;
}

/** What of a segment is to be rated. */
export interface FreeStretch extends PlacedStretch {
  /** Where the first minute of the segment lies that was cut out of the work before what is settled was taken out of it. */
  readonly unitFrom: Minutes;
  /** Where it ended. */
  readonly unitTo: Minutes;
  /** True for what is left of work of which a part is settled: the part stands beside it. */
  readonly isRest: boolean;
}
