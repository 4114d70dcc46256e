import { Money, addDays } from '@billtrail/kernel';
import type { ServiceCredit, ServiceLevels } from '@billtrail/contracts';
import type { ContractVersion } from '@billtrail/contracts';
import type { ContractPeriod } from '../price/amount-discounts.js';
import { chargeIdOf } from '../../item/item-key.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger } from './charge-ledger.js';
import { remainingByCategory } from './charge-lines.js';
import type { SlaBreach } from '../facts.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { Trace } from '../../item/trace.js';

/** A breach with the credit that its contract grants. */
interface Granted {
  readonly breach: SlaBreach;
  readonly version: ContractVersion;
  readonly levels: ServiceLevels;
  readonly credit: ServiceCredit;
}

/**
 * The service credits of a contract in a period: for each breach the first credit of the version in force on its day that fits target and priority,
 * as an amount or as a percentage of the period's recurring charges, all together at most the contract's maximum (without one, the
 * period's recurring charges). A credit on an invoice stays as it is while its breach stands, and counts towards the maximum first. It has the stated
 * tax category while the contract's charges of the period leave room there, else that in which most remains.
 */
export function creditBreaches(
  of: ContractPeriod,
  breaches: readonly SlaBreach[],
  recurring: Money,
  book: ChargeLedger,
): void {
  const granted = breaches
    .filter((breach) => breach.contractId === of.contract.contractId)
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .flatMap((breach) => grantedFor(of, breach));
  let given = Money.zero(of.currency);
  const rooms = new Map(remainingByCategory(of.lines, of.currency));
  const open: { readonly granted: Granted; readonly chargeId: string }[] = [];
  const seen = new Set<string>();
  for (const one of granted) {
    const { ticketId, target, run = 1 } = one.breach;
    const { contractId } = of.contract;
    // A ticket that went on after it was closed may miss its target once more.
    const chargeId = chargeIdOf({ contractId, of: 'credit', termId: one.credit.id, ticketId, target, run });
    if (seen.has(chargeId)) continue;
    seen.add(chargeId);
    const earlier = book.earlier(chargeId);
    if (earlier === null) {
      open.push({ granted: one, chargeId });
      continue;
    }
    given = given.minus(earlier.net);
    take(rooms, earlier.taxCategory, earlier.net.negated());
    book.stands(chargeId);
  }
  for (const { granted: one, chargeId } of open)
    given = given.plus(credit(of, one, chargeId, { recurring, given, rooms }, book));
}

/** What the credits of a period are measured on, as each finds it. */
interface Room {
  readonly recurring: Money;
  /** By the credits before. */
  readonly given: Money;
  /** What remains in each tax category. */
  readonly rooms: Map<string, Money>;
}

/** The stated category where it takes the whole credit, or nothing is charged; else the one in which most remains. */
function categoryFor(stated: string, value: Money, rooms: ReadonlyMap<string, Money>): string {
  const zero = Money.zero(value.currency);
  let [best, most] = [stated, rooms.get(stated) ?? zero];
  if (most.compare(value) >= 0) return stated;
  for (const [taxCategory, room] of rooms) if (room.compare(most) > 0) [best, most] = [taxCategory, room];
  return best;
}

function take(rooms: Map<string, Money>, taxCategory: string, value: Money): void {
  const room = rooms.get(taxCategory);
  if (room !== undefined) rooms.set(taxCategory, room.minus(value));
}

function orderOf(breach: SlaBreach): string {
  return JSON.stringify([breach.breachedOn, breach.ticketId, breach.target, breach.run ?? 1]);
}

function grantedFor(of: ContractPeriod, breach: SlaBreach): readonly Granted[] {
  const version = versionOn(of.contract, breach.breachedOn);
  const levels = version?.terms.serviceLevels;
  if (version === null || levels === undefined) return [];
  const found = levels.credits.find(
    (one) => one.target === breach.target && (one.priorities === undefined || one.priorities.includes(breach.priority)),
  );
  return found === undefined ? [] : [{ breach, version, levels, credit: found }];
}

/** Books one credit and returns its value. */
function credit(
  of: ContractPeriod,
  granted: Granted,
  chargeId: string,
  { recurring, given, rooms }: Room,
  book: ChargeLedger,
): Money {
  const { breach, version, levels } = granted;
  const terms = granted.credit.credit;
  const exact =
    terms.kind === 'amount' ? Money.of(terms.amount, of.currency) : recurring.times(terms.percent).dividedBy(100);
  const maximum =
    levels.maximumCreditPerPeriod === undefined
      ? recurring
      : Money.of(levels.maximumCreditPerPeriod, of.currency).rounded();
  const room = maximum.minus(given).isNegative() ? Money.zero(of.currency) : maximum.minus(given);
  const whole = exact.rounded();
  const value = whole.compare(room) > 0 ? room : whole;
  const taxCategory = categoryFor(granted.credit.taxCategory, value, rooms);
  take(rooms, taxCategory, value);
  book.expect({
    chargeId,
    kind: 'service-credit',
    description: granted.credit.name,
    from: breach.breachedOn,
    to: breach.breachedOn,
    quantity: '-1',
    unit: 'credit',
    unitPrice: value.toJSON(),
    net: value.negated().toJSON(),
    taxCategory,
    contractId: of.contract.contractId,
    contractVersion: version.versionNumber,
    ticketId: breach.ticketId,
    sourceEventIds: [breach.eventId],
    basis: { ...NO_FIGURES, termId: granted.credit.id },
    trace: traceOf(of, granted, recurring, exact, room, value),
    billableFrom: addDays(breach.breachedOn, 1),
  });
  return value;
}

function traceOf(
  of: ContractPeriod,
  { breach, version, levels, credit: { id, name, credit: terms } }: Granted,
  recurring: Money,
  exact: Money,
  room: Money,
  value: Money,
): Trace {
  const contractVersion = version.versionNumber;
  const how =
    terms.kind === 'amount'
      ? `${terms.amount} ${of.currency}`
      : `${terms.percent} % of recurring charges of ${recurring.toString()}`;
  const limit = levels.maximumCreditPerPeriod === undefined ? 'the recurring charges' : levels.maximumCreditPerPeriod;
  return [
    {
      step: 'charge',
      text:
        `credit ${name} (${id}) of contract ${of.contract.contractId} version ${contractVersion}: ` +
        `${breach.target} target of ticket ${breach.ticketId} (${breach.priority}) missed on ${breach.breachedOn}, event ${breach.eventId}`,
      facts: {
        chargeTermId: id,
        contractId: of.contract.contractId,
        contractVersion,
        ticketId: breach.ticketId,
        target: breach.target,
        priority: breach.priority,
        breachedOn: breach.breachedOn,
        breachEventId: breach.eventId,
        currency: of.currency,
      },
    },
    {
      step: 'amount',
      text: `${how} = ${exact.toString()}, at most ${room.toString()} left of ${limit} a period -> -${value.toString()}`,
      facts: {
        exact: exact.value.toFixed(),
        rounding: 'half-up',
        room: room.toJSON().amount,
        net: value.negated().toJSON().amount,
        currency: of.currency,
      },
    },
  ];
}
