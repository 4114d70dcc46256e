import type { LocalDate, Minutes } from '@billtrail/kernel';
import type { RateClass } from '@billtrail/contracts';
import type { Step } from '../item/trace.js';
import type { Segment } from '../item/billable-item.js';
import type { Placement } from './coverage/placement.js';
import type { Earlier } from './earlier.js';
import type { FreeStretch, Placed, PlacedStretch } from './placed.js';
import type { TicketFacts, WorkItem } from './facts.js';
import { cutStep } from './time/class-step.js';
import { workStep } from './items/work-facts.js';

/**
 * A piece of work, or a segment of it, with the contract and the rule that it falls under, before its time is rounded and its price looked
 * up. Of work that is partly settled only what is not.
 */
export interface Assessed {
  readonly work: WorkItem;
  readonly ticket: TicketFacts;
  /** What of the work is settled; null: nothing. */
  readonly earlier: Earlier | null;
  /** null: it is settled and the work is what it was then, so nothing of it is rated again. */
  readonly placement: Placement | null;
  /** The day of its beginning where it was done; of a duration the day that was stated. */
  readonly date: LocalDate;
  /** The day on which the work began in the billing period, as its first segment there has it. */
  readonly beganOn: LocalDate;
  /** The same in the zone of the contract that it falls under: whether a block may be drawn on goes by it. */
  readonly contractDate: LocalDate;
  /** By the calendar that holds where it was done under the contract that it falls under, or as declared. */
  readonly rateClass: RateClass | null;
  /** null: the whole of the work. */
  readonly segment: Segment | null;
  /** Actual minutes; 0 for materials and expenses. */
  readonly minutes: Minutes;
  /** What to show of step 2; null: nothing was cut and there is no class. */
  readonly segmentStep: Step | null;
  /** Where the first minute of the segment lies that was cut out of the work before what is settled was taken out of it. */
  readonly unitFrom: Minutes;
  /** Where it ended; it was not cut where these two are the segment's. */
  readonly unitTo: Minutes;
  /** True for what is left of work of which a part is settled: the part stands beside it. */
  readonly isRest: boolean;
}

/** A piece of work with what is known of it before it is put anywhere. */
export type Known = Pick<Assessed, 'work' | 'ticket' | 'earlier'>;

/** Work of which nothing is rated again. */
export function keptAsItIs({ work, ticket, earlier }: Known): Assessed {
  return {
    work,
    ticket,
    earlier,
    placement: null,
    date: work.workDate,
    beganOn: work.workDate,
    contractDate: work.workDate,
    rateClass: null,
    segment: null,
    minutes: work.kind === 'time' ? work.minutes : 0,
    segmentStep: null,
    unitFrom: 0,
    unitTo: 0,
    isRest: false,
  };
}

/** Work that lies between two edges: nearly all work does. */
export function assessedWhole({ work, ticket }: Known, placed: Placed, minutes: Minutes): Assessed {
  return {
    work,
    ticket,
    earlier: null,
    placement: placed.placement,
    date: placed.date,
    beganOn: placed.date,
    contractDate: placed.contractDate,
    rateClass: placed.rateClass,
    segment: null,
    minutes,
    segmentStep: placed.wholeStep,
    unitFrom: 0,
    unitTo: minutes,
    isRest: false,
  };
}

/** A segment of which nothing is settled. */
export function assessedOf(of: Known, one: PlacedStretch, beganOn: LocalDate): Assessed {
  return segmentOf(of, one, beganOn, one.fromMinute, one.toMinute, false);
}

/** What is free of a segment. */
export function freeOf(of: Known, one: FreeStretch, beganOn: LocalDate): Assessed {
  return segmentOf(of, one, beganOn, one.unitFrom, one.unitTo, one.isRest);
}

function segmentOf(
  { work, ticket, earlier }: Known,
  one: PlacedStretch,
  beganOn: LocalDate,
  unitFrom: Minutes,
  unitTo: Minutes,
  isRest: boolean,
): Assessed {
  const { placement, date, contractDate, rateClass, wholeStep } = one.placed;
  const { fromMinute, toMinute } = one;
  const isWhole = work.kind !== 'time' || (fromMinute === 0 && toMinute === work.minutes);
  return {
    work,
    ticket,
    earlier,
    placement,
    date,
    beganOn,
    contractDate,
    rateClass,
    segment: isWhole ? null : { fromMinute, toMinute, date, rateClass },
    minutes: toMinute - fromMinute,
    segmentStep: isWhole ? wholeStep : cutStep(work.minutes, one),
    unitFrom,
    unitTo,
    isRest,
  };
}

/** The steps of a piece of work up to step 3. */
export function stepsOf({ work, segmentStep, placement }: Assessed): readonly Step[] {
  const known: Step[] = segmentStep === null ? [() => workStep(work)] : [() => workStep(work), segmentStep];
  return placement === null ? known : [...known, ...placement.steps];
}
