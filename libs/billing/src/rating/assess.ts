import { type LocalDate, type Minutes, type Month, type TimeZone, invariant, monthOf } from '@billtrail/kernel';
import type { CoverageMatch, RateClass, WorkToCover } from '@billtrail/contracts';
import type { ClientPeriodFacts, Segment, TicketFacts, WorkItem } from './facts.js';
import {
  type FrozenWork,
  type FrozenWorkById,
  isWhollyFrozen,
  lacksWhatWasAdjusted,
  placedThen,
  pricedUnder,
} from './items/frozen.js';
import type { InForce, Placement } from './coverage/placement.js';
import { type ChainLink, contractChain } from './coverage/step-1-contract.js';
import { type Stretch, Timeline, type When, hasTimes } from './time/step-2-segments.js';
import { cover } from './coverage/step-3-coverage.js';
import { rankOf } from './standing.js';
import type { TraceStep } from './trace.js';
import { isSameWork, workStep } from './items/work-facts.js';

/**
 * A piece of work, or a segment of it, with the contract and the rule that it falls under, before its time is rounded and its price looked
 * up. Of work that is partly frozen only what is not.
 */
export interface Assessed {
  readonly work: WorkItem;
  readonly ticket: TicketFacts;
  readonly workStep: TraceStep;
  /** What of the work is on invoices or written off; null: nothing. */
  readonly frozen: FrozenWork | null;
  /** null: it is frozen and the work is what it was then, so nothing of it is rated again. */
  readonly placement: Placement | null;
  /** The day of its beginning, in the zone of the contract that it falls under; of a duration the day that was stated. */
  readonly date: LocalDate;
  /** By the calendar of the contract that it falls under, or as declared. */
  readonly rateClass: RateClass | null;
  /** null: the whole of the work. */
  readonly segment: Segment | null;
  /** Actual minutes; 0 for materials and expenses. */
  readonly minutes: Minutes;
  /** What to show of step 2; null: nothing was cut and there is no class. */
  readonly segmentStep: TraceStep | null;
  /** Where the first minute of the segment lies that was cut out of the work before what is frozen was taken out of it. */
  readonly unitFrom: Minutes;
  /** Where it ended; it was not cut where these two are the segment's. */
  readonly unitTo: Minutes;
  /** True for what is left of work of which a part is frozen: the part stands beside it. */
  readonly isRest: boolean;
}

/** Where a stretch of work was put. One for all work that asks the same, so that it can be remembered by. */
interface Placed {
  readonly placement: Placement;
  readonly date: LocalDate;
  readonly month: Month;
  readonly rateClass: RateClass | null;
  readonly timeZone: TimeZone;
  /** What step 2 says of work that was not cut. */
  readonly wholeStep: TraceStep | null;
}
interface PlacedStretch {
  readonly fromMinute: Minutes;
  readonly toMinute: Minutes;
  readonly placed: Placed;
}

/** Work in the order of rating: by work date, then by the position at which it was first recorded. */
export function inRatingOrder(work: readonly WorkItem[]): readonly WorkItem[] {
  return [...work].sort(
    (a, b) => compare(a.workDate, b.workDate) || a.position - b.position || compare(a.workItemId, b.workItemId),
  );
}

/** The same for segments, those of a night are days apart; first what is firm, then what is provisional, then what stands alone. */
export function segmentsInRatingOrder(byWork: readonly (readonly Assessed[])[]): readonly Assessed[] {
  return byWork
    .flat()
    .sort(
      (a, b) =>
        rankOf(a.work) - rankOf(b.work) ||
        compare(a.date, b.date) ||
        a.work.position - b.work.position ||
        compare(a.work.workItemId, b.work.workItemId) ||
        (a.segment?.fromMinute ?? 0) - (b.segment?.fromMinute ?? 0),
    );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Steps 1 to 3 for the work of one client-period. Equal questions are answered once within one call of `rate`. */
export class Assessor {
  private readonly chains = new Map<When, Map<string | null, readonly ChainLink[]>>();
  private readonly placements = new Map<When, Map<string, Placed>>();
  /** By ticket, one short text for all tickets that ask the same. */
  private readonly ticketKeys = new Map<string, string>();
  private readonly keysOfAsked = new Map<string, string>();
  private readonly criteria: ReadonlySet<keyof CoverageMatch>;
  private readonly timeline: Timeline;

  constructor(
    private readonly facts: ClientPeriodFacts,
    private readonly frozen: FrozenWorkById,
  ) {
    const clientZone = facts.clientTimeZone ?? facts.configuration.organisation.timeZone;
    this.timeline = new Timeline(facts.contracts, clientZone);
    this.criteria = criteriaOf(facts.contracts);
  }

  /**
   * The segments of the work that are of the period, in order of time. None: an entry over a month's end that only touches it. `frozen` null:
   * as if nothing of it were frozen. `isReopened`: it is frozen and what it was, and is rated whole again.
   */
  assess(work: WorkItem, frozen = this.frozen.get(work.workItemId) ?? null, isReopened = false): readonly Assessed[] {
    const ticket = this.ticketOf(work);
    invariant(
      hasTimes(work) || monthOf(work.workDate) === this.facts.period,
      `work ${work.workItemId} of ${work.workDate} is not work of ${this.facts.period}`,
    );
    const step = workStep(work);
    const isUnchanged =
      frozen !== null &&
      !isReopened &&
      isSameWork(frozen.latest.trace, step) &&
      !lacksWhatWasAdjusted(frozen, this.facts);
    const of = { work, ticket, workStep: step, frozen };
    if (isUnchanged && isWhollyFrozen(frozen, work)) return [frozenAsItIs(of)];
    const stretches = this.timeline.segmentsOf(work);
    const [only] = stretches;
    if (only !== undefined && stretches.length === 1 && frozen === null) {
      const placed = this.place(work, ticket, null, only, only.when);
      return placed.month === this.facts.period ? [assessedWhole(of, placed, only.toMinute)] : [];
    }
    const placed = stretches.map((stretch): PlacedStretch => {
      const { fromMinute, toMinute, when } = stretch;
      return {
        fromMinute,
        toMinute,
        placed:
          isReopened && frozen !== null
            ? this.placeAsThen(work, ticket, frozen, stretch, when)
            : this.place(work, ticket, isUnchanged ? null : frozen, stretch, when),
      };
    });
    const ofPeriod = joined(placed).filter(({ placed: { month } }) => month === this.facts.period);
    const free = isUnchanged ? ofPeriod.flatMap((one) => withoutFrozen(one, frozen)) : ofPeriod.map(withUnit);
    if (free.length === 0 && frozen !== null && isUnchanged) return [frozenAsItIs(of)];
    return free.map((one) => assessedOf(of, one));
  }

  private ticketOf(work: WorkItem): TicketFacts {
    const ticket = this.facts.tickets.get(work.ticketId);
    invariant(ticket !== undefined, `the facts lack ticket ${work.ticketId} of work ${work.workItemId}`);
    invariant(
      ticket.clientId === this.facts.clientId,
      `ticket ${ticket.ticketId} is of client ${ticket.clientId}, not of ${this.facts.clientId}`,
    );
    return ticket;
  }

  /** `corrected`: what was frozen of work that has changed since; then the version that priced it prices it again. */
  private place(
    work: WorkItem,
    ticket: TicketFacts,
    corrected: FrozenWork | null,
    stretch: Stretch,
    when: When,
  ): Placed {
    if (corrected !== null) {
      const link = pricedUnder(corrected, this.facts.contracts, stretch.fromMinute);
      if (link !== null) return this.placedUnder(cover([link], this.workUnder(work, ticket, when)), when);
    }
    let placements = this.placements.get(when);
    if (placements === undefined) this.placements.set(when, (placements = new Map()));
    const key = this.askedKey(work, ticket);
    let placed = placements.get(key);
    if (placed === undefined) {
      const placement =
        noCharge(ticket) ?? cover(this.chainOf(ticket.contractId, when), this.workUnder(work, ticket, when));
      placed = this.placedUnder(placement, when);
      placements.set(key, placed);
    }
    return placed;
  }

  private placeAsThen(work: WorkItem, ticket: TicketFacts, frozen: FrozenWork, stretch: Stretch, when: When): Placed {
    const placement = placedThen(frozen, this.facts.contracts, stretch.fromMinute);
    return placement === null ? this.place(work, ticket, frozen, stretch, when) : this.placedUnder(placement, when);
  }

  /** Equal for work that every rule answers alike: what no rule asks about does not tell one piece of work from another. */
  private askedKey(work: WorkItem, ticket: TicketFacts): string {
    const ofTicket = this.ticketKey(ticket);
    if (work.kind !== 'time') return `${ofTicket} ${work.kind}`;
    const workType = this.criteria.has('workTypes') ? work.workType : '';
    const engineerRole = this.criteria.has('engineerRoles') ? work.engineerRole : '';
    return `${ofTicket} time ${workType}\u0000${engineerRole}`;
  }

  private placedUnder(placement: Placement, when: When): Placed {
    const terms = placement.as === 'no-charge' ? null : (placement.inForce?.version.terms ?? null);
    const timeZone = terms === null ? this.timeline.clientZone : this.timeline.zoneOf(terms);
    const date = when.dayIn(timeZone);
    const rateClass = terms === null ? null : when.classUnder(terms);
    const wholeStep = rateClass === null ? null : classStep(date, rateClass, timeZone);
    return { placement, date, month: monthOf(date), rateClass, timeZone, wholeStep };
  }

  private workUnder(work: WorkItem, ticket: TicketFacts, when: When): (inForce: InForce) => WorkToCover {
    return ({ version }) => workToCover(work, ticket, when.classUnder(version.terms));
  }

  private chainOf(contractId: string | null, when: When): readonly ChainLink[] {
    let chains = this.chains.get(when);
    if (chains === undefined) this.chains.set(when, (chains = new Map()));
    let chain = chains.get(contractId);
    if (chain === undefined) {
      const { contracts, clientId } = this.facts;
      const clientDay = when.dayIn(this.timeline.clientZone);
      chain = contractChain(contracts, clientId, contractId, clientDay, (terms) =>
        when.dayIn(this.timeline.zoneOf(terms)),
      );
      chains.set(contractId, chain);
    }
    return chain;
  }

  private ticketKey(ticket: TicketFacts): string {
    let key = this.ticketKeys.get(ticket.ticketId);
    if (key === undefined) {
      const { criteria } = this;
      const asked = JSON.stringify([
        ticket.contractId,
        criteria.has('categories') ? ticket.category : null,
        criteria.has('ticketTypes') ? ticket.ticketType : null,
        criteria.has('priorities') ? ticket.priority : null,
        criteria.has('sites') ? ticket.siteId : null,
        ticket.noCharge === null ? null : ticket.ticketId,
      ]);
      key = this.keysOfAsked.get(asked) ?? String(this.keysOfAsked.size);
      this.keysOfAsked.set(asked, key);
      this.ticketKeys.set(ticket.ticketId, key);
    }
    return key;
  }
}

/** What the coverage rules of any version ask about. */
function criteriaOf(contracts: ClientPeriodFacts['contracts']): ReadonlySet<keyof CoverageMatch> {
  const criteria = new Set<keyof CoverageMatch>();
  for (const { versions } of contracts)
    for (const { terms } of versions)
      for (const { match } of terms.coverage)
        for (const name of CRITERIA) if (match[name] !== undefined) criteria.add(name);
  return criteria;
}

const CRITERIA = ['workTypes', 'engineerRoles', 'categories', 'ticketTypes', 'priorities', 'sites'] as const;

/** A piece of work as coverage rules, caps and discounts match it. */
export function workToCover(work: WorkItem, ticket: TicketFacts, rateClass: RateClass | null): WorkToCover {
  const time = work.kind === 'time' ? work : null;
  return {
    kind: work.kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: time === null ? null : rateClass,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}

/** A declaration covers the whole ticket, whatever its contract says: a person answered for it with a reason. */
function noCharge(ticket: TicketFacts): Placement | null {
  if (ticket.noCharge === null) return null;
  const { reasonCode, reason, eventId } = ticket.noCharge;
  return {
    as: 'no-charge',
    steps: [
      {
        step: 'no-charge',
        text: `declared no-charge: ${reasonCode}, ${reason}`,
        facts: { reasonCode, reason, eventId },
      },
    ],
  };
}

/** Neighbouring stretches that turned out alike, as one. */
function joined(stretches: readonly PlacedStretch[]): readonly PlacedStretch[] {
  if (stretches.length < 2) return stretches;
  const segments: PlacedStretch[] = [];
  let lastDate: LocalDate | null = null;
  for (const one of stretches) {
    const last = segments.at(-1);
    if (last !== undefined && areAlike(last.placed, one.placed, lastDate ?? last.placed.date)) {
      segments[segments.length - 1] = { ...last, toMinute: one.toMinute };
    } else segments.push(one);
    lastDate = one.placed.date;
  }
  return segments;
}

function areAlike(a: Placed, b: Placed, lastDate: LocalDate): boolean {
  if (a === b) return true;
  if (a.month !== b.month || a.rateClass !== b.rateClass) return false;
  if (a.placement.as === 'no-charge' || b.placement.as === 'no-charge') return a.placement.as === b.placement.as;
  const inForceA = a.placement.inForce;
  const inForceB = b.placement.inForce;
  if (inForceA?.contract !== inForceB?.contract || inForceA?.version !== inForceB?.version) return false;
  if (a.placement.as === 'unpriced' || b.placement.as === 'unpriced') {
    return a.placement.as === b.placement.as && reasonOf(a.placement) === reasonOf(b.placement);
  }
  if (a.placement.rule !== b.placement.rule) return false;
  return a.placement.as !== 'prepaid' || !hasBlockEdge(a.placement.inForce, lastDate, b.date);
}

function reasonOf(placement: Placement): unknown {
  return placement.steps.at(-1)?.facts['unpriced'];
}

/** True where a block begins or expires between two days: what lies on either side of it draws on other blocks. */
function hasBlockEdge({ contract }: InForce, before: LocalDate, after: LocalDate): boolean {
  if (before === after) return false;
  return (contract.blocks ?? []).some(
    ({ purchasedOn, expiresOn }) =>
      (purchasedOn > before && purchasedOn <= after) ||
      (expiresOn !== null && expiresOn >= before && expiresOn < after),
  );
}

type FreeStretch = PlacedStretch & Pick<Assessed, 'unitFrom' | 'unitTo' | 'isRest'>;

function withUnit(one: PlacedStretch): FreeStretch {
  const { fromMinute, toMinute, placed } = one;
  return { fromMinute, toMinute, placed, unitFrom: fromMinute, unitTo: toMinute, isRest: false };
}

/** What is left of a segment when the stretches that are frozen are taken out of it. */
function withoutFrozen(one: PlacedStretch, frozen: FrozenWork): readonly FreeStretch[] {
  const free: FreeStretch[] = [];
  const unit = { ...one, unitFrom: one.fromMinute, unitTo: one.toMinute, isRest: true };
  let from = one.fromMinute;
  for (const taken of frozen.stretches) {
    if (taken.toMinute <= from || taken.fromMinute >= one.toMinute) continue;
    if (taken.fromMinute > from) free.push({ ...unit, fromMinute: from, toMinute: taken.fromMinute });
    from = Math.max(from, taken.toMinute);
  }
  if (from < one.toMinute || (one.fromMinute === one.toMinute && frozen.stretches.length === 0))
    free.push({ ...unit, fromMinute: from });
  return free;
}

type Known = Pick<Assessed, 'work' | 'ticket' | 'workStep' | 'frozen'>;

function frozenAsItIs({ work, ticket, workStep: step, frozen }: Known): Assessed {
  return {
    work,
    ticket,
    workStep: step,
    frozen,
    placement: null,
    date: work.workDate,
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
function assessedWhole({ work, ticket, workStep: step }: Known, placed: Placed, minutes: Minutes): Assessed {
  return {
    work,
    ticket,
    workStep: step,
    frozen: null,
    placement: placed.placement,
    date: placed.date,
    rateClass: placed.rateClass,
    segment: null,
    minutes,
    segmentStep: placed.wholeStep,
    unitFrom: 0,
    unitTo: minutes,
    isRest: false,
  };
}

function assessedOf({ work, ticket, workStep: step, frozen }: Known, one: FreeStretch): Assessed {
  const { placement, date, rateClass, timeZone, wholeStep } = one.placed;
  const { fromMinute, toMinute } = one;
  const isWhole = work.kind !== 'time' || (fromMinute === 0 && toMinute === work.minutes);
  return {
    work,
    ticket,
    workStep: step,
    frozen,
    placement,
    date,
    rateClass,
    segment: isWhole ? null : { fromMinute, toMinute, date, rateClass },
    minutes: toMinute - fromMinute,
    segmentStep: isWhole ? wholeStep : cutStep(work.minutes, fromMinute, toMinute, date, rateClass, timeZone),
    unitFrom: one.unitFrom,
    unitTo: one.unitTo,
    isRest: one.isRest,
  };
}

function classStep(date: LocalDate, rateClass: RateClass, timeZone: TimeZone): TraceStep {
  return { step: 'segment', text: `${rateClass} on ${date} in ${timeZone}`, facts: { date, rateClass, timeZone } };
}

function cutStep(
  minutes: Minutes,
  fromMinute: Minutes,
  toMinute: Minutes,
  date: LocalDate,
  rateClass: RateClass | null,
  timeZone: TimeZone,
): TraceStep {
  return {
    step: 'segment',
    text: `minutes ${fromMinute} to ${toMinute} of ${minutes}: ${rateClass ?? 'no class'} on ${date} in ${timeZone}`,
    facts: { fromMinute, toMinute, date, rateClass, timeZone },
  };
}
