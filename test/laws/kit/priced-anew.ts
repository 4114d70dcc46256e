import { type Model, type ModelFrozen, ownId, priceFactsOf } from './model.js';

/**
 * True where frozen work shares a minimum or a price with frozen work of its account that was corrected, voided or moved since, or adjusted before: what they
 * share is priced anew, and may have come to be the price of this one, or to be so no more.
 */
export function isPricedAnew(model: Model, { account, item: { ticketId, workItemId } }: ModelFrozen): boolean {
  const isOf = ({ item }: ModelFrozen): boolean => item.ticketId === ticketId && item.workItemId === workItemId;
  const all = [...model.frozen, ...model.forgiven]
    .filter((one) => one.account === account)
    .map((frozen) => ({ frozen, names: namesOf(model, frozen) }));
  const names = new Set(all.filter(({ frozen }) => isOf(frozen)).flatMap((one) => one.names));
  const sharing = (): typeof all => all.filter((one) => one.names.some((name) => names.has(name)));
  // What shares with one that shares is priced anew with both.
  for (let before = -1; before < names.size;) {
    before = names.size;
    for (const one of sharing()) for (const name of one.names) names.add(name);
  }
  return sharing().some(({ frozen }) => !isOf(frozen) && hasMoved(model, frozen));
}

/** The names of what its price is shared over: none of what is priced by itself and was left as it was. */
function namesOf(model: Model, frozen: ModelFrozen): readonly string[] {
  const { rounding, price } = frozen.item.basis;
  const scopes = [
    ...(rounding === null || rounding.scope === 'entry' ? [] : [rounding.scopeId ?? rounding.scope]),
    ...(price === null || price.scope === null || price.scope.includes(', entry ') ? [] : [price.scope]),
  ];
  if (scopes.length === 0 && !hasMoved(model, frozen)) return [];
  const ticket = model.tickets.get(frozen.item.ticketId);
  // By whatever name its scopes were frozen: tickets are merged.
  return [...scopes, `root ${ticket === undefined ? frozen.item.ticketId : model.rootOf(ticket).ticketId}`];
}

function hasMoved(model: Model, { account, item, work: then }: ModelFrozen): boolean {
  const ticket = model.tickets.get(item.ticketId);
  const work = ticket?.works.get(ownId(item));
  if (work === undefined || !model.accountsOf(ticket, work).has(account)) return true;
  return priceFactsOf(work) !== then || /@[axdwc]\d+$/.test(item.itemId);
}
