import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InvariantViolation } from '@billtrail/kernel';
import { ReadModelsBehind } from '@billtrail/read-models';
import { START } from '@billtrail/event-store';
import { Api, eventually } from '../kit.js';
import { Story } from '../story.js';

interface Ready {
  readonly status: string;
  readonly runsPolicies: boolean;
  readonly policies: readonly { readonly policy: string; readonly times: number; readonly cause?: string }[];
}

describe('a server whose policy fails (X4)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await api.close();
  });

  const ready = async () => (await api.as('admin').get<Ready>('/health/ready')).body;
  const gaps = async () => (await api.as('admin').reads<{ readonly items: readonly object[] }>('/v1/gaps')).items;

  it('goes on, names it without the cause, which names a client, and does it once it can', async () => {
    const { billableItems } = api.billtrail.models;
    const broken = jest.spyOn(billableItems, 'derivedGapNow').mockImplementation(() => {
      throw new InvariantViolation('acme is broken');
    });
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).resolve().told();
    const named = await eventually(ready, ({ policies }) => policies.length > 0);
    expect(named).toMatchObject({ status: 'ready', runsPolicies: true });
    expect(named.policies[0]).toEqual({ policy: 'record-gaps', times: expect.any(Number) });
    expect(await gaps()).toEqual([]);
    expect(api.failures).toEqual([]);
    broken.mockRestore();
    await story.ticketInProgress('INC2').told();
    expect(await eventually(gaps, (found) => found.length > 0)).toHaveLength(1);
    expect((await eventually(ready, ({ policies }) => policies.length === 0)).policies).toEqual([]);
  });

  it('goes on while a policy waits for read models in vain', async () => {
    const { models } = api.billtrail;
    const waits = jest.spyOn(models, 'waitFor').mockRejectedValue(new ReadModelsBehind(START, START));
    await story.client('acme').told();
    await eventually(
      async () => waits.mock.calls.length,
      (calls) => calls > 0,
    );
    expect(api.failures).toEqual([]);
    expect((await ready()).status).toBe('ready');
  });

  it('starts without its read models: they are filled, and the policies wait for them', async () => {
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).resolve().told();
    expect(await eventually(gaps, (found) => found.length > 0)).toHaveLength(1);
    await api.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(join(api.dataDir, `read-models.db${end}`), { force: true });
    await api.start();
    expect(await eventually(gaps, (found) => found.length > 0)).toHaveLength(1);
    expect(api.failures).toEqual([]);
  });
});
