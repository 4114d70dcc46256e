import type { Month } from '@billtrail/kernel';
import {
  changesCycles,
  chargesOnce,
  type ContractFacts,
  type ElsewhereSettled,
  type FeeDays,
  type FrozenCharge,
  type FrozenLine,
  hasJoiners,
  type InvoiceLine,
  type UnitsAsked,
  type WrittenOff,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { creditOn } from './account-reader.js';
import { fromJson } from '../database/row-unreadable.js';

interface LineRow {
  readonly period: Month;
  readonly invoiceId: string;
  readonly line: string;
  readonly credited: string | null;
  readonly creditNoteId: string | null;
}
interface Place {
  readonly client: string;
  readonly period: Month;
}

/** What the accounts of a client's other periods hold of a period's work: it lies near a month's end, or was moved here after it was frozen there. */
export class ElsewhereReader {
  private readonly isAnything;
  private readonly lines;
  private readonly writeOffs;
  private readonly credited;
  private readonly fees;
  private readonly units;
  private readonly once;

  constructor(database: ReadDatabase) {
    const there = 'client_id = :client AND period <> :period';
    const named = 'work_item_id IN (SELECT value FROM json_each(:names))';
    this.isAnything = database
      .statement<[Place], number>(
        `SELECT EXISTS (SELECT 1 FROM account_documents WHERE ${there} AND frozen = 1)
           OR EXISTS (SELECT 1 FROM write_offs WHERE ${there})`,
      )
      .pluck();
    this.lines = database.statement<[Place & { names: string }], LineRow>(
      `SELECT period, invoice_id AS invoiceId, line, credited, credit_note_id AS creditNoteId
       FROM account_lines JOIN account_documents USING (invoice_id)
       WHERE ${named} AND ${there} AND frozen = 1 ORDER BY position, part`,
    );
    this.writeOffs = database.statement<[Place & { names: string }], { period: Month; facts: string }>(
      `SELECT period, facts FROM write_offs WHERE ${named} AND ${there} ORDER BY position, part`,
    );
    this.credited = database.statement<[Place & { names: string }], { period: Month; workItemId: string }>(
      `SELECT period, work_item_id AS workItemId FROM credited_work WHERE ${named} AND ${there} ORDER BY period, work_item_id`,
    );
    this.fees = database.statement<[Place], FeeDays>(
      `SELECT period, charge ->> '$.contractId' AS contractId, charge ->> '$.basis.termId' AS termId,
              charge ->> '$.from' AS "from", charge ->> '$.to' AS "to"
       FROM account_charges JOIN account_documents USING (invoice_id)
       WHERE ${there} AND frozen = 1 AND charge ->> '$.kind' = 'recurring' ORDER BY position, part`,
    );
    this.units = database.statement<[Place], { period: Month; charge: string }>(
      `SELECT period, charge FROM account_charges JOIN account_documents USING (invoice_id)
       WHERE ${there} AND frozen = 1 AND charge ->> '$.kind' = 'recurring' ORDER BY position, part`,
    );
    this.once = database
      .statement<[Place], string>(
        `SELECT DISTINCT charge ->> '$.chargeId' FROM account_charges JOIN account_documents USING (invoice_id)
         WHERE ${there} AND frozen = 1 AND charge ->> '$.kind' IN ('one-time', 'milestone')`,
      )
      .pluck();
  }

  /** Charges of these contracts that come once and that other periods' accounts have; none where the contracts have no such terms. */
  onceOf(client: string, period: Month, contracts: readonly ContractFacts[]): readonly string[] {
    return contracts.some(chargesOnce) ? this.once.all({ client, period }) : [];
  }

  /** Days for which a recurring charge of these contracts is asked in other periods' accounts; none where no cycles changed. */
  feesOf(client: string, period: Month, contracts: readonly ContractFacts[]): readonly FeeDays[] {
    return contracts.some(({ versions }) => changesCycles(versions)) ? this.fees.all({ client, period }) : [];
  }

  /** What other periods' accounts ask of fees by units; none where no units of these contracts join or leave a cycle. */
  unitsOf(client: string, period: Month, contracts: readonly ContractFacts[]): readonly UnitsAsked[] {
    if (!contracts.some(({ versions }) => hasJoiners(versions))) return [];
    return this.units.all({ client, period }).map(({ period: month, charge: json }) => {
      const charge = fromJson(json) as FrozenCharge;
      return { period: month, charge, recipientId: charge.billTo ?? client };
    });
  }

  /** `names`: of the work, as it is rated. In the order of the periods. */
  of(client: string, period: Month, names: readonly string[]): readonly ElsewhereSettled[] {
    if (names.length === 0 || this.isAnything.get({ client, period }) === 0) return [];
    const asked = { client, period, names: JSON.stringify(names) };
    type Held = { readonly invoiced: FrozenLine[]; readonly writtenOff: WrittenOff[]; creditedWork?: Set<string> };
    const periods = new Map<Month, Held>();
    const at = (month: Month) => {
      const known: Held = periods.get(month) ?? { invoiced: [], writtenOff: [] };
      periods.set(month, known);
      return known;
    };
    for (const { period: month, invoiceId, line, ...row } of this.lines.all(asked))
      at(month).invoiced.push({ line: fromJson(line) as InvoiceLine, invoiceId, ...creditOn(row) });
    for (const { period: month, facts } of this.writeOffs.all(asked))
      at(month).writtenOff.push(fromJson(facts) as WrittenOff);
    for (const { period: month, workItemId } of this.credited.all(asked)) {
      const held = periods.get(month);
      if (held !== undefined) held.creditedWork = (held.creditedWork ?? new Set()).add(workItemId);
    }
    return [...periods].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, held]) => ({ period: month, ...held }));
  }
}
