import type { Month } from '@billtrail/kernel';
import type { Page, PageRequest } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { accountStream } from '../invoicing/account.js';
import { CREDIT_NOTE, INVOICE, completeIssue, type DocumentKind } from '../invoicing/complete-issue.js';
import { skippingParked } from './left-alone.js';

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
  constructor(private readonly ports: CommandPorts) {}

  /** Returns how many it completed. */
  async run(): Promise<number> {
    const { invoices, creditNotes } = this.ports.models;
    const issuedInvoices = await this.finish(INVOICE, async (page) => {
      const { items, nextCursor } = await invoices.list({ status: 'issuing' }, page);
      return { items: items.map((one) => ({ ...one, documentId: one.invoiceId })), nextCursor };
    });
    const issuedCreditNotes = await this.finish(CREDIT_NOTE, async (page) => {
      const { items, nextCursor } = await creditNotes.list({ status: 'issuing' }, page);
      return { items: items.map((one) => ({ ...one, documentId: one.creditNoteId })), nextCursor };
    });
    return issuedInvoices + issuedCreditNotes;
  }

  private async finish(kind: DocumentKind, list: (page: PageRequest) => Promise<Page<Issuing>>): Promise<number> {
    let finished = 0;
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Page<Issuing> = await list({ limit: 200, cursor: cursor ?? undefined });
      for (const document of page.items) {
        const { documentId } = document;
        const done = await skippingParked(async () => {
          // Withdrawn, it is done too: whoever wants it issues it again.
          await completeIssue(this.ports, kind, accountStream(document), documentId);
          return true;
        });
        if (done !== null) finished++;
      }
      cursor = page.nextCursor;
    }
    return finished;
  }
}
