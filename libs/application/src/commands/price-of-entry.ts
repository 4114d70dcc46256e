import { Money, isRefusal, type MoneyJson, type Refusal } from '@billtrail/kernel';
import { moneyForgone, type BillableItem, type PriceOverride } from '@billtrail/billing';
import type { FactsOfWork, ReadModels } from '@billtrail/read-models';
import type * as ticketing from '@billtrail/ticketing';
import type { CommandContext } from '../command-path/command-envelope.js';
import type { ClientsOfTicket } from './any-ticket.commands.js';
import { ratedAs, workersBut, type TakenOff } from './taken-off.js';

const MINUTES_OF_AN_HOUR = 60;

/**
 * What a price of one entry takes off, which is held to the limits as a write-off of as much is; what nobody can state waits for a second person. Of all parts of the entry, in all its months, as if no courtesy were given, for that may be withdrawn. It is measured against the card, also where the
 * work is covered now, and where a document holds some of it also against what that asked. Raising a price forgoes nothing.
 */
export function lookAtOverride(
  { ticketId, timeEntryId, pricePerHour }: ticketing.OverrideTimeEntryPrice,
  { actor }: CommandContext,
  models: ReadModels,
  clientIds: ClientsOfTicket,
): { readonly looked: Refusal | null } & Partial<TakenOff> {
  const named = { ticketId, workItemId: timeEntryId };
  const parts = models.documentFacts.ofWork(named, clientIds);
  if (isRefusal(parts)) return { looked: parts };
  const current = parts.map(overrideOf).find((one) => one !== undefined);
  const isInvoiced = itemsAt(parts, current).some(({ disposition }) => disposition === 'invoiced');
  if (pricePerHour === null && !isInvoiced) return { looked: null };
  // What one person took off before is counted anew at the higher price, which takes the place of the other.
  const isCounted = models.approvals.isForgoneByOneNow(ticketId, 'price-override', timeEntryId);
  if (isRefusal(isCounted)) return { looked: isCounted };
  if (isRaised(current, pricePerHour) && !isCounted) return { looked: null };
  const rules = models.approvals.rulesNow([named]);
  if (isRefusal(rules)) return { looked: rules };
  const override =
    pricePerHour === null ? undefined : { pricePerHour, reason: '', overriddenBy: actor.id, eventId: 'supposed' };
  const before = worthBefore(parts, isInvoiced ? [undefined, current] : [undefined], rules.configuration);
  const off = before?.minus(askedAt(parts, override, before.currency)) ?? null;
  if (off?.isNegative() === true || off?.isZero() === true) return { looked: null };
  const workBy = workersBut(actor, named, models);
  if (isRefusal(workBy)) return { looked: workBy };
  const [first] = parts;
  return { looked: null, off, clientId: first?.facts.clientId ?? null, period: first?.facts.period ?? null, workBy };
}

function overrideOf({ facts, name }: FactsOfWork): PriceOverride | undefined {
  const work = facts.work.find(({ workItemId }) => workItemId === name);
  return work?.kind === 'time' ? work.override : undefined;
}

function isRaised(current: PriceOverride | undefined, pricePerHour: MoneyJson | null): boolean {
  if (current === undefined || pricePerHour === null) return false;
  const [before, now] = [Money.from(current.pricePerHour), Money.from(pricePerHour)];
  return before.currency === now.currency && now.compare(before) >= 0;
}

/** The most that the entry comes to at any of these prices; undefined: the card's. null: nobody can state it. */
function worthBefore(
  parts: readonly FactsOfWork[],
  overrides: readonly (PriceOverride | undefined)[],
  configuration: Parameters<typeof moneyForgone>[1],
): Money | null {
  let most: Money | null = null;
  for (const override of overrides) {
    const items = itemsAt(parts, override);
    const worth = worthOf(items, override) ?? assumedWorth(items, configuration);
    if (worth === null || (most !== null && most.currency !== worth.currency)) return null;
    if (most === null || worth.compare(most) > 0) most = worth;
  }
  return most;
}

/** null: some of it has no price, or its parts are of several currencies. */
function worthOf(items: readonly BillableItem[], override: PriceOverride | undefined): Money | null {
  let sum: Money | null = null;
  for (const item of items) {
    const { disposition, draw, net, standardValue } = item;
    const isAsked = disposition !== 'covered' && draw === undefined && net !== null;
    const money = isAsked ? net : override === undefined ? standardValue : byTheHour(item, override);
    if (money === null || (sum !== null && sum.currency !== money.currency)) return null;
    sum = sum === null ? Money.from(money) : sum.plus(Money.from(money));
  }
  return sum;
}

function assumedWorth(items: readonly BillableItem[], configuration: Parameters<typeof moneyForgone>[1]): Money | null {
  if (items.length === 0) return null;
  const minutes = items.reduce((sum, { actualMinutes }) => sum + (actualMinutes ?? 0), 0);
  return moneyForgone({ money: null, minutes }, configuration);
}

/** What is asked at most at a price, also of what is covered or has no price now. Nothing can be asked in another currency than that of the work. */
function askedAt(parts: readonly FactsOfWork[], override: PriceOverride | undefined, currency: string): Money {
  const worth = worthOf(itemsAt(parts, override), override);
  return worth?.currency === currency ? worth : Money.zero(currency);
}

function itemsAt(parts: readonly FactsOfWork[], override: PriceOverride | undefined): readonly BillableItem[] {
  return parts.flatMap(({ facts, name }) => ratedAs(facts, name, { override, courtesy: undefined }));
}

function byTheHour(
  { billableMinutes, actualMinutes }: Pick<BillableItem, 'billableMinutes' | 'actualMinutes'>,
  { pricePerHour }: PriceOverride,
): MoneyJson {
  // Included work is billed no minutes.
  const minutes = billableMinutes === null || billableMinutes === 0 ? (actualMinutes ?? 0) : billableMinutes;
  return Money.from(pricePerHour).times(minutes).dividedBy(MINUTES_OF_AN_HOUR).rounded().toJSON();
}
