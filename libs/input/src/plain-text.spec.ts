import { describe, expect, it } from '@jest/globals';
import { shape } from '@billtrail/kernel';
import { problemsOfShape } from './check.js';

const UNSEEN =
  'has characters that nobody sees (control characters, direction marks, zero-width spaces): write it anew';
const ONE_LINE = 'has a line break or a tab: write it on one line';

/** Z6 */
describe('texts', () => {
  const told = (of: Parameters<typeof problemsOfShape>[0], value: unknown) =>
    problemsOfShape(of, value, 'at').map(({ path, problem }) => `${path} ${problem}`);

  it.each([
    ['a name', shape.text()],
    ['a code', shape.anyText(1, 50)],
  ])('%s stands on one line and is seen whole', (_what, name) => {
    expect(told(name, 'Blue Gum')).toEqual([]);
    for (const text of ['a\tb', 'a\nb', 'a\r\nb']) expect(told(name, text)).toEqual([`at ${ONE_LINE}`]);
    for (const text of ['a\u001b[2Jb', 'a\u202eb', 'a\nb\0']) expect(told(name, text)).toEqual([`at ${UNSEEN}`]);
  });

  it.each([
    ['a note', shape.anyText(0, shape.MAX_TEXT)],
    ['a comment', shape.anyText(1, shape.MAX_LINE)],
    ['an address', shape.text(1_000)],
  ])('%s may have several lines', (_what, text) => {
    expect(told(text, 'first\r\n\tsecond')).toEqual([]);
    expect(told(text, 'first\u0085second')).toEqual([`at ${UNSEEN}`]);
  });

  it('a name that is given to a value is held to the same', () => {
    const rates = shape.record(shape.decimal, 1, 3);
    expect(told(rates, { GST: '10' })).toEqual([]);
    expect(told(rates, { 'G\nST': '10' })).toEqual([`at.G\nST ${ONE_LINE}`]);
    expect(told(rates, { 'G\u200bST': '10' })).toEqual([`at.G\u200bST ${UNSEEN}`]);
    expect(told(rates, { toString: '10' })).toEqual(['at.toString is a name that nothing can have: choose another']);
  });
});
