import { Decimal } from '@billtrail/kernel';
import { rate, type RatingResult } from '@billtrail/billing';
import type { BenchRow } from './bench-row.js';
import { WORK_ITEMS, ratedPeriod } from './rated-period.js';
import { median } from './read-models.bench.js';

/** Runs before the first that counts: the compiler has then seen the code. */
const WARM_UP_RUNS = 20;
const RUNS = 31;
/** What rating may cost beside the arithmetic that no rating can do without. */
const MOST_TIMES_ARITHMETIC = 3.7;

interface Run {
  readonly rateMillis: number;
  readonly rateCpuMillis: number;
  readonly arithmeticMillis: number;
  readonly jsonMillis: number;
  readonly made: Made;
}

/** What of a result is told: the result itself is let go, as a service lets it go. */
interface Made {
  readonly items: number;
  readonly cutWork: number;
  readonly draws: number;
  readonly billable: number;
  readonly writtenOff: number;
  readonly unpriced: number;
}

/** One period that nobody rated before, and in the same breath what the least of it would cost: bare arithmetic, and the result as JSON. */
function run(seed: number): Run {
  const facts = ratedPeriod(seed);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = rate(facts);
  const rated = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const before = performance.now();
  let sum = 0;
  for (let item = 0; item < result.items.length; item++) sum += lineNet(15 + (item % 240), '187.50').length;
  const counted = performance.now();
  const written = JSON.stringify(result).length;
  const end = performance.now();
  if (sum === 0 || written === 0) throw new Error('nothing was rated');
  return {
    rateMillis: rated - start,
    rateCpuMillis: (user + system) / 1000,
    arithmeticMillis: counted - before,
    jsonMillis: end - counted,
    made: madeOf(result),
  };
}

function madeOf({ items, draws }: RatingResult): Made {
  const count = (disposition: string): number => items.filter((item) => item.disposition === disposition).length;
  return {
    items: items.length,
    cutWork: new Set(items.filter((item) => item.segment !== undefined).map((item) => item.workItemId)).size,
    draws: draws.length,
    billable: count('billable'),
    writtenOff: count('written-off'),
    unpriced: count('unpriced'),
  };
}

/** The one multiplication, division and rounding that the net of an item can't do without, with the decimal arithmetic of the house. */
function lineNet(minutes: number, pricePerHour: string): string {
  return new Decimal(pricePerHour).times(minutes).div(60).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2);
}

/** The pure function alone: a month of 5,000 pieces of work, cut at edges, drawn on blocks, held to caps. */
export async function ratingBench(): Promise<BenchRow[]> {
  for (let seed = 1; seed <= WARM_UP_RUNS; seed++) run(seed);
  const runs = Array.from({ length: RUNS }, (_, index) => run(1_000 + index));
  const [first] = runs;
  if (first === undefined) return [];
  const { items, cutWork, draws, billable, writtenOff, unpriced } = first.made;
  const millis = (of: (one: Run) => number): number => median(runs.map(of));
  const perSecond = (of: (one: Run) => number): number =>
    Math.round(median(runs.map((one) => (one.made.items / of(one)) * 1000)));
  const took = millis((one) => one.rateMillis);
  const arithmetic = millis((one) => one.arithmeticMillis);
  const json = millis((one) => one.jsonMillis);
  return [
    {
      name: 'rating: items made of a client-period of 5,000 work items',
      value: perSecond((one) => one.rateMillis),
      unit: 'items/s',
      target: '',
      note:
        `median of ${RUNS} periods, each of facts made anew, after ${WARM_UP_RUNS} to warm up; ${took.toFixed(1)} ms a period, ` +
        `${Math.round((WORK_ITEMS / took) * 1000)} work items/s, ${perSecond((one) => one.rateCpuMillis)} items/s of processor time; ` +
        `the first: ${items} items, ${cutWork} work items cut, ${draws} draws, ${billable} billable, ` +
        `${writtenOff} above a cap written down, ${unpriced} gaps above a cap`,
    },
    {
      name: 'rating: the arithmetic of as many items alone',
      value: perSecond((one) => one.arithmeticMillis),
      unit: 'items/s',
      target: '',
      note: 'in the same run: one multiplication, division and rounding an item',
    },
    {
      name: 'rating: how many times the arithmetic alone',
      value: Number((took / arithmetic).toFixed(2)),
      unit: 'x',
      target: `<= ${MOST_TIMES_ARITHMETIC}`,
      note: 'of medians in the same run',
    },
    {
      name: 'rating: the result as JSON alone',
      value: perSecond((one) => one.jsonMillis),
      unit: 'items/s',
      target: '',
      note: `in the same run: what it costs only to write the answer down; rating takes ${(took / json).toFixed(1)} x of it`,
    },
  ];
}
