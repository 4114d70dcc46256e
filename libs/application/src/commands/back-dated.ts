import {
  Money,
  isRefusal,
  monthOf,
  unreachable,
  valueOfForgone,
  type ForgoingFacts,
  type LocalDate,
  type MoneyJson,
  type Month,
  type Refusal,
} from '@billtrail/kernel';
import { askedLessByTerms, limitOf, type AskedLess, type ContractFacts } from '@billtrail/billing';
import { clientContracts, stateOf, type ClientContracts, type ClientContractsEvent } from '@billtrail/contracts';
import { NotKnown } from '@billtrail/read-models';
import type { AtDecision } from '../command-path/command-definition.js';
import { supposedContract } from '../questions/supposed-contract.js';
import { latestToday } from '../configuration.js';
import { forgoingOf } from './forgone.js';

/** What less is asked of which client, from which month on. */
interface LessByTerms {
  readonly contractId: string;
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
  const { contractId, clientId, from: period, less } = found;
  if (less.length === 0) return null;
  const tickets = less.flatMap(({ ticketId }) => (ticketId === null ? [] : [{ ticketId, workItemId: null }]));
  const rules = now.models.approvals.rulesNow(tickets);
  if (isRefusal(rules)) return rules;
  return forgoingOf({ target: contractId, clientId, period, workBy: rules.workBy }, less);
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

/** The same of a contract as it would be from a day on. */
export function forgoesFrom(
  contract: ContractFacts,
  day: LocalDate,
  now: AtDecision,
): ForgoesBeforehand | Refusal | null {
  const less = lessUnder(contract.clientId, day, () => contract, now);
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
  const { contractId, day } = first;
  const after = stateOf(decided.reduce(clientContracts.evolve, state), contractId);
  if (after.status === 'unknown') return null;
  const { clientId } = after;
  const less = lessUnder(
    clientId,
    day,
    (recorded) => supposedContract(after, recorded.find((one) => one.contractId === contractId) ?? null),
    now,
  );
  return less === null || isRefusal(less) ? less : { contractId, clientId, from: monthOf(day), less };
}

/** null: the day has not come, and nothing is looked at. `suppose`: the contract as it would be, of the recorded one. */
function lessUnder(
  clientId: string,
  day: LocalDate,
  suppose: (recorded: readonly ContractFacts[]) => ContractFacts | null,
  { at, models }: AtDecision,
): readonly AskedLess[] | Refusal | null {
  if (day > latestToday(at)) return null;
  try {
    const months = models.documentFacts.underContracts(clientId, monthOf(day), (recorded) => {
      const contract = suppose(recorded);
      return contract === null ? [] : [contract];
    });
    return isRefusal(months) ? months : askedLessByTerms(months);
  } catch (error) {
    // Where its months are parked the contract may be the remedy, and nobody could approve it: nothing is known of their requests either.
    if (error instanceof NotKnown) return null;
    throw error;
  }
}

interface Change {
  readonly contractId: string;
  readonly day: LocalDate;
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
    case 'PrepaidBlockReturned':
    case 'PrepaidBlockWithdrawn':
    case 'CountRecorded':
    case 'MilestoneReached':
    case 'MilestoneDeclarationWithdrawn':
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
