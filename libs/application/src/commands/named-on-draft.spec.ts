import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { validated } from '../command-path/validate.js';
import { DraftInvoice } from './billing.commands.js';

const DRAFT = { type: 'DraftInvoice', invoiceId: 'inv-1', clientId: 'acme', period: '2026-03' };

async function said(named: object): Promise<string | null> {
  const command = await validated(DraftInvoice, { ...DRAFT, ...named });
  return isRefusal(command) ? `${command.code}: ${command.message}` : null;
}

const ID = 'must be an id: letters, digits and . _ ~ : -, starting with a letter or digit, at most 100 characters';
const ITEM_ID = 'must be an item id: letters, digits and . _ ~ : @ -, at most 400, starting with a letter or digit';

describe('what a draft names', () => {
  it.each<[object]>([
    [{}],
    [{ tickets: undefined }],
    [{ tickets: ['T1'] }],
    [{ charges: ['K1@fee@support@2026-03-01', 'K1@fee@support@2026-03-01@a1'] }],
    [{ tickets: Array.from({ length: 1_000 }, (_, index) => `T${index}`), charges: ['K1@fee@a@2026-03-01'] }],
  ])('may be %j', async (named) => {
    expect(await said(named)).toBeNull();
  });

  it.each<[object, string]>([
    [{ tickets: null }, 'tickets must be a list'],
    [{ charges: null }, 'charges must be a list'],
    [{ tickets: ['T1'], charges: null }, 'charges must be a list'],
    [{ tickets: 'T1' }, 'tickets must be a list'],
    [{ tickets: { 0: 'T1' } }, 'tickets must be a list'],
    [{ tickets: [] }, 'tickets must name at least one, or be left out'],
    [{ charges: [] }, 'charges must name at least one, or be left out'],
    [{ tickets: [null] }, `tickets[0] ${ID}`],
    [{ charges: ['K1@fee@a@2026-03-01', null] }, `charges[1] ${ITEM_ID}`],
    [{ tickets: ['T1', ['T2']] }, `tickets[1] ${ID}`],
    [{ tickets: ['T1@p1'] }, `tickets[0] ${ID}`],
    [{ tickets: ['T1', 'T2', 'T1'] }, 'tickets[2] repeats number 1 of the list'],
    [
      { tickets: Array.from({ length: 1_001 }, (_, index) => `T${index}`) },
      'tickets has 1001 members, at most 1000 are allowed',
    ],
  ])('is refused if it is %j', async (named, problem) => {
    expect(await said(named)).toBe(`InvalidInput: ${problem}.`);
  });
});
