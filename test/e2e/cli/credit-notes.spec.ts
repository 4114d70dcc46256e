import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story } from '../story.js';
import { billtrail, failureOf, type Run } from './cli.js';

describe('billtrail invoice credit', () => {
  let api: Api;
  const run = (...args: readonly string[]): Promise<Run> => billtrail('--data', api.dataDir, ...args);
  const why = ['--reason', 'wrong-item', '--comment', 'agreed by phone'];
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api).client('acme').contract('acme-tm').ticketInProgress('INC1');
    await story.time('te-1', 70).time('te-2', 30).approveTime('te-1').approveTime('te-2').resolve().told();
    await story.draft('inv-1').approve().issue().told();
    await api.stop();
  });
  afterAll(() => api.close());

  it('credits one item as JSON, then what is left as a document; the rest of the invoice stays', async () => {
    const part = ['--item', 'te-1', '--outcome', 'written-off', '--net', '87.50', '--date', '2026-03-31'];
    const first = await run('--json', 'invoice', 'credit', 'INV-000001', ...part, '--id', 'cn-1', ...why);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      creditNoteId: 'cn-1',
      number: 'CN-000001',
      invoiceNumber: 'INV-000001',
      issueDate: '2026-03-31',
      total: { amount: '96.25', currency: 'AUD' },
      lines: [{ outcome: 'written-off', isWhole: false, line: { itemId: 'te-1' } }],
    });

    const second = await run('invoice', 'credit', 'inv-1', '--all', '--outcome', 'bill-again', ...why);
    expect(second.code).toBe(0);
    for (const text of [
      'Credit note CN-000002 for invoice INV-000001',
      'wrong-item: agreed by phone',
      '100.00',
      '192.50',
    ])
      expect(second.stdout).toContain(text);

    const [shown, note, listed] = await Promise.all([
      run('invoice', 'show', 'INV-000001'),
      run('invoice', 'show', 'CN-000001'),
      run('--json', 'invoice', 'credit-notes', 'INV-000001'),
    ]);
    expect(shown.stdout).toContain('written-off 87.50 AUD, bill-again 100.00 AUD');
    expect(shown.stdout).toContain('Credited 288.75 AUD');
    expect(note.stdout).toContain('Credit note CN-000001');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ number: 'CN-000001' }, { number: 'CN-000002' }]);
  });

  it('refuses with its code and its remedy, and a command line that names nothing or both', async () => {
    const outcome = ['--outcome', 'bill-again', ...why];
    const [again, unknown, nothing, both] = await Promise.all([
      run('--json', 'invoice', 'credit', 'INV-000001', '--item', 'te-1', ...outcome),
      run('--json', 'invoice', 'credit', 'INV-9', '--item', 'te-1', ...outcome),
      run('--json', 'invoice', 'credit', 'INV-000001', ...outcome),
      run('--json', 'invoice', 'credit', 'INV-000001', '--all', '--item', 'te-1', ...outcome),
    ]);
    expect([again.code, failureOf(again).code]).toEqual([3, 'ItemAlreadyCredited']);
    expect([unknown.code, failureOf(unknown).code]).toEqual([3, 'InvoiceNotFound']);
    expect([nothing.code, failureOf(nothing).code]).toEqual([2, 'InvalidInput']);
    expect(both.code).toBe(2);
  });
});
