import { describe, expect, it } from '@jest/globals';
import { asInvoiced, contractFacts, facts, only, terms, time } from './testing/facts.js';
import { explanationLines } from './testing/explanation-lines.js';
import { explain } from './explain.js';
import { rateExplained as rate } from './rate.js';

describe('explain', () => {
  const contracts = [
    contractFacts({
      terms: terms({ minimumMinutes: 30, incrementMinutes: 15 }, [
        { id: 'net', name: 'Network', match: { categories: ['network'] }, outcome: 'included' },
        { id: 'all', name: 'All work', match: {}, outcome: 'billable' },
      ]),
    }),
  ];
  const rated = () => only(rate(facts([time({ minutes: 70 })], { contracts })).items);

  it('tells the whole way of an item as lines of text', () => {
    expect(explanationLines(explain(rated()))).toEqual([
      'w-1: billable, 1.25 h at 150.00 -> 187.50 AUD (Worked on the printer)',
      '  work: 70 min of remote by engineer on 2026-03-10',
      '  contract: contract Support (con-1), version 1 in force on 2026-03-10: priority 10 of 1 in force',
      '    con-1 version 1 priority 10',
      '  coverage: rule All work (all), number 2 of contract con-1 version 1: billable',
      '    net: not its categories',
      '    all: taken',
      '  billable-time: 70 min, minimum 30, increment 15 -> 75 min (1.25 h)',
      '  rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role',
      '  amount: 75 min (1.25 h) x 150.00 = 187.5 -> 187.50 AUD',
    ]);
  });

  it('is a tree for JSON: the figures at the root, the steps under it, what was tried under each', () => {
    const item = rated();
    const tree = explain(item);
    expect(tree.facts).toMatchObject({
      itemId: 'w-1',
      actualMinutes: 70,
      billableMinutes: 75,
      net: '187.50',
      currency: 'AUD',
    });
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
    expect(tree.parts.map((part) => part.step)).toEqual(item.trace.map((step) => step.step));
    expect(tree.parts[2]?.parts.map((part) => part.step)).toEqual(['tried', 'tried']);
  });

  it('explains a frozen line as it was, and work without a price by the reason', () => {
    const item = rated();
    const { line } = only(asInvoiced([item]));
    expect(explain(line).parts).toEqual(explain(item).parts);
    const unpriced = only(rate(facts([time()], { contracts: [] })).items);
    expect(explanationLines(explain(unpriced))).toEqual([
      'w-1: unpriced, 1 h -> no price (Worked on the printer)',
      '  work: 60 min of remote by engineer on 2026-03-10',
      '  contract: no contract of the client is in force on 2026-03-10',
    ]);
  });
});
