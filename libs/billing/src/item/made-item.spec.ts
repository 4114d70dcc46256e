import { expect, it } from '@jest/globals';
import { facts, only, time } from '../testing/facts.js';
import { rate } from '../rate.js';
import { changed, explained, NO_BASIS, type MadeItem } from './made-item.js';

const step = { step: 'work', text: '60 min', facts: {} } as const;
const made: MadeItem = { item: only(rate(facts([time()])).items), basis: () => NO_BASIS, trace: () => [step] };

it('an item that is changed keeps all that is not said anew, and why it has no price', () => {
  const item = { ...made.item, quantity: '2' };
  expect(explained(changed(made, { item }))).toEqual({ ...item, basis: NO_BASIS, trace: [step] });
  expect(explained(changed(made, { trace: () => [] }))).toEqual({ ...made.item, basis: NO_BASIS, trace: [] });
  const basis = { ...NO_BASIS, ruleId: 'all' };
  expect(explained(changed(made, { basis: () => basis }))).toEqual({ ...made.item, basis, trace: [step] });
  expect(changed({ ...made, cause: 'the card has no rate' }, { item }).cause).toBe('the card has no rate');
  expect('cause' in changed(made, { item })).toBe(false);
});
