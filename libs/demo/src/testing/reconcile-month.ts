import { type Month, monthOf } from '@billtrail/kernel';
import {
  type ExplainedItem,
  type DerivedGap,
  type FrozenLine,
  type WorkItem,
  deriveTicketGaps,
  draftableItems,
  isPrepaid,
  lineOf,
  rateExplained,
} from '@billtrail/billing';
import type { DemoMonth } from '../demo-month.js';
import { type Replayed, type TicketWithWork, contractFactsOf, factsOfTicket, replay } from './replay.js';

/** A month carried out, invoiced and rated by the pure functions alone. */
export interface ReconciledMonth {
  readonly tickets: ReadonlyMap<string, TicketWithWork>;
  readonly items: readonly ExplainedItem[];
  /** Those that are due on the day of the reconciliation. */
  readonly gaps: readonly DerivedGap[];
}

export function reconcileMonth(month: DemoMonth): ReconciledMonth {
  const atInvoicing = replay(month, false);
  const invoiced = new Map<string, FrozenLine[]>();
  for (const [key, { items }] of ratePeriods(month, atInvoicing, ticketsOf(atInvoicing), new Map())) {
    const lines = draftableItems(items).flatMap((item) => (isPrepaid(item) ? [] : (lineOf(item) ?? [])));
    invoiced.set(
      key,
      lines.map((line) => ({ line, invoiceId: `invoice-${key}` })),
    );
  }
  const atEnd = replay(month);
  const tickets = ticketsOf(atEnd);
  const items: ExplainedItem[] = [];
  const gaps: DerivedGap[] = [];
  for (const result of ratePeriods(month, atEnd, tickets, invoiced).values()) {
    items.push(...result.items);
    gaps.push(...result.gaps);
  }
  for (const { ticket, work } of tickets.values()) gaps.push(...deriveTicketGaps(ticket, work, month.configuration));
  return { tickets, items, gaps: gaps.filter(({ dueOn }) => dueOn === null || dueOn <= month.asOf) };
}

function ticketsOf(replayed: Replayed): ReadonlyMap<string, TicketWithWork> {
  const zoneOf = (clientId: string | null): string => {
    const state = clientId === null ? undefined : replayed.clients.get(clientId);
    return state?.status === 'registered' ? state.facts.timeZone : 'UTC';
  };
  return new Map([...replayed.tickets].map(([id, events]) => [id, factsOfTicket(id, events, zoneOf)]));
}

/** Every client-period that has work, rated, by `client period`. */
function ratePeriods(
  month: DemoMonth,
  replayed: Replayed,
  tickets: ReadonlyMap<string, TicketWithWork>,
  invoiced: ReadonlyMap<string, readonly FrozenLine[]>,
): ReadonlyMap<string, ReturnType<typeof rateExplained>> {
  const facts = new Map([...tickets].map(([id, { ticket }]) => [id, ticket]));
  const contracts = contractFactsOf(replayed);
  const accounts = new Map<string, { clientId: string; period: Month; work: WorkItem[] }>();
  for (const { ticket, work } of tickets.values()) {
    const clientId = ticket.clientId ?? 'nobody';
    for (const one of work) {
      const period = monthOf(one.workDate);
      const key = `${clientId} ${period}`;
      const account = accounts.get(key) ?? { clientId, period, work: [] };
      accounts.set(key, account);
      account.work.push(one);
    }
  }
  return new Map(
    [...accounts].map(([key, { clientId, period, work }]) => [
      key,
      rateExplained({
        clientId,
        currency: month.configuration.organisation.currency,
        period,
        contracts: contracts.filter((contract) => contract.clientId === clientId),
        tickets: facts,
        work,
        invoiced: invoiced.get(key) ?? [],
        claimed: new Map(),
        writtenOff: [],
        configuration: month.configuration,
      }),
    ]),
  );
}
