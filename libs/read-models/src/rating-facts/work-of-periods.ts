import type { Month } from '@billtrail/kernel';
import type { Approval, WorkItem } from '@billtrail/billing';
import { streamName, type PositionNumber } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { FactNotTaken } from '../parking/not-taken.js';
import type { FactsMemory, PeriodWork } from './memory.js';
import { fromJson } from '../database/row-unreadable.js';

interface WorkRow {
  ticket_id: string;
  work_item_id: string;
  kind: WorkItem['kind'];
  position: number;
  approval: Approval | null;
  was_approved: number;
  is_own_approval: number;
  facts: string;
  source_event_ids: string;
  override: string | null;
  courtesy: string | null;
  supplier_credits: string | null;
  stated_at: PositionNumber;
  not_taken: string | null;
}
const WORK_COLUMNS =
  'ticket_id, name AS work_item_id, kind, position, approval, was_approved, is_own_approval, facts, source_event_ids, override, courtesy, supplier_credits, stated_at, not_taken';

/** A piece of work by its ticket and its own id, which is unique only there. */
interface WorkId {
  readonly ticketId: string;
  readonly id: string;
}
function keyOf({ ticketId, id }: WorkId): string {
  return `${ticketId}\n${id}`;
}

function scopeOf(clientId: string, period: Month): string {
  return `${clientId} ${period}`;
}

/** A piece of work was written, or is gone: it is, or was, in this client-period. */
export function workChanged({ work: remembered }: FactsMemory, clientId: string, period: Month, work: WorkId): void {
  if (!remembered.isEmpty) remembered.get(scopeOf(clientId, period))?.changed.set(keyOf(work), work);
}

/**
 * The work items of client-periods as rating takes them. While serving, the same few periods are rated again and again, each time for one
 * entry more: what was read stays, and only what was written since is read. Whoever writes work tells it here, as it marks the period stale.
 */
export class WorkOfPeriods {
  private readonly workOfPeriod;
  private readonly oneOfPeriod;
  private readonly workOfTicket;
  private readonly elsewhere;

  constructor(
    database: ReadDatabase,
    private readonly memory: FactsMemory,
  ) {
    this.workOfPeriod = database.statement<[{ client: string; period: string }], WorkRow & { id: string }>(
      `SELECT ${WORK_COLUMNS}, work_item_id AS id FROM work_items WHERE client_id = :client AND period = :period
       UNION ALL
       SELECT ${WORK_COLUMNS}, work_item_id AS id FROM work_items WHERE (ticket_id, work_item_id) IN (
         SELECT ticket_id, work_item_id FROM work_spans WHERE client_id = :client AND period = :period
       )`,
    );
    this.oneOfPeriod = database.statement<[{ client: string; period: string } & WorkId], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE ticket_id = :ticketId AND work_item_id = :id AND (
         client_id = :client AND period = :period OR EXISTS (
           SELECT 1 FROM work_spans
           WHERE client_id = :client AND period = :period AND ticket_id = :ticketId AND work_item_id = :id
         )
       )`,
    );
    this.elsewhere = database.statement<[{ client: string; period: string; ticketIds: string }], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE ticket_id IN (SELECT value FROM json_each(:ticketIds))
       AND client_id = :client AND period <> :period ORDER BY position, work_item_id`,
    );
    this.workOfTicket = database.statement<[string], WorkRow>(
      `SELECT ${WORK_COLUMNS} FROM work_items WHERE ticket_id = ? ORDER BY position, work_item_id`,
    );
  }

  /** Work of tickets of a client in its other periods. `ticketIds`: as a JSON list. */
  ofTicketsElsewhere(client: string, period: Month, ticketIds: string): readonly WorkItem[] {
    return this.elsewhere.all({ client, period, ticketIds }).map(workItemOf);
  }

  /** In no order: rating has its own. */
  of(clientId: string, period: Month): readonly WorkItem[] {
    const scope = scopeOf(clientId, period);
    const work = this.memory.work.get(scope);
    const { work: now } = work === undefined ? this.read(clientId, period) : this.renewed(work, clientId, period);
    this.memory.work.put(scope, { work: now, changed: new Map() }, now.size);
    return [...now.values()];
  }

  ofTicket(ticketId: string): readonly WorkItem[] {
    return this.workOfTicket.all(ticketId).map(workItemOf);
  }

  private read(client: string, period: Month): Pick<PeriodWork, 'work'> {
    const work = new Map<string, WorkItem>();
    for (const row of this.workOfPeriod.iterate({ client, period }))
      work.set(keyOf({ ticketId: row.ticket_id, id: row.id }), workItemOf(row));
    return { work };
  }

  private renewed({ work, changed }: PeriodWork, client: string, period: Month): Pick<PeriodWork, 'work'> {
    for (const [key, id] of changed) {
      const row = this.oneOfPeriod.get({ client, period, ...id });
      if (row === undefined) work.delete(key);
      else work.set(key, workItemOf(row));
    }
    return { work };
  }
}

/** The stored facts are those of the row's kind: they were written together. Completed in place, for a rating reads hundreds of them. @throws FactNotTaken */
function workItemOf(row: WorkRow): WorkItem {
  if (row.not_taken !== null) throw notTaken(row, row.not_taken);
  const item = fromJson(row.facts) as Record<string, unknown>;
  item['kind'] = row.kind;
  item['workItemId'] = row.work_item_id;
  item['ticketId'] = row.ticket_id;
  item['position'] = row.position;
  if (row.stated_at !== row.position) item['correctedAt'] = row.stated_at;
  item['sourceEventIds'] = fromJson(row.source_event_ids);
  if (row.approval !== null) item['approval'] = row.approval;
  if (row.was_approved === 1) item['wasApproved'] = true;
  if (row.kind === 'material' && row.is_own_approval === 1) item['isOwnApproval'] = true;
  if (row.override !== null) item['override'] = fromJson(row.override);
  if (row.courtesy !== null) item['courtesy'] = fromJson(row.courtesy);
  if (row.supplier_credits !== null) item['supplierCredits'] = fromJson(row.supplier_credits);
  return item as unknown as WorkItem;
}

function notTaken({ ticket_id: ticketId, source_event_ids: sources, stated_at: position }: WorkRow, cause: string) {
  const eventId = (fromJson(sources) as string[]).at(-1) ?? '';
  return new FactNotTaken(cause, { stream: streamName('ticket', ticketId), eventId, position });
}
