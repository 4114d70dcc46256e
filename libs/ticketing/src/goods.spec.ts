import { describe, expect, it } from '@jest/globals';
import * as t from './testing/history.js';

const { ticket, ticketId, ana, event } = t;

describe('RecordMaterialUsage', () => {
  const record = { type: 'RecordMaterialUsage', ticketId, materialUsageId: 'M-1', ...t.materialInput, ...ana } as const;

  it('records, also late', () => {
    ticket
      .given(...t.inProgress)
      .when(record)
      .then(t.materialUsed);
    ticket
      .given(...t.inClosed)
      .when(record)
      .then(t.materialUsed);
  });
  it('records without prices: rating says what is missing', () =>
    ticket
      .given(...t.inProgress)
      .when({ ...record, unitCost: null, listPrice: null })
      .thenLike({ data: { unitCost: null, listPrice: null } }));
  it('stays quiet on repeat', () =>
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when(record)
      .thenNothing());
  it('refuses before the assignment and under an id in use', () => {
    ticket
      .given(...t.inTriage)
      .when(record)
      .thenRefused('TicketNotAssigned');
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when({ ...record, quantity: '2' })
      .thenRefused('WorkItemExists');
    ticket
      .given(...t.inProgress, t.expenseIncurred)
      .when({ ...record, materialUsageId: 'X-1' })
      .thenRefused('WorkItemExists');
  });
  it.each([
    ['FieldInvalid', { materialUsageId: '' }],
    ['FieldInvalid', { itemCode: '' }],
    ['FieldInvalid', { description: ' ' }],
    ['FieldInvalid', { unit: '' }],
    ['QuantityInvalid', { quantity: '0' }],
    ['QuantityInvalid', { quantity: '0.00' }],
    ['QuantityInvalid', { quantity: '-1' }],
    ['QuantityInvalid', { quantity: '1e3' }],
    ['QuantityInvalid', { quantity: 'two' }],
    ['MoneyInvalid', { unitCost: { amount: '-1.00', currency: 'AUD' } }],
    ['MoneyInvalid', { unitCost: { amount: '1,00', currency: 'AUD' } }],
    ['MoneyInvalid', { listPrice: { amount: '1.00', currency: 'dollar' } }],
    ['WorkDateInvalid', { workDate: '17/03/2026' }],
    ['WorkDateInFuture', { workDate: '2026-03-18' }],
  ])('refuses with %s: %j', (code, changed) => {
    ticket
      .given(...t.inProgress)
      .when({ ...record, ...changed })
      .thenRefused(code);
  });
});

describe('CorrectMaterialUsage and VoidMaterialUsage', () => {
  const correct = {
    type: 'CorrectMaterialUsage',
    ticketId,
    materialUsageId: 'M-1',
    ...t.materialInput,
    quantity: '2',
    reason: 'two',
    ...ana,
  } as const;
  const corrected = event('MaterialUsageCorrected', {
    ...t.materialFacts,
    quantity: '2',
    materialUsageId: 'M-1',
    reason: 'two',
    correctedBy: 'ana',
  });
  const voidIt = { type: 'VoidMaterialUsage', ticketId, materialUsageId: 'M-1', reason: 'not used', ...ana } as const;
  const voided = event('MaterialUsageVoided', { materialUsageId: 'M-1', reason: 'not used' });
  const used = [...t.inProgress, t.materialUsed];

  it('correct and void', () => {
    ticket
      .given(...used)
      .when(correct)
      .then(corrected);
    ticket
      .given(...used)
      .when(voidIt)
      .then(voided);
    const { state } = ticket.given(...used, corrected);
    expect(state.stage !== 'not-requested' && state.record.workItems.get('M-1')).toMatchObject({
      facts: { quantity: '2' },
    });
  });
  it('stay quiet on repeat', () => {
    ticket
      .given(...used, corrected)
      .when(correct)
      .thenNothing();
    ticket
      .given(...used, voided)
      .when(voidIt)
      .thenNothing();
  });
  it('refuse', () => {
    ticket
      .given(...t.inProgress)
      .when(correct)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgressWithWork)
      .when({ ...voidIt, materialUsageId: 'E-1' })
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...used, voided)
      .when(correct)
      .thenRefused('WorkItemVoided');
    ticket
      .given(...used)
      .when({ ...correct, quantity: '0' })
      .thenRefused('QuantityInvalid');
    ticket
      .given(...used)
      .when({ ...correct, reason: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...used)
      .when({ ...voidIt, reason: '' })
      .thenRefused('FieldInvalid');
  });
});

describe('RecordExpense, CorrectExpense and VoidExpense', () => {
  const record = { type: 'RecordExpense', ticketId, expenseId: 'X-1', ...t.expenseInput, ...ana } as const;
  const correct = { ...record, type: 'CorrectExpense', receiptReference: 'R-77', reason: 'receipt found' } as const;
  const corrected = event('ExpenseCorrected', {
    ...t.expenseFacts,
    receiptReference: 'R-77',
    expenseId: 'X-1',
    reason: 'receipt found',
    correctedBy: 'ana',
  });
  const voidIt = { type: 'VoidExpense', ticketId, expenseId: 'X-1', reason: 'paid by the client', ...ana } as const;
  const voided = event('ExpenseVoided', { expenseId: 'X-1', reason: 'paid by the client' });
  const spent = [...t.inProgress, t.expenseIncurred];

  it('record, correct and void', () => {
    ticket
      .given(...t.inProgress)
      .when(record)
      .then(t.expenseIncurred);
    ticket
      .given(...t.inClosed)
      .when(record)
      .then(t.expenseIncurred);
    ticket
      .given(...spent)
      .when(correct)
      .then(corrected);
    ticket
      .given(...spent)
      .when(voidIt)
      .then(voided);
    const { state } = ticket.given(...spent, corrected, voided);
    expect(state.stage !== 'not-requested' && state.record.workItems.get('X-1')).toMatchObject({
      voided: true,
      facts: { receiptReference: 'R-77' },
    });
  });
  it('stay quiet on repeat', () => {
    ticket
      .given(...spent)
      .when(record)
      .thenNothing();
    ticket
      .given(...spent, corrected)
      .when(correct)
      .thenNothing();
    ticket
      .given(...spent, voided)
      .when(voidIt)
      .thenNothing();
  });
  it('refuse', () => {
    ticket
      .given(...t.inRequest)
      .when(record)
      .thenRefused('TicketNotAssigned');
    ticket
      .given(...spent)
      .when({ ...record, description: 'Tolls' })
      .thenRefused('WorkItemExists');
    ticket
      .given(...t.inProgress)
      .when({ ...record, description: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inProgress)
      .when({ ...record, cost: { amount: '0.00', currency: 'AUD' } })
      .thenRefused('MoneyInvalid');
    ticket
      .given(...t.inProgress)
      .when({ ...record, cost: { amount: '5', currency: '' } })
      .thenRefused('MoneyInvalid');
    ticket
      .given(...t.inProgress)
      .when({ ...record, workDate: '2026-13-01' })
      .thenRefused('WorkDateInvalid');
    ticket
      .given(...t.inProgress)
      .when(correct)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...t.inProgress)
      .when(voidIt)
      .thenRefused('WorkItemUnknown');
    ticket
      .given(...spent, voided)
      .when(correct)
      .thenRefused('WorkItemVoided');
    ticket
      .given(...spent)
      .when({ ...correct, reason: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...spent)
      .when({ ...voidIt, reason: '' })
      .thenRefused('FieldInvalid');
  });
});
