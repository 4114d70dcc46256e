import { Decimal, Money, ROLES, type LocalDate, type MoneyJson } from '@billtrail/kernel';
import { canonical, daysOfSet, type SharedCard } from '@billtrail/contracts';
import { boundsOf } from '@billtrail/ticketing';
import { issueDateLimits } from './account/issue-date.js';
import type { BillingConfiguration } from './configuration-shape.js';
import { limitOf } from './second-person.js';

type Configuration = BillingConfiguration;
type CardVersion = SharedCard['versions'][number];
type ApprovalRule = NonNullable<Configuration['approvalRules']>[number];

/** Paths of what is looser than before. `today`: the latest day that has begun anywhere. */
type Looser = (before: Configuration, after: Configuration, today: LocalDate) => readonly string[];

/** What money or sight hangs on in no way that was agreed to before: documents and commands show it to whoever approves or sends them. */
const never: Looser = () => [];

/**
 * Of every section, what lets one person forgo or approve more, has clients pay elsewhere, has gaps come later or be worth less, or prices work of days that have passed anew. What other
 * prices of the past are worth to all clients together is not asked: it would take a rating of everything. So they wait for another person whatever they change, but for
 * cards that only get dearer.
 */
const LOOSER: Readonly<Record<keyof Configuration, Looser>> = {
  organisation: (before, after, today) => ofOrganisation(before, after, today),
  unbilledAfterDays: (before, after) => when(after.unbilledAfterDays > before.unbilledAfterDays, 'unbilledAfterDays'),
  quickQuestionMinutes: (before, after) =>
    when(after.quickQuestionMinutes > before.quickQuestionMinutes, 'quickQuestionMinutes'),
  materialWords: (before, after) => ofWords(before, after),
  assumedPricePerHour: ({ assumedPricePerHour: before }, { assumedPricePerHour: after }) =>
    when(after !== null && (before === null || isMore(before, after)), 'assumedPricePerHour'),
  assumedMinutesPerTicket: (before, after) =>
    when(after.assumedMinutesPerTicket < before.assumedMinutesPerTicket, 'assumedMinutesPerTicket'),
  secondPersonAbove: (before, after) =>
    when(isMore(after.secondPersonAbove, before.secondPersonAbove), 'secondPersonAbove'),
  limits: (before, after) =>
    ROLES.filter((role) => {
      const isOwn = after.limits?.[role] !== undefined || before.limits?.[role] !== undefined;
      return isOwn && isMore(limitOf({ role }, after), limitOf({ role }, before));
    }).map((role) => `limits.${role}`),
  draftApproval: (before, after) =>
    when(before.draftApproval === 'another-person' && after.draftApproval !== 'another-person', 'draftApproval'),
  issueDates: (before, after) => {
    const [was, is] = [issueDateLimits(before), issueDateLimits(after)];
    return (['daysBeforeWork', 'daysAhead', 'daysBack'] as const)
      .filter((name) => is[name] > was[name])
      .map((name) => `issueDates.${name}`);
  },
  selfApproval: (before, after) =>
    when(before.selfApproval !== 'recorded' && after.selfApproval === 'recorded', 'selfApproval'),
  approvalRules: ({ approvalRules: before = [] }, { approvalRules: after = [] }) =>
    after.flatMap((rule, index) => when(!before.some((one) => isWithin(rule, one)), `approvalRules[${index}]`)),
  workDaysBack: (before, after) =>
    when((after.workDaysBack ?? Infinity) > (before.workDaysBack ?? Infinity), 'workDaysBack'),
  calendars: ({ calendars: before = {} }, { calendars: after = {} }) =>
    Object.keys(before)
      .filter((name) => differs(before[name], after[name]))
      .map((name) => `calendars.${name}`),
  holidaySets: ({ holidaySets: before = {} }, { holidaySets: after = {} }, today) =>
    Object.entries(before).flatMap(([name, set]) => {
      const now = after[name];
      const isSame = now !== undefined && !differs(until(daysOfSet(set), today), until(daysOfSet(now), today));
      return when(!isSame, `holidaySets.${name}`);
    }),
  rateCards: ({ rateCards: before = {} }, { rateCards: after = {} }, today) =>
    Object.entries(before).flatMap(([name, card]) => ofCard(name, card, after[name], today)),
  taxRates: never,
  taxDate: never,
  taxRounding: never,
  taxRegistered: never,
  invoices: never,
  paymentTerms: never,
  invoiceSeries: never,
  creditNoteSeries: never,
  chargeLeadDays: never,
  workTypes: never,
  engineerRoles: never,
  categories: never,
  ticketTypes: never,
  priorities: never,
  gates: never,
  reopenWithinDays: never,
  reasonCodes: never,
  currencyRates: never,
  serviceLevelPolicies: never,
  internalTargets: never,
  documentTexts: never,
  accountMap: never,
};

/** Paths of a new configuration that nobody puts in force alone. `today`: the latest day that has begun anywhere. Empty: it loosens nothing. */
export function loosenedBy(before: Configuration, after: Configuration, today: LocalDate): readonly string[] {
  return Object.values(LOOSER).flatMap((looser) => looser(before, after, today));
}

function when(isLooser: boolean, path: string): readonly string[] {
  return isLooser ? [path] : [];
}

function differs(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) !== canonical(other ?? null);
}

/** What is in another currency can't be compared, and may be any. */
function isMore(one: MoneyJson, other: MoneyJson): boolean {
  return one.currency !== other.currency || Money.from(one).compare(Money.from(other)) > 0;
}

function until<Day extends { readonly date: LocalDate }>(days: readonly Day[], today: LocalDate): readonly Day[] {
  return days.filter(({ date }) => date <= today);
}

function ofOrganisation(
  { organisation: before }: Configuration,
  { organisation: after }: Configuration,
  today: LocalDate,
) {
  const stated = (['currency', 'timeZone', 'calendar'] as const).filter((name) => differs(before[name], after[name]));
  const past = ({ holidays }: Configuration['organisation']): unknown =>
    Array.isArray(holidays) ? until(holidays as readonly { date: LocalDate }[], today) : holidays;
  const isOther = differs(past(before), past(after));
  // Where clients are told to pay to: one person alone would send their money elsewhere.
  const isElsewhere = after.bank !== undefined && differs(before.bank, after.bank);
  const others = [...(isOther ? ['holidays'] : []), ...(isElsewhere ? ['bank'] : [])];
  return [...stated, ...others].map((name) => `organisation.${name}`);
}

/** A word that is dropped, or whose goods are worth less, takes a gap or its value out of sight. */
function ofWords({ materialWords: before }: Configuration, { materialWords: after }: Configuration): readonly string[] {
  const isLooser = before.some(({ word, assumedPrice: was }) => {
    const now = after.find((one) => one.word.toLowerCase() === word.toLowerCase());
    if (now === undefined) return true;
    return was !== null && (now.assumedPrice === null || isMore(was, now.assumedPrice));
  });
  return when(isLooser, 'materialWords');
}

/** Whatever the one approves, the other does too. */
function isWithin(rule: ApprovalRule, other: ApprovalRule): boolean {
  const names = (one: readonly string[] | undefined, all: readonly string[] | undefined): boolean =>
    all === undefined || (one?.every((name) => all.includes(name)) ?? false);
  const [bounds, others] = [boundsOf(rule), boundsOf(other)];
  return (
    names(rule.workTypes, other.workTypes) &&
    names(rule.engineerRoles, other.engineerRoles) &&
    bounds.upToMinutes <= others.upToMinutes &&
    bounds.upToMinutesOfDay <= others.upToMinutesOfDay &&
    bounds.withinDays <= others.withinDays &&
    (bounds.withTimesOnly || !others.withTimesOnly)
  );
}

/** A card that is gone, or versions that were added for days that have passed, unless each asks at least what held on its days before. */
function ofCard(name: string, before: SharedCard, after: SharedCard | undefined, today: LocalDate): readonly string[] {
  if (after === undefined || before.currency !== after.currency) return [`rateCards.${name}`];
  return after.versions.flatMap((version, index) => {
    if (index < before.versions.length || version.from > today) return [];
    const asks = inForceSince(before.versions, version.from, today).every((was) => isNoCheaper(version, was));
    return when(!asks, `rateCards.${name}.versions[${index}]`);
  });
}

/** Of two with the same day the one further down holds. */
function inForceSince(versions: readonly CardVersion[], from: LocalDate, today: LocalDate): readonly CardVersion[] {
  const first = versions.filter((one) => one.from <= from).reduce<CardVersion | null>(later, null);
  return [...(first === null ? [] : [first]), ...versions.filter((one) => one.from > from && one.from <= today)];
}

function later(one: CardVersion | null, other: CardVersion): CardVersion {
  return one === null || other.from >= one.from ? other : one;
}

/** The same but for its day and prices of an hour, none of which is lower. */
function isNoCheaper(version: CardVersion, was: CardVersion): boolean {
  const terms = (one: CardVersion) => ({
    ...one,
    from: null,
    labour: one.labour.map((rate) => ({ ...rate, pricePerHour: null })),
  });
  if (differs(terms(version), terms(was))) return false;
  return version.labour.every(({ pricePerHour }, index) =>
    new Decimal(pricePerHour).gte(new Decimal(was.labour[index]?.pricePerHour ?? pricePerHour)),
  );
}
