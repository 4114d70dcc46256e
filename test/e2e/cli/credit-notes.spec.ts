import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story, TERMS } from '../story.js';
import { billtrail, failureOf, type Run } from './cli.js';

const FEE = 'beta-tm@fee@fee@2026-03-01';

describe('billtrail invoice credit', () => {
  let api: Api;
  const run = (...args: readonly string[]): Promise<Run> => billtrail('--data', api.dataDir, ...args);
  const why = ['--reason', 'wrong-item', '--comment', 'agreed by phone'];
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api).client('acme').contract('acme-tm').ticketInProgress('INC1');
    await story.time('te-1', 70).time('te-2', 30).approveTime('te-1').approveTime('te-2').resolve().told();
    await story.draft('inv-1').approve().issue().told();
    const fee = {
      id: 'fee',
      name: 'Monthly fee',
      basis: 'fixed',
      price: '90.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    };
    const other = new Story(api).client('beta').contract('beta-tm', { ...TERMS, recurringCharges: [fee] });
    other.ticketInProgress('INC2').time('te-3', 30).time('te-4', 30).time('te-5', 30);
    other.approveTime('te-3').approveTime('te-4').approveTime('te-5');
    await other.draft('inv-2').approve().issue().told();
    await other.operations.does('/v1/tickets/INC2/time-entries/te-5/void', { reason: 'entered twice' });
    const aud = (amount: string) => ({ amount, currency: 'AUD' });
    for (const item of [
      { itemId: 'te-3', outcome: 'written-off', net: aud('50') },
      { itemId: 'te-4', outcome: 'written-off' },
      { itemId: FEE, outcome: 'written-off', net: aud('40') },
      { itemId: 'te-5@a1', outcome: 'corrected' },
    ]) {
      const agreed = { reasonCode: 'wrong-item', comment: 'agreed by phone' };
      await other.accounts.does('/v1/credit-notes', { invoiceId: 'inv-2', items: [item], ...agreed });
    }
    await api.leaveToCommandLine();
  });
  afterAll(() => api.close());

  it('credits one item as JSON, then what is left as a document; the rest of the invoice stays', async () => {
    const part = ['--item', 'te-1', '--outcome', 'written-off', '--net', '87.50', '--date', '2026-03-31'];
    const first = await run('--json', 'invoice', 'credit', 'INV-000001', ...part, '--id', 'cn-1', ...why);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      creditNoteId: 'cn-1',
      number: 'CN-000005',
      invoiceNumber: 'INV-000001',
      issueDate: '2026-03-31',
      total: { amount: '96.25', currency: 'AUD' },
      lines: [{ outcome: 'written-off', isWhole: false, line: { itemId: 'te-1' } }],
    });

    const again = ['invoice', 'credit', 'inv-1', '--outcome', 'bill-again'];
    const second = await run(...again, '--item', 'te-2', ...why);
    expect(second.code).toBe(0);
    for (const text of [
      'Credit note CN-000006 for invoice INV-000001',
      'wrong-item: agreed by phone',
      '75.00',
      '82.50',
    ])
      expect(second.stdout).toContain(text);
    const third = await run('invoice', 'credit', 'inv-1', '--item', 'te-1', '--outcome', 'written-off', ...why);
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(third.stdout).toContain('110.00');

    const [shown, note, listed] = await Promise.all([
      run('invoice', 'show', 'INV-000001'),
      run('invoice', 'show', 'CN-000005'),
      run('--json', 'invoice', 'credit-notes', 'INV-000001'),
    ]);
    expect(shown.stdout).toContain('written-off 87.50 AUD, written-off 100.00 AUD');
    expect(shown.stdout).toContain('Credited 288.75 AUD');
    expect(note.stdout).toContain('Credit note CN-000005');
    const parties = /^From .*96 999 111 222.*\nTo .*Client acme, 5 Sample Road/m;
    expect(note.stdout).toMatch(parties);
    expect(shown.stdout).toMatch(parties);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { number: 'CN-000005' },
      { number: 'CN-000006' },
      { number: 'CN-000007' },
    ]);
  });

  it('is named by the explanation of what it wrote off, took back in part or gave', async () => {
    const headlines = ['te-3', 'te-3@c1', 'te-4', FEE, 'te-5@a1'].map(async (itemId) => {
      const { stdout } = await run('explain', itemId);
      return stdout.split('\n')[0]?.split(': ')[1];
    });
    expect(await Promise.all(headlines)).toEqual([
      '25.00 AUD net, on INV-000002, the rest taken back by credit note CN-000001',
      '50.00 AUD net, written off by credit note CN-000001 for INV-000002',
      '75.00 AUD net, written off by credit note CN-000002 for INV-000002',
      '90.00 AUD net, on INV-000002, 40.00 AUD of it taken back by credit note CN-000003',
      '-75.00 AUD net, given by credit note CN-000004 for INV-000002',
    ]);
  });

  it('is named by its number in the story, and all documents that ever had the item are told', async () => {
    const story = async (itemId: string): Promise<readonly string[]> => {
      const { stdout } = await run('explain', itemId);
      return stdout.split('\n').filter((line) => /^(Net|Credit|Documents) /.test(line));
    };
    // 30 min at 150.00 are 75.00, of which 50.00 went back.
    expect(await story('te-3')).toEqual([
      'Net          30 min at 150.00 an hour = 75.00 AUD',
      'Credit       invoiced at 75.00 AUD, of which 50.00 AUD was given back on credit notes, the last CN-000001: 25.00 AUD left',
      'Documents    on INV-000002; 50.00 AUD credited by CN-000001',
    ]);
    expect((await story(FEE)).slice(1)).toEqual([
      `Credit       given back so far, 40.00 AUD: 40.00 AUD of ${FEE} on CN-000003`,
      'Documents    on INV-000002; 40.00 AUD credited by CN-000003',
    ]);
    // 30 min at 150.00, credited whole: nothing but its documents tells so.
    expect((await story('te-2')).at(-1)).toBe(
      'Documents    on INV-000001; 75.00 AUD taken back by CN-000006, to be billed again',
    );
  });

  it('refuses with its code and its remedy, and a command line that names nothing or both', async () => {
    const outcome = ['--outcome', 'bill-again', ...why];
    const [again, unknown, nothing, both] = await Promise.all([
      run('--json', 'invoice', 'credit', 'INV-000001', '--item', 'te-1', '--outcome', 'written-off', ...why),
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
