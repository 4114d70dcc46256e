import { isRefusal, type Refusal } from '@billtrail/kernel';
import {
  billingCommands,
  draftsToMake,
  invoiceWarnings,
  type InvoiceWarning,
  PolicyFailed,
  warningsIfKnown,
  type WarningsNotKnown,
} from '@billtrail/application';
import type { DocumentGroup } from '@billtrail/billing';
import { type Invoice, NotKnown } from '@billtrail/read-models';
import { toldHere, type GlobalOptions, type Session } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { progressBar } from '../terminal/progress.js';
import { madeId } from '../under-key.js';

export interface RunOptions extends GlobalOptions {
  readonly period: string;
  readonly client?: string;
  /** Only what this client receives and pays. */
  readonly recipient?: string;
  readonly ticket: readonly string[];
  readonly charge: readonly string[];
  readonly issue: boolean;
  readonly date?: string;
}

export interface InvoiceRunLine {
  readonly clientId: string;
  readonly invoiceId: string;
  /** null: drafted or issued; otherwise the reason why not. */
  readonly refusal: Refusal | null;
}

/** Drafts each client's invoice for the period, and issues it on request. A refusal for one client does not stop the others. */
export async function runInvoices(
  session: Session,
  options: Omit<RunOptions, keyof GlobalOptions>,
): Promise<readonly InvoiceRunLine[]> {
  if (options.client === undefined && options.ticket.length + options.charge.length > 0) {
    throw new CommandFailed(
      EXIT.badInput,
      'ClientMissing',
      'Tickets and charges must belong to one client.',
      'Name the client with --client.',
    );
  }
  await session.catchUp();
  const periods = await session.ask(({ models }) =>
    models.billableItems.periods({ clientId: options.client, period: options.period }),
  );
  if (periods.length === 0) {
    throw new CommandFailed(
      EXIT.refused,
      'NothingToBill',
      `No work in ${options.period}${options.client === undefined ? '' : ` for client ${options.client}`}.`,
      'Check the month and the client.',
    );
  }
  const bar = progressBar('invoicing', session.out.json);
  const lines: InvoiceRunLine[] = [];
  const isNamed = options.ticket.length + options.charge.length > 0;
  for (const [index, { clientId, period }] of periods.entries()) {
    const to = options.recipient;
    const drafts = isNamed
      ? [to === undefined ? {} : { recipientId: to }]
      : await known(() => session.ask((ports) => draftsToMake(ports, clientId, period, to)));
    for (const draft of isRefusal(drafts) ? [{}] : drafts) {
      const invoice = { clientId, period, invoiceId: madeId('inv', clientId, period, draft) };
      const refusal = isRefusal(drafts) ? drafts : await known(() => draftAndIssue(session, invoice, draft, options));
      lines.push({ clientId, invoiceId: invoice.invoiceId, refusal });
    }
    bar.to(index + 1, periods.length);
  }
  bar.done();
  if (lines.length === 0) {
    throw new CommandFailed(
      EXIT.refused,
      'NothingToBill',
      `Client ${options.recipient ?? ''} receives nothing of ${options.period} that is to be billed.`,
      'Check the id, and who receives what: billtrail sites CLIENT, and `billTo` of clients and contracts.',
    );
  }
  return lines;
}

/** What there is to warn of: the drafts are recorded, whatever goes wrong here. */
export async function warningsOf(
  session: Session,
  invoices: readonly Pick<Invoice, 'invoiceId'>[],
): Promise<readonly (InvoiceWarning | WarningsNotKnown)[]> {
  const warnings = await Promise.all(
    invoices.map(({ invoiceId }) => warningsIfKnown(() => session.ask((ports) => invoiceWarnings(ports, invoiceId)))),
  );
  return warnings.flat().map(toldHere);
}

/** What can't be known of one client stops no other. */
async function known<Answer>(ask: () => Promise<Answer>): Promise<Answer | Refusal> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotKnown || error instanceof PolicyFailed) return error.refusal;
    throw error;
  }
}

async function draftAndIssue(
  session: Session,
  invoice: { clientId: string; period: string; invoiceId: string },
  group: DocumentGroup,
  { ticket, charge, issue, date }: Pick<RunOptions, 'ticket' | 'charge' | 'issue' | 'date'>,
): Promise<Refusal | null> {
  const dated = date === undefined ? {} : { issueDate: date };
  const drafted = await session.try(billingCommands.DraftInvoice, {
    ...invoice,
    ...group,
    ...(ticket.length === 0 ? {} : { tickets: ticket }),
    ...(charge.length === 0 ? {} : { charges: charge }),
    ...dated,
  });
  if (isRefusal(drafted) || !issue) return isRefusal(drafted) ? drafted : null;
  const approved = await session.try(billingCommands.ApproveInvoice, invoice);
  if (isRefusal(approved)) return approved;
  const issued = await session.try(billingCommands.IssueInvoice, {
    ...invoice,
    ...dated,
  });
  return isRefusal(issued) ? issued : null;
}
