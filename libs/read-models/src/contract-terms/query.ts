import { type LocalDate, type TimeZone } from '@billtrail/kernel';
import { type SharedInUse, type UnusedLicences, unusedLicencesOn } from '@billtrail/billing';
import { beginsAfter, renewalOf, termEndOf, type StatedCalendar, type StatedHolidays } from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import { ContractsReader } from '../rating-facts/contracts-reader.js';
import { CLIENTS, CONTRACTS } from '../rating-facts/tables.js';

/** A contract whose term ends or has ended, and that renews by itself. */
export interface DueForRenewal {
  readonly contractId: string;
  readonly clientId: string;
}

/** A contract whose term ends soon, or has ended, without anybody having decided what follows. */
export interface EndingContract {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  /** Of the term. */
  readonly lastDay: LocalDate;
  /** `renews`: by itself, until the day given, unless notice was given by `noticeBy`. `ends`: nothing follows. `ended`: nothing followed. */
  readonly as: 'renews' | 'ends' | 'ended';
  readonly until: LocalDate | null;
  readonly noticeBy: LocalDate | null;
}

interface Named {
  readonly calendar?: StatedCalendar | null;
  readonly holidays?: StatedHolidays | null;
}

/** Most contracts that one answer lists. */
const MAX_ENDING = 1_000;

/** Which contracts are near the end of their term, and what follows. */
export class ContractTermsQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** The clients that have a contract, by id. */
  async clients(): Promise<readonly string[]> {
    return this.database
      .query<[], { clientId: string }>('SELECT DISTINCT client_id AS clientId FROM contracts ORDER BY client_id')
      .all()
      .map(({ clientId }) => clientId);
  }

  /** The ids of the contracts of a client that have streams of their own, sorted: whatever is known of what these tell. */
  streamsNow(clientId: string): readonly string[] {
    return this.database
      .query<[string], { contractId: string }>(
        `SELECT substr(stream, length('contract-') + 1) AS contractId FROM client_streams
         WHERE client_id = ? AND stream LIKE 'contract-%' ORDER BY 1`,
      )
      .all(clientId)
      .map(({ contractId }) => contractId);
  }

  /** Those whose term ends on the day or before, in the order of their ids. */
  async dueForRenewal(upTo: LocalDate): Promise<readonly DueForRenewal[]> {
    return this.database
      .query<[string], DueForRenewal>(
        `SELECT contract_id AS contractId, client_id AS clientId
         FROM contracts JOIN clients USING (client_id) WHERE renews_after <= ? ORDER BY contract_id`,
      )
      .all(upTo);
  }

  /** Where a client is; null: there is no such client. */
  timeZoneNow(clientId: string): TimeZone | null {
    const row = this.database
      .query<[string], { timeZone: TimeZone }>('SELECT time_zone AS timeZone FROM clients WHERE client_id = ?')
      .get(clientId);
    return row?.timeZone ?? null;
  }

  /** Licences that are committed to and not used on a day, in the order of their contracts. */
  async unusedLicences(asOf: LocalDate, clientId?: string): Promise<readonly UnusedLicences[]> {
    return this.database.snapshot(() => {
      const clients = this.database
        .query<[object], { clientId: string }>(
          `SELECT DISTINCT client_id AS clientId FROM contracts
           WHERE committed_until >= :asOf ${clientId === undefined ? '' : 'AND client_id = :clientId'}
           ORDER BY client_id LIMIT ${MAX_ENDING}`,
        )
        .all({ asOf, ...(clientId === undefined ? {} : { clientId }) });
      const reader = new ContractsReader(this.database);
      return clients.flatMap((client) =>
        reader.ofClient(client.clientId).flatMap((contract) => unusedLicencesOn(contract, asOf)),
      );
    });
  }

  /** Which calendars, holiday sets and rate cards of the configuration are named, and by whom, as far as versions and details of sites that are over go. As many as there are. */
  async sharedNames(): Promise<readonly SharedInUse[]> {
    return this.database.snapshot(() => {
      const named: SharedInUse[] = [];
      const add = (by: string, { calendar, holidays }: Named): void => {
        if (typeof calendar === 'string') named.push({ part: 'calendars', name: calendar, by });
        if (typeof holidays === 'string') named.push({ part: 'holidaySets', name: holidays, by });
      };
      for (const { clientId, state } of this.database.rows(CLIENTS, 'ORDER BY client_id').all()) {
        add(`client ${clientId}`, state.facts);
        for (const { siteId, details } of state.sites)
          for (const one of details) add(`site ${siteId} of client ${clientId}`, one);
      }
      for (const { contractId, state } of this.database.rows(CONTRACTS, 'ORDER BY contract_id').all())
        for (const { terms } of state.versions) {
          const by = `contract ${contractId}`;
          add(by, terms.rateCalendar ?? {});
          if (terms.rateCard.card !== undefined) named.push({ part: 'rateCards', name: terms.rateCard.card, by });
        }
      return named;
    });
  }

  /** Those that deserve a warning on a day: as many days before the end of their term as it gives for notice. In the order of the days. */
  async endingOn(asOf: LocalDate, clientId?: string): Promise<readonly EndingContract[]> {
    return this.database.snapshot(() => {
      const rows = this.database
        .query<[object], { contractId: string; clientId: string }>(
          `SELECT contract_id AS contractId, client_id AS clientId FROM contracts
           WHERE warns_from <= :asOf ${clientId === undefined ? '' : 'AND client_id = :clientId'}
           ORDER BY term_end, contract_id LIMIT ${MAX_ENDING}`,
        )
        .all({ asOf, ...(clientId === undefined ? {} : { clientId }) });
      const reader = new ContractsReader(this.database);
      return rows.flatMap((row): readonly EndingContract[] => {
        const contracts = reader.ofClient(row.clientId);
        const contract = contracts.find(({ contractId }) => contractId === row.contractId);
        const end = contract && termEndOf(contract);
        if (!contract || !end) return [];
        const { contractId, name } = contract;
        const about = { contractId, clientId: row.clientId, name, lastDay: end.lastDay };
        const renewal = renewalOf(contract);
        if (renewal !== null) return [{ ...about, as: 'renews', until: renewal.until, noticeBy: renewal.noticeBy }];
        if (contracts.some((other) => other !== contract && beginsAfter(other, end.lastDay))) return [];
        return [{ ...about, as: end.lastDay < asOf ? 'ended' : 'ends', until: null, noticeBy: null }];
      });
    });
  }
}
