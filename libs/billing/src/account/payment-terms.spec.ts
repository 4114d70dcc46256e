import { describe, expect, it } from '@jest/globals';
import type { PaymentTerms } from '@billtrail/contracts';
import { type ContractAgreed, dueUnder, paymentTermsOf, refuseChangedPaymentTerms } from './payment-terms.js';
import type { Invoice } from './state.js';

const NET_30: PaymentTerms = { due: 'net', days: 30 };
const NET_14: PaymentTerms = { due: 'net', days: 14 };
const ON_20TH: PaymentTerms = { due: 'day-of-next-month', day: 20 };

const contract = (contractId: string, ...versions: readonly (PaymentTerms | null)[]): ContractAgreed => ({
  contractId,
  versions: versions.map((terms, index) => ({
    versionNumber: index + 1,
    terms: terms === null ? {} : { paymentTerms: terms },
  })),
});
const line = (contractId: string, contractVersion = 1) => ({ contractId, contractVersion });
const said = (
  lines: Parameters<typeof paymentTermsOf>[0],
  contracts: readonly ContractAgreed[],
  client?: PaymentTerms,
  organisation?: PaymentTerms,
) =>
  paymentTermsOf(lines, {
    contracts,
    client: client === undefined ? {} : { paymentTerms: client },
    configuration: organisation === undefined ? {} : { paymentTerms: organisation },
  });

describe('whose terms of payment hold', () => {
  it('those of the version that priced the line, else the client, else the organisation', () => {
    const contracts = [contract('K1', NET_14, null)];
    expect(said([line('K1')], contracts, NET_30, ON_20TH)).toEqual([NET_14]);
    expect(said([line('K1', 2)], contracts, NET_30, ON_20TH)).toEqual([NET_30]);
    expect(said([line('K1', 2)], contracts, undefined, ON_20TH)).toEqual([ON_20TH]);
    expect(said([line('K1', 2)], contracts)).toEqual([]);
  });

  it('of contracts that differ all, each once, in the same order whichever line is first', () => {
    const contracts = [contract('K1', NET_30), contract('K2', ON_20TH), contract('K3', NET_30)];
    const expected = [NET_30, ON_20TH];
    expect(said([line('K1'), line('K2'), line('K3')], contracts)).toEqual(expected);
    expect(said([line('K2'), line('K3'), line('K1')], contracts)).toEqual(expected);
  });

  it('a contract without terms beside one with: what is stated holds', () => {
    expect(said([line('K1'), line('K2')], [contract('K1', null), contract('K2', NET_14)])).toEqual([NET_14]);
  });

  it('throws by name where a line is of a contract or version that the client has not', () => {
    expect(() => said([line('K9')], [contract('K1', null)])).toThrow('contract K9');
    expect(() => said([line('K1', 2)], [contract('K1', null)])).toThrow('K1 has no version 2');
  });
});

describe('what stands on the document', () => {
  it('nothing, where nobody states terms', () => {
    expect(dueUnder([], '2026-03-02')).toEqual({ dueDate: null, terms: null });
  });

  it('the latest day of terms that differ, whichever it is on that day, in the same words', () => {
    const terms = 'The latest of: due 30 days after the date of issue; due on the 20th of the month after issue';
    // 30 days after 2 March is 1 April, before 20 April; after 30 March it is 29 April.
    expect(dueUnder([NET_30, ON_20TH], '2026-03-02')).toEqual({ dueDate: '2026-04-20', terms });
    expect(dueUnder([NET_30, ON_20TH], '2026-03-30')).toEqual({ dueDate: '2026-04-29', terms });
    expect(dueUnder([NET_30, ON_20TH], null)).toEqual({ dueDate: null, terms });
  });
});

describe('a draft whose terms of payment are others now', () => {
  const draft = (paymentTerms: string | null, hash: string | null = 'h') =>
    ({ invoiceId: 'inv-1', hash, paymentTerms }) as unknown as Invoice;

  it('is refused with both', () => {
    expect(refuseChangedPaymentTerms(draft('Due on receipt'), { terms: null })).toMatchObject({
      code: 'PaymentTermsChanged',
      message: 'Draft inv-1 was approved with other terms of payment: Due on receipt, now none.',
      details: { invoiceId: 'inv-1', was: 'Due on receipt', is: null },
    });
    expect(refuseChangedPaymentTerms(draft(null), { terms: 'Due on receipt' })?.message).toContain(
      'none, now Due on receipt',
    );
  });

  it('is issued where they are the same, or it was written before drafts said them', () => {
    expect(refuseChangedPaymentTerms(draft('Due on receipt'), { terms: 'Due on receipt' })).toBeNull();
    expect(refuseChangedPaymentTerms(draft(null, null), { terms: 'Due on receipt' })).toBeNull();
  });
});
