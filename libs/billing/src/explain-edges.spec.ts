import { describe, expect, it } from '@jest/globals';
import { asInvoiced, contractFacts, facts, only, terms, time } from './testing/facts.js';
import { contractWith, fee, onInvoice } from './testing/charges.js';
import { explanationLines } from './testing/explanation-lines.js';
import { explain } from './explain.js';
import { rateExplained as rate } from './rate.js';

describe('the root of an explanation', () => {
  it('has all figures of an item, as it is and as it was frozen', () => {
    const item = only(rate(facts([time()])).items);
    const figures = {
      itemId: 'w-1',
      workItemId: 'w-1',
      ticketId: 'T-1',
      kind: 'time',
      workDate: '2026-03-10',
      actualMinutes: 60,
      billableMinutes: 60,
      quantity: '1',
      unit: 'h',
      unitPrice: '150.00',
      net: '150.00',
      currency: 'AUD',
      taxCategory: 'GST',
      contractId: 'con-1',
      contractVersion: 1,
      disposition: 'billable',
      sourceEventIds: ['ev-w-1'],
    };
    expect(explain(item)).toMatchObject({ step: 'item', facts: figures });
    expect(explain(item).facts).toEqual(figures);
    const { line } = only(asInvoiced([item]));
    expect(explain(line).facts).toEqual({ ...figures, disposition: null });
    expect(explain(line).text).toBe('w-1: 1 h at 150.00 -> 150.00 AUD (Worked on the printer)');
  });

  it('has no figure that there is not', () => {
    const unpriced = only(rate(facts([time()], { contracts: [] })).items);
    expect(explain(unpriced).facts).toMatchObject({
      unitPrice: null,
      net: null,
      currency: null,
      taxCategory: null,
      contractId: null,
      contractVersion: null,
      disposition: 'unpriced',
    });
    // A price of which there is no amount yet still tells its currency.
    const priced = only(rate(facts([time()])).items);
    expect(explain({ ...priced, net: null }).facts).toMatchObject({ net: null, unitPrice: '150.00', currency: 'AUD' });
  });

  it('of a charge has its days, as it is and as it was frozen', () => {
    const contract = contractWith({ recurringCharges: [fee()] });
    const charge = only(rate(facts([], { contracts: [contract] })).charges);
    const figures = {
      itemId: 'con-1@fee@fee@2026-03-01',
      kind: charge.kind,
      from: '2026-03-01',
      to: '2026-03-31',
      quantity: '1',
      unitPrice: '1000.00',
      net: '1000.00',
      currency: 'AUD',
      disposition: 'billable',
    };
    expect(explain(charge).facts).toMatchObject(figures);
    expect(explain(charge).facts).not.toHaveProperty('workDate');
    expect(explain(charge).text).toContain('con-1@fee@fee@2026-03-01: billable, 1 ');
    const frozen = only(onInvoice([charge])).charge;
    expect(explain(frozen).facts).toMatchObject({ ...figures, disposition: null });
    expect(explain(frozen).text).toContain('con-1@fee@fee@2026-03-01: 1 ');
    expect(
      explanationLines(explain(frozen))
        .slice(1)
        .every((text) => text.startsWith('  ')),
    ).toBe(true);
  });
});

describe('what was tried in a step', () => {
  it('stands under it, two spaces deeper: contracts in force, then those that are equal, and rules', () => {
    const contracts = [contractFacts(), contractFacts({ contractId: 'con-2' })];
    const tree = explain(only(rate(facts([time()], { contracts })).items));
    expect(tree.parts.at(-1)?.parts).toEqual(
      ['con-1 version 1 priority 10', 'con-2 version 1 priority 10', 'con-1 version 1', 'con-2 version 1'].map(
        (text) => ({
          step: 'tried',
          text,
          facts: {},
          parts: [],
        }),
      ),
    );
    const lines = explanationLines(
      explain(only(rate(facts([time()], { contracts: [contractFacts({ terms: terms() })] })).items)),
    );
    expect(lines.filter((line) => line.startsWith('    '))).toEqual([
      '    con-1 version 1 priority 10',
      '    all: taken',
    ]);
    expect(lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim().split(':')[0])).toEqual([
      'work',
      'contract',
      'coverage',
      'billable-time',
      'rate',
      'amount',
    ]);
  });
});
