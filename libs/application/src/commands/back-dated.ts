import {
  Money,
  invariant,
  isRefusal,
  localDateIn,
  monthOf,
  unreachable,
  valueOfForgone,
  type ForgoingFacts,
  type LocalDate,
  type MoneyJson,
  type Month,
  type Refusal,
} from '@billtrail/kernel';
import { askedLessBeside, askedLessByTerms, limitOf, type AskedLess, type ContractFacts } from '@billtrail/billing';
import {
  canonical,
  clientContracts,
  reachedMilestones,
  stateOf,
  type ClientContracts,
  type ClientContractsEvent,
  type ContractState,
} from '@billtrail/contracts';
import type { AtDecision } from '../command-path/command-definition.js';
import { supposedContract } from '../questions/supposed-contract.js';
import { latestToday } from '../configuration.js';
import { forgoneOfTerms, unstatedIn } from './forgone.js';
import { madeToday, mayLower, versionMadeToday } from './made-today.js';

/** What less is asked of which client, from which month on. */
interface LessByTerms {
  /** The contract, or what is charged by it. */
  readonly target: string;
  readonly clientId: string;
  readonly from: Month;
  readonly less: readonly AskedLess[];
}

/**
 * What a change of a client's contracts forgoes: what is asked less for work that was approved, or whose ticket was resolved, and that is on no invoice yet. A change
 * from tomorrow on forgoes nothing, and nothing is rated. null: nothing. Refuses: ReadModelsDiffer.
 */
export function forgoneByTerms(
  state: ClientContracts,
  decided: readonly ClientContractsEvent[],
  now: AtDecision,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  const found = askedLessAfter(state, decided, now);
  if (found === null || isRefusal(found)) return found;
  const { target, clientId, from: period, less } = found;
  return forgoneOfTerms({ target, clientId, period }, less, now.models);
}

/** What a change would forgo, as it is told beforehand. */
export interface ForgoesBeforehand {
  /** What is asked less for work that was approved or resolved, of all tickets; null: nobody can state it. */
  readonly money: MoneyJson | null;
  /** By itself it is above what one person of accounts may forgo: it would wait for another. */
  readonly waits: boolean;
}

/** null: it forgoes nothing. Refuses: ReadModelsDiffer. */
export function forgoesBeforehand(
  state: ClientContracts,
  decided: readonly ClientContractsEvent[],
  now: AtDecision,
): ForgoesBeforehand | Refusal | null {
  const found = askedLessAfter(state, decided, now);
  return found === null || isRefusal(found) ? found : told(found.less, now);
}

/** The same of a contract as it would be by its versions from a day on. */
export function forgoesFrom(
  contract: ContractFacts,
  day: LocalDate,
  now: AtDecision,
): ForgoesBeforehand | Refusal | null {
  const { contractId } = contract;
  const ofToday = (today: LocalDate): Suppose => {
    return (recorded) => {
      const is = recorded.find((one) => one.contractId === contractId);
      const known = new Set(is?.versions.map(canonical));
      const others = contract.versions.filter((version) => !known.has(canonical(version)));
      const made = others.flatMap((version) => versionMadeToday(version, today, contract) ?? []);
      return is === undefined ? null : { ...contract, versions: [...is.versions, ...made] };
    };
  };
  const less = lessUnder(contract, day, { suppose: () => contract, ofToday }, now);
  return less === null || isRefusal(less) ? less : told(less, now);
}

function told(less: readonly AskedLess[], { models }: AtDecision): ForgoesBeforehand | Refusal | null {
  if (less.length === 0) return null;
  const rules = models.approvals.rulesNow([]);
  if (isRefusal(rules)) return rules;
  const money = valueOfForgone(less.map((part) => ({ ...part, money: part.money?.toJSON() ?? null })));
  const limit = limitOf({ role: 'accounts' }, rules.configuration);
  const waits = money?.currency !== limit.currency || Money.from(money).compare(Money.from(limit)) > 0;
  return { money, waits };
}

function askedLessAfter(
  state: ClientContracts,
  decided: readonly ClientContractsEvent[],
  now: AtDecision,
): LessByTerms | Refusal | null {
  const [first] = decided
    .flatMap((event) => dayOfChange(event, state))
    .sort((one, other) => (one.day < other.day ? -1 : 1));
  if (first === undefined) return null;
  const { contractId, day, beside } = first;
  const target = beside === undefined ? contractId : `${contractId}/${beside}`;
  const after = stateOf(decided.reduce(clientContracts.evolve, state), contractId);
  if (after.status === 'unknown') return null;
  const { clientId } = after;
  const as = (contract: ContractState): Suppose => {
    return (recorded) => supposedContract(contract, recorded.find((one) => one.contractId === contractId) ?? null);
  };
  const before = stateOf(state, contractId);
  const ofToday = (today: LocalDate): Suppose => {
    const anyway = decided.flatMap((event) => madeToday(event, today, { before, after }) ?? []);
    return as(stateOf(anyway.reduce(clientContracts.evolve, state), contractId));
  };
  const supposed = { suppose: as(after), ...(before.status !== 'unknown' && decided.some(mayLower) && { ofToday }) };
  const less =
    beside === undefined
      ? lessUnder({ contractId, clientId }, day, supposed, now)
      : lessUnder({ contractId, clientId }, day, { ...supposed, isBeside: true }, now);
  return less === null || isRefusal(less) ? less : { target, clientId, from: monthOf(day), less };
}

/** The contract as it would be, of the recorded ones. */
type Suppose = (recorded: readonly ContractFacts[]) => ContractFacts | null;

interface Supposed {
  readonly suppose: Suppose;
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
 * null: the day has not come, and nothing is looked at. Where charges beside the work may fall, all months count from that of the day, or of an invoice that reaches into it, until
 * today's. The change is held beside the same one of today: what it takes from days to come anybody may state tomorrow. Of months that are parked nobody can state it.
 */
function lessUnder(
  { contractId, clientId }: Pick<ContractFacts, 'contractId' | 'clientId'>,
  day: LocalDate,
  { suppose, ofToday, isBeside = false }: Supposed,
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
  const { months, notKnown } = found;
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

interface Change {
  readonly contractId: string;
  readonly day: LocalDate;
  /** What is charged beside the work and changes: the block, the milestone, what is counted. Absent: only the work that was done looks at it. */
  readonly beside?: string;
}

/** The first day that an event changes for work; none: it changes none. */
function dayOfChange(event: ClientContractsEvent, state: ClientContracts): readonly Change[] {
  switch (event.type) {
    case 'ContractVersionPublished':
      return [{ contractId: event.data.contractId, day: event.data.effectiveFrom }];
    case 'ContractSuspended':
      return [{ contractId: event.data.contractId, day: event.data.from }];
    case 'ContractResumed':
      return [{ contractId: event.data.contractId, day: event.data.resumedOn }];
    case 'PrepaidBlockPurchased':
      return [{ contractId: event.data.contractId, day: event.data.purchasedOn }];
    case 'PrepaidBlockReturned':
      return [{ contractId: event.data.contractId, day: event.data.returnedOn, beside: event.data.blockId }];
    case 'PrepaidBlockWithdrawn': {
      const { contractId, blockId } = event.data;
      const before = stateOf(state, contractId);
      const block = before.status === 'unknown' ? undefined : before.blocks.find((one) => one.blockId === blockId);
      return block === undefined ? [] : [{ contractId, day: block.purchasedOn, beside: blockId }];
    }
    case 'MilestoneDeclarationWithdrawn': {
      const { contractId, milestoneId } = event.data;
      const before = stateOf(state, contractId);
      const reached = before.status === 'unknown' ? [] : reachedMilestones(before);
      const one = reached.find((milestone) => milestone.milestoneId === milestoneId);
      return one === undefined ? [] : [{ contractId, day: one.reachedOn, beside: milestoneId }];
    }
    case 'CountRecorded':
      return [{ contractId: event.data.contractId, day: event.data.from, beside: event.data.countOf }];
    case 'ContractRenewalReversed':
      return [{ contractId: event.data.contractId, day: event.data.effectiveTo }];
    case 'ContractTerminated': {
      const { contractId, lastDay } = event.data;
      const before = stateOf(state, contractId);
      const earlier = before.status === 'terminated' && before.lastDay < lastDay ? before.lastDay : lastDay;
      return [{ contractId, day: earlier }];
    }
    case 'ContractRenewed': {
      const { contractId, versionNumber } = event.data;
      const before = stateOf(state, contractId);
      const version =
        before.status === 'unknown' ? undefined : before.versions.find((one) => one.versionNumber === versionNumber);
      const end = version?.effectiveTo ?? null;
      return end === null ? [] : [{ contractId, day: end }];
    }
    case 'ContractActivated':
    case 'MilestoneReached':
    case 'NoticeRecorded':
    case 'NoticeWithdrawn':
    case 'ContractsListed':
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return [];
    default:
      return unreachable(event);
  }
}
