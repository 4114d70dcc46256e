import { describe, expect, it } from '@jest/globals';
import type { CommandPorts } from '../command-path/command-definition.js';
import { invoiceWarnings } from './invoice-warnings.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** The warnings about a draft of these sums, whose period has no charges. */
function warningsOf(draft: object) {
  const invoice = {
    invoiceId: 'inv-1',
    clientId: 'acme',
    period: '2026-03',
    status: 'draft',
    issueDate: '2026-04-01',
    tax: null,
  };
  const models = {
    invoices: { get: () => Promise.resolve({ ...invoice, ...draft }) },
    charges: { ofPeriod: () => Promise.resolve([]) },
  };
  // Of a client that nobody knows: nothing is said of its tax.
  const store = { readStream: () => Promise.resolve({ events: [], version: 0 }) };
  return invoiceWarnings({ models, store } as unknown as CommandPorts, 'inv-1');
}

describe('the warning about a draft below zero', () => {
  it('tells the total, as the refusal of its issue does', async () => {
    const [warning, ...more] = await warningsOf({ net: aud('-187.50'), total: aud('-206.25') });
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: 'NegativeTotal', net: aud('-187.50'), total: aud('-206.25') });
    expect(warning?.message).toContain("Draft inv-1 comes to -206.25 AUD and can't be issued.");
  });
  it('is about the total: tax can take it below zero, or above', async () => {
    expect(await warningsOf({ net: aud('0.50'), total: aud('-0.50') })).toMatchObject([{ code: 'NegativeTotal' }]);
    expect(await warningsOf({ net: aud('-0.50'), total: aud('0.50') })).toEqual([]);
    expect(await warningsOf({ net: aud('0.00'), total: aud('0.00') })).toEqual([]);
  });
  it('tells the net where the draft has no total', async () => {
    const [warning] = await warningsOf({ net: aud('-187.50'), total: null });
    expect(warning).toMatchObject({ code: 'NegativeTotal', total: null });
    expect(warning?.message).toContain('comes to -187.50 AUD net and');
  });
  it.each(['issuing', 'issued', 'discarded'])('is not about one that is %s', async (status) => {
    expect(await warningsOf({ status, net: aud('-1.00'), total: aud('-1.10') })).toEqual([]);
  });
});
