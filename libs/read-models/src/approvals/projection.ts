import {
  Money,
  PERSON_CATEGORY,
  hashOfForgoing,
  invariant,
  isEffectOf,
  isOnHeldWork,
  unreachable,
  valueOfForgone,
  type ForgoingApproved,
  type ForgoingRequested,
  EFFECTS_OF_FORGOING,
} from '@billtrail/kernel';
import {
  DEFAULT_CONFIGURATION,
  gapWithoutOccurrence,
  isNameOfWork,
  itemKeyOf,
  limitOf,
  type AccountEvent,
  type BillingGapAccepted,
  type BillingGapClosed,
  type ConfigurationPublished,
  type GapEvent,
} from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ClientEvent, ContractEvent } from '@billtrail/contracts';
import { TYPES_OF_PLACES, WORK_CHANGE_TYPES, isWorkChange, workChangeOf, type TicketEvent } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { minorOf } from '../database/money-columns.js';
import { eventOf, type Folding, type LogProjection, type RecordedOf } from '../runner/projection.js';
import { LapsesFold, TYPES_OF_LAPSES, isOfLapses, itemsAskedFor } from './lapses.js';
import { KnownPeopleFold, TYPES_OF_KNOWN, isOfKnown } from './known-people.js';
import { PlacesOfWorkFold, isOfPlaces, placesLeft } from './places-of-work.js';
import { PeopleOfWorkFold, TYPES_OF_PEOPLE, isOfPeople, peopleOf } from './people-of-work.js';
import {
  APPROVALS_MODEL,
  FORGOING_LIMITS,
  APPROVALS,
  FORGONE_SUMS,
  KNOWN_PEOPLE,
  LINES_NAMED,
  PEOPLE_OF_WORK,
  PLACES_LEFT,
  PLACES_OF_TICKETS,
  PLACES_OF_WORK,
  type ApprovalEnding,
  type ApprovalRow,
  type Lapse,
  type LapseCause,
  type StoodIn,
  type WhyItWaits,
} from './tables.js';

const TYPES_OF_SUMS = [
  'ForgoingRequested',
  'ForgoingWithdrawn',
  'ForgoingApproved',
  'ForgoingRefused',
  'ConfigurationPublished',
  'BillingGapAccepted',
  'BillingGapClosed',
  'WorkWrittenOff',
  'CreditNoteIssueRequested',
  'CreditNoteIssueWithdrawn',
  'CourtesyGranted',
  'CourtesyWithdrawn',
  'TimeEntryPriceOverridden',
  ...WORK_CHANGE_TYPES,
  'NoChargeDeclared',
  'TicketReopened',
  ...EFFECTS_OF_FORGOING.reclassify,
  ...EFFECTS_OF_FORGOING['back-date'],
] as const;

type EventOfSums = Extract<
  GapEvent | AccountEvent | TicketEvent | ContractEvent | ClientEvent | ConfigurationPublished,
  { type: (typeof TYPES_OF_SUMS)[number] }
>;

const OF_SUMS: ReadonlySet<string> = new Set(TYPES_OF_SUMS);

/**
 * The verdict of each request to forgo money, from the requests before it in the log and the limits published until then: not from rated rows, not from the
 * clock, so that every process reaches the same one. Only what stands on one person's word counts in the sums: what a second person approved takes no room. What waits lapses when that is gone which it asks about.
 */
export const approvalsProjection: LogProjection = {
  name: APPROVALS_MODEL,
  schemaVersion: 21,
  types: [
    ...new Set([...TYPES_OF_SUMS, ...TYPES_OF_PEOPLE, ...TYPES_OF_PLACES, ...TYPES_OF_KNOWN, ...TYPES_OF_LAPSES]),
  ],
  categories: ['ticket', 'gap', 'account', 'client', 'contract', 'contracts', 'configuration', PERSON_CATEGORY],
  tables: [
    APPROVALS,
    FORGONE_SUMS,
    FORGOING_LIMITS,
    PEOPLE_OF_WORK,
    PLACES_OF_TICKETS,
    PLACES_OF_WORK,
    PLACES_LEFT,
    KNOWN_PEOPLE,
    LINES_NAMED,
  ],
  start: (database) => new ApprovalsFold(database),
};

const ADDING_UP: ReadonlySet<ApprovalRow['act']> = new Set(['reject-work', 'no-charge', 'reclassify', 'back-date']);

const TICKET_STREAM = 'ticket-';

interface Scope {
  readonly ticketId: string;
  readonly clientId: string;
  readonly period: string;
}

class ApprovalsFold implements Folding {
  private readonly put;
  private readonly byId;
  private readonly end;
  private readonly approve;
  private readonly decideInPlaceOf;
  private readonly openOf;
  private readonly openOn;
  private readonly carriedOutOf;
  private readonly rejectedOn;
  private readonly acceptedOf;
  private readonly sumOf;
  private readonly add;
  private readonly putLimits;
  private readonly limits;
  private readonly people: PeopleOfWorkFold;
  private readonly places: PlacesOfWorkFold;
  private readonly known: KnownPeopleFold;
  private readonly lapses: LapsesFold;

  constructor(private readonly database: ReadDatabase) {
    this.put = database.insert(APPROVALS);
    this.byId = database.rows(APPROVALS, 'WHERE request_id = ?');
    this.end = database.statement<[ApprovalEnding, string | null, string | null, string | null, string]>(
      'UPDATE approvals SET ending = ?, ended_by = ?, ended_reason = ?, lapse = ? WHERE request_id = ?',
    );
    this.decideInPlaceOf = database.statement<[string, string]>(
      'UPDATE approvals SET decided_in_place_of = ? WHERE request_id = ?',
    );
    this.approve = database.statement<[string, string, string | null, string]>(
      "UPDATE approvals SET verdict = 'stands', approved_by = ?, approved_at = ?, decided_in_place_of = ? WHERE request_id = ?",
    );
    this.openOf = database.rows(APPROVALS, 'WHERE stream = ? AND act = ? AND target = ? AND ending IS NULL');
    this.openOn = database.rows(APPROVALS, 'WHERE stream = ? AND act = ? AND ending IS NULL');
    this.carriedOutOf = database.rows(APPROVALS, "WHERE subject = ? AND act = ? AND ending = 'carried-out'");
    this.rejectedOn = database.rows(
      APPROVALS,
      "WHERE stream = ? AND act = 'reject-work' AND ending = 'carried-out' ORDER BY position",
    );
    this.acceptedOf = database.rows(
      APPROVALS,
      "WHERE work_item_id = ? AND ticket_id = ? AND act = 'accept-gap' AND ending = 'carried-out'",
    );
    this.sumOf = database
      .exactStatement<[string, string, string, string], bigint>(
        'SELECT minor FROM forgone_sums WHERE ticket_id = ? AND client_id = ? AND period = ? AND currency = ?',
      )
      .pluck();
    this.add = database.statement<[string, string, string, string, bigint]>(
      `INSERT INTO forgone_sums (ticket_id, client_id, period, currency, minor) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (ticket_id, client_id, period, currency) DO UPDATE SET minor = minor + excluded.minor`,
    );
    this.putLimits = database.insert(FORGOING_LIMITS, 'OR REPLACE');
    this.limits = database.rows(FORGOING_LIMITS, '');
    this.people = new PeopleOfWorkFold(database);
    this.places = new PlacesOfWorkFold(database);
    this.known = new KnownPeopleFold(database);
    this.lapses = new LapsesFold(database, (requestId, lapse) => this.endOpen(requestId, 'lapsed', { lapse }));
  }

  apply(recorded: RecordedEvent): void {
    if (isOfPeople(recorded)) this.people.apply(recorded);
    if (isOfPlaces(recorded)) this.places.apply(recorded);
    if (isOfKnown(recorded)) this.known.apply(recorded);
    if (OF_SUMS.has(recorded.type)) this.summed(eventOf<EventOfSums>(recorded));
    // After what it carried out itself.
    if (isOfLapses(recorded)) this.lapses.apply(eventOf(recorded));
  }

  private summed(event: RecordedOf<EventOfSums>): void {
    if (event.causationId !== null) this.carriedOut(event, event.causationId);
    if (isWorkChange(event)) {
      const { change, workItemId } = workChangeOf(event);
      // It is asked again, or what ends it forgoes it in its place.
      if (change !== 'rejected') this.takenBack(event, 'reject-work', workItemId);
      return;
    }
    switch (event.type) {
      case 'ForgoingRequested':
        return this.requested(event);
      case 'ForgoingWithdrawn': {
        const { requestId, withdrawnBy: by, reason } = event.data;
        return this.endOpen(requestId, 'withdrawn', { by, reason });
      }
      case 'ForgoingRefused': {
        const { requestId, refusedBy: by, reason, inPlaceOf } = event.data;
        if (inPlaceOf !== undefined) this.decideInPlaceOf.run(inPlaceOf, requestId);
        return this.endOpen(requestId, 'refused', { by, reason });
      }
      case 'ForgoingApproved':
        return this.approved(event);
      case 'ConfigurationPublished':
        this.published(event.data);
        return this.endOthers(event, 'configure', 'published-anew');
      case 'BillingGapAccepted':
        this.accepted(event);
        return this.gapEnded(event);
      case 'BillingGapClosed':
        return this.gapEnded(event);
      case 'CreditNoteIssueWithdrawn':
        return this.takenBack(event, 'credit', event.data.creditNoteId);
      case 'CourtesyWithdrawn':
        return this.takenBack(event, 'courtesy', event.data.workItemId);
      case 'TimeEntryPriceOverridden':
        return this.takenBack(event, 'price-override', event.data.timeEntryId);
      // The declaration ends, and its work is asked again.
      case 'TicketReopened':
        return this.takenBack(event, 'no-charge', event.stream.slice(TICKET_STREAM.length));
      case 'NoChargeDeclared':
      case 'TicketTriaged':
      case 'TicketReclassified':
      case 'TicketReprioritised':
      case 'ScopeClassified':
      case 'TicketMerged':
      case 'TicketSplit':
      case 'ContractActivated':
      case 'ContractVersionPublished':
      case 'ContractRenewed':
      case 'ContractRenewalReversed':
      case 'ContractSuspended':
      case 'ContractResumed':
      case 'ContractTerminated':
      case 'PrepaidBlockPurchased':
      case 'NoticeRecorded':
      case 'CountRecorded':
      case 'PrepaidBlockReturned':
      case 'PrepaidBlockWithdrawn':
      case 'MilestoneDeclarationWithdrawn':
      case 'ClientDetailsChanged':
      case 'SiteRegistered':
      case 'SiteDetailsChanged':
      case 'WorkWrittenOff':
      case 'CreditNoteIssueRequested':
      case 'CourtesyGranted':
        return;
      default:
        return unreachable(event);
    }
  }

  private requested(event: RecordedOf<ForgoingRequested>): void {
    const { id: requestId, position, stream, actor, occurredAt, recordedAt, data } = event;
    const { forgone, asked, clientId, period } = data;
    const [first] = forgone;
    invariant(first !== undefined || data.loosens !== undefined, 'a request forgoes nothing');
    const value = valueOfForgone(forgone);
    const subject = subjectOf(stream, data);
    const ticketId = forgone.length === 1 ? (first?.ticketId ?? null) : null;
    const workItemId = data.workItemId ?? null;
    const replaced = [
      ...this.replacedBy(data.act, subject),
      ...this.rejectionsTold({ subject, workItemId, ticketId, forgone }),
    ];
    const stoodIn = this.stoodIn(data);
    const waitsBecause = this.whyItWaits({ ...data, stoodIn }, actor.role, replaced);
    const { reasonCode = null, comment = asked.reason ?? null } = asked;
    this.put({
      act: data.act,
      target: data.target,
      forgone,
      asked,
      requestId,
      position,
      stream,
      subject,
      workItemId,
      clientId,
      period,
      stoodIn: stoodIn.length === 0 ? null : stoodIn,
      ticketId,
      valueMinor: value === null ? null : minorOf(value),
      currency: value?.currency ?? null,
      hash: hashOfForgoing(data),
      workBy: data.workBy ?? this.peopleOf(forgone),
      requestedBy: actor.id,
      requestedAs: actor.role,
      requestedAt: occurredAt,
      recordedAt,
      reasonCode,
      comment,
      verdict: waitsBecause === null ? 'stands' : 'waits',
      waitsBecause,
      approvedBy: null,
      approvedAt: null,
      decidedInPlaceOf: null,
      ending: null,
      endedBy: null,
      endedReason: null,
      lapse: null,
    });
    if (waitsBecause === null) this.count({ ...data, stoodIn }, 1n);
  }

  /**
   * What it takes the place of. Corrections add up, and so do declarations and classifications of a ticket: each is of what the one before left. What is given up by a void or a correction was rejected before, where it
   * was.
   */
  private replacedBy(act: ApprovalRow['act'], subject: string): readonly ApprovalRow[] {
    if (ADDING_UP.has(act)) return [];
    return this.carriedOutOf.all(subject, isOnHeldWork(act) ? 'reject-work' : act);
  }

  /**
   * Rejections of the work that a gap is about, once what is accepted of that work, with this gap, comes to all that they gave up: it takes their place. Before that some of
   * what was rejected is still in sight, and they count beside it.
   */
  private rejectionsTold({ subject, workItemId, ticketId, forgone }: AboutGap): readonly ApprovalRow[] {
    if (workItemId === null || ticketId === null) return [];
    const rejected = this.rejectedOn
      .all(`${TICKET_STREAM}${ticketId}`)
      .filter(({ target }) => isNameOfWork(workItemId, ticketId, target));
    const currency = valueOfForgone(forgone)?.currency;
    if (rejected.length === 0 || rejected.some((one) => one.currency !== currency)) return [];
    const others = this.acceptedOf.all(workItemId, ticketId).filter((one) => one.subject !== subject);
    const accepted = [forgone, ...others.filter((one) => one.currency === currency).map((one) => one.forgone)];
    return sumOf(accepted) < sumOf(rejected.map((one) => one.forgone)) ? [] : rejected;
  }

  /**
   * Where what is forgone counts besides: where the work of its tickets stood, each month in which it may lie, and of an act on no one piece of work each month that its tickets have work in, for its own
   * month may be any: that of the first work, or of the day from which terms change. A request of before says itself where work stood.
   */
  private stoodIn(data: ForgoingRequested['data']): readonly StoodIn[] {
    const names = worksNamed(data);
    const tickets = data.forgone.flatMap(({ ticketId }) => ticketId ?? []);
    const isAsked = (ticketId: string, id: string): boolean =>
      names === null || names.some((name) => name === id || isNameOfWork(name, ticketId, id));
    const found = placesLeft(this.database, tickets, isAsked);
    const now = names === null ? this.places.now(tickets) : this.places.ofSeveralMonths(tickets, isAsked);
    return [...(data.stoodIn ?? []), ...found, ...now];
  }

  /** Who may have done the work, where the request is of a time before it said so: all who worked on its tickets. */
  private peopleOf(forgone: ApprovalRow['forgone']): readonly string[] {
    const tickets = forgone.flatMap(({ ticketId }) => ticketId ?? []);
    return [...new Set(tickets.flatMap((ticketId) => peopleOf(this.database, ticketId, null)))];
  }

  private approved({ data, occurredAt }: RecordedOf<ForgoingApproved>): void {
    const { requestId, approvedBy, inPlaceOf } = data;
    const request = this.byId.get(requestId);
    if (request?.verdict !== 'waits' || request.ending !== null) return;
    this.approve.run(approvedBy, occurredAt, inPlaceOf ?? null, requestId);
  }

  /** The first sum that it would bring above the limit, once it takes the place of those before it; null: none, it stands. */
  private whyItWaits(
    request: Omit<ForgoingRequested['data'], 'stoodIn'> & Pick<OfSums, 'stoodIn'>,
    role: ApprovalRow['requestedAs'],
    replaced: readonly ApprovalRow[],
  ): WhyItWaits | null {
    const { act, forgone, clientId, period, ownWork, loosens } = request;
    if (loosens !== undefined) return { because: 'loosens', rules: loosens };
    if (ownWork === true) return { because: 'own-work' };
    if (role === 'support' && isOnHeldWork(act)) return { because: 'by-engineer' };
    const limit = limitOf({ role }, this.limits.get()?.limits ?? DEFAULT_CONFIGURATION);
    if (forgone.some(({ money }) => money === null)) return { because: 'value-not-stated', limit };
    const most = Money.from(limit);
    const isForeign = forgone.some(({ money }) => money?.currency !== limit.currency);
    const because = 'above-limit';
    for (const { ticketId, minor, scope } of scopesOf(request)) {
      const isOfRequest = ticketId !== null || (scope.clientId === clientId && scope.period === (period ?? ''));
      const of = isOfRequest ? {} : { stoodIn: { clientId: scope.clientId, period: scope.period } };
      if (isForeign) return { because, ticketId, ...of, sum: null, limit };
      const others = this.sumOf.get(scope.ticketId, scope.clientId, scope.period, limit.currency) ?? 0n;
      const sum = Money.ofMinor(others - heldIn(scope, replaced, limit.currency) + minor, limit.currency);
      if (sum.compare(most) > 0) return { because, ticketId, ...of, sum: sum.toJSON(), limit };
    }
    return null;
  }

  /** What a second person approved is not counted. */
  private count(request: CountedRequest, sign: bigint): void {
    const { forgone, approvedBy = null } = request;
    const currency = valueOfForgone(forgone)?.currency;
    if (approvedBy !== null || currency === undefined) return;
    for (const { minor, scope } of scopesOf(request))
      this.add.run(scope.ticketId, scope.clientId, scope.period, currency, sign * minor);
  }

  /** What was forgone counts, also where by the verdict it had no effect: whoever carried it out read another one, or none. */
  private carriedOut(event: RecordedEvent, requestId: string): void {
    const request = this.byId.get(requestId);
    if (request === undefined || !isEffectOf(event, request)) return;
    const { verdict, ending } = request;
    // Several events may be one effect.
    if (ending === 'carried-out' || ending === 'taken-back') return;
    this.end.run('carried-out', null, null, null, requestId);
    if (verdict !== 'stands' || ending !== null) this.count(request, 1n);
  }

  /** Without effect: the room that it took is free again for requests that follow. */
  private endOpen(
    requestId: string,
    ending: ApprovalEnding,
    { by = null, reason = null, lapse = null }: { by?: string | null; reason?: string | null; lapse?: Lapse | null },
  ): void {
    const request = this.byId.get(requestId);
    if (request === undefined || request.ending !== null) return;
    this.end.run(ending, by, reason, lapse === null ? null : JSON.stringify(lapse), requestId);
    if (request.verdict === 'stands') this.count(request, -1n);
  }

  private gapEnded({ id: eventId, stream, data }: RecordedOf<BillingGapAccepted | BillingGapClosed>): void {
    for (const { requestId } of this.openOf.all(stream, 'accept-gap', data.gapId))
      this.endOpen(requestId, 'lapsed', { lapse: { because: 'gap-ended', eventId } });
  }

  /** What else was asked for of this act on the stream was asked of what there is no more. */
  private endOthers(
    { id: eventId, stream, causationId }: RecordedEvent,
    act: ApprovalRow['act'],
    because: LapseCause,
  ): void {
    for (const { requestId } of this.openOn.all(stream, act))
      if (requestId !== causationId) this.endOpen(requestId, 'lapsed', { lapse: { because, eventId } });
  }

  /** A gap that shows again takes the place of the one before, and one of work that was rejected that of the rejection. */
  private accepted(event: RecordedOf<BillingGapAccepted>): void {
    this.takenBack(event, 'accept-gap', event.data.gapId);
    const request = event.causationId === null ? undefined : this.byId.get(event.causationId);
    if (request !== undefined) for (const rejected of this.rejectionsTold(request)) this.takeBack(rejected);
  }

  /** The money is asked for again, or another price or gap takes the place of this one. */
  private takenBack({ stream, causationId }: RecordedEvent, act: ApprovalRow['act'], target: string): void {
    for (const request of this.carriedOutOf.all(subjectOf(stream, { act, target }), act)) {
      if (request.requestId !== causationId) this.takeBack(request);
    }
  }

  private takeBack(request: ApprovalRow): void {
    this.end.run('taken-back', null, null, null, request.requestId);
    this.count(request, -1n);
  }

  private published({ configuration }: ConfigurationPublished['data']): void {
    const { secondPersonAbove, limits, assumedPricePerHour, reasonCodes } = configuration;
    const of = {
      secondPersonAbove,
      assumedPricePerHour,
      ...(limits && { limits }),
      ...(reasonCodes && { reasonCodes }),
    };
    this.putLimits({ only: 1, limits: of });
  }
}

function subjectOf(stream: string, { act, target }: Pick<ApprovalRow, 'act' | 'target'>): string {
  return act === 'accept-gap' ? gapWithoutOccurrence(target) : `${stream} ${target}`;
}

/** What a gap is about. */
type AboutGap = Pick<ApprovalRow, 'subject' | 'workItemId' | 'ticketId' | 'forgone'>;

/** What says in which sums a request counts. */
type OfSums = Pick<ApprovalRow, 'forgone' | 'clientId' | 'period'> & {
  readonly stoodIn?: ApprovalRow['stoodIn'];
};

/** A request as it counts; `approvedBy` absent: nobody has approved it. */
type CountedRequest = OfSums & {
  readonly approvedBy?: string | null;
};

/** What some requests hold of a sum. */
function heldIn(scope: Scope, requests: readonly ApprovalRow[], currency: string): bigint {
  let held = 0n;
  for (const one of requests) {
    if (one.currency !== currency || one.approvedBy !== null) continue;
    for (const { minor, scope: of } of scopesOf(one))
      if (of.ticketId === scope.ticketId && of.clientId === scope.clientId && of.period === scope.period) held += minor;
  }
  return held;
}

function sumOf(parts: readonly ApprovalRow['forgone'][]): bigint {
  return parts.reduce((sum, forgone) => sum + totalOf(forgone), 0n);
}

function totalOf(forgone: ApprovalRow['forgone']): bigint {
  return forgone.reduce((sum, { money }) => sum + (money === null ? 0n : minorOf(money)), 0n);
}

/** Each ticket, then the client and month, and those in which the work stood when it was held, with the parts of that. What is of no client counts for its ticket, and there. */
function scopesOf({
  forgone,
  clientId,
  period,
  stoodIn,
}: OfSums): readonly { readonly ticketId: string | null; readonly minor: bigint; readonly scope: Scope }[] {
  const tickets = forgone.flatMap(({ ticketId, money }) =>
    ticketId === null || money === null
      ? []
      : [{ ticketId, minor: minorOf(money), scope: { ticketId, clientId: '', period: '' } }],
  );
  const now: readonly StoodIn[] = clientId === null ? [] : [{ clientId, period: period ?? '' }];
  const places = new Map<string, StoodIn[]>();
  for (const one of [...now, ...(stoodIn ?? [])]) {
    const key = `${one.clientId} ${one.period}`;
    places.set(key, [...(places.get(key) ?? []), one]);
  }
  return [
    ...tickets,
    ...[...places.values()].flatMap((of) => {
      const [first] = of;
      if (first === undefined) return [];
      const { clientId: whose, period: month } = first;
      const isOfAll = of.some((one) => one.ticketId === undefined);
      const parts = forgone.filter(({ ticketId }) => isOfAll || of.some((one) => one.ticketId === ticketId));
      return [{ ticketId: null, minor: totalOf(parts), scope: { ticketId: '', clientId: whose, period: month } }];
    }),
  ];
}

/** Under which names the work is rated that a request is about; null: all of its tickets. */
function worksNamed({ act, target, workItemId, asked }: ForgoingRequested['data']): readonly string[] | null {
  if (act === 'accept-gap') return workItemId === undefined ? null : [workItemId];
  const items = itemsAskedFor({ act, target, asked });
  if (items.length > 0) return items.map((itemId) => itemKeyOf(itemId).workItemId);
  return isOnHeldWork(act) || act === 'courtesy' || act === 'price-override' ? [target] : null;
}
