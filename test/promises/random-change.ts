import type { Currency } from '@billtrail/kernel';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import type { Random } from '../crash/random.js';
import { inPercent, maybe, randomDay, some } from './chance.js';
import { COUNTED, randomFee, randomFees, randomOneTimeFees } from './random-fees.js';
import { randomServiceLevels } from './random-service-levels.js';
import {
  randomCalendar,
  randomCaps,
  randomCoverage,
  randomDiscounts,
  randomLabour,
  randomMinimum,
  randomPrepaid,
  randomRounding,
  randomTerms,
} from './random-terms.js';
import {
  randomBlock,
  randomContract,
  randomSuspension,
  type ContractInFile,
  type FileOfContracts,
} from './random-contract.js';

/** One more version of a contract, as the API takes it, or a changed file, as it is activated. */
export type Change =
  | {
      readonly by: 'version';
      readonly contractId: string;
      readonly effectiveFrom: string;
      readonly effectiveTo: string | null;
      readonly terms: ContractTerms;
    }
  | { readonly by: 'file'; readonly file: FileOfContracts; readonly says: string };

export function randomChange(random: Random, file: FileOfContracts, number: number): Change {
  const [{ contracts, currency }] = file.clients;
  const contract = random.pick(contracts);
  if (inPercent(random, 50)) return changedFile(random, file, contract, number);
  return {
    by: 'version',
    contractId: contract.contractId,
    effectiveFrom: randomFirstDay(random, contract),
    effectiveTo: null,
    terms: changedTerms(random, random.pick(termsOf(contract)), currency),
  };
}

function termsOf({ terms, laterVersions = [] }: ContractInFile): readonly ContractTerms[] {
  return [terms, ...laterVersions.map((one) => one.terms)];
}

function randomFirstDay(random: Random, { effectiveFrom }: ContractInFile): string {
  return inPercent(random, 30) ? effectiveFrom : randomDay(random, 1, 6);
}

type Edit = (terms: ContractTerms, random: Random, currency: Currency) => ContractTerms;

function without<K extends keyof ContractTerms>(terms: ContractTerms, key: K): Omit<ContractTerms, K> {
  const { [key]: _gone, ...rest } = terms;
  return rest;
}

function commonOf({ timeZone, rateCalendar }: ContractTerms): Pick<ContractTerms, 'timeZone' | 'rateCalendar'> {
  return { ...(timeZone === undefined ? {} : { timeZone }), ...(rateCalendar === undefined ? {} : { rateCalendar }) };
}

/** What a unit of a fee costs now. */
function repriced(
  fee: RecurringCharge,
  { price = '0', tiers, tierPricing, minimumCount }: RecurringCharge,
): RecurringCharge {
  const { price: _price, tiers: _tiers, tierPricing: _pricing, minimumCount: _least, ...rest } = fee;
  if (fee.basis === 'fixed' || fee.basis === 'retainer') return { ...rest, price: tiers?.[0]?.price ?? price };
  return {
    ...rest,
    ...(tiers === undefined ? { price } : { tiers }),
    ...(tierPricing === undefined ? {} : { tierPricing }),
    ...(minimumCount === undefined ? {} : { minimumCount }),
  };
}

const EDITS: readonly Edit[] = [
  (terms, random, currency) => ({
    ...terms,
    recurringCharges: (terms.recurringCharges ?? randomFees(random, currency)).map((fee) =>
      inPercent(random, 60) ? repriced(fee, randomFee(random, currency, 'servers')) : fee,
    ),
  }),
  (terms, random, currency) => ({
    ...terms,
    recurringCharges: (terms.recurringCharges ?? randomFees(random, currency)).map((fee) => {
      const { everyMonths: _cycle, ...rest } = fee;
      const { everyMonths = 1, billed, cycleAnchor, proration } = randomFee(random, currency, 'base');
      return {
        ...rest,
        ...(everyMonths === 1 ? {} : { everyMonths }),
        ...(cycleAnchor === undefined ? {} : { cycleAnchor }),
        ...(proration === undefined ? {} : { proration }),
        billed,
      };
    }),
  }),
  (terms, random) => {
    const kept = some(random, terms.recurringCharges ?? []);
    return kept.length === 0 ? without(terms, 'recurringCharges') : { ...terms, recurringCharges: kept };
  },
  (terms, random, currency) => ({
    ...terms,
    rateCard: { ...terms.rateCard, labour: randomLabour(random, currency) },
  }),
  (terms, random) => {
    const { roundingRules: _rules, ...card } = terms.rateCard;
    return { ...terms, rateCard: { ...card, ...randomRounding(random) } };
  },
  (terms, random, currency) => ({
    ...without(terms, 'discounts'),
    ...maybe(random, 70, () => ({ discounts: randomDiscounts(random, currency) })),
  }),
  (terms, random, currency) => ({
    ...without(terms, 'minimumCommitment'),
    ...maybe(random, 70, () => ({ minimumCommitment: randomMinimum(random, currency) })),
  }),
  (terms, random, currency) => ({
    ...without(terms, 'oneTimeFees'),
    ...maybe(random, 70, () => ({ oneTimeFees: randomOneTimeFees(random, currency) })),
  }),
  (terms, random, currency) => ({
    ...without(terms, 'caps'),
    ...maybe(random, 70, () => ({ caps: randomCaps(random, currency) })),
  }),
  (terms, random, currency) => {
    const coverage = randomCoverage(random, currency);
    const isPrepaid = coverage.some(({ outcome }) => outcome === 'prepaid');
    return {
      ...without(terms, 'prepaid'),
      coverage,
      ...(isPrepaid ? { prepaid: terms.prepaid ?? randomPrepaid(random, currency) } : {}),
    };
  },
  (terms, random, currency) =>
    terms.prepaid === undefined ? terms : { ...terms, prepaid: randomPrepaid(random, currency) },
  (terms, random) => ({
    ...without(terms, 'rateCalendar'),
    ...maybe(random, 60, () => ({ rateCalendar: randomCalendar(random) })),
  }),
  (terms, random, currency) => ({
    ...without(terms, 'serviceLevels'),
    ...maybe(random, 60, () => ({ serviceLevels: randomServiceLevels(random, currency) })),
  }),
  (terms, random, currency) => ({ ...commonOf(terms), ...randomTerms(random, currency) }),
];

/** The terms with one to three things of them changed. */
function changedTerms(random: Random, terms: ContractTerms, currency: Currency): ContractTerms {
  let changed = terms;
  for (let left = random.whole(1, 3); left > 0; left -= 1) changed = random.pick(EDITS)(changed, random, currency);
  return changed;
}

interface ChangeOfContract {
  readonly says: string;
  readonly of: (contract: ContractInFile, random: Random, currency: Currency, number: number) => ContractInFile;
}

const CHANGES: readonly ChangeOfContract[] = [
  {
    says: 'terms',
    of: (contract, random, currency) => ({ ...contract, terms: changedTerms(random, contract.terms, currency) }),
  },
  {
    says: 'later version',
    of: (contract, random, currency) => {
      const later = contract.laterVersions ?? [];
      const taken = new Set([contract.effectiveFrom, ...later.map(({ effectiveFrom }) => effectiveFrom)]);
      const effectiveFrom = randomDay(random, 2, 6);
      if (taken.has(effectiveFrom)) return contract;
      const terms = changedTerms(random, contract.terms, currency);
      return { ...contract, laterVersions: [...later, { effectiveFrom, terms }].sort(byFirstDay) };
    },
  },
  {
    says: 'count',
    of: (contract, random) => ({
      ...contract,
      counts: [
        ...(contract.counts ?? []),
        { countOf: random.pick(COUNTED), count: random.whole(0, 40), from: randomDay(random, 1, 6) },
      ],
    }),
  },
  {
    says: 'block',
    of: (contract, random, currency, number) => ({
      ...contract,
      blocks: [...(contract.blocks ?? []), randomBlock(random, `more-${number}`, currency)],
    }),
  },
  {
    says: 'suspension',
    of: (contract, random) =>
      contract.suspensions === undefined ? { ...contract, suspensions: [randomSuspension(random)] } : contract,
  },
  {
    says: 'notice',
    of: (contract, random) =>
      contract.notice === undefined
        ? { ...contract, notice: { givenOn: randomDay(random, 1, 4), reason: 'moves on' } }
        : contract,
  },
  {
    says: 'termination',
    of: (contract, random) => ({ ...contract, termination: { lastDay: randomDay(random, 2, 6), reason: 'sold' } }),
  },
];

function byFirstDay(one: { readonly effectiveFrom: string }, other: { readonly effectiveFrom: string }): number {
  return one.effectiveFrom < other.effectiveFrom ? -1 : 1;
}

function changedFile(random: Random, file: FileOfContracts, contract: ContractInFile, number: number): Change {
  const [client, ...others] = file.clients;
  const { currency, clientId } = client;
  if (client.contracts.length < 3 && inPercent(random, 12)) {
    const added = randomContract(random, `${clientId}-new-${number}`, 5 + number, currency, commonOf(contract.terms));
    return {
      by: 'file',
      says: 'contract',
      file: { ...file, clients: [{ ...client, contracts: [...client.contracts, added] }, ...others] },
    };
  }
  const changes = some(random, CHANGES, 1).slice(0, 2);
  const changed = changes.reduce((one, change) => change.of(one, random, currency, number), contract);
  const contracts = client.contracts.map((one) => (one === contract ? changed : one));
  return {
    by: 'file',
    says: changes.map(({ says }) => says).join(' and '),
    file: { ...file, clients: [{ ...client, contracts }, ...others] },
  };
}
