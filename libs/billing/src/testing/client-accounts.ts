import type { Month, TimeZone } from '@billtrail/kernel';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ClientPeriodFacts, ElsewhereSettled, FrozenLine, WrittenOff } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, ticketFacts } from './facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

interface Account {
  readonly invoiced: readonly FrozenLine[];
  readonly writtenOff: readonly WrittenOff[];
}

/** A client whose accounts are frozen one after the other: what one holds the others know. */
export class ClientAccounts {
  contracts: readonly ContractFacts[] = [contractFacts()];
  contractId: string | null = null;
  /** False: its documents are of before they named what stands beside an adjustment. */
  namesBeside = true;
  private readonly accounts = new Map<Month, Account>();

  constructor(
    readonly periods: readonly Month[],
    public work: readonly Time[],
    public zone: TimeZone = 'Australia/Sydney',
  ) {}

  /** Freezes the billable items of these ids on an invoice of the period. */
  freeze(period: Month, ...itemIds: readonly string[]): void {
    this.invoice(period, ({ itemId, disposition }) => disposition === 'billable' && itemIds.includes(itemId));
  }

  invoice(period: Month, isWanted: (item: ExplainedItem) => boolean): void {
    const { invoiced, writtenOff } = this.account(period);
    const lines = asInvoiced(this.frozen(period, isWanted), `inv-${period}`);
    this.accounts.set(period, { invoiced: [...invoiced, ...lines], writtenOff });
  }

  writeOff(period: Month, isWanted: (item: ExplainedItem) => boolean): void {
    const { invoiced, writtenOff } = this.account(period);
    const items = asWrittenOff(this.frozen(period, isWanted));
    this.accounts.set(period, { invoiced, writtenOff: [...writtenOff, ...items] });
  }

  items(period: Month): readonly ExplainedItem[] {
    const elsewhere: readonly ElsewhereSettled[] = [...this.accounts]
      .filter(([month]) => month !== period)
      .map(([month, account]) => ({ period: month, ...account }));
    const changes: Partial<ClientPeriodFacts> = {
      period,
      clientTimeZone: this.zone,
      contracts: this.contracts,
      tickets: new Map([['T-1', ticketFacts({ contractId: this.contractId })]]),
      ...this.account(period),
      elsewhere,
    };
    return rate(facts(this.work, changes)).items;
  }

  shown(period: Month): readonly unknown[][] {
    return this.items(period).map(({ itemId, disposition, actualMinutes, net }) => [
      itemId,
      disposition,
      actualMinutes,
      net?.amount,
    ]);
  }

  all(): readonly ExplainedItem[] {
    return this.periods.flatMap((period) => this.items(period));
  }

  minutes(): number {
    return this.all().reduce((sum, item) => sum + (item.actualMinutes ?? 0), 0);
  }

  private frozen(period: Month, isWanted: (item: ExplainedItem) => boolean): readonly ExplainedItem[] {
    const wanted = this.items(period).filter(isWanted);
    return this.namesBeside ? wanted : wanted.map(asBefore);
  }

  private account(period: Month): Account {
    return this.accounts.get(period) ?? { invoiced: [], writtenOff: [] };
  }
}

function asBefore(item: ExplainedItem): ExplainedItem {
  const { adjustment } = item.basis;
  if (adjustment === null) return item;
  const { beside: _beside, ...rest } = adjustment;
  return { ...item, basis: { ...item.basis, adjustment: rest } };
}
