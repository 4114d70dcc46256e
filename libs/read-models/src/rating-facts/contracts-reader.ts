import type { ContractTerms, ContractVersion, Count, PrepaidBlock, Suspension } from '@billtrail/contracts';
import type { ContractFacts } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';

/** Clients whose contracts stay parsed between two ratings: while serving, the same few are rated again and again. */
const MAX_REMEMBERED_CLIENTS = 200;

interface ContractRow {
  contract_id: string;
  client_id: string;
  name: string;
  priority: number;
  last_day: string | null;
}
interface VersionRow {
  version_number: number;
  effective_from: string;
  effective_to: string | null;
  terms: string;
}
interface BlockRow {
  block_id: string;
  purchased_on: string;
  expires_on: string | null;
  amount: string;
  price: string | null;
  event_id: string;
}

/** The contracts of clients as rating takes them. */
export class ContractsReader {
  private readonly remembered = new Map<string, readonly ContractFacts[]>();
  private readonly contracts;
  private readonly versions;
  private readonly suspensions;
  private readonly blocks;
  private readonly counts;

  constructor(database: ReadDatabase) {
    this.contracts = database.statement<[string], ContractRow>(
      'SELECT * FROM contracts WHERE client_id = ? ORDER BY contract_id',
    );
    this.versions = database.statement<[string], VersionRow>(
      `SELECT version_number, effective_from, effective_to, terms FROM contract_versions
       WHERE contract_id = ? ORDER BY version_number`,
    );
    this.suspensions = database.statement<[string], Suspension>(
      'SELECT from_day AS "from", resumed_on AS resumedOn FROM suspensions WHERE contract_id = ? ORDER BY position',
    );
    this.blocks = database.statement<[string], BlockRow>(
      `SELECT block_id, purchased_on, expires_on, amount, price, event_id FROM prepaid_blocks
       WHERE contract_id = ? ORDER BY purchased_on, block_id`,
    );
    this.counts = database.statement<[string], Count & { eventId: string }>(
      `SELECT count_of AS countOf, count, from_day AS "from", event_id AS eventId FROM counts
       WHERE contract_id = ? ORDER BY position`,
    );
  }

  /** Contracts changed: what is remembered of them is out of date. */
  forget(): void {
    this.remembered.clear();
  }

  ofClient(clientId: string): readonly ContractFacts[] {
    const known = this.remembered.get(clientId);
    if (known) return known;
    if (this.remembered.size >= MAX_REMEMBERED_CLIENTS) this.remembered.clear();
    const contracts = this.contracts.all(clientId).map((row) => this.contractOf(row));
    this.remembered.set(clientId, contracts);
    return contracts;
  }

  private contractOf(row: ContractRow): ContractFacts {
    const { contract_id: contractId } = row;
    return {
      contractId,
      clientId: row.client_id,
      name: row.name,
      priority: row.priority,
      lastDay: row.last_day,
      versions: this.versions.all(contractId).map(versionOf),
      suspensions: this.suspensions.all(contractId),
      blocks: this.blocks.all(contractId).map(blockOf),
      counts: this.counts.all(contractId),
    };
  }
}

function versionOf(row: VersionRow): ContractVersion {
  return {
    versionNumber: row.version_number,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
    terms: JSON.parse(row.terms) as ContractTerms,
  };
}

function blockOf(row: BlockRow): PrepaidBlock & { readonly eventId: string } {
  return {
    blockId: row.block_id,
    amount: JSON.parse(row.amount) as PrepaidBlock['amount'],
    purchasedOn: row.purchased_on,
    expiresOn: row.expires_on,
    price: row.price === null ? null : (JSON.parse(row.price) as PrepaidBlock['price']),
    eventId: row.event_id,
  };
}
