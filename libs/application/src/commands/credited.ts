import { Money, isRefusal, type ForgoingFacts, type Refusal } from '@billtrail/kernel';
import {
  askedLessOnceFree,
  billedAgain,
  type AccountEvent,
  type AskedLess,
  type CreditOutcome,
  type CreditedCharge,
  type CreditedLine,
  type RequestCreditNoteIssue,
  type SupposedCredit,
} from '@billtrail/billing';
import { NotKnown, type ReadModels } from '@billtrail/read-models';
import type { AtDecision } from '../command-path/command-definition.js';
import { forgoingOf } from './forgone.js';

/**
 * What a credit note gives back for good: what it writes off, and of what it bills again all that would not be asked anew, for the work is rated as of now. What it
 * corrects was wrong. null: nothing. Refuses: ReadModelsDiffer.
 */
export function forgoneByCredit(
  { workBy }: RequestCreditNoteIssue,
  _: unknown,
  decided: readonly AccountEvent[],
  { models }: AtDecision,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  const note = noteOf(decided);
  if (note === null) return null;
  const { creditNoteId: target, ...credit } = note;
  const { clientId, period } = credit;
  const writtenOff = ofOutcome(credit, 'written-off').map(({ ticketId, net }) => ({
    ticketId,
    money: Money.from(net),
  }));
  const less = lessBilledAgain(credit, models);
  if (isRefusal(less)) return less;
  const workers = new Set(workBy);
  if (less.length > 0) {
    const freed = credit.lines.flatMap(({ outcome, line }) => (outcome === 'bill-again' ? [line] : []));
    const rules = models.approvals.rulesNow(freed);
    if (isRefusal(rules)) return rules;
    for (const worker of rules.workBy) workers.add(worker);
  }
  return forgoingOf({ target, clientId, period, workBy: [...workers].sort() }, [...writtenOff, ...less]);
}

type Note = SupposedCredit & { readonly creditNoteId: string };

/** null: no note of an invoice was decided. */
function noteOf(decided: readonly AccountEvent[]): Note | null {
  let about: Omit<Note, 'lines' | 'charges'> | null = null;
  const lines: CreditedLine[] = [];
  const charges: CreditedCharge[] = [];
  for (const event of decided) {
    if (event.type === 'CreditNoteIssueRequested' && event.data.invoiceId !== null) {
      const { creditNoteId, clientId, period, invoiceId } = event.data;
      about = { creditNoteId, clientId, period, invoiceId };
    }
    if (event.type !== 'CreditNoteLinesAdded') continue;
    lines.push(...event.data.lines);
    charges.push(...event.data.charges);
  }
  return about && { ...about, lines, charges };
}

function ofOutcome({ lines, charges }: Note | SupposedCredit, outcome: CreditOutcome) {
  return [
    ...lines.map(({ line: { ticketId }, ...credited }) => ({ ticketId, ...credited })),
    ...charges.map((credited) => ({ ticketId: null, ...credited })),
  ].filter((one) => one.outcome === outcome);
}

/** Where a month is not known nobody can state it. */
function lessBilledAgain(credit: SupposedCredit, { documentFacts }: ReadModels): readonly AskedLess[] | Refusal {
  const again = ofOutcome(credit, 'bill-again');
  if (again.length === 0) return [];
  const tickets = [...new Set(again.flatMap(({ ticketId }) => ticketId ?? []))];
  try {
    const now = documentFacts.ofCredited(credit, tickets);
    return isRefusal(now) ? now : askedLessOnceFree(now, billedAgain(now, credit));
  } catch (error) {
    if (error instanceof NotKnown) return tickets.map((ticketId) => ({ ticketId, money: null }));
    throw error;
  }
}
