import type { Issued } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ExpenseInput, MaterialInput, TimeEntryInput } from '../work-rules.js';
import type { TicketEvent } from '../events.js';
import { ticketDecider } from '../ticket.js';

/** A ticket of `acme` on 17 March 2026 and its people, for the specs of this library. */
export const ticketId = 'T-1';
export const at = '2026-03-17T10:00:00+11:00';
export const ana: Issued = { at, by: { id: 'ana', role: 'support' } };
export const ops: Issued = { at, by: { id: 'olga', role: 'operations' } };
export const contact: Issued = { at, by: { id: 'carl', role: 'client' } };
export const policyActor: Issued = { at, by: { id: 'silent-approval', role: 'system' } };

export const classification = {
  clientId: 'acme',
  contractId: null,
  siteId: null,
  category: 'network',
  ticketType: 'incident',
  priority: 'high',
} as const;

const event = <Type extends TicketEvent['type']>(
  type: Type,
  data: Extract<TicketEvent, { type: Type }>['data'],
): TicketEvent =>
  // One literal for every type of event: TypeScript can't tie a generic type to its data in a union.
  ({ type, data, occurredAt: at }) as TicketEvent;
export { event };

export const requested = event('TicketRequested', {
  ticketId,
  ...classification,
  clientId: 'acme',
  priority: null,
  reference: 'INC0001',
  summary: 'No network on floor 2',
  description: null,
  requestedBy: 'carl',
  source: null,
});
export const triaged = event('TicketTriaged', classification);
export const assigned = event('TicketAssigned', { engineerId: 'ana', team: null });
export const started = event('WorkStarted', {});
export const pendedOnClient = event('TicketPendedOnClient', { reason: 'waits for the key' });
export const pendedOnThirdParty = event('TicketPendedOnThirdParty', { reason: 'vendor case 7' });
export const resumed = event('TicketResumed', {});
export const resolutionData = {
  resolution: 'Replaced the switch',
  materials: 'none-used',
  scope: 'in-contract',
} as const;
export const resolved = event('TicketResolved', resolutionData);
export const verificationRequested = event('ServiceVerificationRequested', { workItemIds: ['E-1'] });
export const verificationApproved = event('ServiceVerificationApproved', { approvedBy: 'carl', silent: false });
export const closed = event('TicketClosed', {});

export const timeInput: TimeEntryInput = {
  engineerId: 'ana',
  engineerRole: 'engineer',
  workType: 'remote',
  minutes: 45,
  workDate: '2026-03-17',
  startedAt: '2026-03-17T08:00:00+11:00',
  endedAt: '2026-03-17T08:45:00+11:00',
  description: 'Traced the cable',
};
export const timeFacts = {
  ...timeInput,
  startedAt: '2026-03-17T08:00:00+11:00',
  endedAt: '2026-03-17T08:45:00+11:00',
  statedBillableMinutes: null,
  rateClass: null,
};
export const logged = event('TimeEntryLogged', { ...timeFacts, timeEntryId: 'E-1', loggedBy: 'ana' });
export const voidedEntry = event('TimeEntryVoided', { timeEntryId: 'E-1', reason: 'wrong ticket' });

export const materialInput = {
  itemCode: 'SW-24',
  description: 'Switch, 24 ports',
  quantity: '1',
  unit: 'piece',
  unitCost: { amount: '180.00', currency: 'AUD' },
  listPrice: { amount: '249.00', currency: 'AUD' },
  workDate: '2026-03-17',
} satisfies MaterialInput;
export const materialFacts = {
  ...materialInput,
  unitCost: { amount: '180.00', currency: 'AUD' },
  listPrice: { amount: '249.00', currency: 'AUD' },
  serialNumber: null,
  underWarranty: false,
};
export const materialUsed = event('MaterialUsed', { ...materialFacts, materialUsageId: 'M-1', recordedBy: 'ana' });

export const expenseInput = {
  description: 'Parking',
  cost: { amount: '18.50', currency: 'AUD' },
  workDate: '2026-03-17',
} satisfies ExpenseInput;
export const expenseFacts = { ...expenseInput, receiptReference: null };
export const expenseIncurred = event('ExpenseIncurred', { ...expenseFacts, expenseId: 'X-1', recordedBy: 'ana' });

/** Histories that end in a stage, each legal. */
export const inRequest = [requested];
export const inTriage = [requested, triaged];
export const inAssigned = [...inTriage, assigned];
export const inProgress = [...inAssigned, started];
export const inProgressWithWork = [...inProgress, logged];
export const inResolved = [...inProgressWithWork, resolved];
export const inSvrPending = [...inResolved, verificationRequested];
export const inClosed = [...inSvrPending, verificationApproved, closed];

export const ticket = spec(ticketDecider());

/** What the clock tells about a ticket: no command leads to it. */
const sla = {
  ticketId,
  clientId: 'acme',
  contractId: 'acme-1',
  contractVersion: 1,
  policyId: 'gold',
  target: 'resolution',
  run: 1,
  priority: 'high',
  targetMinutes: 240,
  clock: 'business',
} as const;
export const slaEvents: readonly TicketEvent[] = [
  event('SlaWarned', { ...sla, percent: 50, dueAt: at }),
  event('SlaBreached', { ...sla, dueAt: at, breachedOn: '2026-03-17' }),
  event('SlaBreachWithdrawn', { ticketId, target: 'resolution', run: 1, breachEventId: 'ev-1', reason: 'in-time' }),
];
