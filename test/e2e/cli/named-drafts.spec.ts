import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { billtrail, failureOf, type Run } from './cli.js';

interface Answer {
  readonly invoices: readonly { readonly invoiceId: string }[];
}

describe('billtrail invoice run, for named tickets', () => {
  let api: Api;
  let run: (...args: readonly string[]) => Promise<Run>;
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api).client('acme').contract('acme-tm');
    for (const number of [1, 2, 3])
      story.ticketInProgress(`INC${number}`).time(`te-${number}`, 60).approveTime(`te-${number}`).resolve();
    await story.told();
    await api.leaveToCommandLine();
    run = (...args) => billtrail('--data', api.dataDir, '--json', 'invoice', 'run', '--period', MONTH, ...args);
  });
  afterAll(() => api.close());

  it('needs the client of the tickets', async () => {
    const unnamed = await run('--ticket', 'INC1');
    expect(unnamed.code).toBe(2);
    expect(failureOf(unnamed)).toMatchObject({ code: 'ClientMissing' });
  });

  it('bills these and no others', async () => {
    const billed = await run('--client', 'acme', '--ticket', 'INC1', '--ticket', 'INC3');
    expect(billed.code).toBe(0);
    expect(JSON.parse(billed.stdout)).toMatchObject({
      invoices: [{ clientId: 'acme', status: 'draft', lineCount: 2, net: { amount: '300.00', currency: 'AUD' } }],
      refused: [],
    });
  });

  it('shows the draft with its tax, its total, its parties and its hash', async () => {
    const of = (...args: readonly string[]) => billtrail('--data', api.dataDir, ...args);
    const [draft] = JSON.parse((await of('--json', 'invoice', 'list')).stdout) as Answer['invoices'];
    const { stdout } = await of('invoice', 'show', draft?.invoiceId ?? '');
    for (const part of [/^Draft inv-/, /GST 10% on 300.00 AUD: 30.00 AUD/, /Total 330.00 AUD/, /^To.*Client acme/m])
      expect(stdout).toMatch(part);
    expect(stdout).toMatch(/^Hash [0-9a-f]{64}$/m);
  });

  it('is drafted anew of these alone, whatever else there is to bill', async () => {
    const of = (...args: readonly string[]) => billtrail('--data', api.dataDir, '--json', 'invoice', ...args);
    const [draft] = JSON.parse((await of('list')).stdout) as Answer['invoices'];
    const anew = await of('redraft', draft?.invoiceId ?? '');
    expect(JSON.parse(anew.stdout)).toMatchObject({
      discarded: draft?.invoiceId,
      invoices: [{ status: 'draft', lineCount: 2, net: { amount: '300.00' } }],
    });
    const listed = JSON.parse((await of('list', '--stale')).stdout) as { freshness: string | null }[];
    expect(listed.map(({ freshness }) => freshness)).toEqual([null, 'fresh']);
  });

  it('is refused where what it names is billed: with exit code 3 and the name of the document', async () => {
    const [drafted] = (JSON.parse((await run('--client', 'acme', '--ticket', 'INC2')).stdout) as Answer).invoices;
    const fee = 'acme-tm@fee@fee@2026-03-01';
    const again = await run('--client', 'acme', '--ticket', 'INC2', '--charge', fee);
    expect(again).toMatchObject({ code: 3, stdout: '' });
    expect(failureOf(again)).toMatchObject({
      code: 'NothingToDraft',
      message: `Nothing can be drafted for ticket INC2 (on draft ${drafted?.invoiceId}), charge ${fee} (there is no such charge).`,
      details: { tickets: ['INC2'], charges: [fee], invoiceIds: [drafted?.invoiceId] },
    });
    const rest = await run('--client', 'acme');
    expect(rest).toMatchObject({ code: 3, stdout: '' });
    expect(failureOf(rest)).toMatchObject({ code: 'NothingToBill' });
  });

  it('says why a client was left out of the run of a month, which goes on', async () => {
    const month = await run();
    expect(month.code).toBe(0);
    expect(JSON.parse(month.stdout)).toMatchObject({ invoices: [], refused: [{ refusal: { code: 'NothingToBill' } }] });
  });

  it('is approved as it was seen, issued, or given up (Y4)', async () => {
    const of = (...args: readonly string[]) => billtrail('--data', api.dataDir, '--json', 'invoice', ...args);
    const [, first, second] = JSON.parse((await of('list')).stdout) as (Answer['invoices'][number] & {
      hash: string;
    })[];
    const [id, hash] = [first?.invoiceId ?? '', first?.hash ?? ''];
    const other = await of('approve', id, '--hash', second?.hash ?? '');
    expect(other).toMatchObject({ code: 3, stdout: '' });
    expect(failureOf(other)).toMatchObject({ code: 'HashMismatch' });
    expect(JSON.parse((await of('approve', id, '--hash', hash)).stdout)).toMatchObject({ status: 'approved', hash });
    expect(JSON.parse((await of('issue', id, '--date', '2026-03-31')).stdout)).toMatchObject({
      status: 'issued',
      issueDate: '2026-03-31',
    });
    const anew = await of('redraft', second?.invoiceId ?? '');
    const { invoices, ...rest } = JSON.parse(anew.stdout) as { invoices: (typeof second)[]; discarded: string };
    expect(rest).toEqual({ discarded: second?.invoiceId, warnings: [] });
    expect(invoices).toMatchObject([{ status: 'draft', hash: second?.hash }]);
    const discarded = await of('discard', invoices[0]?.invoiceId ?? '', '--reason', 'another month');
    expect(JSON.parse(discarded.stdout)).toMatchObject({ status: 'discarded' });
    expect(await of('approve', id, '--hash', 'abc')).toMatchObject({ code: 2 });
  });
});
