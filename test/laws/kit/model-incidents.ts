import type { BillableItem } from '@billtrail/billing';
import type { Findings } from './findings.js';
import { fraction, minorOf, minorUnits, sumOf } from './integers.js';
import type { Look } from './look.js';
import { ownId } from './model.js';
import type { ModelContract } from './model-contracts.js';

/** The fixed price of a ticket that may stand, in minor units: that of the terms of its first approved work. */
interface Due {
  readonly day: string;
  readonly prices: readonly bigint[];
}

/**
 * Each ticket whose work a fixed price covers is charged that price once, over all accounts, whatever was invoiced before: what its covered work shows, item by
 * item. Work is covered by a fixed price where the version of the item includes it at one; in these histories one rule of a version does. What a credit note
 * forwent is charged and given back.
 */
export function unbalancedIncidents(contract: ModelContract, { model, observed }: Look): Findings {
  const { contractId, clientId, versions } = contract;
  const priceIn = new Map(
    versions.flatMap(({ versionNumber, terms }) => {
      const price = terms.coverage.find(({ incident }) => incident !== undefined)?.incident?.price;
      return price === undefined ? [] : [[versionNumber, minorUnitsOf(price, terms.rateCard.currency)] as const];
    }),
  );
  if (priceIn.size === 0) return [];
  const rootOf = (ticketId: string): string => {
    const ticket = model.tickets.get(ticketId);
    return ticket === undefined ? ticketId : model.rootOf(ticket).ticketId;
  };
  const due = new Map<string, Due>();
  const open = new Set<string>();
  for (const item of observed.items) {
    const price = coveredAt(item, contractId, priceIn);
    const ticket = model.tickets.get(item.ticketId);
    if (price === null || (ticket !== undefined && model.isFree(ticket, ownId(item)))) continue;
    const root = rootOf(item.ticketId);
    if (item.approval === 'unapproved') open.add(root);
    if (item.approval !== 'approved') continue;
    const known = due.get(root);
    if (known === undefined || item.workDate < known.day) due.set(root, { day: item.workDate, prices: [price] });
    else if (item.workDate === known.day) due.set(root, { ...known, prices: [...known.prices, price] });
  }
  // Work that was given free and billed again is told by its adjustments alone: none of them says that a price covers it now.
  const mayStand = (root: string): readonly bigint[] =>
    observed.items.flatMap(({ ticketId, workItemId, period, ...item }) => {
      const isBilledAgain = model.creditedWork.has(`${clientId}-${period} ${ticketId} ${workItemId}`);
      const price = item.contractId === contractId ? priceIn.get(item.contractVersion ?? 0) : undefined;
      return isBilledAgain && item.kind === 'time' && rootOf(ticketId) === root && price !== undefined ? [price] : [];
    });
  const charges = observed.charges.filter((one) => one.kind === 'incident' && one.contractId === contractId);
  const roots = new Set([...due.keys(), ...charges.map(({ ticketId }) => rootOf(ticketId ?? ''))]);
  return [...roots].flatMap((root) => {
    const own = charges.filter(({ ticketId }) => rootOf(ticketId ?? '') === root);
    const charged = sumOf(own.map(({ net }) => minorOf(net)));
    const forgone = sumOf(own.map(({ credited }) => (credited === undefined ? 0n : minorOf(credited))));
    const { prices } = due.get(root) ?? { prices: [0n, ...mayStand(root)] };
    // Where all of its work awaits approval, what was asked stands.
    if (!due.has(root) && open.has(root)) return [];
    if (prices.some((price) => charged >= price && charged <= price + forgone)) return [];
    return [
      `${clientId}, ticket ${root}: ${prices.join(' or ')} once, and ${charged} minor units are charged over all accounts`,
    ];
  });
}

/** null: it is not covered by a fixed price of this contract. */
function coveredAt(item: BillableItem, contractId: string, priceIn: ReadonlyMap<number, bigint>): bigint | null {
  if (item.contractId !== contractId || item.disposition !== 'covered' || item.draw !== undefined) return null;
  return item.kind === 'time' ? (priceIn.get(item.contractVersion ?? 0) ?? null) : null;
}

function minorUnitsOf(amount: string, currency: string): bigint {
  const { over, under } = fraction(amount);
  return (over * minorUnits(currency)) / under;
}
