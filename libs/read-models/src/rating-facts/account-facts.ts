import { invariant, monthOf, unreachable, type Month } from '@billtrail/kernel';
import type { ClientEvent } from '@billtrail/contracts';
import type { AccountEvent, ConfigurationEvent, Draw, FrozenCharge, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type RecordedOf } from '../runner/projection.js';
import { CreditFactsFold } from './credit-facts.js';
import type { Staleness } from './staleness.js';

/** The events of clients, accounts and the configuration that rating needs: not approval, number and issue. */
export const ACCOUNT_TYPES = [
  'ClientRegistered',
  'ClientDetailsChanged',
  'InvoiceDrafted',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceIssueRequested',
  'CreditNoteLinesAdded',
  'WorkWrittenOff',
  'ConfigurationPublished',
] as const satisfies readonly (ClientEvent | AccountEvent | ConfigurationEvent)['type'][];

type FoldedEvent = Extract<ClientEvent | AccountEvent | ConfigurationEvent, { type: (typeof ACCOUNT_TYPES)[number] }>;

const ACCOUNT_STREAM = /^account-(.+)-(\d{4}-\d{2})$/;

/** Client and period of an account stream: `account-{clientId}-{period}`. */
export function accountOf(stream: string): { readonly clientId: string; readonly period: Month } {
  const match = ACCOUNT_STREAM.exec(stream);
  invariant(match?.[1] !== undefined && match[2] !== undefined, `not an account stream: ${stream}`);
  return { clientId: match[1], period: match[2] };
}

/** Folds what clients and accounts hold into the facts that rating reads, and marks what they make stale. */
export class AccountFactsFold {
  private readonly putClient;
  private readonly draft;
  private readonly addLine;
  private readonly addCharge;
  private readonly discardDocument;
  private readonly discardLines;
  private readonly discardCharges;
  private readonly freeze;
  private readonly linesOf;
  private readonly purchasedOn;
  private readonly writeOff;
  private readonly configure;
  private readonly credits: CreditFactsFold;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
  ) {
    this.credits = new CreditFactsFold(database);
    this.putClient = database.statement('INSERT OR REPLACE INTO clients VALUES (?, ?, ?, ?)');
    this.draft = database.statement('INSERT INTO account_documents VALUES (?, ?, ?, 0)');
    this.addLine = database.statement('INSERT INTO account_lines VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)');
    this.addCharge = database.statement('INSERT INTO account_charges VALUES (?, ?, ?, ?, ?, NULL, NULL)');
    this.discardDocument = database.statement('DELETE FROM account_documents WHERE invoice_id = ?');
    this.discardLines = database.statement('DELETE FROM account_lines WHERE invoice_id = ?');
    this.discardCharges = database.statement('DELETE FROM account_charges WHERE invoice_id = ?');
    this.freeze = database.statement('UPDATE account_documents SET frozen = 1 WHERE invoice_id = ?');
    this.linesOf = database.statement<[string], { ticket_id: string; draw: string | null }>(
      'SELECT DISTINCT ticket_id, draw FROM account_lines WHERE invoice_id = ?',
    );
    this.purchasedOn = database
      .statement<[string, string], string>(
        'SELECT purchased_on FROM prepaid_blocks WHERE contract_id = ? AND block_id = ?',
      )
      .pluck();
    this.writeOff = database.statement('INSERT INTO write_offs VALUES (?, ?, ?, 0, ?, ?, ?)');
    this.configure = database.statement('INSERT OR REPLACE INTO rating_configuration VALUES (1, ?)');
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    switch (event.type) {
      case 'ClientRegistered':
      case 'ClientDetailsChanged': {
        const { clientId, name, currency, timeZone } = event.data;
        this.putClient.run(clientId, name, currency, timeZone);
        return this.stale.client(clientId);
      }
      case 'ConfigurationPublished':
        this.configure.run(JSON.stringify(event.data.configuration));
        return this.stale.everything();
      default:
        return this.account(event);
    }
  }

  private account(event: RecordedOf<Extract<FoldedEvent, AccountEvent>>): void {
    const { clientId, period } = accountOf(event.stream);
    switch (event.type) {
      case 'InvoiceDrafted':
        this.draft.run(event.data.invoiceId, clientId, period);
        break;
      case 'InvoiceLinesAdded':
        this.linesAdded(event.data.invoiceId, event.position, event.data.lines, event.data.charges ?? []);
        break;
      case 'InvoiceDraftDiscarded':
        this.discardLines.run(event.data.invoiceId);
        this.discardCharges.run(event.data.invoiceId);
        this.discardDocument.run(event.data.invoiceId);
        break;
      case 'InvoiceIssueRequested':
        this.freeze.run(event.data.invoiceId);
        this.frozen(event.data.invoiceId, clientId, period);
        break;
      case 'CreditNoteLinesAdded': {
        const { ticketIds, draws } = this.credits.apply(event, { clientId, period });
        for (const ticketId of ticketIds) this.stale.periodsOfTicketBefore(ticketId, period);
        this.drawnLater(draws, clientId, period);
        break;
      }
      case 'WorkWrittenOff':
        this.writtenOff(event, clientId, period);
        break;
      default:
        return unreachable(event);
    }
    this.stale.period(clientId, period);
  }

  private linesAdded(
    invoiceId: string,
    position: number,
    lines: readonly InvoiceLine[],
    charges: readonly FrozenCharge[],
  ): void {
    lines.forEach((line, part) => {
      const draw = line.draw === undefined ? null : JSON.stringify(line.draw);
      this.addLine.run(invoiceId, position, part, line.itemId, line.ticketId, JSON.stringify(line), draw);
    });
    charges.forEach((charge, part) => {
      this.addCharge.run(invoiceId, position, part, charge.chargeItemId, JSON.stringify(charge));
    });
  }

  /** What is frozen holds before the work of earlier periods that draws on the same, or is of a ticket under one cap. */
  private frozen(invoiceId: string, clientId: string, period: Month): void {
    const lines = this.linesOf.all(invoiceId);
    for (const ticketId of new Set(lines.map((line) => line.ticket_id)))
      this.stale.periodsOfTicketBefore(ticketId, period);
    const draws = lines.flatMap(({ draw }) => (draw === null ? [] : [JSON.parse(draw) as Draw]));
    this.drawnLater(draws, clientId, period);
  }

  private writtenOff(
    event: Extract<RecordedOf<FoldedEvent>, { type: 'WorkWrittenOff' }>,
    clientId: string,
    period: Month,
  ): void {
    const { draw } = event.data;
    const drawn = draw === undefined ? null : JSON.stringify(draw);
    this.writeOff.run(clientId, period, event.position, event.data.ticketId, JSON.stringify(event.data), drawn);
    if (draw !== undefined) this.drawnLater([draw], clientId, period);
  }

  private drawnLater(draws: readonly Draw[], clientId: string, period: Month): void {
    const months = draws.map(({ source }) =>
      source.from === 'allotment' ? source.month : this.monthOfPurchase(source.contractId, source.blockId),
    );
    const [first] = months.sort();
    if (first !== undefined) this.stale.clientBetween(clientId, first, period);
  }

  /** Before all months where the block was withdrawn. */
  private monthOfPurchase(contractId: string, blockId: string): Month {
    const day = this.purchasedOn.get(contractId, blockId);
    return day === undefined ? '' : monthOf(day);
  }
}
