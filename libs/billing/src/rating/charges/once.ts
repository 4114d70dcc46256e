import { type LocalDate, Money, type MoneyJson, monthOf } from '@billtrail/kernel';
import { chargeIdOf } from '../../item/item-key.js';
import type { Trace } from '../../item/trace.js';
import type { EndsGap } from './ends-by.js';
import type { ContractFacts, PeriodFacts } from '../facts.js';
import { type CoveredDays, coveredDays, eventsInForce } from '../time/covered-days.js';
import { ALL_DAYS, type MilestoneOf, milestonesOf } from './milestones.js';
import { NO_FIGURES } from './charge-basis.js';
import type { ChargeLedger, EarlierCharge, ExpectedCharge, PricedCharge } from './charge-ledger.js';

/** A charge that comes once in the life of a contract, as the versions in force make it. */
export interface DueOnce {
  readonly kind: 'one-time' | 'milestone';
  readonly chargeId: string;
  readonly termId: string;
  readonly name: string;
  readonly amount: string;
  readonly taxCategory: string;
  /** The day on which it is due. */
  readonly day: LocalDate;
  /** The days around it with the version that prices it. */
  readonly inForce: CoveredDays;
  readonly sourceEventIds: readonly string[];
  /** Why it is due, for people: `due on 2026-03-01`. */
  readonly why: string;
}

/** True of contracts that may charge something once. */
export function chargesOnce({ versions }: Pick<ContractFacts, 'versions'>): boolean {
  return versions.some(({ terms }) => terms.oneTimeFees !== undefined || terms.milestones !== undefined);
}

/** All that a contract charges once. */
export function dueOnce(contract: ContractFacts): readonly DueOnce[] {
  if (!chargesOnce(contract)) return [];
  const reached = milestonesOf(contract).flatMap((one) => dueMilestone(contract, one) ?? []);
  return [...oneTimeFees(contract, coveredDays(contract, ALL_DAYS.first, ALL_DAYS.last)), ...reached];
}

/**
 * The months in whose accounts they are, unless the account of another month has asked for them before; and those in which a milestone was declared
 * reached, whether or not the terms of that day have it.
 */
export function monthsOfOnce(contract: ContractFacts): readonly string[] {
  const reached = chargesOnce(contract) ? (contract.milestones ?? []) : [];
  const days = [...dueOnce(contract).map(({ day }) => day), ...reached.map(({ reachedOn }) => reachedOn)];
  return [...new Set(days.map(monthOf))];
}

/** Each fee on the first day from its own on that is covered by a version which has it. */
function oneTimeFees(contract: ContractFacts, covered: readonly CoveredDays[]): readonly DueOnce[] {
  const { contractId } = contract;
  const due = new Map<string, DueOnce>();
  for (const inForce of covered) {
    for (const { id: termId, name, amount, on, taxCategory } of inForce.version.terms.oneTimeFees ?? []) {
      const day = on === undefined || on < inForce.from ? inForce.from : on;
      if (due.has(termId) || day > inForce.to) continue;
      const chargeId = chargeIdOf({ contractId, of: 'once', termId });
      const sourceEventIds = eventsInForce(contract, { ...inForce, from: day, to: day }).map(({ eventId }) => eventId);
      const fee = { chargeId, termId, name, amount, taxCategory, day, inForce, sourceEventIds };
      due.set(termId, { kind: 'one-time', ...fee, why: `charged once, due on ${day}` });
    }
  }
  return [...due.values()];
}

function dueMilestone(contract: ContractFacts, { milestone, reached, inForce }: MilestoneOf): DueOnce | null {
  if (reached === null || milestone === null || inForce === null) return null;
  const { id: termId, name, amount, taxCategory } = milestone;
  const { reachedOn: day, eventId } = reached;
  const chargeId = chargeIdOf({ contractId: contract.contractId, of: 'milestone', termId });
  // Reached after the end of the contract, it comes from what held last.
  const on = day < inForce.to ? day : inForce.to;
  const events = eventsInForce(contract, { ...inForce, from: on, to: on });
  const sourceEventIds = [...events.map((one) => one.eventId), eventId];
  const why = `reached on ${day}`;
  return { kind: 'milestone', chargeId, termId, name, amount, taxCategory, day, inForce, sourceEventIds, why };
}

/**
 * What a contract charges once, in the account of the month in which it is due; what a document of any account has asked for stays in that account, whatever day it
 * would be due on now. What is due no more is taken back there. A milestone that is reached, and that the terms of its day have no more, is told as lacking.
 */
export function chargeOnce(contract: ContractFacts, facts: PeriodFacts, book: ChargeLedger): void {
  for (const due of dueOnce(contract)) {
    const earlier = book.earlier(due.chargeId);
    const isHere = monthOf(due.day) === facts.period && facts.onceElsewhere?.includes(due.chargeId) !== true;
    if (earlier === null && !isHere) continue;
    const { currency } = due.inForce.version.terms.rateCard;
    const asked = earlier?.net.currency ?? facts.currency;
    if (currency !== asked) {
      lackCurrency(due, contract, asked, book);
      if (earlier !== null) book.stands(due.chargeId);
    } else if (earlier === null) book.expect(expectedOf(due, contract));
    else chargeAgain(due, contract, earlier, book);
  }
  if (contract.milestones !== undefined) lackTerms(contract, facts, book);
}

function lackTerms(contract: ContractFacts, { period }: PeriodFacts, book: ChargeLedger): void {
  const { contractId } = contract;
  for (const { milestoneId: termId, milestone, reached } of milestonesOf(contract)) {
    if (reached === null || milestone !== null || monthOf(reached.reachedOn) !== period) continue;
    const cause = `milestone ${termId} was declared reached on ${reached.reachedOn}, and the terms of that day have it no more: publish a version that has it, or withdraw the declaration`;
    const chargeId = chargeIdOf({ contractId, of: 'milestone', termId });
    const value = lastAmountOf(contract, termId);
    const endsBy: EndsGap = { by: 'restate-milestone', contractId, milestoneId: termId };
    book.lacks({ chargeId, contractId, cause, value, sourceEventIds: [reached.eventId], endsBy });
  }
}

/** Of a milestone, in the last of the versions that have it. */
function lastAmountOf({ versions }: ContractFacts, termId: string): MoneyJson | null {
  for (const { terms } of versions.toReversed()) {
    const stated = terms.milestones?.find(({ id }) => id === termId);
    if (stated !== undefined) return Money.of(stated.amount, terms.rateCard.currency).rounded().toJSON();
  }
  return null;
}

function chargeAgain(due: DueOnce, contract: ContractFacts, earlier: EarlierCharge, book: ChargeLedger): void {
  const { contractVersion, sourceEventIds, trace, unit, net } = expectedOf(due, contract);
  const priced: PricedCharge = { contractVersion, sourceEventIds, trace, unit };
  const why = `${net.amount} instead of ${earlier.net.toJSON().amount}`;
  book.expectNets(due.chargeId, [{ taxCategory: due.taxCategory, net: Money.from(net), priced }], why);
}

function lackCurrency(due: DueOnce, { contractId }: ContractFacts, clientCurrency: string, book: ChargeLedger): void {
  const { chargeId, name, amount, sourceEventIds, inForce } = due;
  const { currency } = inForce.version.terms.rateCard;
  const cause = `${name} is in ${currency}, the client is invoiced in ${clientCurrency}`;
  book.lacks({ chargeId, contractId, cause, value: Money.of(amount, currency).rounded().toJSON(), sourceEventIds });
}

function expectedOf(due: DueOnce, contract: ContractFacts): ExpectedCharge {
  const { chargeId, kind, termId, name, amount, taxCategory, day, inForce, sourceEventIds } = due;
  const net = Money.of(amount, inForce.version.terms.rateCard.currency).rounded().toJSON();
  return {
    chargeId,
    kind,
    description: name,
    from: day,
    to: day,
    quantity: '1',
    unit: kind === 'milestone' ? 'milestone' : 'fee',
    unitPrice: net,
    net,
    taxCategory,
    contractId: contract.contractId,
    contractVersion: inForce.version.versionNumber,
    ticketId: null,
    sourceEventIds,
    basis: { ...NO_FIGURES, termId },
    trace: traceOf(due, contract),
    billableFrom: day,
  };
}

function traceOf({ termId, name, amount, day, inForce, why }: DueOnce, { contractId }: ContractFacts): Trace {
  const { versionNumber: contractVersion, terms } = inForce.version;
  const { currency } = terms.rateCard;
  const net = Money.of(amount, currency).rounded();
  return [
    {
      step: 'charge',
      text: `${name} (${termId}) of contract ${contractId} version ${contractVersion}, ${why}`,
      facts: { chargeTermId: termId, contractId, contractVersion, from: day, price: amount, currency },
    },
    {
      step: 'amount',
      text: `${amount} -> ${net.toString()}`,
      facts: { exact: amount, rounding: 'half-up', net: net.toJSON().amount, currency },
    },
  ];
}
