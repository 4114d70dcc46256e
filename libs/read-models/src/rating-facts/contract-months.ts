import { monthOf, type Month, monthsLater, monthsBetween } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { StaleMarks } from './stale-marks.js';
import { CONTRACT_MONTHS, HORIZON, type VersionSpan } from './tables.js';
import { fromJson } from '../database/row-unreadable.js';

/**
 * Which client-periods exist without any work: the months in whose account a contract may have a charge, or which grant an allotment, up to
 * the horizon, the months in which something is due that is charged once, the months in which blocks were purchased, and those after the end of a term that nobody decided on.
 *
 * The horizon is the latest month that the log knows of: of all events the month in which they occurred, as far as it is not after the
 * one in which they were recorded; and of `BillingMonthOpened`, which a policy records where a month comes and nothing else happens, or
 * charges are to be there before it. So the periods are a function of the log and not of the clock.
 */
export class ContractMonths {
  private horizon: Month | null;
  private readonly putHorizon;
  private readonly contractsWithCycles;
  private readonly contract;
  private readonly blockDays;
  private readonly present;
  private readonly add;
  private readonly remove;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
  ) {
    this.horizon = database.rows(HORIZON, 'ORDER BY month DESC LIMIT 1').get()?.month ?? null;
    this.putHorizon = database.insert(HORIZON);
    this.contractsWithCycles = database
      .statement<[], string>('SELECT contract_id FROM contracts WHERE has_cycles = 1')
      .pluck();
    this.contract = database.statement<
      [string],
      {
        clientId: string;
        lastDay: string | null;
        termEnd: string | null;
        committedUntil: string | null;
        spans: string;
        onceMonths: string;
      }
    >(
      `SELECT client_id AS clientId, last_day AS lastDay, term_end AS termEnd, committed_until AS committedUntil, spans, once_months AS onceMonths
       FROM contracts WHERE contract_id = ?`,
    );
    this.blockDays = database
      .statement<[string], string>('SELECT purchased_on FROM prepaid_blocks WHERE contract_id = ?')
      .pluck();
    this.present = database.rows(CONTRACT_MONTHS, 'WHERE contract_id = ?');
    this.add = database.insert(CONTRACT_MONTHS);
    this.remove = database.statement(
      'DELETE FROM contract_months WHERE client_id = ? AND period = ? AND contract_id = ?',
    );
  }

  /** An event was told: in a month that is new, the contracts in force have new periods. */
  sawEvent(event: RecordedEvent): void {
    const occurred = event.occurredAt.slice(0, MONTH_LENGTH);
    if (this.horizon !== null && occurred <= this.horizon) return;
    const recorded = event.recordedAt.slice(0, MONTH_LENGTH);
    this.opened(occurred < recorded ? occurred : recorded, event);
  }

  /** The month is there: so are the periods that contracts have in it. */
  opened(month: Month, { position, id: eventId }: RecordedEvent): void {
    if (this.horizon !== null && month <= this.horizon) return;
    this.horizon = month;
    this.putHorizon({ month, position, eventId });
    for (const contractId of this.contractsWithCycles.all()) this.contractChanged(contractId);
  }

  /** Works the months of a contract out anew, and marks those that came or went. */
  contractChanged(contractId: string): void {
    const contract = this.contract.get(contractId);
    if (contract === undefined) return;
    const { committedUntil, lastDay } = contract;
    const isHeld = (day: string | null): boolean => day !== null && committedUntil !== null && day < committedUntil;
    // What is committed is charged for after the end.
    const spans = (fromJson(contract.spans) as readonly VersionSpan[]).map((span) =>
      isHeld(span.to) ? { ...span, to: committedUntil } : span,
    );
    const months = new Set(this.monthsOf(contractId, spans, isHeld(lastDay) ? committedUntil : lastDay));
    for (const month of fromJson(contract.onceMonths) as readonly Month[])
      if (this.horizon !== null && month <= this.horizon) months.add(month);
    // What its charges would be is missed after a term that nobody ended.
    if (contract.termEnd !== null && this.horizon !== null)
      for (const month of monthsBetween(monthOf(contract.termEnd), this.horizon)) months.add(month);
    for (const { clientId, period } of this.present.all(contractId)) {
      if (clientId === contract.clientId && months.delete(period)) continue;
      this.remove.run(clientId, period, contractId);
      this.marks.period(clientId, period);
    }
    for (const period of months) {
      this.add({ clientId: contract.clientId, period, contractId });
      this.marks.period(contract.clientId, period);
    }
  }

  private monthsOf(contractId: string, spans: readonly VersionSpan[], lastDay: string | null): readonly Month[] {
    const months = this.blockDays.all(contractId).map(monthOf);
    const anchor = monthOf(spans[0]?.from ?? '');
    for (const span of spans) {
      if (span.cycleMonths !== null && this.horizon !== null)
        months.push(...monthsOfVersion(span, span.cycleMonths, lastDay, anchor, this.horizon));
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
  version: VersionSpan,
  cycleMonths: number,
  lastDay: string | null,
  anchor: Month,
  horizon: Month,
): readonly Month[] {
  const begins = monthOf(version.from);
  const cycleBegins = monthsLater(begins, 1 - cycleMonths);
  const first = begins >= anchor && cycleBegins < anchor ? anchor : cycleBegins;
  // An end beyond the horizon ends nothing yet: a log of before may hold the last day that can be written.
  const ends = [version.to, lastDay]
    .filter((day) => day !== null)
    .map(monthOf)
    .filter((month) => month < horizon);
  const cycleEnds = ends.map((month) => monthsLater(month, cycleMonths - 1));
  const last = [...cycleEnds, horizon].sort()[0] ?? horizon;
  return monthsBetween(first, last);
}
