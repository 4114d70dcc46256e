import {
  Money,
  isRefusal,
  monthOf,
  valueOfForgone,
  type ForgoingFacts,
  type LocalDate,
  type MoneyJson,
  type Month,
  type Refusal,
} from '@billtrail/kernel';
import { limitOf, type AskedLess, type ContractFacts } from '@billtrail/billing';
import {
  canonical,
  clientContracts,
  stateOf,
  type ClientContracts,
  type ClientContractsEvent,
  type ContractState,
} from '@billtrail/contracts';
import type { AtDecision } from '../command-path/command-definition.js';
import { supposedContract } from '../questions/supposed-contract.js';
import { dayOfChange } from './day-of-change.js';
import { forgoneOfTerms } from './forgone.js';
import { lessUnder, type Suppose } from './less-under-terms.js';
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
