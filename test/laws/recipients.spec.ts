import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@billtrail/event-store';
import { wrongRecipients } from './kit/recipients.js';

function told(type: string, data: object): RecordedEvent {
  return { stream: 'account-shop-2026-03', type, data } as unknown as RecordedEvent;
}

const drafted = (invoiceId: string, recipientId: string) =>
  told('InvoiceDrafted', { invoiceId, clientId: 'shop', recipientId });
const line = (changes: object) => ({
  workItemId: 'W1',
  itemId: 'W1',
  billTo: 'group',
  servedClientId: 'shop',
  taxes: [],
  ...changes,
});
const lines = (invoiceId: string, changes: object = {}) =>
  told('InvoiceLinesAdded', { invoiceId, lines: [line(changes)] });
const note = (recipientId: string, invoiceId: string | null) =>
  told('CreditNoteIssueRequested', { creditNoteId: 'C1', clientId: 'shop', recipientId, invoiceId });
const givesBack = (documentId: string) => ({ taxes: [{ givesBack: { documentId, itemId: 'W1' } }] });
const I1 = [drafted('I1', 'group'), lines('I1')];

describe('L5 of who receives', () => {
  it('finds nothing where each has his own', () => {
    const others = [drafted('I2', 'group'), lines('I2', givesBack('I1')), note('group', 'I1')];
    expect(wrongRecipients([...I1, ...others])).toEqual([]);
  });

  it('finds a line that says another, and one that gives back what another paid', () => {
    expect(wrongRecipients([drafted('I1', 'group'), lines('I1', { billTo: null })])).toHaveLength(1);
    expect(wrongRecipients([drafted('I1', 'shop'), lines('I1')])).toHaveLength(1);
    const other = { ...givesBack('I1'), billTo: 'bank' };
    expect(wrongRecipients([...I1, drafted('I2', 'bank'), lines('I2', other)])).toEqual([
      'W1 on I2 for bank gives back money of I1 of group',
    ]);
  });

  it('finds a credit note that goes to another than its invoice, and a credit that is given to another', () => {
    expect(wrongRecipients([...I1, note('bank', 'I1')])).toHaveLength(1);
    const given = {
      creditNoteId: 'C1',
      invoiceId: null,
      lines: [{ line: line({ ...givesBack('I1'), billTo: 'bank' }) }],
      charges: [],
    };
    expect(wrongRecipients([...I1, note('bank', null), told('CreditNoteLinesAdded', given)])).toHaveLength(1);
  });
});
