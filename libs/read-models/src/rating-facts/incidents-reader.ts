import { monthOf, type Month } from '@billtrail/kernel';
import {
  countsIncidents,
  otherMonthsOf,
  pricesIncidents,
  type ContractFacts,
  type IncidentFacts,
  type InvoicedCharge,
  type WorkItem,
} from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import { incidentOf } from './account-tables.js';
import type { MergeFacts } from './merge-facts.js';
import type { WorkOfPeriods } from './work-of-periods.js';
import { fromJson } from '../database/row-unreadable.js';

type Settled = IncidentFacts['settled'][number];
interface Place {
  readonly client: string;
  readonly period: Month;
}

/** Those of all days that it may lie on, wherever it was done. */
function monthsOf(work: WorkItem): readonly Month[] {
  const other = work.kind === 'time' ? otherMonthsOf(work) : null;
  return [monthOf(work.workDate), ...(other ?? [])];
}

/** What fixed prices of tickets ask beyond the period: the other work of its tickets, what of it is settled, and where their prices are asked already. */
export class IncidentsReader {
  private readonly asked;
  private readonly settled;

  constructor(
    database: ReadDatabase,
    private readonly merges: MergeFacts,
    private readonly work: WorkOfPeriods,
  ) {
    this.asked = database.statement<[Place & { tickets: string }], IncidentFacts['asked'][number]>(
      `SELECT DISTINCT charge ->> '$.chargeId' AS chargeId, period FROM account_charges JOIN account_documents USING (invoice_id)
       WHERE incident_of IN (SELECT value FROM json_each(:tickets)) AND client_id = :client AND period <> :period AND frozen = 1
       ORDER BY period, chargeId`,
    );
    const named = 'work_item_id IN (SELECT value FROM json_each(:names)) AND client_id = :client';
    this.settled = database.statement<
      [Pick<Place, 'client'> & { names: string }],
      Omit<Settled, 'segment'> & { segment: string | null }
    >(
      `SELECT item_id AS itemId, work_item_id AS workItemId, period, line ->> '$.basis.work.startedAt' AS startedAt, line -> '$.segment' AS segment
       FROM account_lines JOIN account_documents USING (invoice_id) WHERE ${named} AND frozen = 1
       UNION ALL
       SELECT facts ->> '$.itemId', work_item_id, period, facts ->> '$.basis.work.startedAt', facts -> '$.segment' FROM write_offs WHERE ${named}
       ORDER BY workItemId, itemId`,
    );
  }

  /** null: none of the contracts has such prices. `charges`: those on documents of the account. */
  of(
    client: string,
    period: Month,
    contracts: readonly ContractFacts[],
    work: readonly WorkItem[],
    charges: readonly InvoicedCharge[],
  ): IncidentFacts | null {
    if (!contracts.some(pricesIncidents)) return null;
    const charged = this.together(charges.flatMap(({ charge }) => incidentOf(charge) ?? []));
    const own = this.together([...work.map(({ ticketId }) => ticketId), ...charged]);
    const beside = contracts.some(countsIncidents) ? this.countedBeside(client, period, charged) : [];
    const tickets = JSON.stringify([...new Set([...own, ...this.together(beside)])]);
    const known = new Set(work.map(({ workItemId }) => workItemId));
    const elsewhere = this.work
      .ofTicketsElsewhere(client, period, tickets)
      .filter(({ workItemId }) => !known.has(workItemId));
    const names = JSON.stringify([...known, ...elsewhere.map(({ workItemId }) => workItemId)]);
    const settled = this.settled.all({ client, names }).map(({ segment, ...item }): Settled => {
      return segment === null ? item : { ...item, segment: fromJson(segment) as NonNullable<Settled['segment']> };
    });
    return { work: elsewhere, settled, asked: this.asked.all({ client, period, tickets }) };
  }

  /** The tickets, and all that are one with any of them. */
  private together(ticketIds: readonly string[]): readonly string[] {
    const all = new Set(ticketIds);
    for (const { ticketId, root } of this.merges.among(ticketIds).values()) all.add(ticketId).add(root);
    return [...all];
  }

  /** The tickets among which one may count that the account asks for: those with work in any other month in which it has some. */
  private countedBeside(client: string, period: Month, charged: readonly string[]): readonly string[] {
    const theirs = this.work.ofTicketsElsewhere(client, period, JSON.stringify(charged));
    const months = new Set(theirs.flatMap(monthsOf));
    months.delete(period);
    return [...months].flatMap((month) => this.work.of(client, month).map(({ ticketId }) => ticketId));
  }
}
