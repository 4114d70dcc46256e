import { daysAround, exceptionsOf } from '@billtrail/ticketing';
import type { ReadModels, RecordedPiece, WorkFilter } from '@billtrail/read-models';
import { MAX_BULK_ITEMS, type BulkItem } from './bulk-job.js';

export interface ApprovalsAsked extends WorkFilter {
  /** Whoever is to approve it. */
  readonly personId: string;
  /** In whose place; null: by their own right. */
  readonly inPlaceOf: string | null;
  readonly normalMinutes: number;
  readonly normalDays: number;
}

const COMMANDS = {
  time: ['ApproveTimeEntry', 'timeEntryId'],
  material: ['ApproveMaterialUsage', 'materialUsageId'],
  expense: ['ApproveExpense', 'expenseId'],
} as const;

/** The work that waits for approval, each piece at the version that stands, with what is out of the ordinary about it. One more than a job may have, if there are. */
export function workToApprove(models: ReadModels, asked: ApprovalsAsked): readonly BulkItem[] {
  const { clientId, ticketId, engineerId, kind, from, to } = asked;
  const filter = { clientId, ticketId, engineerId, kind, from, to };
  return models.work.unapprovedNow(filter, MAX_BULK_ITEMS + 1).map((piece) => itemOf(models, piece, asked));
}

function itemOf(models: ReadModels, piece: RecordedPiece, asked: ApprovalsAsked): BulkItem {
  const { ticketId, workItemId, kind, version, clientId, workDate, time } = piece;
  const [command, name] = COMMANDS[kind];
  const { personId, inPlaceOf } = asked;
  const { from, to } = daysAround(workDate);
  const ofEngineer = time === null ? [] : models.work.ofEngineerNow(time.engineerId, from, to);
  return {
    command,
    input: { ticketId, [name]: workItemId, version, ...(inPlaceOf !== null && { inPlaceOf }) },
    about: { clientId, personId: time?.engineerId ?? null, on: workDate, minutes: time?.minutes ?? null },
    exceptions: exceptionsOf(piece, ofEngineer, {
      ...asked,
      personIds: [personId, ...(inPlaceOf === null ? [] : [inPlaceOf])],
    }),
  };
}
