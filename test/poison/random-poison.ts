import type { Random } from '../crash/random.js';
import { CLIENTS, details, entry, material, MONTHS, TERMS, version, type Told } from './house.js';

/** What it concerns: one month; the whole client, for nothing says which month; or nothing, for rating takes it. */
export type Concerns = 'month' | 'client' | 'nothing';

/** A fact that no door lets in, and how people mend it. */
export interface Poison {
  readonly kind: string;
  readonly clientId: string;
  readonly month: string;
  readonly concerns: Concerns;
  readonly told: readonly Told[];
  readonly mended: readonly Told[];
  /** Once it is mended, all is as if it had never been. */
  readonly leavesNothing: boolean;
}

const HUGE = '9'.repeat(19);
const DAYS_OF_NOTHING = ['soon', '', '10000-01-01', '-5', undefined, null, 20_260_301, '2026-13-01', '99999-99-99'];
const MINUTES = ['many', 1.5, 1e300, null, undefined, -50, -1, {}];
const QUANTITIES = ['a lot', '1e400', undefined, null, '', 'NaN', HUGE + HUGE];
const PRICES = [
  { amount: '9.95', currency: 'ZZZ' },
  { amount: '9.95' },
  { amount: 'much', currency: 'AUD' },
  { amount: HUGE, currency: 'AUD' },
  { amount: '1e99', currency: 'AUD' },
  {},
];
const SPANS = [
  ['soon', '2026-03-03T10:00:00Z'],
  ['0001-01-01T00:00:00Z', '9998-12-30T00:00:00Z'],
  ['2026-03-03T10:00:00Z', 'later'],
];
const ZONES = ['Mars/Base', '', 'UTC+99', 'Australia/Atlantis'];
const BEGINS = ['0206-01-01', 'soon', '10000-01-01', '', '2999-01-01'];
const IDS = ['E1@p2', 'E1~1', 'E1-a1', 'E1-c1', 'acme-2026-03-E@p1', 'fee@x@2026-03-01'];

/** One of these, which may be nothing. */
function one<Value>(random: Random, values: readonly Value[]): Value {
  return random.pick(values.map((value) => ({ value }))).value;
}

type Make = (
  random: Random,
  at: { readonly clientId: string; readonly month: string },
) => Omit<Poison, 'clientId' | 'month'>;

function ofEntry(kind: string, concerns: Concerns, stated: object, at: { clientId: string; month: string }, id = 'P') {
  const ticketId = `${at.clientId}-${at.month}`;
  const told = [entry(ticketId, id, `${at.month}-10`, stated)];
  const voided = { timeEntryId: id, reason: 'in error' };
  const mended = [{ stream: `ticket-${ticketId}`, type: 'TimeEntryVoided', data: voided }];
  return { kind, concerns, told, mended, leavesNothing: true };
}

function ofMaterial(kind: string, stated: object, { clientId, month }: { clientId: string; month: string }) {
  const ticketId = `${clientId}-${month}`;
  const told = [material(ticketId, 'P', `${month}-10`, stated)];
  const voided = { materialUsageId: 'P', reason: 'in error' };
  const mended = [{ stream: `ticket-${ticketId}`, type: 'MaterialUsageVoided', data: voided }];
  return { kind, concerns: 'month' as const, told, mended, leavesNothing: true };
}

/** It is folded, and can't be rated. */
export function priceInNoCurrency(at: { readonly clientId: string; readonly month: string }): Poison {
  return { ...at, ...ofMaterial('a price that is none', { listPrice: { amount: '9.95', currency: 'ZZZ' } }, at) };
}

const zoneThatIsNone: Make = (random, { clientId }) => {
  const changed = (stated: object): Told => ({
    stream: `client-${clientId}`,
    type: 'ClientDetailsChanged',
    data: details(clientId, stated),
  });
  const kind = 'a zone that does not exist';
  return {
    kind,
    concerns: 'client',
    told: [changed({ timeZone: one(random, ZONES) })],
    mended: [changed({})],
    leavesNothing: true,
  };
};

/** One of each kind, made anew by chance. */
export const KINDS: readonly Make[] = [
  (random, at) => ofEntry('an entry on no day', 'client', { workDate: one(random, DAYS_OF_NOTHING) }, at),
  (random, at) => ofEntry('minutes that are none', 'month', { minutes: one(random, MINUTES) }, at),
  (random, at) => {
    const [startedAt, endedAt] = one(random, SPANS);
    return ofEntry('a start and an end that are none', 'month', { startedAt, endedAt }, at);
  },
  (random, at) => ofEntry('an id that looks rendered', 'nothing', {}, at, one(random, IDS)),
  (random, at) => ofMaterial('a quantity that is none', { quantity: one(random, QUANTITIES) }, at),
  (random, at) => ofMaterial('a price that is none', { listPrice: one(random, PRICES) }, at),
  zoneThatIsNone,
  (random, { clientId }) => {
    const told = [version(clientId, { versionNumber: 2, effectiveFrom: one(random, BEGINS) })];
    const mended = [version(clientId, { versionNumber: 2, effectiveFrom: '2026-06-01' })];
    return { kind: 'a version that begins on no day', concerns: 'client', told, mended, leavesNothing: false };
  },
  (random, { clientId }) => {
    const terms = one(random, [{}, undefined, { ...TERMS, rateCard: { ...TERMS.rateCard, currency: 'ZZZ' } }]);
    const told = [version(clientId, { versionNumber: 2, terms })];
    const mended = [version(clientId, { versionNumber: 2 })];
    return { kind: 'terms that are none', concerns: 'client', told, mended, leavesNothing: false };
  },
];

export function randomPoison(random: Random, number: number): Poison {
  const make = KINDS[number % KINDS.length]!;
  const at = { clientId: one(random, Object.keys(CLIENTS)), month: one(random, MONTHS) };
  return { ...at, ...make(random, at) };
}
