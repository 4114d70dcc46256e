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
import { dayOfChange, type Change } from './day-of-change.js';
import { forgoneOfTerms } from './forgone.js';
import { lessUnder, type Suppose, type Supposed } from './less-under-terms.js';
import { madeToday, mayLower, versionMadeToday } from './made-today.js';

/** What less is asked of which client, from which month on. */
interface LessByTerms {
  readonly contractId: string;
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

/** A change of a contract, with the events before it in the same command that change nothing by themselves. */
interface Step {
  readonly events: readonly ClientContractsEvent[];
  /** Of all contracts of the client, before it. */
  readonly state: ClientContracts;
  readonly change: Change;
}

/**
 * What the events of one command take is what they would take one by one, each after the one before: what one asks more makes up for nothing that another takes, for it could be
 * recorded without it.
 */
function askedLessAfter(
  state: ClientContracts,
  decided: readonly ClientContractsEvent[],
  now: AtDecision,
): LessByTerms | Refusal | null {
  const found: LessByTerms[] = [];
  for (const step of stepsOf(state, decided)) {
    const less = askedLessBy(step, state, now);
    if (isRefusal(less)) return less;
    if (less !== null && less.less.length > 0) found.push(less);
  }
  const [first] = found.toSorted((one, other) => (one.from < other.from ? -1 : 1));
  if (first === undefined) return null;
  const isOne = found.every(({ target }) => target === first.target);
  return { ...first, target: isOne ? first.target : first.contractId, less: found.flatMap(({ less }) => less) };
}

/** A contract that begins by the command is one step: of what it asks nothing was asked before, so no part of it takes anything from another. */
function stepsOf(state: ClientContracts, decided: readonly ClientContractsEvent[]): readonly Step[] {
  const [first] = decided.flatMap((event) => dayOfChange(event, state)).sort(byDay);
  if (first === undefined) return [];
  const { contractId, day } = first;
  if (stateOf(state, contractId).status === 'unknown') return [{ events: decided, state, change: { contractId, day } }];
  const steps: Step[] = [];
  let [before, events]: [ClientContracts, ClientContractsEvent[]] = [state, []];
  for (const event of decided) {
    events.push(event);
    const [change] = dayOfChange(event, events.slice(0, -1).reduce(clientContracts.evolve, before));
    if (change === undefined) continue;
    steps.push({ events, state: before, change });
    before = events.reduce(clientContracts.evolve, before);
    events = [];
  }
  return steps;
}

function byDay({ day: one }: Change, { day: other }: Change): number {
  return one < other ? -1 : 1;
}

/** `recorded`: before the command. */
function askedLessBy(
  { events, state, change: { contractId, day, beside } }: Step,
  recorded: ClientContracts,
  now: AtDecision,
): LessByTerms | Refusal | null {
  const after = stateOf(events.reduce(clientContracts.evolve, state), contractId);
  if (after.status === 'unknown') return null;
  const { clientId } = after;
  const as = (contract: ContractState): Suppose => {
    return (known) => supposedContract(contract, known.find((one) => one.contractId === contractId) ?? null);
  };
  const before = stateOf(state, contractId);
  const ofToday = (today: LocalDate): Suppose => {
    const anyway = events.flatMap((event) => madeToday(event, today, { before, after }) ?? []);
    return as(stateOf(anyway.reduce(clientContracts.evolve, state), contractId));
  };
  const supposed: Supposed = {
    suppose: as(after),
    ...(state !== recorded && { after: as(before) }),
    ...(before.status !== 'unknown' && events.some(mayLower) && { ofToday }),
    ...(beside !== undefined && { isBeside: true }),
  };
  const less = lessUnder({ contractId, clientId }, day, supposed, now);
  const target = beside === undefined ? contractId : `${contractId}/${beside}`;
  return less === null || isRefusal(less) ? less : { contractId, target, clientId, from: monthOf(day), less };
}
