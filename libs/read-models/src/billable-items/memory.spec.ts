import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { readModelsAsOf } from '../as-of.js';
import { ReadModels } from '../read-models.js';
import {
  CLASSIFIED,
  CONFIGURATION,
  approved,
  configured,
  contract,
  event,
  logged,
  registered,
  requested,
  resolved,
  Story,
  TERMS,
  timed,
  used,
  type AnyEvent,
} from '../spec-kit/story.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

const JUNE = (): string => '2026-06-20T00:00:00.000Z';
const corrected = (timeEntryId: string, workDate: string): AnyEvent => {
  const { data } = logged(timeEntryId, 45, workDate) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  const { loggedBy: _, ...facts } = data;
  return event('TimeEntryCorrected', { ...facts, reason: 'typo', correctedBy: 'eng-1' });
};
const URGENT_IS_INCLUDED: ContractTerms = {
  ...TERMS,
  coverage: [
    { id: 'urgent', name: 'urgent work', match: { priorities: ['high'] }, outcome: 'included' },
    ...TERMS.coverage,
  ],
};
const perHour = { amount: '99.00', currency: 'AUD' };

/** What is remembered of a client-period after it was rated must be what is stored: here each kind of event comes after that. */
describe('client-periods in memory', () => {
  let story: Story;
  let live: ReadModels;

  beforeEach(async () => {
    story = new Story(':memory:', JUNE);
    live = await ReadModels.open({ file: ':memory:', store: story.store });
    await story.tell('configuration', configured());
    for (const clientId of ['acme', 'other']) {
      await story.tell(`client-${clientId}`, registered(clientId));
      await story.tell(`contract-${clientId}-1`, ...contract(clientId, URGENT_IS_INCLUDED));
    }
    const nightly = timed('night', '2026-03-31T22:00:00+11:00', '2026-04-01T02:00:00+11:00', '2026-03-31');
    await story.tell('ticket-T1', requested('T1'), logged('E1'), logged('E2', 30, '2026-04-02'), nightly, used('M1'));
    await story.tell('ticket-T2', requested('T2'), logged('E1', 20), resolved());
    await live.catchUp();
  });
  afterEach(async () => {
    await live.close();
    await story.store.close();
  });

  const told = async (models: ReadModels): Promise<unknown> => [
    (await models.billableItems.list({}, { limit: 200 })).items,
    await dueGaps(models, '2026-12-31', 1_000),
    await models.reconciliation.of('2026-12-31'),
    await models.prepaid.balances({}, { limit: 200 }),
  ];
  const expectSameAsFresh = async (): Promise<void> => {
    const fresh = await readModelsAsOf(story.store, await live.catchUp());
    expect(await told(live)).toEqual(await told(fresh));
    await fresh.close();
  };

  it.each<readonly [string, string, AnyEvent]>([
    ['one more entry', 'ticket-T1', logged('E3')],
    ['the same entry logged twice', 'ticket-T1', logged('E1', 50, '2026-04-05')],
    ['an approval', 'ticket-T1', approved('E1')],
    ['an approval over a month end', 'ticket-T1', approved('night')],
    ['a correction', 'ticket-T1', corrected('E1', '2026-03-03')],
    ['a correction into another month', 'ticket-T1', corrected('E1', '2026-04-03')],
    ['a correction that takes the month end away', 'ticket-T1', corrected('night', '2026-03-30')],
    [
      'a price of its own',
      'ticket-T1',
      event('TimeEntryPriceOverridden', {
        timeEntryId: 'E1',
        pricePerHour: perHour,
        reason: 'agreed',
        overriddenBy: 'a',
      }),
    ],
    ['a voided entry', 'ticket-T1', event('TimeEntryVoided', { timeEntryId: 'night', reason: 'twice' })],
    ['voided material', 'ticket-T1', event('MaterialUsageVoided', { materialUsageId: 'M1', reason: 'returned' })],
    ['another client', 'ticket-T1', event('TicketReclassified', { ...CLASSIFIED, clientId: 'other', reason: null })],
    ['no client any more', 'ticket-T1', event('TicketReclassified', { ...CLASSIFIED, clientId: null, reason: null })],
    ['another priority', 'ticket-T1', event('TicketReprioritised', { priority: 'high' })],
    ['a resolution', 'ticket-T1', resolved()],
    ['no charge', 'ticket-T2', event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'late', declaredBy: 'a' })],
    ['another zone of the client', 'client-acme', event('ClientDetailsChanged', { ...detailsIn('America/New_York') })],
    ['another configuration', 'configuration', configured({ ...CONFIGURATION, unbilledAfterDays: 3 })],
  ])('knows of %s', async (_, stream, changed) => {
    const before = await told(live);
    await story.tell(stream, changed);
    await expectSameAsFresh();
    if (!stream.startsWith('configuration')) expect(await told(live)).not.toEqual(before);
    await story.tell('ticket-T2', logged('E9', 15));
    await expectSameAsFresh();
  });
});

function detailsIn(timeZone: string) {
  const { data } = registered('acme', timeZone) as Extract<AnyEvent, { type: 'ClientRegistered' }>;
  return data;
}
