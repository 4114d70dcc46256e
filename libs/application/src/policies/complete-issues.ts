import type { Month } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import type { Page, PageRequest } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { accountStream } from '../invoicing/account.js';
import { completeIssue } from '../invoicing/complete-issue.js';
import { CREDIT_NOTE, INVOICE, type DocumentKind } from '../invoicing/document-kinds.js';
import { skippingParked, type Attempt } from './attempt.js';

/** A document that is waiting for its number. */
interface Issuing {
  readonly documentId: string;
  readonly clientId: string;
  readonly period: Month;
}

/**
 * Completes issues that a crash interrupted between the request and the issued document, invoice or credit note (ADR 6). The read model
 * knows which are still issuing, so nothing is scanned.
 */
export class CompleteIssues {
  constructor(
    private readonly ports: CommandPorts,
    private readonly attempt: Attempt = skippingParked,
  ) {}

  /** Returns the position at which to look again, or null: nothing was to be completed. */
  async run(): Promise<Position | null> {
    // Before the log is adopted nothing is numbered: they wait, which readiness tells.
    if ((await this.ports.gate.shut()) !== null) return null;
    const { invoices, creditNotes } = this.ports.models;
    const completedInvoices = await this.finish(INVOICE, async (page) => {
      const { items, nextCursor } = await invoices.list({ status: 'issuing' }, page);
      return { items: items.map((one) => ({ ...one, documentId: one.invoiceId })), nextCursor };
    });
    const completedCreditNotes = await this.finish(CREDIT_NOTE, async (page) => {
      const { items, nextCursor } = await creditNotes.list({ status: 'issuing' }, page);
      return { items: items.map((one) => ({ ...one, documentId: one.creditNoteId })), nextCursor };
    });
    return completedInvoices || completedCreditNotes ? this.ports.store.head() : null;
  }

  private async finish(kind: DocumentKind, list: (page: PageRequest) => Promise<Page<Issuing>>): Promise<boolean> {
    let isAny = false;
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Page<Issuing> = await list({ limit: 200, cursor: cursor ?? undefined });
      for (const document of page.items) {
        const { documentId } = document;
        const done = await this.attempt(async () => {
          // Withdrawn, it is done too: whoever wants it issues it again.
          await completeIssue(this.ports, kind, accountStream(document), documentId);
          return true;
        });
        if (done !== null) isAny = true;
      }
      cursor = page.nextCursor;
    }
    return isAny;
  }
}
