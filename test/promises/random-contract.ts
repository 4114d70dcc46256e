import type { Currency } from '@billtrail/kernel';
import type { ContractTerms, Count, PrepaidBlock } from '@billtrail/contracts';
import type { Random } from '../crash/random.js';
import { amount, dayOf, inPercent, maybe, randomDay, times } from './chance.js';
import { COUNTED } from './random-fees.js';
import { ROLES, WORK_TYPES, randomCalendar, randomTerms } from './random-terms.js';

/** A version as a contract file has it (docs/contracts.md). */
export interface VersionInFile {
  readonly effectiveFrom: string;
  readonly effectiveTo?: string;
  readonly terms: ContractTerms;
}

export interface ContractInFile extends VersionInFile {
  readonly contractId: string;
  readonly name: string;
  readonly priority: number;
  readonly laterVersions?: readonly VersionInFile[];
  readonly blocks?: readonly PrepaidBlock[];
  readonly counts?: readonly Count[];
  readonly notice?: { readonly givenOn: string; readonly reason: string };
  readonly suspensions?: readonly { readonly from: string; readonly resumedOn?: string; readonly reason: string }[];
  readonly termination?: { readonly lastDay: string; readonly reason: string };
}

export interface FileOfContracts {
  readonly workTypes?: readonly string[];
  readonly engineerRoles?: readonly string[];
  readonly clients: readonly [
    { readonly clientId: string; readonly currency: Currency; readonly contracts: readonly ContractInFile[] },
  ];
}

/** The months of a story: work is done in the first four, the last two are yet to come. */
export const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'] as const;
const CURRENCIES = ['AUD', 'AUD', 'AUD', 'AUD', 'JPY', 'KWD', 'USD'] as const;

type CommonTerms = Pick<ContractTerms, 'timeZone' | 'rateCalendar'>;
const ZONES = ['Australia/Sydney', 'Europe/London', 'America/Los_Angeles'] as const;

/** A contract file of one client, with one or two contracts of everything that a file can say. */
export function randomFile(random: Random, clientId: string): FileOfContracts {
  const currency = random.pick(CURRENCIES);
  const common: CommonTerms = {
    ...maybe(random, 30, () => ({ timeZone: random.pick(ZONES) })),
    ...maybe(random, 60, () => ({ rateCalendar: randomCalendar(random) })),
  };
  const first = randomContract(random, `${clientId}-1`, 10, currency, common);
  const second = inPercent(random, 40) ? [randomContract(random, `${clientId}-2`, 20, currency, common)] : [];
  return {
    ...maybe(random, 30, () => ({ workTypes: WORK_TYPES, engineerRoles: ROLES })),
    clients: [{ clientId, currency, contracts: [first, ...second] }],
  };
}

/** Contracts of one client have one zone and one calendar: which day and class it is must not depend on the contract that is asked. */
export function randomContract(
  random: Random,
  contractId: string,
  priority: number,
  currency: Currency,
  common: CommonTerms,
): ContractInFile {
  const terms = (): ContractTerms => ({ ...common, ...randomTerms(random, currency) });
  const effectiveFrom = random.pick([
    '2025-11-10',
    '2026-01-01',
    '2026-01-01',
    '2026-01-01',
    '2026-01-20',
    '2026-02-10',
  ]);
  return {
    contractId,
    name: contractId,
    priority,
    effectiveFrom,
    ...(inPercent(random, 20) ? randomTerm(random, terms()) : { terms: terms() }),
    ...maybe(random, 30, () => ({
      laterVersions: [{ effectiveFrom: randomDay(random, 2, 5), terms: terms() }],
    })),
    ...maybe(random, 45, () => ({
      blocks: times(random.whole(1, 2), (n) => randomBlock(random, `block-${n}`, currency)),
    })),
    counts: COUNTED.flatMap((countOf) =>
      times(random.pick([0, 1, 1, 2]), (n) => ({
        countOf,
        count: random.whole(0, 30),
        from: n === 0 && inPercent(random, 80) ? effectiveFrom : randomDay(random, 2, 5),
      })),
    ),
    ...maybe(random, 15, () => ({ suspensions: [randomSuspension(random)] })),
    ...maybe(random, 10, () => ({ notice: { givenOn: randomDay(random, 1, 3), reason: 'is not sure' } })),
    ...maybe(random, 12, () => ({ termination: { lastDay: randomDay(random, 3, 6), reason: 'gave notice' } })),
  };
}

/** A version with a last day, which mostly renews by itself. */
function randomTerm(random: Random, terms: ContractTerms): Pick<VersionInFile, 'effectiveTo' | 'terms'> {
  const renewal = {
    automatic: inPercent(random, 75),
    months: random.pick([1, 3, 12]),
    noticeDays: random.whole(0, 30),
  };
  return { effectiveTo: randomDay(random, 3, 5), terms: { ...terms, ...maybe(random, 85, () => ({ renewal })) } };
}

export function randomBlock(random: Random, blockId: string, currency: Currency): PrepaidBlock {
  return {
    blockId,
    amount: inPercent(random, 65)
      ? { unit: 'minutes', minutes: random.whole(30, 600) }
      : { unit: 'money', money: { amount: amount(random, currency, 900, 50), currency } },
    purchasedOn: randomDay(random, 2, 4),
    expiresOn: inPercent(random, 40) ? randomDay(random, 5, 6) : null,
    price: inPercent(random, 70)
      ? { net: { amount: amount(random, currency, 900, 50), currency }, taxCategory: 'GST' }
      : null,
  };
}

export function randomSuspension(random: Random): NonNullable<ContractInFile['suspensions']>[number] {
  const month = random.whole(2, 4);
  const from = dayOf(`2026-0${month}`, random.whole(1, 15));
  return {
    from,
    ...maybe(random, 70, () => ({ resumedOn: dayOf(`2026-0${month}`, random.whole(16, 28)) })),
    reason: 'moves house',
  };
}
