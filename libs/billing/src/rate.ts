import type { BillableItem, ExplainedItem } from './item/billable-item.js';
import { type MadeItem, explained } from './item/made-item.js';
import { gapsOfCharges } from './gaps/of-charge.js';
import { declaredScopeGaps } from './gaps/of-declared-scope.js';
import { gapsOfItems } from './gaps/of-items.js';
import { scopeGaps } from './gaps/of-scope.js';
import { mergedGaps } from './gaps/merge.js';
import { mismatchGaps } from './gaps/mismatches.js';
import { Assessor } from './rating/assess.js';
import { chargeClient } from './rating/charges/charges.js';
import { incidentsOf } from './rating/charges/incidents.js';
import { chargedVisits } from './rating/charges/visits.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { RatingResult } from './rating/facts.js';
import { ItemMaker } from './rating/items/item-maker.js';
import { priceWork } from './rating/price-work.js';
import { Pricers } from './rating/price/pricing.js';
import { toldOfMerges } from './rating/merged-ticket.js';
import { drawsOf } from './rating/prepaid/statement.js';
import { inRatingOrder, segmentsInRatingOrder } from './rating/rating-order.js';
import { adjusted } from './settled/adjusted.js';
import { assessWork } from './settled/assess-work.js';
import { ChargeBook } from './settled/charge-book.js';
import { withClaim } from './settled/claimed.js';
import { wasNotForgone } from './settled/credited.js';
import { frozenDraws } from './settled/draws.js';
import { settledLedger } from './settled/ledger.js';
import { settledWork } from './settled/settled-work.js';

/**
 * Rating: the facts of one client-period in, its billable items, charges and gaps out (rating.md). Pure: the same facts give the same result in
 * whatever order they come.
 *
 * What is settled is folded; the steps of rating.md are taken for all that is not, over a ledger that holds what was used before; what changed in
 * settled work follows as the difference (`adjustmentsOf` states the rule); then the charges, and the gaps of it all. Throws on facts that
 * contradict each other: work of another month or client, work without its ticket.
 */
export function rate(facts: ClientPeriodFacts): RatingResult {
  return result(facts, ({ item }) => item);
}

/** The same with what priced each item, as data and for people: for whoever asks why, and for what a document freezes. */
export function rateExplained(facts: ClientPeriodFacts): RatingResult<ExplainedItem> {
  return result(facts, explained);
}

function result<Item extends BillableItem>(
  facts: ClientPeriodFacts,
  told: (made: MadeItem) => Item,
): RatingResult<Item> {
  const ofClient = settledWork(facts);
  const { here: settled } = ofClient;
  const assessor = new Assessor(facts);
  const pricers = new Pricers();
  const byWork = assessWork(inRatingOrder(facts.work), ofClient, assessor, facts);
  const assessed = segmentsInRatingOrder(byWork.segments);
  const ledger = settledLedger(assessed, settled, facts);
  const priced = priceWork(assessed, ledger, pricers);
  const adjustedItems = adjusted(byWork, settled, new ItemMaker(facts, priced, pricers), facts);
  const made = toldOfMerges(adjustedItems, facts.tickets);
  const book = new ChargeBook(facts);
  const visits = chargedVisits(facts, assessor);
  const incidents = incidentsOf(facts, assessor);
  chargeClient(facts, made.filter(wasNotForgone), { visits, incidents, pricers }, book);
  const charges = book.close();
  const items = made.map((one) => withClaim(told(one), facts.claimed));
  return {
    items,
    gaps: mergedGaps([
      ...mismatchGaps(facts, settled, assessor, pricers, priced, {
        segments: byWork.segments,
        items: adjustedItems,
        stock: ledger.stock,
      }),
      ...gapsOfItems(made, assessed, facts),
      ...scopeGaps(assessed, facts, pricers),
      ...declaredScopeGaps(made, assessor, pricers, facts),
      ...gapsOfCharges(charges, book.lacking, facts),
    ]),
    charges,
    draws: drawsOf(items, frozenDraws(facts)),
    carriedOver: { balances: ledger.stock.balances(), caps: ledger.caps.carriedOver() },
    lapses: ledger.stock.lapses,
    blocksDue: ledger.stock.due.all,
  };
}
