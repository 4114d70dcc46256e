import { createHash } from 'node:crypto';
import type { ChargeOfGap, GapEnding, GapFacts } from '../events.js';
import type { BillableItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { inSchema1, itemKeyOf } from '../item/item-key.js';

type Identity = Pick<GapFacts, 'kind' | 'ticketId' | 'workItemId' | 'period' | 'clientId' | 'charge'>;

/**
 * What makes two sightings the same gap: kind, ticket, work item (or charge, where there is no ticket), period and client. Ids never hold
 * a `|`. A ticket that goes to another client may leave a credit with the first one and work with the second: that is money of two
 * clients, so it is two gaps.
 */
export function gapKey(gap: Identity): string {
  const subject = gap.workItemId ?? gap.charge?.chargeId ?? '';
  return [gap.kind, gap.ticketId ?? '', subject, gap.period ?? '', gap.clientId ?? ''].join('|');
}

/**
 * The key that logs of schema version 1 have for the same gap, where that is another: made ids were rendered otherwise then. A gap that is open
 * in such a log goes on under it, so that none closes and opens anew. null: it is the same.
 */
export function formerGapKey(gap: Identity): string | null {
  const key = gapKey(gap);
  const former = inSchema1(key);
  return former === key ? null : former;
}

/**
 * The id of the `occurrence`-th gap (1, 2, ...) of a key: a gap that ended and shows again is a new gap with a stream of its own.
 * Short whatever the length of the ids in the key: 80 bits of its SHA-256 tell keys apart.
 */
export function gapIdOf(key: string, occurrence: number): string {
  const kind = key.slice(0, key.indexOf('|'));
  return `${kind}.${createHash('sha256').update(key).digest('hex').slice(0, 20)}.${occurrence}`;
}

/** What the ids of all gaps of one key have in common. */
export function gapWithoutOccurrence(gapId: string): string {
  return gapId.replace(/\.\d+$/, '');
}

/**
 * How a gap that is derived no longer has ended, from the present items of its ticket: it is `billed` where the work is on an issued
 * invoice, `covered` where it costs nothing (or no charge was declared for a ticket without work), `written-off` where it was forgone.
 * What was `unbilled` of adjusted work is what adjusted it last: the line that it adjusts was billed before.
 * Else the facts it rested on were `corrected`: the work was voided, recorded, approved or got a price.
 */
export function endingOf(
  gap: Pick<GapFacts, 'kind' | 'workItemId' | 'ticketId'>,
  items: readonly BillableItem[],
  noChargeDeclared: boolean = false,
): GapEnding {
  const concerned = items.filter((item) =>
    gap.workItemId === null ? item.ticketId === gap.ticketId : item.workItemId === gap.workItemId,
  );
  if (concerned.length === 0) return noChargeDeclared ? 'covered' : 'corrected';
  const all = (...dispositions: BillableItem['disposition'][]): boolean =>
    concerned.every((item) => dispositions.includes(item.disposition));
  if (all('covered')) return 'covered';
  if (all('written-off', 'covered')) return 'written-off';
  if (gap.kind === 'unbilled' && gap.workItemId !== null && wasForgoneLast(concerned)) return 'written-off';
  if (all('invoiced', 'written-off', 'covered')) return 'billed';
  return 'corrected';
}

/** True where what adjusted the work last was forgone, and nothing of it is open. */
function wasForgoneLast(items: readonly BillableItem[]): boolean {
  const adjustments = items.flatMap(({ itemId, disposition }) => {
    const { role, number } = itemKeyOf(itemId);
    return role === 'adjustment' ? [{ number, disposition }] : [];
  });
  const last = adjustments.sort((a, b) => a.number - b.number).at(-1);
  return last?.disposition === 'written-off' && items.every(({ disposition }) => SETTLED.has(disposition));
}

const SETTLED: ReadonlySet<BillableItem['disposition']> = new Set(['invoiced', 'written-off', 'covered']);

/**
 * How the gap of a charge, or of an adjustment of one, has ended that is derived no longer, from the present charges of its client-period: it is
 * `billed` where an issued invoice carries what it is about; else what it rested on was `corrected`: a count was recorded, the contract was terminated or published anew.
 */
export function endingOfCharge(charge: ChargeOfGap, charges: readonly ChargeItem[]): GapEnding {
  const concerned = charges.filter(({ chargeId, chargeItemId }) =>
    [chargeId, chargeItemId].some((id) => isSaid(charge.chargeId, id)),
  );
  return concerned.length > 0 && concerned.every(({ disposition }) => disposition === 'invoiced')
    ? 'billed'
    : 'corrected';
}

/** True where what a gap says is this id, or this text, as it is or as older logs have it: those of schema version 1, and those whose causes named routes. */
export function isSaid(said: string, now: string): boolean {
  const told = said.replaceAll(ROUTE_IN_CAUSE, '');
  return told === now || told === inSchema1(now);
}

/** What causes said after an act until no stored text named a surface: `return them (POST /v1/contracts/K1/prepaid-blocks/B1/return)`. */
const ROUTE_IN_CAUSE = / \(POST \/v1\/[^)]*\)/g;
