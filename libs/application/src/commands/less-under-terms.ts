import { invariant, isRefusal, localDateIn, monthOf, type LocalDate, type Refusal } from '@billtrail/kernel';
import { askedLessBeside, askedLessByTerms, monthsAfter, type AskedLess, type ContractFacts } from '@billtrail/billing';
import type { AtDecision } from '../command-path/command-definition.js';
import { latestToday } from '../configuration.js';
import { unstatedIn } from './forgone.js';

/** The contract as it would be, of the recorded ones. */
export type Suppose = (recorded: readonly ContractFacts[]) => ContractFacts | null;

/** How contracts would be, and beside what that is held. */
export interface Supposed {
  readonly suppose: Suppose;
  /** What changes of the same command leave before this one. Absent: it is the first, and follows what is recorded. */
  readonly after?: Suppose;
  /** By the same change made today. Absent: it can't be, and is held beside the contract as it is. */
  readonly ofToday?: (today: LocalDate) => Suppose | null;
  /** Only what is charged beside the work changes. */
  readonly isBeside?: boolean;
}

function each(suppose: Suppose): (recorded: readonly ContractFacts[]) => readonly ContractFacts[] {
  return (recorded) => {
    const contract = suppose(recorded);
    return contract === null ? [] : [contract];
  };
}

/**
 * What a client is asked less where its contracts change so from a day on. null: the day has not come, and nothing is looked at. Where charges beside the work may fall, all
 * months count from that of the day, or of an invoice that reaches into it, until today's. The change is held beside the same one of today: what it takes from days to come anybody may state tomorrow. Of months that are parked nobody can state it.
 */
export function lessUnder(
  { contractId, clientId }: Pick<ContractFacts, 'contractId' | 'clientId'>,
  day: LocalDate,
  { suppose, after, ofToday, isBeside = false }: Supposed,
  { at, models }: AtDecision,
): readonly AskedLess[] | Refusal | null {
  if (day > latestToday(at)) return null;
  const isCharged = isBeside || ofToday !== undefined;
  const invoiced = isCharged ? models.charges.periodsInvoicedNow(clientId, contractId, day) : [];
  const [from = monthOf(day)] = [monthOf(day), ...invoiced].sort();
  const until = isCharged ? ([monthOf(latestToday(at)), ...invoiced].sort().at(-1) ?? null) : null;
  const under = (one: Suppose) => models.documentFacts.underContracts(clientId, from, each(one), until);
  const found = under(suppose);
  if (isRefusal(found)) return found;
  const { notKnown } = found;
  const left = after && under(after);
  if (isRefusal(left)) return left;
  const months = left === undefined ? found.months : monthsAfter(left.months, found.months);
  const today = localDateIn(months[0]?.now.clientTimeZone ?? models.timeZone(), at);
  const anyway = ofToday?.(today) ?? null;
  if (anyway !== null && isBeside && day >= today) return [];
  const isOfDaysPassed = isCharged && (anyway === null || day < today);
  const unstated = unstatedIn(notKnown, isOfDaysPassed);
  if (anyway === null) return [...(isBeside ? askedLessBeside(months) : askedLessByTerms(months)), ...unstated];
  if (!isOfDaysPassed) return [...askedLessByTerms(months), ...unstated];
  const beside = under(anyway);
  if (isRefusal(beside)) return beside;
  const compared = months.map((month, index) => {
    const fromToday = beside.months[index]?.underThem;
    invariant(fromToday !== undefined, 'the same months are asked for twice');
    return { ...month, fromToday };
  });
  const less = isBeside
    ? askedLessBeside(compared.map(({ underThem, fromToday }) => ({ now: fromToday(), underThem })))
    : askedLessByTerms(compared);
  return [...less, ...unstated];
}
