import { monthOf, type Instant, type Month, monthsLater, monthsBetween } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import type { Staleness } from './staleness.js';

interface VersionRow {
  version_number: number;
  effective_from: string;
  effective_to: string | null;
  cycle_months: number | null;
}

/**
 * Which client-periods exist without any work: the months in whose account a contract may have a charge, or which grant an allotment, up to
 * the horizon, and the months in which blocks were purchased.
 *
 * The horizon is the latest month that the log knows of: of all events the month in which they occurred, as far as it is not after the
 * one in which they were recorded. So the periods are a function of the log and not of the clock: a quiet client has its fee of a month as
 * soon as anything has happened anywhere in that month.
 */
export class ContractMonths {
  private horizon: Month | null;
  private readonly putHorizon;
  private readonly contractsWithCycles;
  private readonly clientAndEnd;
  private readonly versions;
  private readonly blockDays;
  private readonly present;
  private readonly add;
  private readonly remove;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
  ) {
    this.horizon = database.statement<[], string>('SELECT month FROM horizon').pluck().get() ?? null;
    this.putHorizon = database.statement('INSERT OR REPLACE INTO horizon VALUES (1, ?)');
    this.contractsWithCycles = database
      .statement<[], string>('SELECT DISTINCT contract_id FROM contract_versions WHERE cycle_months IS NOT NULL')
      .pluck();
    this.clientAndEnd = database.statement<[string], { client_id: string; last_day: string | null }>(
      'SELECT client_id, last_day FROM contracts WHERE contract_id = ?',
    );
    this.versions = database.statement<[string], VersionRow>(
      `SELECT version_number, effective_from, effective_to, cycle_months FROM contract_versions
       WHERE contract_id = ? ORDER BY version_number`,
    );
    this.blockDays = database
      .statement<[string], string>('SELECT purchased_on FROM prepaid_blocks WHERE contract_id = ?')
      .pluck();
    this.present = database.statement<[string], { client_id: string; period: string }>(
      'SELECT client_id, period FROM contract_months WHERE contract_id = ?',
    );
    this.add = database.statement('INSERT INTO contract_months VALUES (?, ?, ?)');
    this.remove = database.statement(
      'DELETE FROM contract_months WHERE client_id = ? AND period = ? AND contract_id = ?',
    );
  }

  /** An event was told: in a month that is new, the contracts in force have new periods. */
  sawEvent(occurredAt: Instant, recordedAt: Instant): void {
    const occurred = occurredAt.slice(0, MONTH_LENGTH);
    if (this.horizon !== null && occurred <= this.horizon) return;
    const recorded = recordedAt.slice(0, MONTH_LENGTH);
    const month = occurred < recorded ? occurred : recorded;
    if (this.horizon !== null && month <= this.horizon) return;
    this.horizon = month;
    this.putHorizon.run(month);
    for (const contractId of this.contractsWithCycles.all()) this.contractChanged(contractId);
  }

  /** Works the months of a contract out anew, and marks those that came or went. */
  contractChanged(contractId: string): void {
    const contract = this.clientAndEnd.get(contractId);
    if (contract === undefined) return;
    const months = new Set(this.monthsOf(contractId, contract.last_day));
    for (const { client_id: clientId, period } of this.present.all(contractId)) {
      if (clientId === contract.client_id && months.delete(period)) continue;
      this.remove.run(clientId, period, contractId);
      this.stale.period(clientId, period);
    }
    for (const month of months) {
      this.add.run(contract.client_id, month, contractId);
      this.stale.period(contract.client_id, month);
    }
  }

  private monthsOf(contractId: string, lastDay: string | null): readonly Month[] {
    const months = this.blockDays.all(contractId).map(monthOf);
    const versions = this.versions.all(contractId);
    const anchor = monthOf(versions[0]?.effective_from ?? '');
    for (const version of versions) {
      if (version.cycle_months !== null && this.horizon !== null)
        months.push(...monthsOfVersion(version, version.cycle_months, lastDay, anchor, this.horizon));
    }
    return months;
  }
}

const MONTH_LENGTH = 'YYYY-MM'.length;

/**
 * A charge of a cycle is in the account of its first or of its last month, which may lie before the version begins or after it ends. Cycles are
 * counted from the month in which the contract's first version begins.
 */
function monthsOfVersion(
  version: VersionRow,
  cycleMonths: number,
  lastDay: string | null,
  anchor: Month,
  horizon: Month,
): readonly Month[] {
  const begins = monthOf(version.effective_from);
  const cycleBegins = monthsLater(begins, 1 - cycleMonths);
  const first = begins >= anchor && cycleBegins < anchor ? anchor : cycleBegins;
  const ends = [version.effective_to, lastDay].filter((day) => day !== null).map(monthOf);
  const cycleEnds = ends.map((month) => monthsLater(month, cycleMonths - 1));
  const last = [...cycleEnds, horizon].sort()[0] ?? horizon;
  return monthsBetween(first, last);
}
