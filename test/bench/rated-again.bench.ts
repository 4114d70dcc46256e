import { join } from 'node:path';
import { streamName, type Position } from '@billtrail/event-store';
import type { ContractTerms } from '@billtrail/contracts';
import { ReadModels } from '@billtrail/read-models';
import type { BenchRow } from './bench-row.js';
import {
  CLIENTS,
  CONFIGURATION,
  CROWDED_PERIOD_ITEMS,
  Log,
  TERMS,
  median,
  requested,
  timeEntry,
  timed,
} from './read-models.bench.js';

const REPEATS_OF_ALL = 5;

/** Time draws on a block that lasts, so that every item is a draw and every period hands something over. */
const PREPAID_TERMS: ContractTerms = {
  ...TERMS,
  coverage: [
    { id: 'time', name: 'time', match: { kinds: ['time'] }, outcome: 'prepaid' },
    { id: 'rest', name: 'all other work', match: {}, outcome: 'billable' },
  ],
};

/** All work of the house rated again, in one period of each client: what a new configuration asks for. */
export async function ratedAgainBench(dir: string): Promise<BenchRow[]> {
  const log = new Log(join(dir, 'again-events.db'));
  await log.house(PREPAID_TERMS);
  const at = '2026-03-15T10:00:00+11:00';
  for (let number = 0; number < CLIENTS; number++) {
    const contractId = `contract-${number}`;
    const amount = { unit: 'minutes', minutes: 1_000_000 };
    const block = { contractId, blockId: 'B1', amount, purchasedOn: '2026-01-01', expiresOn: null, price: null };
    await log.append(streamName('contract', contractId), [
      { type: 'PrepaidBlockPurchased', data: block, occurredAt: at },
    ]);
  }
  await log.tickets(0, (CLIENTS * CROWDED_PERIOD_ITEMS) / 2, 'JOB', (number) => {
    const id = `JOB${number}`;
    const entries = [
      ...timeEntry(`${id}-1`, '2026-03-15', 7 + (number % 90), at),
      ...timeEntry(`${id}-2`, '2026-03-16', 11 + (number % 60), at),
    ];
    return [requested(id, `client-${number % CLIENTS}`, at), ...entries];
  });
  const models = await ReadModels.open({ file: join(dir, 'again-read-models.db'), store: log.store });
  await models.catchUp();
  const publish = (days: number): Promise<Position> =>
    log.append('configuration', [
      {
        type: 'ConfigurationPublished',
        data: { configuration: { ...CONFIGURATION, unbilledAfterDays: days }, hash: `bench-${days}` },
        occurredAt: at,
      },
    ]);
  const millis: number[] = [];
  for (let number = 0; number < REPEATS_OF_ALL; number++) {
    await publish(10 + number);
    millis.push(await timed(() => models.catchUp()));
  }
  await models.close();
  await log.store.close();
  return [
    {
      name: 'read models: all work of 50 clients rated again',
      value: median(millis) / 1000,
      unit: 's',
      target: '<= 1 s',
      note: `median of ${REPEATS_OF_ALL}, ${CLIENTS * CROWDED_PERIOD_ITEMS} items, each a draw on a block, worst ${(Math.max(...millis) / 1000).toFixed(2)} s`,
    },
  ];
}
