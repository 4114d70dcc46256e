import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { neededOf, readModelsAsOf } from '../as-of.js';
import { ReadModels } from '../read-models.js';
import { anyStep, CLIENTS, TICKETS, type Step } from '../spec-kit/random-steps.js';
import { beginning, carryOut } from '../spec-kit/random-story.js';
import { logged, registered, requested, Story } from '../spec-kit/story.js';

const MAY = (): string => '2026-05-20T00:00:00.000Z';
const DAY = '2026-06-01';
const RUNS = 6;
const POSITIONS = 2;
const ALL = { limit: 200 };

/** The same id on whichever ticket comes first: only that one keeps it. */
interface Share {
  readonly do: 'share';
  readonly ticket: string;
}
const ticket = fc.constantFrom(...TICKETS);
const also: fc.Arbitrary<Step | Share> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), ticket, into: ticket }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('split', 'share'), ticket }) },
);
const steps = fc.array(fc.oneof({ weight: 5, arbitrary: anyStep }, { weight: 1, arbitrary: also }), {
  minLength: 5,
  maxLength: 25,
});

async function tell(story: Story, models: ReadModels, step: Step | Share): Promise<void> {
  if (step.do === 'share') await story.ticket(step.ticket, logged('shared', 30));
  else await carryOut(story, models, step);
}

/** Everything that can be asked of one client. */
async function ofClient(models: ReadModels, clientId: string): Promise<unknown> {
  const { items: prepaid } = await models.prepaid.balances({ clientId }, ALL, DAY);
  return [
    await models.billableItems.list({ clientId }, ALL),
    await models.charges.list({ clientId }, ALL),
    await models.unpricedWork.list({ clientId }, ALL),
    prepaid,
    await Promise.all(prepaid.map(({ source }) => models.prepaid.statement(source, ALL))),
    await models.reconciliation.of(DAY, { clientId }),
    await models.reconciliation.byClientPeriod(DAY, { clientId }, ALL),
    await models.reconciliation.tickets(DAY, { clientId }, ALL),
    await models.invoices.list({ clientId }, ALL),
    await models.creditNotes.list({ clientId }, ALL),
    await models.gaps.list({ clientId }, ALL),
    await models.sla.list(MAY(), { clientId }, ALL),
    await models.billableItems.periodFacts(clientId, '2026-04').then((facts) => [...facts.tickets.keys()]),
  ];
}

/** All that lists tell of one month. */
async function ofPeriod(models: ReadModels, clientId: string | undefined, period: string): Promise<unknown> {
  const filter = { clientId, period };
  const items = await models.billableItems.list(filter, ALL);
  const explained = items.items.map(({ itemId }) => models.billableItems.explained(itemId));
  return [
    items,
    (await Promise.all(explained)).flat().filter((one) => one.period === period),
    await models.charges.list(filter, ALL),
    await models.unpricedWork.list(filter, ALL),
  ];
}

async function ofTicket(models: ReadModels, ticketId: string): Promise<unknown> {
  const items = await models.billableItems.ofTicket(ticketId);
  return [
    items,
    await Promise.all(items.map(({ itemId }) => models.billableItems.explained(itemId))),
    await models.billableItems.derivedGapsOfTicket(ticketId),
    await models.reconciliation.of(DAY, { ticketId }),
    await models.sla.list(MAY(), { ticketId }, ALL),
    await models.timeline.timeline(ticketId, ALL),
  ];
}

describe('the part of the log that one client or ticket needs', () => {
  it('answers as of any position what the whole log answers', async () => {
    let parts = 0;
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(fc.nat(), { minLength: POSITIONS, maxLength: POSITIONS }),
        async (told, numbers) => {
          const story = new Story(':memory:', MAY);
          await beginning(story);
          const live = await ReadModels.open({ file: ':memory:', store: story.store });
          const positions = [await live.catchUp()];
          for (const step of told) {
            await tell(story, live, step);
            positions.push(await live.catchUp());
          }
          for (const position of new Set(numbers.map((number) => positions[number % positions.length]!))) {
            const whole = await readModelsAsOf(story.store, position);
            const compare = async (about: object, answer: (models: ReadModels) => Promise<unknown>): Promise<void> => {
              if (live.partOfLog(about, position) !== null) parts++;
              const part = await readModelsAsOf(story.store, position, neededOf(about, position, live));
              expect(part.position()).toBe(position);
              expect([about, await answer(part)]).toEqual([about, await answer(whole)]);
              await part.close();
            };
            for (const clientId of CLIENTS) await compare({ clientId }, (models) => ofClient(models, clientId));
            for (const clientId of [CLIENTS[0], undefined])
              await compare({ clientId, period: '2026-04' }, (models) => ofPeriod(models, clientId, '2026-04'));
            for (const ticketId of TICKETS) await compare({ ticketId }, (models) => ofTicket(models, ticketId));
            await whole.close();
          }
          await live.close();
          await story.store.close();
        },
      ),
      { numRuns: RUNS },
    );
    expect(parts).toBeGreaterThan(RUNS);
  });

  it('rates nothing after the month that is asked for', async () => {
    const story = new Story(':memory:', MAY);
    await beginning(story);
    const live = await ReadModels.open({ file: ':memory:', store: story.store });
    const head = await live.catchUp();
    expect((await live.charges.list({ period: '2026-05' })).items).not.toEqual([]);
    const april = await readModelsAsOf(story.store, head, neededOf({ period: '2026-04' }, head, live));
    expect((await april.charges.list({ period: '2026-04' })).items).not.toEqual([]);
    expect((await april.charges.list({ period: '2026-05' })).items).toEqual([]);
    for (const models of [april, live]) await models.close();
    await story.store.close();
  });

  it('is without the streams of others, and is the whole log for a question about nobody in particular', async () => {
    const story = new Story(':memory:', MAY);
    await beginning(story);
    await story.tell('client-cove', registered('cove'));
    await story.ticket('T9', requested('T9', { clientId: 'cove' }));
    const live = await ReadModels.open({ file: ':memory:', store: story.store });
    const head = await live.catchUp();
    expect(live.partOfLog({ clientId: 'cove' }, head)?.streams).toEqual([
      'configuration',
      'calendar',
      'client-cove',
      'ticket-T9',
    ]);
    expect(new Set(live.partOfLog({ ticketId: 'T9' }, head)?.streams)).toEqual(
      new Set(live.partOfLog({ clientId: 'cove' }, head)?.streams),
    );
    expect(live.partOfLog({}, head)).toBeNull();
    expect(live.partOfLog({ ticketId: 'T3' }, head)?.streams).toEqual(['configuration', 'calendar', 'ticket-T3']);
    // What they have not read yet may be anybody's.
    await story.ticket('T9', logged('W9'));
    expect(live.partOfLog({ clientId: 'cove' }, await story.store.head())).toBeNull();
    await live.close();
    await story.store.close();
  });
});
