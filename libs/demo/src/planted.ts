import { type Minutes, Money, type MoneyJson, billableMinutes, invariant, unreachable } from '@billtrail/kernel';
import type { ValueAtRisk } from '@billtrail/billing';
import { type ContractTerms, speltOut } from '@billtrail/contracts';
import { INCLUDED_MINUTES, WORK_TYPES } from './agreements.js';
import { CURRENCY, DEMO_CONFIGURATION } from './configuration.js';
import type { PlantedGap } from './demo-month.js';
import type { Goods } from './goods.js';
import { type LeakStory, kindOf, leakOf } from './leaks.js';
import type { TicketPlan } from './plan-tickets.js';
import type { DoneEntry } from './ticket-script.js';

/** What the story of a leaking ticket left behind. */
export interface Traces {
  readonly done: readonly DoneEntry[];
  readonly goods: Goods | null;
}

/**
 * The gap that a leaking ticket leaves, with its value reckoned from the plan alone: rating is not asked, so that the list can be held
 * against what rating finds.
 */
export function plantedGap(plan: TicketPlan, leak: LeakStory, traces: Traces): PlantedGap {
  const { note, value } = noteAndValue(plan, leak, traces);
  const { ticketId, client } = plan;
  return { ticketId, clientId: client.clientId, kind: kindOf(leak), leak: leakOf(leak), note, value };
}

interface NoteAndValue {
  readonly note: string;
  readonly value: ValueAtRisk;
}

function noteAndValue(plan: TicketPlan, leak: LeakStory, { done, goods }: Traces): NoteAndValue {
  const { terms } = plan.client.current;
  const total = done.reduce((sum, entry) => sum + entry.minutes, 0);
  const ofLast = (note: (minutes: Minutes) => string): NoteAndValue => {
    const last = lastOf(plan, done);
    return { note: note(last.minutes), value: { money: priceOf(terms, last), minutes: last.minutes } };
  };
  const unpriced = (note: (minutes: Minutes) => string): NoteAndValue => {
    const { minutes } = lastOf(plan, done);
    return { note: note(minutes), value: { money: null, minutes } };
  };
  switch (leak) {
    case 'entry-logged-too-late':
      return ofLast((minutes) => `${minutes} min were logged after the client's invoice was issued`);
    case 'entry-approved-too-late':
      return ofLast((minutes) => `${minutes} min were approved after the client's invoice was issued`);
    case 'entry-rejected':
      return ofLast((minutes) => `${minutes} min were rejected, and nobody corrected them`);
    case 'entry-never-approved':
      return ofLast((minutes) => `nobody approved ${minutes} min`);
    case 'no-rate-for-work-type':
      return unpriced((minutes) => `${minutes} min of data recovery, for which the rate card has no price`);
    case 'no-coverage-rule':
      return unpriced((minutes) => `${minutes} min of training, which no rule of the agreement mentions`);
    case 'contract-ended':
      return unpriced((minutes) => `${minutes} min under a contract that ended the month before`);
    case 'contracts-match-equally':
      return unpriced((minutes) => `${minutes} min of a client with two contracts, and the ticket names neither`);
    case 'before-the-contract':
      return unpriced((minutes) => `${minutes} min of work before the client's contract began`);
    case 'part-in-note':
    case 'part-in-resolution': {
      invariant(goods !== null, `ticket ${plan.ticketId} is about no part`);
      const where = leak === 'part-in-note' ? 'note' : 'resolution';
      const value = { money: { amount: goods.listPrice, currency: CURRENCY }, minutes: null };
      return { note: `a ${where} names "${goods.word}", and no usage was recorded`, value };
    }
    case 'over-included-minutes':
      return overrun(
        terms,
        total,
        INCLUDED_MINUTES,
        `${total} min of remote support, of which ${INCLUDED_MINUTES} are included`,
      );
    case 'long-quick-question':
      return overrun(terms, total, DEMO_CONFIGURATION.quickQuestionMinutes, `a quick question took ${total} min`);
    case 'work-never-recorded':
      return {
        note: 'resolved in the former system with no work recorded',
        value: { money: assumedValue(), minutes: null },
      };
    default:
      return unreachable(leak);
  }
}

function lastOf(plan: TicketPlan, done: readonly DoneEntry[]): DoneEntry {
  const last = done.at(-1);
  invariant(last !== undefined, `ticket ${plan.ticketId} has no work`);
  return last;
}

/** What an entry is worth by itself, where the card rounds by the entry. */
function priceOf(terms: ContractTerms, entry: DoneEntry): MoneyJson {
  const { rateCard } = speltOut(terms);
  invariant(rateCard.roundingScope === 'entry', `card ${rateCard.id} does not round by the entry`);
  const minutes = billableMinutes(entry.minutes, rateCard.minimumMinutes, rateCard.incrementMinutes);
  return worth(hourly(terms, entry.workType, entry.engineer.role), minutes);
}

function hourly(terms: ContractTerms, workType: string, role: string): Money {
  const { rateCard } = speltOut(terms);
  const rates = rateCard.labour.filter((rate) => rate.workType === workType);
  const rate = rates.find((one) => one.engineerRole === role) ?? rates.find((one) => one.engineerRole === null);
  invariant(rate !== undefined, `card ${rateCard.id} has no rate for ${workType}`);
  return Money.of(rate.pricePerHour, CURRENCY);
}

function worth(perHour: Money, minutes: Minutes): MoneyJson {
  return Money.of(perHour.times(minutes).value.div(60), CURRENCY).rounded().toJSON();
}

function overrun(terms: ContractTerms, total: Minutes, limit: Minutes, note: string): NoteAndValue {
  const minutes = total - limit;
  return { note, value: { money: worth(hourly(terms, WORK_TYPES.remote, ''), minutes), minutes } };
}

function assumedValue(): MoneyJson | null {
  const { assumedPricePerHour, assumedMinutesPerTicket } = DEMO_CONFIGURATION;
  return assumedPricePerHour === null ? null : worth(Money.from(assumedPricePerHour), assumedMinutesPerTicket);
}
