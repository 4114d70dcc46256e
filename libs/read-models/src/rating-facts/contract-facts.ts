import { invariant, unreachable, type LocalDate, monthsLater } from '@billtrail/kernel';
import type { ContractEvent, ContractTerms } from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { ContractMonths } from './contract-months.js';
import type { Staleness } from './staleness.js';

/** The events of contracts: rating needs all of them. */
export const CONTRACT_TYPES = [
  'ContractActivated',
  'ContractVersionPublished',
  'ContractRenewed',
  'ContractSuspended',
  'ContractResumed',
  'PrepaidBlockPurchased',
  'PrepaidBlockWithdrawn',
  'CountRecorded',
  'ContractTerminated',
] as const satisfies readonly ContractEvent['type'][];

type DataOf<Type extends ContractEvent['type']> = Extract<ContractEvent, { type: Type }>['data'];

interface Reach {
  /** Longest cycle of the contract's charges in months; null: nothing comes with the month. */
  cycle_months: number | null;
  has_ticket_caps: number | null;
}

/** Folds the events of contracts into the facts that rating reads, and marks the client's periods that they reach. */
export class ContractFactsFold {
  private readonly putContract;
  private readonly clientOfContract;
  private readonly lastDayOf;
  private readonly versionDays;
  private readonly putVersion;
  private readonly renew;
  private readonly suspend;
  private readonly restingSince;
  private readonly resume;
  private readonly putBlock;
  private readonly purchasedOn;
  private readonly withdraw;
  private readonly putCount;
  private readonly terminate;
  private readonly reachOf;

  constructor(
    database: ReadDatabase,
    private readonly stale: Staleness,
    private readonly months: ContractMonths,
  ) {
    this.putContract = database.statement('INSERT OR REPLACE INTO contracts VALUES (?, ?, ?, ?, NULL)');
    this.clientOfContract = database
      .statement<[string], string>('SELECT client_id FROM contracts WHERE contract_id = ?')
      .pluck();
    this.lastDayOf = database
      .statement<[string], string | null>('SELECT last_day FROM contracts WHERE contract_id = ?')
      .pluck();
    this.versionDays = database.statement<[string, number], { effective_from: string; effective_to: string | null }>(
      'SELECT effective_from, effective_to FROM contract_versions WHERE contract_id = ? AND version_number = ?',
    );
    this.putVersion = database.statement('INSERT OR REPLACE INTO contract_versions VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.renew = database.statement(
      'UPDATE contract_versions SET effective_to = ? WHERE contract_id = ? AND version_number = ?',
    );
    this.suspend = database.statement('INSERT INTO suspensions VALUES (?, ?, ?, NULL)');
    this.restingSince = database
      .statement<[string], string | null>(
        'SELECT min(from_day) FROM suspensions WHERE contract_id = ? AND resumed_on IS NULL',
      )
      .pluck();
    this.resume = database.statement(
      'UPDATE suspensions SET resumed_on = ? WHERE contract_id = ? AND resumed_on IS NULL',
    );
    this.putBlock = database.statement('INSERT OR REPLACE INTO prepaid_blocks VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.purchasedOn = database
      .statement<[string, string], string>(
        'SELECT purchased_on FROM prepaid_blocks WHERE contract_id = ? AND block_id = ?',
      )
      .pluck();
    this.withdraw = database.statement('DELETE FROM prepaid_blocks WHERE contract_id = ? AND block_id = ?');
    this.putCount = database.statement('INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?)');
    this.terminate = database.statement('UPDATE contracts SET last_day = ? WHERE contract_id = ?');
    this.reachOf = database.statement<[string], Reach>(
      `SELECT max(cycle_months) AS cycle_months, max(has_ticket_caps) AS has_ticket_caps
       FROM contract_versions WHERE contract_id = ?`,
    );
  }

  apply(event: RecordedOf<ContractEvent>): void {
    const { contractId } = event.data;
    if (event.type === 'ContractActivated') this.activated(event.data);
    else this.reaches(contractId, this.changed(event));
    this.months.contractChanged(contractId);
  }

  /** Answers the first day for which the contract is another now; null: nothing changed. */
  private changed(event: Exclude<RecordedOf<ContractEvent>, { type: 'ContractActivated' }>): LocalDate | null {
    const { contractId } = event.data;
    switch (event.type) {
      case 'ContractVersionPublished':
        return this.published(event.data);
      case 'ContractRenewed':
        return this.renewed(event.data);
      case 'ContractSuspended':
        this.suspend.run(contractId, event.position, event.data.from);
        return event.data.from;
      case 'ContractResumed': {
        const since = this.restingSince.get(contractId) ?? null;
        this.resume.run(event.data.resumedOn, contractId);
        return since;
      }
      case 'PrepaidBlockPurchased':
        return this.purchased(event.data, event.id);
      case 'PrepaidBlockWithdrawn': {
        const purchasedOn = this.purchasedOn.get(contractId, event.data.blockId) ?? null;
        this.withdraw.run(contractId, event.data.blockId);
        return purchasedOn;
      }
      case 'CountRecorded': {
        const { countOf, count, from } = event.data;
        this.putCount.run(contractId, event.position, countOf, count, from, event.id);
        return from;
      }
      case 'ContractTerminated': {
        const { lastDay } = event.data;
        const before = this.lastDayOf.get(contractId) ?? lastDay;
        this.terminate.run(lastDay, contractId);
        // Stated anew, a later end gives days back that the earlier one had taken.
        return earlier(before, lastDay);
      }
      default:
        return unreachable(event);
    }
  }

  private activated({ contractId, clientId, name, priority }: DataOf<'ContractActivated'>): void {
    const before = this.clientOfContract.get(contractId);
    this.putContract.run(contractId, clientId, name, priority);
    if (before !== undefined && before !== clientId) this.stale.clientFrom(before, null);
    this.stale.clientFrom(clientId, null);
  }

  private published(data: DataOf<'ContractVersionPublished'>): LocalDate {
    const { contractId, versionNumber, effectiveFrom, effectiveTo, terms } = data;
    const before = this.versionDays.get(contractId, versionNumber)?.effective_from ?? effectiveFrom;
    this.putVersion.run(
      contractId,
      versionNumber,
      effectiveFrom,
      effectiveTo,
      JSON.stringify(terms),
      cycleMonthsOf(terms),
      terms.caps?.some((cap) => cap.scope === 'ticket') ? 1 : 0,
    );
    return earlier(before, effectiveFrom);
  }

  private renewed({ contractId, versionNumber, effectiveTo }: DataOf<'ContractRenewed'>): LocalDate | null {
    const before = this.versionDays.get(contractId, versionNumber);
    if (before === undefined) return null;
    this.renew.run(effectiveTo, contractId, versionNumber);
    const ends = [before.effective_to, effectiveTo].filter((day) => day !== null).sort();
    return ends[0] ?? null;
  }

  private purchased(data: DataOf<'PrepaidBlockPurchased'>, eventId: string): LocalDate {
    const { contractId, blockId, amount, purchasedOn, expiresOn, price } = data;
    const before = this.purchasedOn.get(contractId, blockId) ?? purchasedOn;
    this.putBlock.run(
      contractId,
      blockId,
      purchasedOn,
      expiresOn,
      JSON.stringify(amount),
      price === null ? null : JSON.stringify(price),
      eventId,
    );
    return earlier(before, purchasedOn);
  }

  /** Marks the client's periods whose rating looks at the contract's days from `day` on. */
  private reaches(contractId: string, day: LocalDate | null): void {
    const clientId = this.clientOfContract.get(contractId);
    invariant(clientId !== undefined, `contract ${contractId} was never activated`);
    if (day === null) return;
    const reach = this.reachOf.get(contractId);
    // A cap on a ticket counts what was frozen under it in any period, also before the version that brought it.
    if (reach?.has_ticket_caps === 1) return this.stale.clientFrom(clientId, null);
    // A fee in advance is in the account of its cycle's first month.
    this.stale.clientFrom(
      clientId,
      `${monthsLater(day.slice(0, 'YYYY-MM'.length), 1 - (reach?.cycle_months ?? 1))}-01`,
    );
  }
}

function earlier(one: LocalDate, other: LocalDate): LocalDate {
  return one < other ? one : other;
}

/** The longest cycle of what comes with the month and not with work; null where there is no such thing. */
function cycleMonthsOf(terms: ContractTerms): number | null {
  const cycles: number[] = (terms.recurringCharges ?? []).map((charge) => charge.everyMonths ?? 1);
  if (terms.minimumCommitment !== undefined || terms.prepaid?.allotment !== undefined) cycles.push(1);
  return cycles.length === 0 ? null : Math.max(...cycles);
}
