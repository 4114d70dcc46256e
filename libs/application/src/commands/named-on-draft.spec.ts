import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { validated } from '../command-path/validate.js';
import { DraftInvoice } from './billing.commands.js';

const DRAFT = { type: 'DraftInvoice', invoiceId: 'inv-1', clientId: 'acme', period: '2026-03' };

async function said(named: object): Promise<string | null> {
  const command = await validated(DraftInvoice, { ...DRAFT, ...named });
  return isRefusal(command) ? `${command.code}: ${command.message}` : null;
}

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
    [{ tickets: null }, 'tickets must be a list of ids, or be left out'],
    [{ charges: null }, 'charges must be a list of item ids, or be left out'],
    [{ tickets: ['T1'], charges: null }, 'charges must be a list of item ids, or be left out'],
    [{ tickets: 'T1' }, 'tickets must be a list of ids, or be left out'],
    [{ tickets: { 0: 'T1' } }, 'tickets must be a list of ids, or be left out'],
    [{ tickets: [] }, 'tickets must name at least one id, or be left out'],
    [{ charges: [] }, 'charges must name at least one item id, or be left out'],
    [{ tickets: [null] }, 'tickets must be a list of ids: number 1 is none'],
    [{ charges: ['K1@fee@a@2026-03-01', null] }, 'charges must be a list of item ids: number 2 is none'],
    [{ tickets: ['T1', ['T2']] }, 'tickets must be a list of ids: number 2 is none'],
    [{ tickets: ['T1@p1'] }, 'tickets must be a list of ids: number 1 is none'],
    [{ tickets: ['T1', 'T2', 'T1'] }, 'tickets must name each id once'],
    [{ tickets: Array.from({ length: 1_001 }, (_, index) => `T${index}`) }, 'tickets can name at most 1000 ids'],
  ])('is refused if it is %j', async (named, problem) => {
    expect(await said(named)).toBe(`InvalidInput: ${problem}.`);
  });
});
