import { type MoneyJson, Money, monthOf } from '@billtrail/kernel';
import type { Site } from '@billtrail/contracts';
import { materialWordsIn } from '@billtrail/ticketing';
import type { BillingConfiguration } from '../events.js';
import type { BillableItem, ExplainedItem } from '../item/billable-item.js';
import { NO_BASIS } from '../item/made-item.js';
import type { TraceStep } from '../item/trace.js';
import { unpricedStep } from '../rating/coverage/placement.js';
import type { DerivedGap, RatedWork, TicketFacts, TicketText, WorkItem } from '../rating/facts.js';
import { itemWithoutClient } from '../rating/items/step-8-item.js';
import { pricedFacts, workStep } from '../rating/items/work-facts.js';
import { unapprovedGap, unpricedGap } from './of-items.js';

type MaterialWords = BillingConfiguration['materialWords'];

/**
 * The gaps that a ticket shows by itself, for every ticket that changed; the gaps of its rated work come from `rate`, so that none
 * comes from both. Only a ticket that was resolved has such gaps, also when it was opened again (a cancelled one is not resolved). They belong to no period,
 * because no work date is known.
 *
 * - `work-not-recorded`: no live work item and no no-charge declaration.
 * - `material-suspected`: its texts named a part or licence of the configuration when they were recorded, which is in it still, and no live material usage answers it. A declaration alone
 *   is no answer: neither `none-used`, nor `listed` with nothing listed.
 * - `contract-mismatch`: it has work, and names a site that its client doesn't have, as an import may. Days, hours and holidays are those of the
 *   client then, and may be the wrong ones. `sites`: those of the client; null: it has no client, or they are not asked.
 */
export function deriveTicketGaps(
  ticket: TicketFacts,
  liveWork: readonly Pick<WorkItem, 'kind'>[],
  configuration: BillingConfiguration,
  sites: readonly Pick<Site, 'siteId'>[] | null = null,
): readonly DerivedGap[] {
  if (ticket.resolvedOn === null) return [];
  const gaps: DerivedGap[] = [];
  const isFree = ticket.noCharge !== null || ticket.reopened?.wasFree === true;
  if (liveWork.length === 0 && !isFree) gaps.push(workNotRecorded(ticket, configuration));
  if (!liveWork.some((work) => work.kind === 'material')) {
    const suspected = materialSuspected(ticket, configuration.materialWords);
    if (suspected !== null) gaps.push(suspected);
  }
  if (liveWork.length > 0 && sites !== null) gaps.push(...siteUnknown(ticket, sites));
  return gaps;
}

function siteUnknown(ticket: TicketFacts, sites: readonly Pick<Site, 'siteId'>[]): readonly DerivedGap[] {
  const { ticketId, clientId, siteId } = ticket;
  if (siteId === null || sites.some((site) => site.siteId === siteId)) return [];
  const cause = `ticket ${ticketId} names site ${siteId}, which client ${clientId ?? ''} doesn't have: its work has the days, hours and holidays of the client`;
  return [gapOf('contract-mismatch', ticket, { money: null, cause, sourceEventIds: resolvedBy(ticket) })];
}

function gapOf(
  kind: 'work-not-recorded' | 'material-suspected' | 'contract-mismatch',
  { ticketId, clientId }: TicketFacts,
  story: { readonly money: MoneyJson | null; readonly cause: string; readonly sourceEventIds: readonly string[] },
): DerivedGap {
  return {
    ticketId,
    clientId,
    period: null,
    workItemId: null,
    dueOn: null,
    kind,
    valueAtRisk: { money: story.money, minutes: null },
    cause: story.cause,
    sourceEventIds: story.sourceEventIds,
  };
}

/** The event that resolved the ticket. */
function resolvedBy({ resolvedEventId }: TicketFacts): readonly string[] {
  return resolvedEventId === null ? [] : [resolvedEventId];
}

function workNotRecorded(ticket: TicketFacts, configuration: BillingConfiguration): DerivedGap {
  return gapOf('work-not-recorded', ticket, {
    money: assumedValue(configuration),
    cause:
      `the ticket was resolved on ${ticket.resolvedOn} with no work recorded and no no-charge declared` +
      (configuration.assumedPricePerHour === null
        ? ''
        : `; valued at an assumed ${configuration.assumedMinutesPerTicket} min`),
    sourceEventIds: resolvedBy(ticket),
  });
}

/** What unrecorded work is assumed to be worth, by configuration; null where no price is assumed. */
function assumedValue(configuration: BillingConfiguration): MoneyJson | null {
  if (configuration.assumedPricePerHour === null) return null;
  const perHour = Money.from(configuration.assumedPricePerHour);
  return perHour.times(configuration.assumedMinutesPerTicket).dividedBy(60).rounded().toJSON();
}

function materialSuspected(ticket: TicketFacts, words: MaterialWords): DerivedGap | null {
  const found = new Set<string>();
  const eventIds = new Set<string>();
  for (const written of ticket.texts) {
    for (const word of namedIn(written, words)) {
      found.add(word.toLowerCase());
      eventIds.add(written.eventId);
    }
  }
  if (found.size === 0) return null;
  const declared = ticket.materials === null ? 'nothing was declared' : `materials were declared ${ticket.materials}`;
  return gapOf('material-suspected', ticket, {
    money: highestPrice(words, found),
    cause: `the ticket's text names ${[...found].sort().join(', ')}; no material usage is recorded, and ${declared}`,
    sourceEventIds: [...eventIds, ...resolvedBy(ticket)],
  });
}

/** A word that was found and is no longer in the configuration does not count. */
function namedIn(written: TicketText, words: MaterialWords): readonly string[] {
  if ('text' in written) return materialWordsIn([written.text], words);
  return written.words.filter((named) => words.some(({ word }) => word.toLowerCase() === named.toLowerCase()));
}

/** The dearest of the words found: texts name one part in several words, and at least one part was named. */
function highestPrice(words: MaterialWords, found: ReadonlySet<string>): MoneyJson | null {
  let highest: Money | null = null;
  for (const { word, assumedPrice } of words) {
    if (assumedPrice === null || !found.has(word.toLowerCase())) continue;
    const price = Money.from(assumedPrice);
    if (highest === null || (price.currency === highest.currency && price.compare(highest) > 0)) highest = price;
  }
  return highest?.rounded().toJSON() ?? null;
}

/**
 * The work of a ticket whose client nobody knows yet. It is in no client-period, so `rate` never sees it; it must count all the same
 * (law L1): each piece is `unpriced`, with its gap, and work that awaits approval on a resolved ticket has that gap too.
 */
export function unpricedForLackOfClient(ticket: TicketFacts, work: readonly WorkItem[]): RatedWork {
  const items: BillableItem[] = [];
  const gaps: DerivedGap[] = [];
  const step = noClientStep(ticket);
  for (const one of work) {
    const item = itemWithoutClient(one, monthOf(one.workDate), step.text);
    items.push(item);
    gaps.push(unpricedGap({ item }, one));
    const isAfter = ticket.reopened !== undefined && one.position > ticket.reopened.position;
    if (item.approval === 'unapproved' && ticket.resolvedOn !== null && !isAfter) {
      gaps.push(unapprovedGap(item, { on: ticket.resolvedOn, eventIds: resolvedBy(ticket) }));
    }
  }
  return { items, gaps };
}

/** The same work with why it has no price: for whoever asks. */
export function explainedForLackOfClient(ticket: TicketFacts, work: readonly WorkItem[]): readonly ExplainedItem[] {
  const step = noClientStep(ticket);
  return work.map((one) => ({
    ...itemWithoutClient(one, monthOf(one.workDate), step.text),
    basis: { ...NO_BASIS, work: pricedFacts(one), unpriced: 'no-client' },
    trace: [workStep(one), step],
  }));
}

function noClientStep({ ticketId }: TicketFacts): TraceStep {
  return unpricedStep('contract', 'no-client', `ticket ${ticketId} has no client, so no contract can price its work`);
}
