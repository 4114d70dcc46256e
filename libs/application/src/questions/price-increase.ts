import { createHash } from 'node:crypto';
import {
  Money,
  addDays,
  isRefusal,
  monthOf,
  monthsLater,
  refuse,
  type LocalDate,
  type Month,
  type MoneyJson,
  type Refusal,
} from '@billtrail/kernel';
import {
  canonical,
  increasedTerms,
  isSuspendedOn,
  RAISED_BY_CARD,
  raisedFrom,
  renewalOf,
  VersionTimeline,
  type ContractTerms,
  type ContractVersion,
  type IncreaseWhere,
  type LeftAsItIs,
  type PriceIncrease,
  type TermsDifference,
} from '@billtrail/contracts';
import { whatIf, type ClientPeriodFacts, type ContractFacts } from '@billtrail/billing';
import type { NotKnownOf } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { PublishContractVersion } from '../commands/contract.commands.js';
import { configurationOf, todayOf } from '../configuration.js';

export interface IncreaseAsked {
  readonly percent: string;
  readonly from: LocalDate;
  readonly roundTo: string | null;
  readonly where: IncreaseWhere;
  /** The month whose prices are compared; null: the one before the present. */
  readonly month: Month | null;
}

/** What becomes of a contract: `raised` gets a version, `raised-before` has it already, `left` stays as it is. */
export interface ContractIncrease {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly as: 'raised' | 'raised-before' | 'left';
  /** Why it is left; else null. */
  readonly why: string | null;
  /** The version whose prices are raised, or that raised them; null: none is in force on the day. */
  readonly versionNumber: number | null;
  readonly effectiveTo: LocalDate | null;
  readonly prices: readonly TermsDifference[];
  readonly left: readonly LeftAsItIs[];
  /** What to know before it is published. */
  readonly notes: readonly string[];
  /** As they are from the day on. */
  readonly terms: ContractTerms | null;
}

/** What the month would have cost the client at the new prices, whatever is on documents. */
export interface ClientIncrease {
  readonly clientId: string;
  readonly before: MoneyJson;
  readonly after: MoneyJson;
}

export interface IncreasePlan {
  /** Of what would be in force: whoever publishes names it, so that what was seen is what happens. The same also where some of it was published since. */
  readonly hash: string;
  readonly percent: string;
  readonly from: LocalDate;
  readonly month: Month;
  readonly contracts: readonly ContractIncrease[];
  readonly clients: readonly ClientIncrease[];
  /** Clients that are left out, for not all is known of them. Absent: none. */
  readonly notKnown?: readonly NotKnownOf[];
}

/** What an increase of prices over many contracts would do; nothing is recorded. Refuses: NoContractMeant. */
export async function planIncrease(ports: CommandPorts, asked: IncreaseAsked): Promise<IncreasePlan | Refusal> {
  await ports.upToDate();
  const { models, store, clock } = ports;
  const month = asked.month ?? monthsLater(monthOf(todayOf(await configurationOf(store), clock())), -1);
  const { clientIds } = asked.where;
  const clientsAsked = (await models.contractTerms.clients()).filter((id) => clientIds?.includes(id) ?? true);
  const contracts: ContractIncrease[] = [];
  const clients: ClientIncrease[] = [];
  for (const clientId of clientsAsked) {
    const facts = await models.billableItems.periodFacts(clientId, month);
    const meant = facts.contracts.filter((one) => one.clientId === clientId && isMeant(one, asked));
    const increases = meant.map((one) => increaseOf(one, asked)).filter((one) => one !== null);
    contracts.push(...increases);
    const raised = increases.filter((one) => one.as === 'raised');
    if (raised.length > 0) clients.push({ clientId, ...(await moneyOf(ports, facts, raised, asked)) });
  }
  if (contracts.length === 0)
    return refuse(
      'NoContractMeant',
      'No contract is as asked.',
      'Check the names in `where`, or leave it out to mean all contracts.',
      { where: asked.where },
    );
  const { percent, from } = asked;
  const seen = contracts.map(({ contractId, terms }) => [contractId, terms]);
  const hash = createHash('sha256')
    .update(canonical([percent, from, asked.roundTo, asked.where.terms ?? [], seen]))
    .digest('hex');
  const notKnown = models.known
    .now()
    .notKnown()
    .filter(({ clientId }) => clientIds === undefined || (clientId !== null && clientIds.includes(clientId)));
  return { hash, percent, from, month, contracts, clients, ...(notKnown.length === 0 ? {} : { notKnown }) };
}

function isMeant({ contractId, priority, versions }: ContractFacts, { where, from }: IncreaseAsked): boolean {
  const { contractIds, currencies, priorities } = where;
  const terms = new VersionTimeline({ versions, lastDay: null }).publishedFor(from)?.terms ?? versions.at(-1)?.terms;
  return (
    (contractIds?.includes(contractId) ?? true) &&
    (priorities?.includes(priority) ?? true) &&
    (currencies === undefined || (terms !== undefined && currencies.includes(terms.rateCard.currency)))
  );
}

/** null: it ended long before, or has none of the terms that are meant. */
function increaseOf(contract: ContractFacts, asked: IncreaseAsked): ContractIncrease | null {
  const { contractId, clientId, name, versions, lastDay } = contract;
  const { percent, from, where } = asked;
  const about = { contractId, clientId, name, notes: [], prices: [], left: [], terms: null, effectiveTo: null };
  const left = (why: string, versionNumber: number | null = null): ContractIncrease => {
    return { ...about, as: 'left', why, versionNumber };
  };
  if (lastDay !== null && lastDay < from) return left(`it ends on ${lastDay}`);
  const present = new VersionTimeline({ versions, lastDay: null }).publishedFor(from);
  if (present === null) return left(whyNotInForce(contract, from));
  const { fixedPrices } = present.terms;
  if (fixedPrices !== undefined && (fixedPrices.until === undefined || fixedPrices.until >= from)) {
    const until = fixedPrices.until === undefined ? '' : ` until ${fixedPrices.until}`;
    return left(`its prices are fixed${until}: ${fixedPrices.why}`, present.versionNumber);
  }
  const { raisedBefore, ...increased } = increasedTerms(
    present.terms,
    increaseAsked(asked),
    raisedFrom(versions, from, present),
  );
  if (increased.prices.length === 0) {
    if (increased.left.length === 0 && where.terms !== undefined) return null;
    const { versionNumber, terms } = present;
    const { card } = terms.rateCard;
    if (raisedBefore.length > 0 && raisedBefore.every((one) => one === percent))
      return { ...about, as: 'raised-before', why: null, versionNumber, terms };
    const why =
      raisedBefore.length > 0
        ? `its prices were raised by ${raisedBefore.join(' and ')} % from this day already`
        : card === undefined
          ? 'it has no price that may be raised'
          : `it is priced by rate card ${card}: ${RAISED_BY_CARD}`;
    return { ...left(why, versionNumber), left: increased.left };
  }
  const next = nextVersion(versions, from);
  const effectiveTo = next === null ? present.effectiveTo : endBefore(present, next);
  return {
    ...about,
    ...increased,
    as: 'raised',
    why: null,
    versionNumber: present.versionNumber,
    effectiveTo,
    notes: notesOf(contract, present, next, from),
  };
}

function increaseAsked({ percent, from, roundTo, where }: IncreaseAsked): PriceIncrease {
  return { percent, from, roundTo, terms: where.terms ?? [] };
}

function whyNotInForce(contract: ContractFacts, from: LocalDate): string {
  const first = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0];
  if (first !== undefined && first > from) return `it begins on ${first}, at the prices that were agreed for it`;
  const renewal = renewalOf(contract);
  return renewal === null
    ? `no version of it is in force on ${from}`
    : `its term ends on ${renewal.lastDay}: raise its prices once it has renewed`;
}

function nextVersion(versions: readonly ContractVersion[], from: LocalDate): ContractVersion | null {
  const later = versions.filter(({ effectiveFrom }) => effectiveFrom > from);
  return later.sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))[0] ?? null;
}

function endBefore({ effectiveTo }: ContractVersion, next: ContractVersion): LocalDate {
  const before = addDays(next.effectiveFrom, -1);
  return effectiveTo !== null && effectiveTo < before ? effectiveTo : before;
}

function notesOf(
  { suspensions, notice, lastDay }: ContractFacts,
  { terms, effectiveTo }: ContractVersion,
  next: ContractVersion | null,
  from: LocalDate,
): readonly string[] {
  const long = (terms.recurringCharges ?? []).filter(({ everyMonths = 1 }) => everyMonths > 1);
  const running = long.map(
    ({ name, everyMonths }) =>
      `${name} is charged for ${everyMonths ?? 1} months: of a cycle that runs on ${from}, the days from then on cost the new price`,
  );
  const ends = effectiveTo ?? lastDay;
  return [
    ...(next === null
      ? []
      : [`version ${next.versionNumber} follows on ${next.effectiveFrom}, and keeps the prices that it has`]),
    ...(isSuspendedOn(suspensions, from) ? [`it is suspended on ${from}`] : []),
    ...(notice === undefined || notice.isWithdrawn ? [] : [`notice was given on ${notice.givenOn}`]),
    ...(ends === null ? [] : [`it ends on ${ends}`]),
    ...running,
  ];
}

/**
 * The month as it is and at the new prices, both rated as if nothing of it were on documents. Each version has its own prices raised, so that a cycle of
 * several months is at the new price as a whole, and nothing but the increase is compared.
 */
async function moneyOf(
  { models }: Pick<CommandPorts, 'models'>,
  facts: ClientPeriodFacts,
  raised: readonly ContractIncrease[],
  asked: IncreaseAsked,
): Promise<Pick<ClientIncrease, 'before' | 'after'>> {
  const supposed = facts.contracts.flatMap((contract) => {
    const increase = raised.find(({ contractId }) => contractId === contract.contractId);
    if (increase?.terms === null || increase?.terms === undefined) return [];
    const { terms: planned, versionNumber } = increase;
    const versions = contract.versions.map((version) => {
      const isPlanned = version.versionNumber === versionNumber;
      return { ...version, terms: isPlanned ? planned : increasedTerms(version.terms, increaseAsked(asked)).terms };
    });
    return [{ ...contract, versions }];
  });
  const asRated = (of: ClientPeriodFacts): Money =>
    Money.from(whatIf(of, { contract: null }, { thaw: true }).totals.after);
  const before = asRated(facts);
  const after = asRated(await models.billableItems.periodFacts(facts.clientId, facts.period, supposed));
  return { before: before.toJSON(), after: after.toJSON() };
}

/** How a command is sent for whoever publishes an increase. */
type Send = (
  type: typeof PublishContractVersion,
  input: object,
) => Promise<{ readonly version: number; readonly waits?: true } | Refusal>;

export interface PublishedIncrease {
  readonly hash: string;
  /** Those that have the new prices now. */
  readonly published: readonly string[];
  /** Those of which the new prices have no effect until another person approves them. */
  readonly waiting: readonly string[];
  readonly refused: readonly { readonly contractId: string; readonly code: string; readonly message: string }[];
}

/**
 * Publishes what was planned: a version for each contract whose prices are raised. What was published before is left alone, so that it can be sent again
 * after a crash. Refuses: IncreaseChanged where it is not what was seen.
 */
export async function publishIncrease(
  ports: CommandPorts,
  { hash, ...asked }: IncreaseAsked & { readonly hash: string },
  send: Send,
): Promise<PublishedIncrease | Refusal> {
  const plan = await planIncrease(ports, asked);
  if (isRefusal(plan)) return plan;
  if (plan.hash !== hash)
    return refuse(
      'IncreaseChanged',
      'Contracts have changed since the increase was shown. Nothing was published.',
      'Look at it again: POST /v1/contracts/uplift',
      { hash: plan.hash },
    );
  const published: string[] = [];
  const waiting: string[] = [];
  const refused: PublishedIncrease['refused'][number][] = [];
  for (const { contractId, as, effectiveTo, terms, versionNumber } of plan.contracts) {
    if (as !== 'raised') {
      if (as === 'raised-before') published.push(contractId);
      continue;
    }
    const increase = { percent: asked.percent, ofVersion: versionNumber };
    const input = { contractId, effectiveFrom: asked.from, effectiveTo, terms, increase };
    const answer = await send(PublishContractVersion, input);
    if (isRefusal(answer)) refused.push({ contractId, code: answer.code, message: answer.message });
    else (answer.waits === true ? waiting : published).push(contractId);
  }
  return { hash, published, waiting, refused };
}
