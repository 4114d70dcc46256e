import { invariant, unreachable, type Month } from '@billtrail/kernel';
import type { ClientEvent, ContractEvent } from '@billtrail/contracts';
import type { AccountEvent, ConfigurationEvent, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { eventOf, type RecordedOf } from '../runner/projection.js';
import type { Staleness } from './staleness.js';

/** The events of clients, contracts, accounts and the configuration that rating needs: not approval, number and issue. */
export const ACCOUNT_TYPES = [
  'ClientRegistered',
  'ClientDetailsChanged',
  'ContractActivated',
  'ContractVersionPublished',
  'ContractTerminated',
  'InvoiceDrafted',
  'InvoiceLinesAdded',
  'InvoiceDraftDiscarded',
  'InvoiceIssueRequested',
  'WorkWrittenOff',
  'ConfigurationPublished',
] as const satisfies readonly (ClientEvent | ContractEvent | AccountEvent | ConfigurationEvent)['type'][];

type FoldedEvent = Extract<
  ClientEvent | ContractEvent | AccountEvent | ConfigurationEvent,
  { type: (typeof ACCOUNT_TYPES)[number] }
>;

const ACCOUNT_STREAM = /^account-(.+)-(\d{4}-\d{2})$/;

/** Client and period of an account stream: `account-{clientId}-{period}`. */
export function accountOf(stream: string): { readonly clientId: string; readonly period: Month } {
  const match = ACCOUNT_STREAM.exec(stream);
  invariant(match?.[1] !== undefined && match[2] !== undefined, `not an account stream: ${stream}`);
  return { clientId: match[1], period: match[2] };
}

/** Folds what clients, contracts and accounts hold into the facts that rating reads, and marks what they make stale. */
export class AccountFactsFold {
  private readonly putClient;
  private readonly putContract;
  private readonly clientOfContract;
  private readonly lastDayOf;
  private readonly putVersion;
  private readonly terminate;
  private readonly draft;
  private readonly addLine;
  private readonly discardDocument;
  private readonly discardLines;
  private readonly freeze;
  private readonly writeOff;
  private readonly configure;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
  ) {
    this.putClient = database.statement('INSERT OR REPLACE INTO clients VALUES (?, ?, ?, ?)');
    this.putContract = database.statement('INSERT OR REPLACE INTO contracts VALUES (?, ?, ?, ?, NULL)');
    this.clientOfContract = database
      .statement<[string], string>('SELECT client_id FROM contracts WHERE contract_id = ?')
      .pluck();
    this.lastDayOf = database
      .statement<[string], string | null>('SELECT last_day FROM contracts WHERE contract_id = ?')
      .pluck();
    this.putVersion = database.statement('INSERT OR REPLACE INTO contract_versions VALUES (?, ?, ?, ?, ?)');
    this.terminate = database.statement('UPDATE contracts SET last_day = ? WHERE contract_id = ?');
    this.draft = database.statement('INSERT INTO account_documents VALUES (?, ?, ?, 0)');
    this.addLine = database.statement('INSERT INTO account_lines VALUES (?, ?, ?, ?, ?, ?)');
    this.discardDocument = database.statement('DELETE FROM account_documents WHERE invoice_id = ?');
    this.discardLines = database.statement('DELETE FROM account_lines WHERE invoice_id = ?');
    this.freeze = database.statement('UPDATE account_documents SET frozen = 1 WHERE invoice_id = ?');
    this.writeOff = database.statement('INSERT INTO write_offs VALUES (?, ?, ?, ?, ?)');
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
      case 'ContractActivated': {
        const { contractId, clientId, name, priority } = event.data;
        this.putContract.run(contractId, clientId, name, priority);
        return this.stale.clientFrom(clientId, null);
      }
      case 'ContractVersionPublished': {
        const { contractId, versionNumber, effectiveFrom, effectiveTo, terms } = event.data;
        this.putVersion.run(contractId, versionNumber, effectiveFrom, effectiveTo, JSON.stringify(terms));
        return this.stale.clientFrom(this.clientOf(contractId), effectiveFrom);
      }
      case 'ContractTerminated': {
        const { contractId, lastDay } = event.data;
        const before = this.lastDayOf.get(contractId) ?? lastDay;
        this.terminate.run(lastDay, contractId);
        // Stated anew, a later end gives days back that the earlier one had taken.
        return this.stale.clientFrom(this.clientOf(contractId), before < lastDay ? before : lastDay);
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
        return;
      case 'InvoiceLinesAdded':
        this.linesAdded(event.data.invoiceId, event.position, event.data.lines);
        break;
      case 'InvoiceDraftDiscarded':
        this.discardLines.run(event.data.invoiceId);
        this.discardDocument.run(event.data.invoiceId);
        break;
      case 'InvoiceIssueRequested':
        this.freeze.run(event.data.invoiceId);
        break;
      case 'WorkWrittenOff':
        this.writeOff.run(clientId, period, event.position, event.data.ticketId, JSON.stringify(event.data));
        break;
      default:
        return unreachable(event);
    }
    this.stale.period(clientId, period);
  }

  private linesAdded(invoiceId: string, position: number, lines: readonly InvoiceLine[]): void {
    lines.forEach((line, part) => {
      this.addLine.run(invoiceId, position, part, line.itemId, line.ticketId, JSON.stringify(line));
    });
  }

  private clientOf(contractId: string): string {
    const clientId = this.clientOfContract.get(contractId);
    invariant(clientId !== undefined, `contract ${contractId} was never activated`);
    return clientId;
  }
}
