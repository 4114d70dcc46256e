import { type Minutes, Money, addTo, known } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { BillableItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import type { Assessor } from '../rating/assess.js';
import { declaredOutOfScope, ruleNamed } from '../rating/coverage/scope.js';
import type { DerivedGap, ScopeStatement, TicketFacts, WorkItem } from '../rating/facts.js';
import type { Pricers } from '../rating/price/pricing.js';
import { type PriceByCard, pricesByCard } from './price-by-card.js';
import { type PublishedTerms, versionOf } from '../settled/priced-then.js';

/** What a contract gives away of the work of one ticket. */
interface GivenAway {
  readonly ticket: TicketFacts;
  readonly declarations: Set<ScopeStatement>;
  readonly rules: Set<string>;
  readonly sourceEventIds: Set<string>;
  /** By piece of work. */
  readonly items: Map<WorkItem, BillableItem[]>;
}

/**
 * Work that was declared out of scope and that its contract includes, or draws from what is prepaid: one gap for a ticket and period, worth what the
 * card asks for it, with minimum and increment, whether an invoice carries it at nothing or none does. It ends when Operations decides on the scope, with a reason: out of scope,
 * the work has a price; in contract, it is covered for good. Or somebody accepts it.
 */
export function declaredScopeGaps(
  made: readonly MadeItem[],
  assessor: Assessor,
  pricers: Pricers,
  facts: ClientPeriodFacts,
): readonly DerivedGap[] {
  const { work, tickets, clientId, period } = facts;
  if (![...tickets.values()].some(({ scope }) => scope !== undefined)) return [];
  const works = new Map(work.map((one) => [one.workItemId, one]));
  const byTicket = new Map<string, GivenAway>();
  for (const one of made) {
    const { item } = one;
    const ticket = known(tickets, item.ticketId, 'the ticket of an item,');
    const ofItem = works.get(item.workItemId);
    const declared = declarationOf(ticket, ofItem);
    const rule = declared === null ? null : ruleThatCovers(one, facts);
    if (ofItem === undefined || declared === null || rule === null) continue;
    let away = byTicket.get(ticket.ticketId);
    if (away === undefined) byTicket.set(ticket.ticketId, (away = nothingOf(ticket)));
    away.declarations.add(declared);
    away.rules.add(rule);
    for (const id of item.sourceEventIds) away.sourceEventIds.add(id);
    addTo(away.items, ofItem, item);
  }
  if (byTicket.size === 0) return [];
  const given = [...byTicket.values()].flatMap(({ items }) => [...items.keys()]);
  const prices = pricesByCard(given, assessor, pricers, facts);
  return [...byTicket.values()].map(
    ({ ticket: { ticketId }, declarations, rules, sourceEventIds, items }): DerivedGap => {
      const worth = [...items].map(([{ workItemId }, ofWork]) => worthOf(ofWork, prices.get(workItemId)));
      const money = worth.flatMap((one) => one.money ?? []);
      const currency = money[0]?.currency;
      return {
        kind: 'scope-suspected',
        ticketId,
        clientId,
        period,
        workItemId: null,
        valueAtRisk: {
          money: currency === undefined ? null : Money.sum(money, currency).toJSON(),
          minutes: worth.reduce((sum, { minutes }) => sum + minutes, 0),
        },
        cause: `the ticket was resolved as out of scope, and ${[...rules].sort().join(' and ')}`,
        sourceEventIds: [...new Set([...sourceEventIds, ...[...declarations].map(({ eventId }) => eventId)])],
        dueOn: null,
      };
    },
  );
}

function nothingOf(ticket: TicketFacts): GivenAway {
  return { ticket, declarations: new Set(), rules: new Set(), sourceEventIds: new Set(), items: new Map() };
}

/** What is given away of one piece of work: what its card asks for all of it, else what its items are worth; null: nothing of it has a price. */
function worthOf(
  items: readonly BillableItem[],
  byCard: PriceByCard | undefined,
): { readonly minutes: Minutes; readonly money: Money | null } {
  const minutes = items.reduce((sum, { actualMinutes }) => sum + (actualMinutes ?? 0), 0);
  if (byCard !== undefined && byCard.minutes === minutes) return byCard;
  const values = items.flatMap(({ standardValue }) => (standardValue === null ? [] : [Money.from(standardValue)]));
  const [first] = values;
  return { minutes, money: first === undefined ? null : Money.sum(values, first.currency) };
}

/** Of work that is gone nobody declares anything. */
function declarationOf(ticket: TicketFacts, work: WorkItem | undefined): ScopeStatement | null {
  if (ticket.scope === undefined || work === undefined) return null;
  if (work.kind === 'material' && work.underWarranty) return null;
  return declaredOutOfScope(ticket, work.position);
}

/** What makes the item cost nothing, where that is a contract; null: it has a price, was forgone, or is free for another reason. */
function ruleThatCovers(one: MadeItem, published: PublishedTerms): string | null {
  const { item } = one;
  if (item.net === null || !Money.from(item.net).isZero()) return null;
  if (item.disposition === 'written-off' || item.disposition === 'unpriced') return null;
  const inForce = versionOf({ ...item, basis: one.basis() }, published);
  const rule = inForce === null ? undefined : ruleNamed(inForce.version, one.basis().ruleId);
  const isDrawn = rule?.outcome === 'prepaid' && item.draw !== undefined;
  if (inForce === null || rule === undefined || (rule.outcome !== 'included' && !isDrawn)) return null;
  const { contractId } = inForce.contract;
  return `rule ${rule.name} of contract ${contractId} ${isDrawn ? 'draws its work from what is prepaid' : 'includes its work'}`;
}
