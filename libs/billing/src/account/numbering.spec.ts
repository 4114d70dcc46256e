import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { DocumentNumberAssigned, NumbersLost } from '../events.js';
import { MAX_NUMBER_DIGITS } from '../configuration-shape.js';
import { type AssignDocumentNumber, type LoseNumbers, numberOf, numbering } from './numbering.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'policy', role: 'system' } };
const assign = (documentId: string, changes: Partial<AssignDocumentNumber> = {}): AssignDocumentNumber & Issued => ({
  type: 'AssignDocumentNumber',
  series: 'INV',
  prefix: 'INV-',
  digits: 6,
  documentId,
  accountStream: 'account-cli-1-2026-03',
  kind: 'invoice',
  issueDate: '2026-04-01',
  ...issued,
  ...changes,
});
const assigned = (number: number, documentId: string): DocumentNumberAssigned => ({
  type: 'DocumentNumberAssigned',
  data: {
    series: 'INV',
    number,
    formatted: `INV-${String(number).padStart(6, '0')}`,
    documentId,
    accountStream: 'account-cli-1-2026-03',
    kind: 'invoice',
    issueDate: '2026-04-01',
  },
  occurredAt: issued.at,
});

describe('AssignDocumentNumber', () => {
  it('gives the next number', () => {
    spec(numbering).given().when(assign('inv-1')).then(assigned(1, 'inv-1'));
    spec(numbering).given(assigned(1, 'inv-1')).when(assign('inv-2')).then(assigned(2, 'inv-2'));
  });
  it('is quiet where the document has a number', () =>
    spec(numbering).given(assigned(1, 'inv-1'), assigned(2, 'inv-2')).when(assign('inv-1')).thenNothing());
  it('is never dated before the number before it (G19)', () => {
    const after = spec(numbering).given(assigned(1, 'inv-1'));
    after.when(assign('inv-2', { issueDate: '2026-03-31' })).thenRefused('SeriesHasGoneOn');
    after.when(assign('inv-2')).then(assigned(2, 'inv-2'));
    const { issueDate: _, kind: __, ...before } = assigned(1, 'inv-1').data;
    const of = { ...assigned(1, 'inv-1'), data: before };
    spec(numbering)
      .given(of)
      .when(assign('inv-2', { issueDate: '2026-03-31' }))
      .thenLike({ data: { number: 2 } });
  });
  it('shows a number longer than its digits whole', () =>
    spec(numbering)
      .given(assigned(1_234, 'x'))
      .when(assign('inv-1', { digits: 2 }))
      .thenLike({ data: { formatted: 'INV-1235' } }));
  it('refuses a malformed series, and the series of another stream', () => {
    spec(numbering)
      .given()
      .when(assign('inv-1', { series: ' ' }))
      .thenRefused('NumberingMalformed');
    spec(numbering).given().when(assign(' ')).thenRefused('NumberingMalformed');
    spec(numbering)
      .given()
      .when(assign('inv-1', { digits: 0 }))
      .thenRefused('NumberingMalformed');
    spec(numbering)
      .given()
      .when(assign('inv-1', { digits: MAX_NUMBER_DIGITS + 1 }))
      .thenRefused('NumberingMalformed');
    spec(numbering)
      .given(assigned(1, 'inv-1'))
      .when(assign('inv-2', { series: 'CN' }))
      .thenRefused('SeriesMismatch');
  });
  it('L4: whatever is asked for in whatever order, no hole and no repeat, and every document keeps its number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 }), (documents) => {
        const log: DocumentNumberAssigned[] = [];
        let state = numbering.initialState;
        for (const document of documents) {
          const decision = numbering.decide(assign(`inv-${document}`), state);
          if (isRefusal(decision)) throw new Error(decision.message);
          for (const event of decision) state = numbering.evolve(state, event);
          log.push(...(decision as readonly DocumentNumberAssigned[]));
        }
        expect(log.map((event) => event.data.number)).toEqual(log.map((_, index) => index + 1));
        expect(new Set(log.map((event) => event.data.documentId))).toEqual(
          new Set(documents.map((document) => `inv-${document}`)),
        );
        for (const event of log) expect(numberOf(fold(numbering, log), event.data.documentId)).toEqual(event.data);
      }),
      { numRuns: 50 },
    );
  });
  const lose = (changes: Partial<LoseNumbers> = {}): LoseNumbers & Issued => ({
    type: 'LoseNumbers',
    series: 'INV',
    last: 123,
    today: '2026-04-20',
    home: 'here',
    opens: 'gate-1',
    ...issued,
    ...changes,
  });
  const lost = (changes: Partial<NumbersLost['data']> = {}): NumbersLost => ({
    type: 'NumbersLost',
    data: { series: 'INV', last: 123, known: 119, reached: '2026-04-20', home: 'here', opens: 'gate-1', ...changes },
    occurredAt: issued.at,
  });
  it('goes on behind numbers that were given elsewhere, and is dated no earlier than the day on which that was said (G2)', () => {
    const restored = spec(numbering).given(assigned(119, 'inv-119'));
    restored.when(lose()).then(lost());
    restored.when(lose({ last: null })).then(lost({ last: 119, reached: '2026-04-01' }));
    restored.when(lose({ last: 119 })).then(lost({ last: 119, reached: '2026-04-01' }));
    const after = spec(numbering).given(assigned(119, 'inv-119'), lost());
    after.when(assign('inv-124', { issueDate: '2026-04-19' })).thenRefused('SeriesHasGoneOn');
    after
      .when(assign('inv-124', { issueDate: '2026-04-20' }))
      .thenLike({ data: { number: 124, formatted: 'INV-000124' } });
    after.when(assign('inv-119')).thenNothing();
    spec(numbering)
      .given()
      .when(lose({ last: null }))
      .then(lost({ last: 0, known: 0, reached: null }));
    spec(numbering)
      .given(lost({ reached: '2026-05-01' }))
      .when(lose({ last: 124 }))
      .then(lost({ last: 124, known: 123, reached: '2026-05-01' }));
  });
  it('refuses a last number below that of the log, beyond what can have been given, and of another series', () => {
    const restored = spec(numbering).given(assigned(119, 'inv-119'));
    restored.when(lose({ last: 118 })).thenRefused('LastNumberTooLow');
    restored.when(lose({ last: 119.5 })).thenRefused('LastNumberTooLow');
    restored.when(lose({ last: 1_000_120 })).thenRefused('LastNumberTooHigh');
    restored.when(lose({ last: 10 ** 15 })).thenRefused('LastNumberTooHigh');
    spec(numbering)
      .given(lost({ last: 999_999_999_990 }))
      .when(lose({ last: 1_000_000_000_000 }))
      .thenRefused('LastNumberTooHigh');
    restored.when(lose({ series: 'CN' })).thenRefused('SeriesMismatch');
  });
  it('folds a long series without copying it again and again', () => {
    const log = Array.from({ length: 20_000 }, (_, index) => assigned(index + 1, `inv-${index + 1}`));
    const state = fold(numbering, log);
    expect(state.last).toBe(20_000);
    expect(state.assigned.length).toBeLessThanOrEqual(15);
    expect(numberOf(state, 'inv-1')?.number).toBe(1);
    expect(numberOf(state, 'inv-20001')).toBeNull();
  });
});
