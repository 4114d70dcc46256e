import { type LocalDate, Money, type MoneyJson } from '@billtrail/kernel';
import { type ChargeItem, type ContractFacts, milestonesOf } from '@billtrail/billing';
import { CHARGES } from '../billable-items/tables.js';
import { presentCharge } from '../billable-items/rows.js';
import { allOf } from '../database/list.js';
import type { ReadDatabase } from '../database/read-database.js';
import { ContractsReader } from '../rating-facts/contracts-reader.js';

/** A milestone of a contract, and how far it has come. */
export interface MilestoneShown {
  readonly milestoneId: string;
  readonly name: string;
  /** By the terms of the day on which it was reached, else by those that hold last; null: they have it no more. */
  readonly amount: MoneyJson | null;
  readonly plannedOn: LocalDate | null;
  readonly reachedOn: LocalDate | null;
  readonly acceptedBy: string | null;
  /** `open`: not declared reached. `reached`: it is, and no issued invoice asks for it. `billed`: one does. */
  readonly state: 'open' | 'reached' | 'billed';
  /** The invoice that asks for it, or the draft; null: none does. */
  readonly invoiceId: string | null;
  /** What invoices ask for it, all adjustments counted; null: nothing was. */
  readonly billed: MoneyJson | null;
}

/** Which milestones of a contract are open, reached and billed. */
export class MilestonesQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** In the order of the terms. null: there is no such contract. */
  async of(contractId: string): Promise<readonly MilestoneShown[] | null> {
    return this.database.snapshot(() => {
      const [found] = this.database
        .query<[string], { clientId: string }>('SELECT client_id AS clientId FROM contracts WHERE contract_id = ?')
        .all(contractId);
      if (found === undefined) return null;
      const contract = new ContractsReader(this.database)
        .ofClient(found.clientId)
        .find((one) => one.contractId === contractId);
      if (contract === undefined) return null;
      const where = { clientId: found.clientId, contractId, kind: 'milestone' } as const;
      const charges = allOf(this.database, CHARGES, where, ['period', 'chargeItemId']).map(presentCharge);
      return shownOf(contract, charges);
    });
  }
}

function shownOf(contract: ContractFacts, charges: readonly ChargeItem[]): readonly MilestoneShown[] {
  return milestonesOf(contract).flatMap(({ milestoneId, milestone, inForce, reached }): readonly MilestoneShown[] => {
    const own = charges.filter(({ basis }) => basis.termId === milestoneId);
    // A later version without it dropped it, unless it was reached, or billed.
    if (milestone === null && reached === null && own.length === 0) return [];
    const invoiced = own.filter(({ disposition }) => disposition === 'invoiced');
    const [first] = invoiced;
    const billed =
      first === undefined
        ? null
        : Money.sum(
            invoiced.map(({ net }) => Money.from(net)),
            first.net.currency,
          );
    const currency = inForce?.version.terms.rateCard.currency;
    return [
      {
        milestoneId,
        name: milestone?.name ?? own[0]?.description ?? milestoneId,
        amount: milestone === null || currency === undefined ? null : { amount: milestone.amount, currency },
        plannedOn: milestone?.plannedOn ?? null,
        reachedOn: reached?.reachedOn ?? null,
        acceptedBy: reached?.acceptedBy ?? null,
        state: reached === null ? 'open' : billed === null || billed.isZero() ? 'reached' : 'billed',
        invoiceId: first?.invoiceId ?? own.find(({ invoiceId }) => invoiceId !== null)?.invoiceId ?? null,
        billed: billed?.toJSON() ?? null,
      },
    ];
  });
}
