import type { Surroundings } from '../command-path/command-definition.js';
import { accountStream } from '../invoicing/account.js';
import { completeIssue } from '../invoicing/complete-issue.js';

/**
 * Finishes what a crash interrupted between the request of an issue and the issued invoice (ADR 6). The read model of invoices knows which are
 * still issuing, so nothing is scanned.
 */
export class CompleteIssues {
  constructor(private readonly around: Surroundings) {}

  /** Answers how many it finished. */
  async run(): Promise<number> {
    let finished = 0;
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await this.around.models.invoices.list(
        { status: 'issuing' },
        { limit: 200, cursor: cursor ?? undefined },
      );
      for (const invoice of page.items) {
        await completeIssue(this.around, accountStream(invoice), invoice.invoiceId);
        finished++;
      }
      cursor = page.nextCursor;
    }
    return finished;
  }
}
