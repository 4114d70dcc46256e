import { type LocalDate, type TimeZone, invariant, unreachable } from '@billtrail/kernel';
import type { ContractLifeCommand, ContractTerms } from '@billtrail/contracts';
import {
  BY_ENTRY,
  BY_ENTRY_AND_ROLE,
  BY_TICKET,
  BY_TICKET_DAY,
  MANAGED,
  MANAGED_BY_CATEGORY,
  MANAGED_WITH_PROJECTS_APART,
  PROJECTS,
} from './agreements.js';
import { BLOCK, BLOCK_HOURS, CAPPED, MANAGED_PER_DEVICE, MONTHLY_HOURS } from './agreements-by-period.js';
import { type DemoCalendar, dateOf } from './calendar.js';
import { CURRENCY, TIME_ZONE } from './configuration.js';
import type { Random } from './random.js';

/**
 * What a client agreed to. `lapsed`: its first contract ended with the month before, and tickets may still name it; `twin`: two contracts that
 * overlap at the same priority, so tickets must name one; `newcomer`: its contract begins in the middle of the month.
 */
export type Shape =
  | 'lapsed'
  | 'managed'
  | 'twin'
  | 'newcomer'
  | 'by-entry'
  | 'by-entry-and-role'
  | 'by-ticket'
  | 'by-ticket-day'
  | 'managed-by-category'
  | 'managed-with-projects'
  | 'block-hours'
  | 'monthly-hours'
  | 'managed-per-device'
  | 'capped';

export interface ContractPlan {
  readonly contractId: string;
  readonly name: string;
  readonly priority: number;
  readonly terms: ContractTerms;
  readonly effectiveFrom: LocalDate;
  /** Last day; null: goes on. */
  readonly lastDay: LocalDate | null;
  /** What happens to it after its activation: blocks, counts. */
  readonly life: readonly ContractLifeCommand[];
}

export interface ClientPlan {
  readonly clientId: string;
  readonly name: string;
  readonly timeZone: TimeZone;
  readonly taxId: string | null;
  readonly address: string;
  readonly shape: Shape;
  readonly contracts: readonly ContractPlan[];
  /** The contract that a ticket is classified under. */
  readonly current: ContractPlan;
  /** Day (since 1970) from which work has a contract. */
  readonly contractFromDay: number;
  /** Its share of the tickets, against the other clients'. */
  readonly weight: number;
}

/** The first four clients have one shape each that only planted gaps need; the others take turns. */
export const MIN_CLIENTS = 4;
const FIRST_SHAPES: readonly Shape[] = ['lapsed', 'managed', 'twin', 'newcomer'];
const FURTHER_SHAPES: readonly Shape[] = [
  'by-entry',
  'managed-with-projects',
  'by-ticket',
  'managed',
  'by-entry-and-role',
  'managed-by-category',
  'by-ticket-day',
  'block-hours',
  'managed-per-device',
  'monthly-hours',
  'capped',
  'managed',
  'lapsed',
];

/** Zones that are not ahead of the organisation's: a day in the office is the same day at the client's. */
const ZONES: readonly (readonly [TimeZone, number])[] = [
  [TIME_ZONE, 14],
  ['Australia/Melbourne', 3],
  ['Australia/Brisbane', 2],
  ['Australia/Adelaide', 1],
  ['Australia/Perth', 1],
];

/** Invented syllables: names of places that are on no map and of firms that are in no register. */
const NAME_BEGINNINGS = ['Brindle', 'Wattlo', 'Tarn', 'Quillo', 'Ember', 'Fenna', 'Yandor', 'Ostrel', 'Marlo', 'Kelda'];
const NAME_ENDINGS = ['moor', 'brook', 'wick', 'dale', 'stead', 'mere', 'gate'];
const TRADES = [
  'Joinery',
  'Dental Care',
  'Freight',
  'Legal',
  'Physio',
  'Nurseries',
  'Catering',
  'Surveyors',
  'Veterinary',
  'Property',
  'Engineering',
];

export function planClients(count: number, calendar: DemoCalendar, random: Random): readonly ClientPlan[] {
  invariant(count >= MIN_CLIENTS, `a sample month needs at least ${MIN_CLIENTS} clients, got ${count}`);
  return Array.from({ length: count }, (_, index) => planClient(index, calendar, random));
}

function planClient(index: number, calendar: DemoCalendar, random: Random): ClientPlan {
  const shape =
    FIRST_SHAPES[index] ?? FURTHER_SHAPES[(index - FIRST_SHAPES.length) % FURTHER_SHAPES.length] ?? 'by-entry';
  const number = String(index + 1).padStart(3, '0');
  const contracts = contractsOf(shape, number, calendar);
  const current = contracts.findLast((contract) => contract.lastDay === null);
  invariant(current !== undefined, `client ${number} has no contract`);
  return {
    clientId: `C-${number}`,
    name: nameOf(index),
    timeZone: index < FIRST_SHAPES.length ? TIME_ZONE : random.weighted(ZONES),
    taxId: random.chance(0.8) ? businessNumberOf(index) : null,
    address: `${random.whole(1, 180)} Sample Street, Exampleton ${2990 + (index % 10)}`,
    shape,
    contracts,
    current,
    contractFromDay: shape === 'newcomer' ? newcomerFrom(calendar) : calendar.firstDay,
    weight: random.whole(2, 9),
  };
}

/** Every pair of beginning and ending comes once before any comes again; then a number tells them apart. */
function nameOf(index: number): string {
  const pairs = NAME_BEGINNINGS.length * NAME_ENDINGS.length;
  const beginning = NAME_BEGINNINGS[index % NAME_BEGINNINGS.length];
  const ending = NAME_ENDINGS[(index + Math.floor(index / NAME_BEGINNINGS.length)) % NAME_ENDINGS.length];
  const round = Math.floor(index / pairs);
  return `${beginning}${ending} ${TRADES[index % TRADES.length]}${round === 0 ? '' : ` ${round + 1}`}`;
}

/** What the last nine digits of an ABN count; its first two are chosen so that the whole sum is divisible by 89. */
const NUMBER_WEIGHTS = [3, 5, 7, 9, 11, 13, 15, 17, 19] as const;

/** An invented ABN with right check digits, from a range of numbers (999 ...) that is far beyond those given out. */
function businessNumberOf(index: number): string {
  const nine = String(999_000_000 + index * 7);
  const sum = NUMBER_WEIGHTS.reduce((total, weight, digit) => total + weight * Number(nine[digit]), 0);
  const check = 10 + ((89 - (sum % 89)) % 89);
  return `${check} ${nine.slice(0, 3)} ${nine.slice(3, 6)} ${nine.slice(6)}`;
}

function newcomerFrom(calendar: DemoCalendar): number {
  return calendar.businessDays[Math.floor(calendar.businessDays.length / 3)] ?? calendar.lastDay;
}

function contractsOf(shape: Shape, number: string, calendar: DemoCalendar): readonly ContractPlan[] {
  const long = dateOf(calendar.firstDay - 400);
  const contract = (letter: string, name: string, terms: ContractTerms, rest: Partial<ContractPlan> = {}) => ({
    contractId: `K-${number}-${letter}`,
    name,
    priority: 50,
    terms,
    effectiveFrom: long,
    lastDay: null,
    life: [],
    ...rest,
  });
  /** Agreements that charge by the month are new: what they charged before is not in the sample. */
  const newAgreement = (
    name: string,
    terms: ContractTerms,
    lifeOf: (contractId: string, from: LocalDate) => readonly ContractLifeCommand[] = () => [],
  ) => {
    const plan = contract('A', name, terms, { effectiveFrom: dateOf(calendar.firstDay) });
    return { ...plan, life: lifeOf(plan.contractId, plan.effectiveFrom) };
  };
  switch (shape) {
    case 'lapsed':
      return [
        contract('A', 'Support agreement, first term', BY_ENTRY_AND_ROLE, { lastDay: dateOf(calendar.firstDay - 1) }),
        contract('B', 'Support agreement, second term', BY_ENTRY, { effectiveFrom: dateOf(calendar.firstDay) }),
      ];
    case 'twin':
      return [
        contract('A', 'Agreement for the warehouse', BY_ENTRY_AND_ROLE),
        contract('B', 'Agreement for the office', BY_ENTRY),
      ];
    case 'newcomer':
      return [contract('A', 'Support agreement', BY_TICKET_DAY, { effectiveFrom: dateOf(newcomerFrom(calendar)) })];
    case 'managed':
      return [contract('A', 'Managed service', MANAGED)];
    case 'managed-by-category':
      return [contract('A', 'Daily support', MANAGED_BY_CATEGORY)];
    case 'managed-with-projects':
      return [
        contract('P', 'Projects and visits', PROJECTS, { priority: 80 }),
        contract('A', 'Managed service', MANAGED_WITH_PROJECTS_APART, { priority: 20 }),
      ];
    case 'by-entry':
      return [contract('A', 'Time and materials', BY_ENTRY)];
    case 'by-entry-and-role':
      return [contract('A', 'Time and materials by role', BY_ENTRY_AND_ROLE)];
    case 'by-ticket':
      return [contract('A', 'Time and materials by ticket', BY_TICKET)];
    case 'by-ticket-day':
      return [contract('A', 'Time and materials by day', BY_TICKET_DAY)];
    case 'block-hours':
      return [newAgreement('Block of hours', BLOCK_HOURS, blockOfHours)];
    case 'monthly-hours':
      return [newAgreement('Hours of the month', MONTHLY_HOURS)];
    case 'managed-per-device':
      return [newAgreement('Managed service by device', MANAGED_PER_DEVICE, devicesAndUsers(Number(number)))];
    case 'capped':
      return [newAgreement('Time and materials, capped', CAPPED)];
    default:
      return unreachable(shape);
  }
}

function blockOfHours(contractId: string, from: LocalDate): readonly ContractLifeCommand[] {
  const price = { net: { amount: BLOCK.price, currency: CURRENCY }, taxCategory: 'GST' };
  const amount = { unit: 'minutes', minutes: BLOCK.hours * 60 } as const;
  const block = { blockId: `${contractId}-B1`, amount, purchasedOn: from, expiresOn: null, price };
  return [{ type: 'PurchasePrepaidBlock', contractId, ...block }];
}

function devicesAndUsers(size: number) {
  return (contractId: string, from: LocalDate): readonly ContractLifeCommand[] => [
    { type: 'RecordCount', contractId, countOf: 'workstation', count: 8 + (size % 17), from },
    { type: 'RecordCount', contractId, countOf: 'user', count: 10 + (size % 19), from },
  ];
}

/** True if a ticket must name its contract, because several in force overlap at the same priority. */
export function mustNameContract(client: ClientPlan): boolean {
  return client.shape === 'twin';
}

/** Most minutes that a clean ticket may take: where time is included, the limit must not be passed. */
export function mostMinutesOn(client: ClientPlan): number {
  switch (client.shape) {
    case 'managed':
    case 'managed-with-projects':
    case 'managed-per-device':
      return 170;
    case 'managed-by-category':
      return 115;
    case 'lapsed':
    case 'twin':
    case 'newcomer':
    case 'by-entry':
    case 'by-entry-and-role':
    case 'by-ticket':
    case 'by-ticket-day':
    case 'capped':
      return 420;
    case 'block-hours':
    case 'monthly-hours':
      return 240;
    default:
      return unreachable(client.shape);
  }
}
