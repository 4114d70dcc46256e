import fc from 'fast-check';

export const CLIENTS = ['acme', 'beta'] as const;
export const TICKETS = ['T1', 'T2', 'T3'] as const;
const DAYS = ['2026-03-03', '2026-03-31', '2026-04-01'] as const;
const WORK = [0, 1, 2] as const;
const TIME_ZONES = ['Australia/Sydney', 'Europe/Berlin', 'America/Los_Angeles'] as const;

/** One step of a random story: what happens, where. It is made into events when its turn comes. */
export type Step =
  | { readonly do: 'request' | 'triage'; readonly ticket: string; readonly client: string | null }
  | { readonly do: 'resolve' | 'reopen' | 'cancel' | 'close' | 'no-charge' | 'note'; readonly ticket: string }
  | {
      readonly do: 'log' | 'correct';
      readonly ticket: string;
      readonly work: number;
      readonly day: string;
      readonly minutes: number;
    }
  | { readonly do: 'approve' | 'void' | 'use'; readonly ticket: string; readonly work: number }
  | { readonly do: 'register' | 'contract'; readonly client: string }
  | {
      readonly do: 'reprice';
      readonly client: string;
      readonly from: string;
      readonly price: number;
      readonly managed: boolean;
    }
  | {
      readonly do: 'purchase' | 'withdraw' | 'count' | 'suspend' | 'resume' | 'terminate' | 'renew';
      readonly client: string;
      readonly from: string;
      readonly number: number;
    }
  | { readonly do: 'night' | 'override'; readonly ticket: string; readonly work: number; readonly number: number }
  | { readonly do: 'configure'; readonly days: number }
  | { readonly do: 'merge'; readonly ticket: string; readonly into: string }
  | { readonly do: 'split'; readonly ticket: string }
  | { readonly do: 'zone'; readonly client: string; readonly timeZone: string }
  /** A move at some hour after the beginning, recorded when its turn comes: late and out of order too. */
  | {
      readonly do: 'start' | 'pend' | 'unpend' | 'end' | 'close-again' | 'go-on' | 'reprioritise';
      readonly ticket: string;
      readonly hour: number;
    }
  /** The clocks are asked so many hours after the beginning. */
  | { readonly do: 'ask-clocks'; readonly hour: number }
  | {
      readonly do: 'draft' | 'discard' | 'freeze' | 'write-off' | 'credit';
      readonly client: string;
      readonly period: string;
      readonly number: number;
    };

const ticket = fc.constantFrom(...TICKETS);
const client = fc.constantFrom(...CLIENTS);
const work = fc.constantFrom(...WORK);
const day = fc.constantFrom(...DAYS);

/** Work and documents alone: what changes a period reaches others by the chain, and by nothing else. */
export const workStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('log', 'correct'),
      ticket,
      work,
      day,
      minutes: fc.integer({ min: 1, max: 200 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('approve', 'void'), ticket, work }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('night', 'override'), ticket, work, number: fc.nat({ max: 240 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('draft', 'draft', 'freeze', 'freeze', 'write-off', 'credit'),
      client,
      period: fc.constantFrom('2026-03', '2026-04'),
      number: fc.nat({ max: 99 }),
    }),
  },
);

const hour = fc.integer({ min: 0, max: 80 });
const slaSteps = [
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('start', 'pend', 'unpend', 'end', 'close-again', 'go-on', 'reprioritise'),
      ticket,
      hour,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask-clocks' as const), hour }) },
] as const;

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  ...slaSteps,
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('request', 'triage'), ticket, client: fc.option(client) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('resolve', 'reopen', 'cancel', 'close', 'no-charge', 'note'), ticket }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('log', 'correct'),
      ticket,
      work,
      day,
      minutes: fc.integer({ min: 1, max: 200 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('approve', 'void', 'use'), ticket, work }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('register', 'contract'), client }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('reprice' as const),
      client,
      from: day,
      price: fc.integer({ min: 1, max: 400 }),
      managed: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('purchase', 'withdraw', 'count', 'suspend', 'resume', 'terminate', 'renew'),
      client,
      from: day,
      number: fc.integer({ min: 0, max: 240 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('night', 'override'),
      ticket,
      work,
      number: fc.integer({ min: 0, max: 240 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('configure' as const), days: fc.integer({ min: 0, max: 60 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('draft', 'discard', 'freeze', 'write-off', 'credit'),
      client,
      period: fc.constantFrom('2026-03', '2026-04'),
      number: fc.integer({ min: 0, max: 99 }),
    }),
  },
);

/** Tickets become one and two again, while each is resolved and opened again, at an hour that is of another day in another zone. */
export const mergeStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('merge' as const), ticket, into: ticket }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('end', 'go-on'), ticket, hour }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('split', 'cancel', 'no-charge', 'note'), ticket }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('approve', 'void', 'use'), ticket, work }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('triage' as const), ticket, client: fc.option(client) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('zone' as const), client, timeZone: fc.constantFrom(...TIME_ZONES) }),
  },
);
