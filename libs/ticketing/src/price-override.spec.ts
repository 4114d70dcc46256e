import { describe, it } from '@jest/globals';
import type { Issued } from '@billtrail/kernel';
import type { TicketEvent } from './events.js';
import * as t from './testing/history.js';

const { ticket, ticketId, at, ana, event } = t;
const accountant: Issued = { at, by: { id: 'alma', role: 'accounts' } };
const price = { amount: '95.00', currency: 'AUD' };
const override = {
  type: 'OverrideTimeEntryPrice',
  ticketId,
  timeEntryId: 'E-1',
  pricePerHour: price,
  reason: 'agreed by phone',
  ...accountant,
} as const;
const withdraw = { ...override, pricePerHour: null, reason: 'agreed otherwise' };
const overridden = event('TimeEntryPriceOverridden', {
  timeEntryId: 'E-1',
  pricePerHour: price,
  reason: 'agreed by phone',
  overriddenBy: 'alma',
});
const withdrawn = event('TimeEntryPriceOverridden', {
  timeEntryId: 'E-1',
  pricePerHour: null,
  reason: 'agreed otherwise',
  overriddenBy: 'alma',
});
const corrected = event('TimeEntryCorrected', {
  ...t.timeFacts,
  timeEntryId: 'E-1',
  minutes: 30,
  endedAt: '2026-03-17T08:30:00+11:00',
  reason: 'typo',
  correctedBy: 'ana',
});
const given = (...more: TicketEvent[]) => ticket.given(...t.inProgressWithWork, ...more);

describe('OverrideTimeEntryPrice', () => {
  it('sets the price of an hour, with the reason and who did it', () => given().when(override).then(overridden));
  it('sets another price, or the same for another reason', () => {
    given(overridden)
      .when({ ...override, pricePerHour: { amount: '90.00', currency: 'AUD' } })
      .thenLike({ data: { pricePerHour: { amount: '90.00' } } });
    given(overridden)
      .when({ ...override, reason: 'in writing' })
      .thenLike({ data: { reason: 'in writing' } });
  });
  it('withdraws it by null', () => given(overridden).when(withdraw).then(withdrawn));
  it('is done at any stage: prices are put right after the resolution too', () => {
    for (const history of [t.inResolved, t.inSvrPending, t.inClosed])
      ticket
        .given(...history)
        .when(override)
        .then(overridden);
  });
  it('leaves the approval as it is', () => {
    const approved = event('TimeEntryApproved', { timeEntryId: 'E-1', approvedBy: 'olga', version: 1 });
    given(approved, overridden)
      .when({ type: 'ApproveTimeEntry', ticketId, timeEntryId: 'E-1', ...t.ops })
      .thenNothing();
  });
  it('ends with a correction of the entry: then the same may be set again', () => {
    given(overridden, corrected).when(override).then(overridden);
    given(overridden, corrected).when(withdraw).thenNothing();
  });
  it('stays quiet on repeat, and where there is nothing to withdraw', () => {
    given(overridden).when(override).thenNothing();
    given().when(withdraw).thenNothing();
    given(overridden, withdrawn).when(withdraw).thenNothing();
  });
  it.each([
    ['WorkItemUnknown', { timeEntryId: 'E-9' }],
    ['FieldInvalid', { reason: ' ' }],
    ['MoneyInvalid', { pricePerHour: { amount: '0.00', currency: 'AUD' } }],
    ['MoneyInvalid', { pricePerHour: { amount: '-95.00', currency: 'AUD' } }],
    ['MoneyInvalid', { pricePerHour: { amount: 'much', currency: 'AUD' } }],
    ['MoneyInvalid', { pricePerHour: { amount: '95.00', currency: 'dollars' } }],
    ['OwnWork', ana],
  ])('refuses with %s: %j', (code, changed) =>
    given()
      .when({ ...override, ...changed })
      .thenRefused(code),
  );
  it('refuses a voided entry, a withdrawal without a reason, and work that is no time entry', () => {
    given(t.voidedEntry).when(override).thenRefused('WorkItemVoided');
    given(overridden)
      .when({ ...withdraw, reason: '' })
      .thenRefused('FieldInvalid');
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when({ ...override, timeEntryId: 'M-1' })
      .thenRefused('WorkItemUnknown');
  });
});
