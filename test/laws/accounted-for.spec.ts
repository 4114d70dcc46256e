import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReadModels } from '@billtrail/read-models';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Msp } from '../scenarios/msp.js';
import { conservation, disagreements, silences } from './kit/accounted-for.js';
import { misread } from './kit/dump.js';
import type { Model } from './kit/model.js';
import { observe, type Observed } from './kit/observed.js';
import { TIMEOUT_MS, lookAt, overHistories } from './kit/run.js';
import { tellSample } from './kit/sample.js';

let msp: Msp;
let model: Model;
let observed: Observed;
beforeAll(async () => {
  msp = await tellSample();
  ({ model, observed } = await lookAt(msp));
});
afterAll(() => msp.closes());

/** What is observed, with its items as a bug would make them. */
function withItems(change: (items: Observed['items']) => Observed['items']): Observed {
  return { ...observed, items: change(observed.items) };
}

function changed(itemId: string, change: Partial<Observed['items'][number]>): Observed {
  expect(observed.items.some((item) => item.itemId === itemId)).toBe(true);
  return withItems((items) => items.map((item) => (item.itemId === itemId ? { ...item, ...change } : item)));
}

/** What read models make of a log that they read wrongly. */
async function observedMisread(change: (event: RecordedEvent) => RecordedEvent | null): Promise<Observed> {
  const { store } = msp.house.billtrail;
  const models = await ReadModels.open({ file: ':memory:', store: misread(store, change) });
  await models.catchUp();
  const seen = await observe(models, model.tickets.keys(), observed.asOf);
  await models.close();
  return seen;
}

describe('L1 Conservation', () => {
  it(
    'recorded work is in the dispositions, for every ticket and client-period, in minutes, quantities and money',
    () =>
      overHistories(async (history) => {
        const seen = await lookAt(history);
        return conservation(seen.model, seen.observed);
      }),
    TIMEOUT_MS,
  );

  it('finds an item that is missing, a minute too many, a cent too few, and a piece that is not there', () => {
    expect(conservation(model, observed)).toEqual([]);
    expect(
      conservation(
        model,
        withItems((items) => items.filter(({ itemId }) => itemId !== 'W6')),
      ),
    ).toHaveLength(3);
    expect(conservation(model, changed('W2', { actualMinutes: 26 }))).toHaveLength(3);
    expect(conservation(model, changed('W6', { net: { amount: '149.99', currency: 'AUD' } }))).toHaveLength(1);
    expect(conservation(model, changed('W1-a1', { net: { amount: '75.01', currency: 'AUD' } }))).toHaveLength(1);
    expect(conservation(model, changed('W2', { net: { amount: '0.01', currency: 'AUD' } }))).toHaveLength(1);
    expect(conservation(model, changed('M5', { quantity: '1.001' }))).toHaveLength(3);
  });

  it('finds read models that miss voids, or the corrections that follow an invoice', async () => {
    const missesVoids = await observedMisread((event) => (event.type === 'TimeEntryVoided' ? null : event));
    expect(conservation(model, missesVoids).join('\n')).toContain('T4: recorded 0 min');
    const missesCorrections = await observedMisread((event) => (event.type === 'TimeEntryCorrected' ? null : event));
    expect(conservation(model, missesCorrections).join('\n')).toContain('T1: recorded 100 min');
  });
});

describe('L2 No silence', () => {
  it(
    'every resolved ticket is accounted for, or shows a gap',
    () =>
      overHistories(async (history) => {
        const seen = await lookAt(history);
        return silences(seen.model, seen.observed);
      }),
    TIMEOUT_MS,
  );

  it('finds the silence that each missing gap would leave', () => {
    expect(silences(model, observed)).toEqual([]);
    const kinds = new Set(observed.derivedGaps.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['time-unapproved', 'unbilled', 'unpriced', 'work-not-recorded']);
    for (const kind of kinds) {
      const derivedGaps = observed.derivedGaps.filter((gap) => gap.kind !== kind);
      expect(silences(model, { ...observed, derivedGaps })).not.toEqual([]);
    }
  });

  it('finds a gap that comes a day late, work without an item, and a ticket that is told to be well', async () => {
    const late = observed.derivedGaps.map((gap) => (gap.dueOn === null ? gap : { ...gap, dueOn: '2026-03-17' }));
    expect(silences(model, { ...observed, derivedGaps: late }).join('\n')).toContain(
      'W1-a1 (billable, approved) is in silence',
    );
    expect(
      silences(
        model,
        withItems((items) => items.filter(({ itemId }) => itemId !== 'W2')),
      ),
    ).toEqual(['T2 W2 has no item']);
    const fates = observed.fates.map((one) => (one.ticketId === 'T4' ? { ...one, fate: 'covered' as const } : one));
    expect(silences(model, { ...observed, fates })).toEqual(['T4 is told to be covered']);
    const forgetful = await observedMisread((event) => (event.type === 'TicketResolved' ? null : event));
    expect(silences(model, forgetful).length).toBeGreaterThan(4);
  });
});

describe('L7 Derived equals recorded', () => {
  it(
    'what rating derives today and nobody accepted is what is recorded as open, once the policies have settled',
    () =>
      overHistories(async (history) => {
        await history.house.settle();
        return disagreements((await lookAt(history)).observed);
      }),
    TIMEOUT_MS,
  );

  it('finds a gap that is not recorded, one that is not derived, one of another value and one of another client', () => {
    expect(disagreements(observed)).toEqual([]);
    const { derivedGaps, recordedGaps } = observed;
    const open = recordedGaps.find(({ state }) => state === 'open');
    const others = recordedGaps.filter((gap) => gap !== open);
    expect(disagreements({ ...observed, recordedGaps: others })).not.toEqual([]);
    expect(disagreements({ ...observed, derivedGaps: derivedGaps.filter(({ key }) => key !== open?.key) })).not.toEqual(
      [],
    );
    expect(
      disagreements({
        ...observed,
        recordedGaps: others.concat({ ...open!, valueAtRisk: { money: null, minutes: 1 } }),
      }),
    ).not.toEqual([]);
    expect(disagreements({ ...observed, recordedGaps: others.concat({ ...open!, clientId: 'harbour' }) })).not.toEqual(
      [],
    );
    expect(recordedGaps.some(({ state }) => state === 'accepted')).toBe(true);
    const closed = recordedGaps.map((gap) => (gap.state === 'accepted' ? { ...gap, state: 'closed' as const } : gap));
    expect(disagreements({ ...observed, recordedGaps: closed })).not.toEqual([]);
  });
});
