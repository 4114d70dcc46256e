import { monthOf } from '@billtrail/kernel';
import type { BillableItem } from '@billtrail/billing';
import type { Findings } from './findings.js';
import { fraction, minorOf, minorUnits, sumOf } from './integers.js';
import type { Look } from './look.js';
import { ownId } from './model.js';
import type { ModelContract } from './model-contracts.js';

/** A fixed price as a version has it, in minor units, and how many tickets of a month cost nothing. */
interface Stated {
  readonly price: bigint;
  readonly included: number;
}

/** The fixed price of a ticket that may stand: that of the terms of its first approved work. */
interface Due {
  readonly day: string;
  readonly stated: readonly Stated[];
}

/**
 * Each ticket whose work a fixed price covers is charged that price once, over all accounts, whatever was invoiced before: what its covered work shows, item by
 * item; or nothing, where it is one of the first of the month of its first work. Work is covered by a fixed price where the version of the item includes it at one; in these histories one rule of a version does. What a credit note
 * forwent is charged and given back.
 */
export function unbalancedIncidents(contract: ModelContract, { model, observed }: Look): Findings {
  const { contractId, clientId, versions } = contract;
  const priceIn = new Map(
    versions.flatMap(({ versionNumber, terms }) => {
      const incident = terms.coverage.find((rule) => rule.incident !== undefined)?.incident;
      if (incident === undefined) return [];
      const price = minorUnitsOf(incident.price, terms.rateCard.currency);
      return [[versionNumber, { price, included: incident.includedPerPeriod ?? 0 }] as const];
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
    if (known === undefined || item.workDate < known.day) due.set(root, { day: item.workDate, stated: [price] });
    else if (item.workDate === known.day) due.set(root, { ...known, stated: [...known.stated, price] });
  }
  // Work that was given free and billed again is told by its adjustments alone: none of them says that a price covers it now.
  const mayStand = (root: string): readonly Stated[] =>
    observed.items.flatMap(({ ticketId, workItemId, period, ...item }) => {
      const isBilledAgain = model.creditedWork.has(`${clientId}-${period} ${ticketId} ${workItemId}`);
      const price = item.contractId === contractId ? priceIn.get(item.contractVersion ?? 0) : undefined;
      return isBilledAgain && item.kind === 'time' && rootOf(ticketId) === root && price !== undefined ? [price] : [];
    });
  const charges = observed.charges.filter((one) => one.kind === 'incident' && one.contractId === contractId);
  // Where such work of a ticket lies that its first work may be, nothing tells its place.
  const uncertain = [...new Set(observed.items.map(({ ticketId }) => rootOf(ticketId)))].filter(
    (root) => mayStand(root).length > 0,
  ).length;
  const roots = new Set([...due.keys(), ...charges.map(({ ticketId }) => rootOf(ticketId ?? ''))]);
  return [...roots].flatMap((root) => {
    const own = charges.filter(({ ticketId }) => rootOf(ticketId ?? '') === root);
    const charged = sumOf(own.map(({ net }) => minorOf(net)));
    const forgone = sumOf(own.map(({ credited }) => (credited === undefined ? 0n : minorOf(credited))));
    const begun = due.get(root);
    const prices =
      begun === undefined
        ? [0n, ...mayStand(root).map(({ price }) => price)]
        : begun.stated.flatMap((stated) => pricesOf(stated, placesOf(root, begun, due, uncertain)));
    // Where all of its work awaits approval, what was asked stands.
    if (!due.has(root) && open.has(root)) return [];
    if (prices.some((price) => charged >= price && charged <= price + forgone)) return [];
    return [
      `${clientId}, ticket ${root}: ${prices.join(' or ')} once, and ${charged} minor units are charged over all accounts`,
    ];
  });
}

/** The first and the last place that a ticket may have among those whose first work lies in the same month: of one day either may be first. */
function placesOf(root: string, { day }: Due, due: ReadonlyMap<string, Due>, uncertain: number) {
  const others = [...due].filter(([other, one]) => other !== root && monthOf(one.day) === monthOf(day));
  const before = others.filter(([, one]) => one.day < day).length;
  const beside = others.filter(([, one]) => one.day === day).length;
  return { first: before + 1 - uncertain, last: before + 1 + beside + uncertain };
}

function pricesOf({ price, included }: Stated, { first, last }: ReturnType<typeof placesOf>): readonly bigint[] {
  if (last <= included) return [0n];
  return first > included ? [price] : [0n, price];
}

/** null: it is not covered by a fixed price of this contract. */
function coveredAt(item: BillableItem, contractId: string, priceIn: ReadonlyMap<number, Stated>): Stated | null {
  if (item.contractId !== contractId || item.disposition !== 'covered' || item.draw !== undefined) return null;
  return item.kind === 'time' ? (priceIn.get(item.contractVersion ?? 0) ?? null) : null;
}

function minorUnitsOf(amount: string, currency: string): bigint {
  const { over, under } = fraction(amount);
  return (over * minorUnits(currency)) / under;
}
