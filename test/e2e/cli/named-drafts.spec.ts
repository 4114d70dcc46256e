import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { billtrail, failureOf, type Run } from './cli.js';

describe('billtrail invoice run, for named tickets', () => {
  let api: Api;
  let run: (...args: readonly string[]) => Promise<Run>;
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api).client('acme').contract('acme-tm');
    for (const number of [1, 2, 3])
      story.ticketInProgress(`INC${number}`).time(`te-${number}`, 60).approveTime(`te-${number}`).resolve();
    await story.told();
    await api.stop();
    run = (...args) => billtrail('--data', api.dataDir, '--json', 'invoice', 'run', '--period', MONTH, ...args);
  });
  afterAll(() => api.close());

  it('needs the client of the tickets', async () => {
    const unnamed = await run('--ticket', 'INC1');
    expect(unnamed.code).toBe(2);
    expect(failureOf(unnamed)).toMatchObject({ code: 'ClientMissing' });
  });

  it('bills these and no others; a ticket without anything to bill is named', async () => {
    const billed = await run('--client', 'acme', '--ticket', 'INC1', '--ticket', 'INC3');
    expect(billed.code).toBe(0);
    expect(JSON.parse(billed.stdout)).toMatchObject({
      invoices: [{ clientId: 'acme', status: 'draft', lineCount: 2, net: { amount: '300.00', currency: 'AUD' } }],
      refused: [],
    });
    const again = await run('--client', 'acme', '--ticket', 'INC1', '--charge', 'acme-tm@fee@fee@2026-03-01');
    expect(JSON.parse(again.stdout)).toMatchObject({
      invoices: [],
      refused: [
        {
          refusal: {
            code: 'NothingToDraft',
            details: { tickets: ['INC1'], charges: ['acme-tm@fee@fee@2026-03-01'] },
          },
        },
      ],
    });
  });
});
