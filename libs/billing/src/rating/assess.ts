import { InvariantViolation, monthOf } from '@billtrail/kernel';
import { type CoverageMatch, type WorkToCover, classesToDeclare, versionInForce } from '@billtrail/contracts';
import { type Assessed, type Known, assessedOf, assessedWhole, freeOf, keptAsItIs } from './assessed.js';
import type { ClassFound } from './time/class-found.js';
import { classStep } from './time/class-step.js';
import type { Placed, PlacedStretch } from './placed.js';
import type { Step } from '../item/trace.js';
import { ByThree } from './by-three.js';
import { type ChainLink, type InForce, type Placement, unpricedStep } from './coverage/placement.js';
import { type ChosenLink, contractChain } from './coverage/step-1-contract.js';
import { cover } from './coverage/step-3-coverage.js';
import { ratedOutOfScope } from './coverage/scope.js';
import { workToCover } from './coverage/matching.js';
import type { Earlier, HeldByAccount, MonthOfWork } from './earlier.js';
import type { PeriodFacts, TicketFacts, WorkItem } from './facts.js';
import { type OwnedPiece, ownedPieces } from './time/owned-pieces.js';
import { joined } from './time/placed-stretches.js';
import { type Place, Places } from './time/places.js';
import { type Stretch, Timeline, type When, hasTimes } from './time/step-2-segments.js';

/** Steps 1 to 3 for the work of one client-period. Equal questions are answered once within one call of `rate`. */
export class Assessor {
  private readonly chains = new Map<When, Map<string | null, readonly ChainLink[]>>();
  private readonly placements = new Map<When, ByThree<Placed>>();
  /** By ticket, one short text for all tickets that ask the same. */
  private readonly ticketKeys = new Map<TicketFacts, string>();
  private readonly keysOfAsked = new Map<string, string>();
  private readonly criteria: ReadonlySet<keyof CoverageMatch>;
  private readonly places: Places;
  private readonly timeline: Timeline;

  constructor(private readonly facts: PeriodFacts) {
    this.places = new Places(facts);
    this.timeline = new Timeline(facts.contracts, this.places);
    this.criteria = criteriaOf(facts.contracts);
  }

  /**
   * The segments of the work that are of the period, in order of time. None: an entry over a month's end that only touches it, or that other accounts
   * of the client hold. `earlier` null: as if nothing of it were settled here; `elsewhere`: what is settled of it in the client's other periods.
   */
  assess(work: WorkItem, earlier: Earlier | null, elsewhere: readonly HeldByAccount[] = NOWHERE): readonly Assessed[] {
    const ticket = this.ticketOf(work);
    const { period } = this.facts;
    if (!hasTimes(work) && monthOf(work.workDate) !== period)
      throw new InvariantViolation(`work ${work.workItemId} of ${work.workDate} is not work of ${period}`);
    if (earlier?.mode === 'kept' && !earlier.isAdjusted) return [keptAsItIs({ work, ticket, earlier })];
    const stretches = this.timeline.segmentsOf(work);
    const only = stretches[0];
    if (earlier === null && elsewhere.length === 0) {
      const of = { work, ticket, earlier };
      if (only === undefined || stretches.length > 1) return segmentsOf(of, joined(this.ofPeriod(stretches, of)));
      const placed = this.place(work, ticket, only.when);
      return placed.month === period ? [assessedWhole(of, placed, only.toMinute)] : [];
    }
    const pieces = this.ofAccount(stretches, ticket, earlier, elsewhere);
    const minutes = pieces.reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);
    const then = earlier?.of(minutes) ?? null;
    const of = { work, ticket, earlier: then };
    if (then?.mode === 'kept') return [keptAsItIs(of)];
    const ofPeriod = joined(pieces.map((piece) => this.placePiece(of, piece)));
    if (then?.mode !== 'rest') return segmentsOf(of, ofPeriod);
    const first = ofPeriod[0];
    if (first === undefined) return [keptAsItIs(of)];
    const free = ofPeriod.flatMap((one) => then.free(one));
    return free.length === 0 ? [keptAsItIs(of)] : free.map((one) => freeOf(of, one, first.placed.date));
  }

  /** The segments of the work whatever month they are in, as if nothing of it were settled. */
  assessAnywhere(work: WorkItem): readonly Assessed[] {
    const of = { work, ticket: this.ticketOf(work), earlier: null };
    const placed = this.timeline.segmentsOf(work).map((stretch): PlacedStretch => {
      const { fromMinute, toMinute, when } = stretch;
      return { fromMinute, toMinute, placed: this.place(work, of.ticket, when) };
    });
    return joined(placed).map((one) => assessedOf(of, one, one.placed.date));
  }

  /** Of work that no account has. */
  private ofPeriod(stretches: readonly Stretch[], { work, ticket }: Known): readonly PlacedStretch[] {
    const ofPeriod: PlacedStretch[] = [];
    for (const { fromMinute, toMinute, when } of stretches) {
      const placed = this.place(work, ticket, when);
      if (placed.month === this.facts.period) ofPeriod.push({ fromMinute, toMinute, placed });
    }
    return ofPeriod;
  }

  /** What the period's account has of work stays there, whatever month it would be in now; what another account has is left to that. */
  private ofAccount(
    stretches: readonly Stretch[],
    ticket: TicketFacts,
    earlier: Earlier | null,
    elsewhere: readonly HeldByAccount[],
  ): readonly OwnedPiece[] {
    const { period } = this.facts;
    const accounts = earlier === null ? elsewhere : [earlier, ...elsewhere];
    const place = this.places.of(ticket);
    const monthOfWork: MonthOfWork = (when) => monthOf(when.dayIn(place.at((zone) => when.dayIn(zone)).timeZone));
    return ownedPieces(stretches, accounts, monthOfWork).filter(({ owner, when }) =>
      owner === null ? monthOfWork(when) === period : owner === earlier,
    );
  }

  private placePiece(of: Known, piece: OwnedPiece): PlacedStretch {
    const { fromMinute, toMinute, owner } = piece;
    const { period } = this.facts;
    if (owner === null) return { fromMinute, toMinute, placed: this.place(of.work, of.ticket, piece.when) };
    const placed = this.placeStretch(of, piece);
    return { fromMinute, toMinute, placed: placed.month === period ? placed : { ...placed, month: period } };
  }

  private ticketOf(work: WorkItem): TicketFacts {
    const { tickets, clientId } = this.facts;
    const ticket = tickets.get(work.ticketId);
    if (ticket === undefined)
      throw new InvariantViolation(`the facts lack ticket ${work.ticketId} of work ${work.workItemId}`);
    if (ticket.clientId !== clientId)
      throw new InvariantViolation(`ticket ${ticket.ticketId} is of client ${ticket.clientId}, not of ${clientId}`);
    return ticket;
  }

  /** Work that is rated again is put where it was then, as far as that can be told. */
  private placeStretch(of: Known, { fromMinute, when }: Stretch): Placed {
    const { work, ticket, earlier } = of;
    const then =
      earlier?.placementAt(fromMinute, (link) =>
        cover([link], this.workUnder(work, ticket, when), ratedOutOfScope(ticket, work.position)),
      ) ?? null;
    return then === null ? this.place(work, ticket, when) : this.placedUnder(then, when, this.places.of(ticket));
  }

  private place(work: WorkItem, ticket: TicketFacts, when: When): Placed {
    let placements = this.placements.get(when);
    if (placements === undefined) this.placements.set(when, (placements = new ByThree()));
    // What no rule asks about does not tell one piece of work from another.
    const outOfScope = ratedOutOfScope(ticket, work.position);
    const isFree = isDeclaredFree(ticket, work);
    const ofScope = outOfScope === null ? this.ticketKey(ticket) : `${this.ticketKey(ticket)} ${outOfScope.eventId}`;
    const ofTicket = isFree ? `${ofScope} free` : ofScope;
    const workType = work.kind !== 'time' ? work.kind : this.criteria.has('workTypes') ? work.workType : '';
    const role = work.kind !== 'time' ? NO_ROLE : this.criteria.has('engineerRoles') ? work.engineerRole : '';
    let placed = placements.get(ofTicket, workType, role);
    if (placed === undefined) {
      const covered = cover(this.chainOf(ticket.contractId, when), this.workUnder(work, ticket, when), outOfScope);
      placed = this.placedUnder(noCharge(ticket, isFree, covered), when, this.places.of(ticket));
      placements.set(ofTicket, workType, role, placed);
    }
    return placed;
  }

  private placedUnder(found: Placement, when: When, place: Place): Placed {
    const placement = withKnownClass(found, when, place, this.places);
    const terms = placement.as === 'no-charge' ? null : (placement.inForce?.version.terms ?? null);
    const { timeZone } = place.at((zone) => when.dayIn(zone));
    const date = when.dayIn(timeZone);
    const contractDate = terms === null ? date : when.dayIn(this.timeline.zoneOf(terms));
    const rateClass = terms === null ? null : when.classUnder(terms, place);
    const whichClass = (): ClassFound => {
      const there = terms === null ? null : when.holidayUnder(terms, place);
      return { date, rateClass, timeZone, siteId: place.siteId, holiday: there };
    };
    const wholeStep = rateClass === null ? null : classStep(whichClass);
    return { placement, date, contractDate, month: monthOf(date), rateClass, whichClass, wholeStep };
  }

  private workUnder(work: WorkItem, ticket: TicketFacts, when: When): (inForce: InForce) => WorkToCover {
    const place = this.places.of(ticket);
    return ({ version }) => workToCover(work, ticket, when.classUnder(version.terms, place));
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
      ).map((link) => this.withPricesOf(link, when));
      chains.set(contractId, chain);
    }
    return chain;
  }

  /** A card that the terms name is that of the day, in the zone of the contract, as its version is. */
  private withPricesOf(link: ChosenLink, when: When): ChainLink {
    if (link.inForce === null) return link;
    const { contract, version } = link.inForce;
    const day = when.dayIn(this.timeline.zoneOf(version.terms));
    return { ...link, inForce: { contract, version: versionInForce(version, day, this.facts.configuration) } };
  }

  private ticketKey(ticket: TicketFacts): string {
    let key = this.ticketKeys.get(ticket);
    if (key === undefined) {
      const { criteria } = this;
      const asked = JSON.stringify([
        ticket.contractId,
        criteria.has('categories') ? ticket.category : null,
        criteria.has('ticketTypes') ? ticket.ticketType : null,
        criteria.has('priorities') ? ticket.priority : null,
        criteria.has('sites') ? ticket.siteId : this.places.of(ticket).siteId,
        ticket.noCharge === null ? null : ticket.noCharge.eventId,
      ]);
      key = this.keysOfAsked.get(asked) ?? String(this.keysOfAsked.size);
      this.keysOfAsked.set(asked, key);
      this.ticketKeys.set(ticket, key);
    }
    return key;
  }
}

const NOWHERE: readonly HeldByAccount[] = [];

/** Segments of which nothing is settled. */
function segmentsOf(of: Known, segments: readonly PlacedStretch[]): readonly Assessed[] {
  const beganOn = segments[0]?.placed.date;
  return beganOn === undefined ? [] : segments.map((one) => assessedOf(of, one, beganOn));
}

/** What the coverage rules of any version ask about. */
function criteriaOf(contracts: PeriodFacts['contracts']): ReadonlySet<keyof CoverageMatch> {
  const criteria = new Set<keyof CoverageMatch>();
  for (const { versions } of contracts)
    for (const { terms } of versions)
      for (const { match } of terms.coverage)
        for (const name of CRITERIA) if (match[name] !== undefined) criteria.add(name);
  return criteria;
}

/** Stands for the role where no work type is asked for: no role has this name. */
const NO_ROLE = '\u0000';

const CRITERIA = ['workTypes', 'engineerRoles', 'categories', 'ticketTypes', 'priorities', 'sites'] as const;

/** Work with a class that its contract does not know has no price: nobody can say which was meant. */
function withKnownClass(placement: Placement, when: When, place: Place, places: Places): Placement {
  if (placement.as === 'no-charge' || placement.as === 'unpriced') return placement;
  const { inForce, steps } = placement;
  const unknown = when.unknownClassUnder(inForce.version.terms, place);
  if (unknown === null) return placement;
  const step: Step = () => {
    const { terms, versionNumber } = inForce.version;
    const { contractId } = inForce.contract;
    const { calendar } = place.at((zone) => when.dayIn(zone));
    const known = classesToDeclare(places.rateCalendar(terms.rateCalendar) ?? calendar);
    const text = `${unknown}, as it was declared, is no rate class of contract ${contractId} version ${versionNumber}; known: ${known.join(', ')}`;
    return unpricedStep('segment', 'rate-class-unknown', text, { rateClass: unknown, contractId, known });
  };
  return { as: 'unpriced', reason: 'rate-class-unknown', inForce, steps: [...steps, step] };
}

/** Whether the declaration of no charge was made for the work as it is: a correction ends it for its work, as it ends a price that was set. */
function isDeclaredFree({ noCharge: declared }: TicketFacts, { position, correctedAt = position }: WorkItem): boolean {
  return declared !== null && (declared.position === undefined || correctedAt < declared.position);
}

/** A declaration covers all work of the ticket until then, whatever its contract says: a person answered for it with a reason. Later work is told of it. */
function noCharge(
  { noCharge: declared }: TicketFacts,
  isFree: boolean,
  instead: Exclude<Placement, { readonly as: 'no-charge' }>,
): Placement {
  if (declared === null) return instead;
  const { reasonCode, reason, eventId } = declared;
  const until = isFree ? '' : '; of the work until then: this was recorded or corrected later, and is not free';
  const step: Step = () => ({
    step: 'no-charge',
    text: `declared no-charge: ${reasonCode}, ${reason}${until}`,
    facts: { reasonCode, reason, eventId, ...(isFree ? {} : { isFree }) },
  });
  return isFree ? { as: 'no-charge', steps: [step], instead } : { ...instead, steps: [step, ...instead.steps] };
}
