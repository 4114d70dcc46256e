import type { DraftedAt } from '../account/charges.js';
import type { Basis } from '../item/basis.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { NO_BASIS } from '../item/made-item.js';

export function aud(amount: string): { readonly amount: string; readonly currency: string } {
  return { amount, currency: 'AUD' };
}

/** What priced an hour at the card's rate. */
export const HOURLY: Basis = {
  ...NO_BASIS,
  ruleId: 'all',
  rounding: { scope: 'entry', basisMinutes: 60 },
  price: { mode: 'hourly', scope: null, charged: false, flatPrice: null },
};

/** An approved hour of March at 150.00 AUD, as rating makes it. */
export function hourItem(itemId: string, changes: Partial<ExplainedItem> = {}): ExplainedItem {
  return {
    itemId,
    workItemId: 'w-1',
    ticketId: 'T-1',
    clientId: 'cli-1',
    period: '2026-03',
    kind: 'time',
    disposition: 'billable',
    workDate: '2026-03-10',
    description: 'Worked on the printer',
    actualMinutes: 60,
    billableMinutes: 60,
    quantity: '1',
    unit: 'h',
    unitPrice: aud('150.00'),
    net: aud('150.00'),
    standardValue: aud('150.00'),
    cost: null,
    taxCategory: 'GST',
    contractId: 'con-1',
    contractVersion: 1,
    approval: 'approved',
    invoiceId: null,
    sourceEventIds: ['ev-w-1'],
    basis: HOURLY,
    trace: [{ step: 'work', text: '60 min of work', facts: {} }],
    ...changes,
  };
}

/** A draft made at noon of a day, of a client in UTC. */
export function draftedOn(day: string, changes: Partial<DraftedAt> = {}): DraftedAt {
  return { at: `${day}T12:00:00Z`, contracts: [], clientTimeZone: 'UTC', configuration: {}, ...changes };
}

/** A fee for March, as rating makes it. */
export function feeItem(termId: string, net: string, changes: Partial<ChargeItem> = {}): ChargeItem {
  const chargeId = `con-1@fee@${termId}@2026-03-01`;
  return {
    chargeItemId: chargeId,
    chargeId,
    kind: 'recurring',
    description: `Fee ${termId}`,
    from: '2026-03-01',
    to: '2026-03-31',
    quantity: '1',
    unit: 'cycle',
    unitPrice: aud(net),
    net: aud(net),
    taxCategory: 'GST',
    contractId: 'con-1',
    contractVersion: 1,
    ticketId: null,
    sourceEventIds: [],
    basis: { termId, discountAmount: null, exactOfDaysBefore: null, required: null, coveredDays: null },
    trace: [{ step: 'charge', text: `Fee ${termId}: ${net}`, facts: {} }],
    clientId: 'cli-1',
    period: '2026-03',
    disposition: 'billable',
    invoiceId: null,
    billableFrom: '2026-03-01',
    ...changes,
  };
}
