import {
  deriveTicketGaps,
  mergedGaps,
  unpricedForLackOfClient,
  type DerivedGap,
  type RatedWork,
} from '@billtrail/billing';
import type { LocalDate } from '@billtrail/kernel';
import type { FactsReader } from '../rating-facts/facts-reader.js';
import type { TicketRow } from '../rating-facts/tables.js';

/** When a ticket was resolved; null: it was not opened again. */
export interface Resolution {
  readonly resolvedOn: LocalDate;
  readonly reopenedOn: LocalDate | null;
}

export const NOTHING: RatedWork = { items: [], gaps: [] };

/** What is derived from a ticket itself and not from a client-period: its resolution, its own gaps, and its work as long as it has no client. */
export class TicketRating {
  constructor(private readonly facts: FactsReader) {}

  of(row: TicketRow): RatedWork & { readonly resolution: Resolution | null } {
    // A merged ticket is accounted for by the one that it was merged into.
    const isMerged = this.facts.merges.of(row.ticketId) !== null;
    const resolution = isMerged ? null : (this.ownResolution(row) ?? this.ofMerged(row));
    const ticket = this.facts.ticketOfWork(row);
    // No client-period holds it.
    const { items, gaps } =
      ticket.clientId === null ? unpricedForLackOfClient(ticket, this.facts.workOf(row.ticketId)) : NOTHING;
    return { resolution, items, gaps: mergedGaps([...(resolution === null ? [] : this.ownGaps(row)), ...gaps]) };
  }

  private ownResolution(row: TicketRow): Resolution | null {
    const resolvedOn = this.facts.resolvedOn(row);
    if (resolvedOn === null) return null;
    const { reopened, clientId } = row;
    return { resolvedOn, reopenedOn: reopened === null ? null : this.facts.dayOf(clientId, reopened.at) };
  }

  /** What was resolved stays accounted for as part of a ticket that is not yet: that one counts as opened again, from the day of the latest resolution on. */
  private ofMerged(row: TicketRow): Resolution | null {
    const days = this.facts.merges
      .into(row.ticketId)
      .flatMap(({ ticketId }) => this.facts.ticketRow(ticketId)?.resolvedAt ?? [])
      .map((at) => this.facts.dayOf(row.clientId, at))
      .sort();
    const last = days.at(-1);
    return last === undefined ? null : { resolvedOn: last, reopenedOn: last };
  }

  private ownGaps(row: TicketRow): readonly DerivedGap[] {
    const configuration = this.facts.configuration();
    const texts = configuration.materialWords.length > 0;
    const sites = row.clientId === null ? null : (this.facts.client(row.clientId)?.state.sites ?? []);
    const work = this.facts.kindsOfWork(row.ticketId);
    return deriveTicketGaps(this.facts.ticket(row, { texts }), work, configuration, sites);
  }
}
