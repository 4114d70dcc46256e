import {
  ROLES,
  addDays,
  isEffectOf,
  localDateIn,
  type Agreed,
  type ForgoingRequested,
  type MoneyJson,
  type Role,
  type PersonEvent,
} from '@billtrail/kernel';
import {
  DEFAULT_CONFIGURATION,
  isNameOfWork,
  type AccountEvent,
  type ConfigurationEvent,
  type GapEvent,
} from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { Findings } from './findings.js';
import { minorOf } from './integers.js';

type Told = RecordedEvent &
  (AccountEvent | GapEvent | TicketEvent | ConfigurationEvent | PersonEvent | { readonly type: 'Other' });

/** A request to forgo money, and what the log says became of it. */
interface Request {
  readonly asked: RecordedEvent<ForgoingRequested>;
  /** What its role could forgo alone when it was sent. */
  readonly limit: MoneyJson;
  /** Somebody else agreed, and may. */
  isAgreed: boolean;
  /** Who agreed last, whether or not they may; null: nobody. */
  approvedBy: string | null;
  /** It took effect, by an event that says who. */
  isTold: boolean;
  hasEffect: boolean;
}

/** Who made somebody a person, or a key of theirs, and on which day. */
interface Vouched {
  readonly by: string;
  readonly on: string;
}

const DAYS_KEYED = 30;
const NEW_FACTS = /^(?:TimeEntry|MaterialUsage|Expense)(?:Approved|Corrected|Voided)$/u;

/**
 * L11, its persons: what is forgone was asked for, and is given up by as many persons as the limits ask, read off the log alone: one where all that stands on one
 * word, of the ticket and of the client and month, is within the limit; else another, who has done none of the work; and neither can hold a key of the other.
 * Nothing of the product's own sums and verdicts is used.
 */
export class PersonsOfForgoing {
  private readonly requests = new Map<string, Request>();
  private readonly vouched = new Map<string, Vouched[]>();
  /** Who was ever given a role that decides. */
  private readonly deciders = new Set<string>();
  /** Last value of a gap, in minor units. */
  private readonly gaps = new Map<string, bigint>();
  /** Who did a piece of work, by ticket stream and its id. */
  private readonly workers = new Map<string, Set<string>>();
  private configuration: Pick<typeof DEFAULT_CONFIGURATION, 'limits' | 'secondPersonAbove'> = DEFAULT_CONFIGURATION;
  private zone: string = DEFAULT_CONFIGURATION.organisation.timeZone;

  /** What an event, the next of the log, breaks. */
  next(recorded: RecordedEvent): Findings {
    const event = recorded as Told;
    const findings = this.judge(event);
    this.learn(event);
    return findings;
  }

  private judge(event: Told): Findings {
    const request = event.causationId === null ? undefined : this.requests.get(event.causationId);
    const isEffect =
      request !== undefined &&
      isEffectOf(event, { requestId: request.asked.id, act: request.asked.data.act }) &&
      event.stream === request.asked.stream;
    for (const one of this.requests.values())
      if (one !== request && isTakenBackBy(event, one.asked)) one.hasEffect = false;
    if (event.type === 'ForgoingApproved') return this.agreed(event);
    if (isEffect) return this.carriedOut(event, request);
    if (event.type === 'ConfigurationPublished') return this.published(event);
    return unasked(event, this.gaps).map(
      (what) => `at ${event.position} ${event.actor.id} ${what}, and nobody asked for it`,
    );
  }

  /** What its effects give up of each ticket since; null: nobody could state it. */
  forgoneBy(events: readonly RecordedEvent[]): ReadonlyMap<string, bigint | null> {
    const causes = new Set(events.flatMap(({ causationId }) => causationId ?? []));
    const sums = new Map<string, bigint | null>();
    for (const id of causes) {
      const { asked, hasEffect } = this.requests.get(id) ?? {};
      if (asked === undefined || hasEffect !== true) continue;
      for (const { ticketId, money } of asked.data.forgone) {
        if (ticketId === null) continue;
        const before = sums.get(ticketId) ?? (sums.has(ticketId) ? null : 0n);
        sums.set(ticketId, before === null || money === null ? null : before + minorOf(money));
      }
    }
    return sums;
  }

  private learn(event: Told): void {
    const { stream, actor, occurredAt } = event;
    const data = event.data as Readonly<Record<string, unknown>>;
    const workItemId = data['timeEntryId'] ?? data['materialUsageId'] ?? data['expenseId'];
    if (stream.startsWith('ticket-') && typeof workItemId === 'string' && 'workDate' in data) {
      const key = `${stream} ${workItemId}`;
      const people = this.workers.get(key) ?? new Set();
      // Nobody is named for goods: it is whoever wrote them down.
      const { engineerId, recordedBy, correctedBy } = data;
      for (const one of 'engineerId' in data ? [engineerId] : [recordedBy, correctedBy])
        if (typeof one === 'string') people.add(one);
      this.workers.set(key, people);
    }
    if (event.type === 'ConfigurationPublished') {
      this.configuration = event.data.configuration;
      this.zone = event.data.configuration.organisation.timeZone;
    }
    if (event.type === 'PersonRegistered' || event.type === 'PersonChanged' || event.type === 'KeyMade') {
      if ('roles' in event.data && event.data.roles.some((role) => role === 'accounts' || role === 'admin'))
        this.deciders.add(event.data.personId);
      const list = this.vouched.get(event.data.personId) ?? [];
      this.vouched.set(event.data.personId, list);
      // Who first says who somebody is has registered them.
      if (event.type !== 'PersonChanged' || list.length === 0)
        list.push({ by: actor.id, on: localDateIn(this.zone, occurredAt) });
    }
    if (event.type === 'BillingGapOpened' || event.type === 'BillingGapRevalued') {
      const { money } = event.data.valueAtRisk;
      this.gaps.set(stream, money === null ? 0n : minorOf(money));
    }
    if (event.type !== 'ForgoingRequested') return;
    const { limits, secondPersonAbove } = this.configuration;
    const limit = limits?.[actor.role]?.secondPersonAbove ?? secondPersonAbove;
    this.requests.set(event.id, {
      asked: event,
      limit,
      isAgreed: false,
      approvedBy: null,
      isTold: false,
      hasEffect: false,
    });
  }

  /** Whoever lets one person forgo more has another agree, once the log knows somebody who could. */
  private published({ position, actor, data }: Extract<Told, { type: 'ConfigurationPublished' }>): Findings {
    const { configuration: before } = this;
    const isFirst = before === DEFAULT_CONFIGURATION;
    if (isFirst || [...this.deciders].every((id) => id === actor.id)) return [];
    const limitOf = ({ limits, secondPersonAbove }: typeof before, role: Role): bigint =>
      minorOf(limits?.[role]?.secondPersonAbove ?? secondPersonAbove);
    return ROLES.filter((role) => limitOf(data.configuration, role) > limitOf(before, role))
      .slice(0, 1)
      .map((role) => `at ${position} ${actor.id} alone let ${role} forgo more`);
  }

  private agreed(event: Extract<Told, { type: 'ForgoingApproved' }>): Findings {
    const request = this.requests.get(event.data.requestId);
    if (request === undefined) return [`at ${event.position} a request was approved that nobody sent`];
    const { id: requester } = request.asked.actor;
    const { id } = event.actor;
    const on = localDateIn(this.zone, event.occurredAt);
    const told = `at ${event.position} ${id} approved what ${requester} asked for`;
    const wrong = [
      ...(id === requester ? ['is the same person'] : []),
      ...(this.vouched.has(id) ? [] : ['is nobody known']),
      ...(this.peopleOf(request.asked).has(id) ? ['did the work'] : []),
      ...(id !== requester && this.holdersOf(id, on).has(requester) ? ['may be them, by a key they made'] : []),
      ...(id !== requester && this.holdersOf(requester, on).has(id)
        ? ['may have asked for it, by a key they made']
        : []),
    ];
    request.isAgreed = wrong.length === 0;
    request.approvedBy = id;
    return wrong.map((why) => `${told}, and ${why}`);
  }

  private carriedOut(event: Told, request: Request): Findings {
    request.hasEffect = true;
    this.rejectedBefore(request);
    const untold = notTold(event, request);
    request.isTold = true;
    if (request.isAgreed) return untold;
    const { asked } = request;
    if (asked.data.loosens !== undefined) return [`at ${event.position} ${asked.actor.id} alone loosened a rule`];
    const { id, role } = asked.actor;
    const what = `at ${event.position} ${asked.data.act} of ${asked.data.target} by ${id} alone`;
    return [
      ...(this.peopleOf(asked).has(id) ? [`${what}, who did the work`] : []),
      ...(role === 'support' ? [`${what}, an engineer`] : []),
      ...(asked.data.forgone.some(({ money }) => money === null) ? [`${what}, and nobody knows its value`] : []),
      ...this.aboveTheLimit().map((sum) => `at ${event.position} one person's word forgoes ${sum}`),
    ];
  }

  /** What was rejected is given up once: by its gap, once all of it is accepted. */
  private rejectedBefore({ asked: { data } }: Request): void {
    const { act, workItemId, forgone } = data;
    const ticketId = forgone[0]?.ticketId ?? null;
    if (act !== 'accept-gap' || workItemId === undefined || ticketId === null) return;
    const done = [...this.requests.values()].filter(({ hasEffect }) => hasEffect);
    const rejected = done.filter(
      ({ asked: { stream, data: of } }) =>
        of.act === 'reject-work' && stream === `ticket-${ticketId}` && isNameOfWork(workItemId, ticketId, of.target),
    );
    const accepted = done.filter(
      ({ asked: { data: of } }) => of.workItemId === workItemId && of.forgone[0]?.ticketId === ticketId,
    );
    const all = (of: readonly Request[]): bigint =>
      of.reduce(
        (sum, one) => one.asked.data.forgone.reduce((to, { money }) => to + (money ? minorOf(money) : 0n), sum),
        0n,
      );
    if (all(accepted) >= all(rejected)) for (const one of rejected) one.hasEffect = false;
  }

  /** Each sum of what stands on one word that is above the limit of all who gave theirs. */
  private aboveTheLimit(): readonly string[] {
    const sums = new Map<string, { minor: bigint; most: bigint; readonly currency: string }>();
    for (const { asked, limit, hasEffect, isAgreed } of this.requests.values()) {
      if (!hasEffect || isAgreed) continue;
      const { clientId, period, forgone, stoodIn = [] } = asked.data;
      const places = [...(clientId === null ? [] : [{ clientId, period }]), ...stoodIn];
      const ofClients = new Set(places.map((one) => `${one.clientId} in ${one.period}`));
      for (const { ticketId, money } of forgone) {
        if (money === null) continue;
        for (const scope of [...(ticketId === null ? [] : [`ticket ${ticketId}`]), ...ofClients]) {
          const key = `${scope} ${money.currency}`;
          const sum = sums.get(key) ?? { minor: 0n, most: 0n, currency: money.currency };
          sum.minor += minorOf(money);
          const most = limit.currency === money.currency ? minorOf(limit) : 0n;
          if (most > sum.most) sum.most = most;
          sums.set(key, sum);
        }
      }
    }
    return [...sums]
      .filter(([, { minor, most }]) => minor > most)
      .map(([key, { minor, currency }]) => `${textOf(minor)} ${currency} of ${key.slice(0, -currency.length - 1)}`);
  }

  /** Whoever did the work that it is about, by the log and by what the request says. */
  private peopleOf({ stream, data: { target, workBy = [] } }: Request['asked']): ReadonlySet<string> {
    return new Set([...workBy, ...(this.workers.get(`${stream} ${target}`) ?? [])]);
  }

  /** Who may hold a key of a person: by a chain of such, each of the last 30 days. */
  private holdersOf(personId: string, on: string): ReadonlySet<string> {
    const holders = new Set([personId]);
    for (const one of holders)
      for (const { by, on: since } of this.vouched.get(one) ?? []) if (addDays(since, DAYS_KEYED) > on) holders.add(by);
    return holders;
  }
}

/** The first effect of a request that another agreed to names both persons. */
function notTold({ position, type, actor, data }: Told, { asked, approvedBy, isTold }: Request): Findings {
  if (isTold || approvedBy === null) return [];
  const { secondPerson = null } = data as Agreed;
  if (actor.id === asked.actor.id && secondPerson === approvedBy) return [];
  return [
    `at ${position} ${type} names ${actor.id} and ${secondPerson ?? 'nobody'}: ${asked.actor.id} asked, ${approvedBy} agreed`,
  ];
}

/** The persons of a whole log. */
export function withoutEnoughPersons(events: readonly RecordedEvent[]): Findings {
  const persons = new PersonsOfForgoing();
  return events.flatMap((event) => persons.next(event));
}

function textOf(minor: bigint): string {
  return `${minor / 100n}.${(minor % 100n).toString().padStart(2, '0')}`;
}

/** Its money is asked for again, or something else takes the place of it. */
function isTakenBackBy(event: Told, { stream, data: { act, target } }: Request['asked']): boolean {
  if (act === 'accept-gap')
    return event.type === 'BillingGapAccepted' && withoutEnd(event.data.gapId) === withoutEnd(target);
  if (event.stream !== stream) return false;
  switch (event.type) {
    case 'CourtesyWithdrawn':
      return act === 'courtesy' && target === event.data.workItemId;
    case 'TimeEntryPriceOverridden':
      return act === 'price-override' && target === event.data.timeEntryId;
    case 'CreditNoteIssueWithdrawn':
      return act === 'credit' && target === event.data.creditNoteId;
    case 'TicketReopened':
      return act === 'no-charge';
    default:
      return act === 'reject-work' && NEW_FACTS.test(event.type) && Object.values(event.data).includes(target);
  }
}

/** A gap that shows again has another number at its end. */
function withoutEnd(gapId: string): string {
  return gapId.slice(0, gapId.lastIndexOf('.'));
}

/** What an event gives up that is the effect of no request. */
function unasked(event: Told, gaps: ReadonlyMap<string, bigint>): readonly string[] {
  switch (event.type) {
    case 'WorkWrittenOff':
      return event.data.net !== null && minorOf(event.data.net) > 0n ? [`wrote off ${event.data.itemId}`] : [];
    case 'CourtesyGranted':
      return minorOf(event.data.amount) > 0n ? [`gave ${event.data.workItemId} as a courtesy`] : [];
    case 'BillingGapAccepted':
      return (gaps.get(event.stream) ?? 0n) > 0n ? [`accepted ${event.data.gapId}`] : [];
    case 'CreditNoteLinesAdded':
      return event.data.lines
        .filter(({ outcome, net }) => outcome === 'written-off' && minorOf(net) > 0n)
        .map(({ line }) => `credited ${line.itemId}, not to be billed again`);
    default:
      return [];
  }
}
