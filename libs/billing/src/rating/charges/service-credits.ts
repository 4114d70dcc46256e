import { Money, addDays } from '@billtrail/kernel';
import type { ServiceCredit, ServiceLevels } from '@billtrail/contracts';
import type { ContractVersion } from '@billtrail/contracts';
import type { ContractPeriod } from './amount-discounts.js';
import type { CreditBasis } from '../../item/basis.js';
import { type ChargeKey, chargeIdOf } from '../../item/item-key.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge, ExpectedCharge } from './charge-ledger.js';
import { remainingByCategory } from './charge-lines.js';
import type { SlaBreach } from '../facts.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { Trace } from '../../item/trace.js';
import { creditByNumber, creditsReached } from './credits-by-breaches.js';
import { type Share, inPart, settledShares, sharesOf, take } from './credit-shares.js';

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
 * period's recurring charges); then the credits by number of breaches. A credit on an invoice stays as it is while its breach stands, and counts towards the maximum first.
 *
 * It has the stated tax category while the contract's charges of the period leave room there, else that in which most remains; where none has room for
 * all of it, it is shared over them and takes none below zero. What is left over is a credit of its own, which no draft takes: it is owed, and given by
 * a credit note of no invoice (K5, K7). Where nothing is charged at all, the whole has the stated category.
 */
export function creditBreaches(
  of: ContractPeriod,
  breaches: readonly SlaBreach[],
  recurring: Money,
  book: ChargeLedger,
): void {
  const own = eachOnce(breaches.filter((breach) => breach.contractId === of.contract.contractId));
  const granted = own.flatMap((breach) => grantedFor(of, breach));
  const rooms = new Map(remainingByCategory(of.lines, of.currency));
  const byNumber = creditsReached(of, own, book, rooms);
  let given = Money.sum(
    byNumber.map(({ back }) => back),
    of.currency,
  );
  const open: Open[] = [];
  for (const one of granted) {
    const key = keyOf(of, one);
    const settled = settledShares(chargeIdOf(key), book, rooms);
    if (settled.length === 0) {
      open.push({ granted: one, key, settled, value: null });
      continue;
    }
    const back = Money.sum(
      settled.map(({ net }) => net.negated()),
      of.currency,
    );
    // On documents of before the whole had one tax category.
    const value = Money.of(settled[0]?.basis.credit?.granted ?? back.value, of.currency);
    given = given.plus(value);
    if (!value.equals(back)) open.push({ granted: one, key, settled, value });
  }
  for (const one of open) given = given.plus(credit(of, one, { recurring, given, rooms }, book));
  for (const one of byNumber) given = given.plus(creditByNumber(of, one, { recurring, given, rooms }, book));
}

type CreditKey = Extract<ChargeKey, { of: 'credit' }>;

/** A credit of which something is on no document. */
interface Open {
  readonly granted: Granted;
  readonly key: CreditKey;
  /** What of it is on documents. */
  readonly settled: readonly EarlierCharge[];
  /** All of it, where something is on documents; null: it is to be measured. */
  readonly value: Money | null;
}

/** A ticket that went on after it was closed may miss its target once more. */
function keyOf(of: ContractPeriod, { breach: { ticketId, target, run = 1 }, credit: { id } }: Granted): CreditKey {
  return { contractId: of.contract.contractId, of: 'credit', termId: id, ticketId, target, run };
}

/** What the credits of a period are measured on, as each finds it. */
interface Room {
  readonly recurring: Money;
  /** By the credits before. */
  readonly given: Money;
  /** What remains in each tax category. */
  readonly rooms: Map<string, Money>;
}

function orderOf(breach: SlaBreach): string {
  return JSON.stringify([breach.breachedOn, breach.ticketId, breach.target, breach.run ?? 1]);
}

/** In their order, those of which a target of one life of a ticket was recorded as missed a second time left out. */
function eachOnce(breaches: readonly SlaBreach[]): readonly SlaBreach[] {
  const seen = new Set<string>();
  return [...breaches]
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .filter(({ ticketId, target, run = 1 }) => {
      const key = JSON.stringify([ticketId, target, run]);
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst;
    });
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

/** Books what of one credit is on no document, and returns what it adds to all that was given. */
function credit(of: ContractPeriod, open: Open, { recurring, given, rooms }: Room, book: ChargeLedger): Money {
  const { granted, key, settled } = open;
  const { levels, credit: term } = granted;
  const { credit: terms } = term;
  const exact =
    terms.kind === 'amount' ? Money.of(terms.amount, of.currency) : recurring.times(terms.percent).dividedBy(100);
  const maximum =
    levels.maximumCreditPerPeriod === undefined
      ? recurring
      : Money.of(levels.maximumCreditPerPeriod, of.currency).rounded();
  const room = maximum.minus(given).isNegative() ? Money.zero(of.currency) : maximum.minus(given);
  const whole = exact.rounded();
  const value = open.value ?? (whole.compare(room) > 0 ? room : whole);
  const back = Money.sum(
    settled.map(({ net }) => net),
    of.currency,
  );
  const basis: Omit<CreditBasis, 'isLeftOver'> = {
    granted: value.toJSON().amount,
    percent: terms.kind === 'amount' ? null : { of: recurring.toJSON().amount, percent: terms.percent },
    stated: whole.toJSON().amount,
  };
  const taken = new Set(settled.map(({ chargeId }) => chargeId));
  for (const share of sharesOf(term.taxCategory, value.plus(back), rooms)) {
    const chargeId = idOfShare(key, share, taken);
    taken.add(chargeId);
    if (!share.isLeftOver) take(rooms, share.taxCategory, share.value);
    book.expect(
      chargeOf(of, granted, chargeId, share, basis, traceOf(of, granted, { recurring, exact, room, value, share })),
    );
  }
  return open.value === null ? value : Money.zero(of.currency);
}

/** The first share has the id of the credit. */
function idOfShare(key: CreditKey, { taxCategory, isLeftOver }: Share, taken: ReadonlySet<string>): string {
  const whole = chargeIdOf(key);
  if (!taken.has(whole) && !isLeftOver) return whole;
  return chargeIdOf({ ...key, ...(isLeftOver ? { isLeftOver } : { taxCategory }) });
}

function chargeOf(
  of: ContractPeriod,
  { breach, version, credit: { id, name } }: Granted,
  chargeId: string,
  { taxCategory, value, isLeftOver }: Share,
  basis: Omit<CreditBasis, 'isLeftOver'>,
  trace: Trace,
): ExpectedCharge {
  return {
    chargeId,
    kind: 'service-credit',
    description: isLeftOver ? `${name}, more than the charges of the month hold: by credit note` : name,
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
    basis: { ...NO_FIGURES, termId: id, credit: { ...basis, isLeftOver } },
    trace,
    billableFrom: addDays(breach.breachedOn, 1),
  };
}

/** How a credit was measured, and the share of it. */
interface Measured {
  readonly recurring: Money;
  readonly exact: Money;
  readonly room: Money;
  readonly value: Money;
  readonly share: Share;
}

function traceOf(
  of: ContractPeriod,
  { breach, version, levels, credit: { id, name, credit: terms } }: Granted,
  { recurring, exact, room, value, share }: Measured,
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
      text: `${how} = ${exact.toString()}, at most ${room.toString()} left of ${limit} a period -> -${value.toString()}${inPart(value, share)}`,
      facts: {
        exact: exact.value.toFixed(),
        rounding: 'half-up',
        room: room.toJSON().amount,
        net: share.value.negated().toJSON().amount,
        currency: of.currency,
      },
    },
  ];
}
