import { invariant, unreachable } from '@billtrail/kernel';
import { LEAK_OF, formerGapKey, gapKey, type GapEvent } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { toColumns } from '../database/money-columns.js';
import { eventOf, type Folding, type LogProjection, type RecordedOf } from '../runner/projection.js';
import { GAPS, STALE_RECORDED_GAPS } from './tables.js';

const TYPES = [
  'BillingGapOpened',
  'BillingGapRevalued',
  'BillingGapAssigned',
  'BillingGapAccepted',
  'BillingGapClosed',
] as const satisfies readonly GapEvent['type'][];

type FoldedEvent = Extract<GapEvent, { type: (typeof TYPES)[number] }>;

/** The recorded gaps, folded from the gap streams. */
export const gapsProjection: LogProjection = {
  name: 'gaps',
  schemaVersion: 5,
  types: TYPES,
  categories: ['gap'],
  tables: [GAPS, STALE_RECORDED_GAPS],
  start: (database) => new GapsFold(database),
};

class GapsFold implements Folding {
  private readonly occurrences;
  private readonly open;
  private readonly revalue;
  private readonly assign;
  private readonly accept;
  private readonly close;
  private readonly mark;

  constructor(database: ReadDatabase) {
    this.occurrences = database
      .statement<[string, string | null], number>('SELECT count(*) FROM gaps WHERE gap_key IN (?, ?)')
      .pluck();
    this.open = database.insert(GAPS);
    this.revalue = database.statement(
      'UPDATE gaps SET value_minor = ?, currency = ?, minutes = ?, cause = ?, source_event_ids = ? WHERE gap_id = ?',
    );
    this.assign = database.statement('UPDATE gaps SET owner_id = ? WHERE gap_id = ?');
    this.accept = database.statement(
      `UPDATE gaps SET state = 'accepted', ending = 'accepted', ended_at = ?, reason_code = ?, comment = ?, accepted_by = ?, second_person = ?
       WHERE gap_id = ?`,
    );
    this.mark = database.statement<[string]>(
      `INSERT OR IGNORE INTO ${STALE_RECORDED_GAPS.name} SELECT gap_key FROM gaps WHERE gap_id = ?`,
    );
    this.close = database.statement("UPDATE gaps SET state = 'closed', ending = ?, ended_at = ? WHERE gap_id = ?");
  }

  apply(recorded: RecordedEvent): void {
    const event = eventOf<FoldedEvent>(recorded);
    this.applied(event);
    this.mark.run(event.data.gapId);
  }

  private applied(event: RecordedOf<FoldedEvent>): void {
    switch (event.type) {
      case 'BillingGapOpened':
        return this.opened(event);
      case 'BillingGapRevalued': {
        const { gapId, valueAtRisk, cause, sourceEventIds } = event.data;
        const { minor, currency } = toColumns(valueAtRisk.money);
        const sources = JSON.stringify(sourceEventIds);
        return known(gapId, this.revalue.run(minor, currency, valueAtRisk.minutes, cause, sources, gapId));
      }
      case 'BillingGapAssigned':
        return known(event.data.gapId, this.assign.run(event.data.ownerId, event.data.gapId));
      case 'BillingGapAccepted': {
        const { gapId, reasonCode, comment, acceptedBy, secondPerson } = event.data;
        return known(gapId, this.accept.run(event.occurredAt, reasonCode, comment, acceptedBy, secondPerson, gapId));
      }
      case 'BillingGapClosed':
        return known(event.data.gapId, this.close.run(event.data.ending, event.occurredAt, event.data.gapId));
      default:
        return unreachable(event);
    }
  }

  private opened({
    id,
    data,
    occurredAt,
    position,
  }: Extract<RecordedOf<GapEvent>, { type: 'BillingGapOpened' }>): void {
    const key = gapKey(data);
    const { minor: valueMinor, currency } = toColumns(data.valueAtRisk.money);
    this.open({
      ...data,
      ...NOT_YET,
      gapKey: key,
      occurrence: (this.occurrences.get(key, formerGapKey(data)) ?? 0) + 1,
      leak: LEAK_OF[data.kind],
      chargeContractId: data.charge?.contractId ?? null,
      chargeId: data.charge?.chargeId ?? null,
      valueMinor,
      currency,
      minutes: data.valueAtRisk.minutes,
      openedAt: occurredAt,
      openedPosition: position,
      openedEventId: id,
    });
  }
}

const NOT_YET = {
  ownerId: null,
  state: 'open',
  ending: null,
  endedAt: null,
  reasonCode: null,
  comment: null,
  acceptedBy: null,
  secondPerson: null,
} as const;

function known(gapId: string, { changes }: { readonly changes: number }): void {
  invariant(changes === 1, `gap ${gapId} was never opened`);
}
