import { unreachable, type MoneyJson } from '@billtrail/kernel';
import type {
  Approved,
  Classification,
  Rejected,
  SlaBreachWithdrawn,
  SlaFacts,
  TicketEvent,
  TimerEvent,
  WorkItemEvent,
  WorkOfTicket,
} from '@billtrail/ticketing';
import {
  inPlace,
  sentenceOfApproval,
  sentenceOfForgoing,
  sentenceOfRefusal,
  sentenceOfWithdrawal,
} from './mentions.js';
import { deedIn } from '../approvals/to-forgo.js';

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}

function money({ amount, currency }: MoneyJson): string {
  return `${amount} ${currency}`;
}

function classification({ clientId, contractId, category, priority }: Classification): string {
  const known = [
    clientId === null ? 'client unknown' : `client ${clientId}`,
    contractId === null ? null : `contract ${contractId}`,
    category === null ? null : `category ${category}`,
    priority === null ? null : `priority ${priority}`,
  ];
  return known.filter((part) => part !== null).join(', ');
}

function assignee({ engineerId, team }: { readonly engineerId: string | null; readonly team: string | null }): string {
  if (engineerId === null) return team === null ? 'nobody' : `team ${team}`;
  return team === null ? engineerId : `${engineerId} of team ${team}`;
}

function targetOf({ target, targetMinutes, clock, priority, contractId, contractVersion }: SlaFacts): string {
  const minutes = clock === 'business' ? 'business minutes' : 'minutes';
  return `${target} target of ${targetMinutes} ${minutes} (priority ${priority}, contract ${contractId} version ${contractVersion})`;
}

function workText({ length }: readonly string[]): string {
  return `${length} work item${length === 1 ? '' : 's'}`;
}

function ofMerged(merged: readonly WorkOfTicket[] = []): string {
  return merged.map(({ ticketId, workItemIds }) => `, and ${workItemIds.length} of ${ticketId}`).join('');
}

const WITHDRAWN: Readonly<Record<SlaBreachWithdrawn['data']['reason'], string>> = {
  'in-time': 'on the current facts the target was met',
  'no-sla': 'on the current facts the ticket has no such target',
  restated: 'it was missed with other figures, which are recorded instead',
};

/** What happened on the ticket, as a person reads it. Units and dates are in the sentence; who did it and when stand beside it. */
export function sentenceOf(event: Pick<TicketEvent, 'type' | 'data'>): string {
  const told = event as TicketEvent;
  switch (told.type) {
    case 'TicketRequested':
      return `Requested${told.data.source === null ? '' : ` in ${told.data.source}`}: ${told.data.summary}`;
    case 'TicketTriaged':
      return `Triaged: ${classification(told.data)}`;
    case 'TicketReclassified':
      return `Reclassified: ${classification(told.data)}${told.data.reason === null ? '' : ` (${told.data.reason})`}`;
    case 'TicketReprioritised':
      return `Changed the priority to ${told.data.priority}`;
    case 'TicketReturned':
      return 'Returned to the queue';
    case 'TicketAssigned':
      return `Assigned to ${assignee(told.data)}`;
    case 'TicketReassigned':
      return `Reassigned to ${assignee(told.data)}`;
    case 'WorkStarted':
      return 'Started work';
    case 'TicketPendedOnClient':
      return `Waiting for the client${because(told.data.reason)}`;
    case 'TicketPendedOnThirdParty':
      return `Waiting for a third party${because(told.data.reason)}`;
    case 'TicketResumed':
      return 'Resumed work';
    case 'TicketResolved':
      return `Resolved${told.data.scope === 'out-of-scope' ? ' as out of scope' : ''}${because(told.data.resolution)}`;
    case 'ServiceVerificationRequested':
      return `Sent the service verification report with ${workText(told.data.workItemIds)}${ofMerged(told.data.merged)}`;
    case 'ServiceVerificationApproved':
      return told.data.silent
        ? 'Service verification approved by silence'
        : `Service verification approved by ${told.data.approvedBy}`;
    case 'ServiceVerificationRejected':
      return `Service verification rejected by ${told.data.rejectedBy}${because(told.data.reason)}`;
    case 'TicketClosed':
      return 'Closed';
    case 'TicketCancelled':
      return told.data.as === 'duplicate'
        ? `Closed as a duplicate${told.data.duplicateOf === null ? '' : ` of ${told.data.duplicateOf}`}${because(told.data.reason)}`
        : `Cancelled${because(told.data.reason)}`;
    case 'TicketReopened':
      return `Reopened${because(told.data.reason)}`;
    case 'TicketMerged':
      return `Merged into ${told.data.into}${because(told.data.reason)}`;
    case 'TicketSplit':
      return `Taken out of ${told.data.from} again${because(told.data.reason)}`;
    case 'NoteAdded':
      return `${told.data.visibility === 'internal' ? 'Internal note' : 'Note'} by ${told.data.author}: ${told.data.text}`;
    case 'NoChargeDeclared':
      return `Declared no charge (${told.data.reasonCode})${because(told.data.reason)}`;
    case 'ScopeClassified':
      return told.data.scope === 'out-of-scope'
        ? `Rated the work as out of scope${because(told.data.reason)}`
        : `Rated the work as in the contract${because(told.data.reason)}`;
    case 'SlaWarned':
      return `Warned: ${told.data.percent}% of the ${targetOf(told.data)} is used up`;
    case 'SlaBreached':
      return `Missed the ${targetOf(told.data)}, due at ${told.data.dueAt}`;
    case 'SlaBreachWithdrawn':
      return `Withdrew the breach of the ${told.data.target} target (event ${told.data.breachEventId}): ${WITHDRAWN[told.data.reason]}`;
    case 'ForgoingRequested': {
      const { act, target, forgone, asked } = told.data;
      return sentenceOfForgoing(
        { act, ...deedIn(asked), target, asked },
        forgone[0]?.money ?? null,
        asked.comment ?? asked.reason ?? null,
      );
    }
    case 'ForgoingWithdrawn':
      return sentenceOfWithdrawal(told.data.reason);
    case 'ForgoingRefused':
      return sentenceOfRefusal(told.data);
    case 'ForgoingApproved':
      return sentenceOfApproval(told.data);
    default:
      return sentenceOfWork(told);
  }
}

function agreed(secondPerson: string | null | undefined): string {
  return secondPerson === null || secondPerson === undefined ? '' : `, agreed with ${secondPerson}`;
}

function sentenceOfWork(told: TimerEvent | WorkItemEvent): string {
  switch (told.type) {
    case 'TimerStarted':
      return `Started a timer for ${told.data.engineerId}`;
    case 'TimerStopped':
      return `Stopped timer ${told.data.timerId}`;
    case 'TimeEntryLogged':
      return `Logged ${told.data.minutes} min of ${told.data.workType} on ${told.data.workDate}`;
    case 'TimeEntryCorrected':
      return `Corrected time entry ${told.data.timeEntryId} to ${told.data.minutes} min of ${told.data.workType} on ${told.data.workDate}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'TimeEntryApproved':
      return approvedSentence(`time entry ${told.data.timeEntryId}`, told.data);
    case 'TimeEntryRejected':
      return rejectedSentence(`time entry ${told.data.timeEntryId}`, told.data);
    case 'TimeEntryPriceOverridden': {
      const { timeEntryId, pricePerHour, reason, secondPerson } = told.data;
      const whoAgreed = agreed(secondPerson);
      return pricePerHour === null
        ? `Removed the price set for time entry ${timeEntryId}${whoAgreed}${because(reason)}`
        : `Set the price of time entry ${timeEntryId} to ${money(pricePerHour)} an hour${whoAgreed}${because(reason)}`;
    }
    case 'TimeEntryVoided':
      return `Voided time entry ${told.data.timeEntryId}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'MaterialUsed':
      return `Used ${told.data.quantity} ${told.data.unit} of ${told.data.itemCode} on ${told.data.workDate}`;
    case 'MaterialUsageCorrected':
      return `Corrected material usage ${told.data.materialUsageId} to ${told.data.quantity} ${told.data.unit} of ${told.data.itemCode} on ${told.data.workDate}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'MaterialUsageApproved':
      return approvedSentence(`material usage ${told.data.materialUsageId}`, told.data);
    case 'MaterialUsageRejected':
      return rejectedSentence(`material usage ${told.data.materialUsageId}`, told.data);
    case 'MaterialUsageVoided':
      return `Voided material usage ${told.data.materialUsageId}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'ExpenseIncurred':
      return `Incurred an expense of ${money(told.data.cost)} on ${told.data.workDate}: ${told.data.description}`;
    case 'ExpenseCorrected':
      return `Corrected expense ${told.data.expenseId} to ${money(told.data.cost)} on ${told.data.workDate}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'ExpenseApproved':
      return approvedSentence(`expense ${told.data.expenseId}`, told.data);
    case 'ExpenseRejected':
      return rejectedSentence(`expense ${told.data.expenseId}`, told.data);
    case 'ExpenseVoided':
      return `Voided expense ${told.data.expenseId}${agreed(told.data.secondPerson)}${because(told.data.reason)}`;
    case 'CourtesyGranted': {
      const { workItemId, amount, isAll, reason, secondPerson } = told.data;
      const whoAgreed = agreed(secondPerson);
      return `Gave ${money(amount)}${isAll ? ', all that it came to,' : ''} of ${workItemId} as a courtesy${whoAgreed}${because(reason)}`;
    }
    case 'SupplierCreditRecorded': {
      const { materialUsageId, amount, reference, creditedOn } = told.data;
      return `Supplier credited ${money(amount)} for ${materialUsageId} on ${creditedOn} (${reference})`;
    }
    case 'SupplierCreditWithdrawn': {
      const { materialUsageId, reference, reason } = told.data;
      return `Withdrew the supplier's credit ${reference} for ${materialUsageId}${because(reason)}`;
    }
    case 'CourtesyWithdrawn':
      return `Withdrew the courtesy of ${told.data.workItemId}${because(told.data.reason)}`;
    default:
      return unreachable(told);
  }
}

function approvedSentence(work: string, { version, isOwnWork, rule, inPlaceOf }: Approved): string {
  const by = rule === undefined ? inPlace(inPlaceOf) : ` by rule ${rule.name}`;
  return `Approved ${work}${atVersion(version)}${by}${isOwnWork === true ? ', which is their own work' : ''}`;
}

function rejectedSentence(work: string, { version, reasonCode, reason, secondPerson }: Rejected): string {
  const code = reasonCode === undefined ? '' : ` as ${reasonCode}`;
  return `Rejected ${work}${atVersion(version)}${code}${agreed(secondPerson)}${because(reason)}`;
}

/** Only of work that was corrected: the first version goes without saying. */
function atVersion(version: number | undefined): string {
  return version === undefined || version === 1 ? '' : ` at version ${version}`;
}
