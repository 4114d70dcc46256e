import { Money } from '@billtrail/kernel';
import type { ServiceCredit, ServiceLevels } from '@billtrail/contracts';
import type { ContractVersion } from '@billtrail/contracts';
import type { ContractPeriod } from './amount-discounts.js';
import { chargeIdOf } from '../../item/item-key.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import { remainingByCategory } from './charge-lines.js';
import type { SlaBreach } from '../facts.js';
import { versionOn } from '../coverage/step-1-contract.js';
import { creditByNumber, creditsReached } from './credits-by-breaches.js';
import { type CreditCause, type CreditKey, creditCharge, idOfShare, measuredCredit } from './credit-charge.js';
import { type Room, settledShares, sharesOf, take } from './credit-shares.js';

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
  { recurring, paid }: Pick<Room, 'recurring' | 'paid'>,
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
  for (const one of open) given = given.plus(credit(of, one, { recurring, paid, given, rooms }, book));
  for (const one of byNumber) given = given.plus(creditByNumber(of, one, { recurring, paid, given, rooms }, book));
}

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
function credit(of: ContractPeriod, open: Open, { recurring, paid, given, rooms }: Room, book: ChargeLedger): Money {
  const { granted, key, settled } = open;
  const { levels, credit: term } = granted;
  const now = measuredCredit(of, levels, term.credit, recurring, given);
  const value = open.value ?? now.value;
  const back = Money.sum(
    settled.map(({ net }) => net),
    of.currency,
  );
  const cause = causeOf(of, granted, key);
  const taken = new Set(settled.map(({ chargeId }) => chargeId));
  for (const share of sharesOf(term.taxCategory, value.plus(back), rooms, paid)) {
    // The first share has the id of the credit, where one client is asked for all of it.
    const whole = chargeIdOf(key);
    const chargeId = taken.has(whole) || share.isLeftOver || share.billTo !== null ? idOfShare(key, share) : whole;
    taken.add(chargeId);
    if (!share.isLeftOver) take(rooms, share.taxCategory, share.value);
    book.expect(creditCharge(of, cause, { ...now, value }, share, chargeId));
  }
  return open.value === null ? value : Money.zero(of.currency);
}

function causeOf(of: ContractPeriod, { breach, version, levels, credit: term }: Granted, key: CreditKey): CreditCause {
  const { ticketId, target, priority, breachedOn, eventId } = breach;
  const { contractId } = of.contract;
  const contractVersion = version.versionNumber;
  return {
    key,
    version,
    levels,
    description: term.name,
    from: breachedOn,
    to: breachedOn,
    ticketId,
    sourceEventIds: [eventId],
    missed: {
      step: 'charge',
      text:
        `credit ${term.name} (${term.id}) of contract ${contractId} version ${contractVersion}: ` +
        `${target} target of ticket ${ticketId} (${priority}) missed on ${breachedOn}, event ${eventId}`,
      facts: {
        chargeTermId: term.id,
        contractId,
        contractVersion,
        ticketId,
        target,
        priority,
        breachedOn,
        breachEventId: eventId,
        currency: of.currency,
      },
    },
  };
}
