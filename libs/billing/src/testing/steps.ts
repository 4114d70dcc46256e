import type { ChargeItem } from '../item/charge-item.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import { gapsOfCharges } from '../gaps/of-charge.js';
import { holdToCaps } from '../rating/caps/step-7-caps.js';
import { Assessor } from '../rating/assess.js';
import { chargeClient } from '../rating/charges/charges.js';
import { incidentsOf } from '../rating/charges/incidents.js';
import { chargedVisits } from '../rating/charges/visits.js';
import { Pricers } from '../rating/price/pricing.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DerivedGap } from '../rating/facts.js';
import type { PricedPart, Reprice } from '../rating/items/priced-part.js';
import { weighWith } from '../rating/prepaid/burn.js';
import type { DrawnBefore } from '../rating/prepaid/drawn-before.js';
import type { CarriedOver } from '../rating/prepaid/prepaid-facts.js';
import { PrepaidStock } from '../rating/prepaid/prepaid-stock.js';
import { drawPrepaid } from '../rating/prepaid/step-6-prepaid.js';
import { ScopeUse, type RoundingUsed } from '../rating/time/rounding-use.js';
import { type BillableTime, type TimeToRound, roundTogether } from '../rating/time/step-4-billable-time.js';
import { settledCaps } from '../settled/caps-used.js';
import { ChargeBook } from '../settled/charge-book.js';
import { wasNotForgone } from '../settled/credited.js';
import { frozenDraws } from '../settled/draws.js';

/** Step 4 alone for the times of one scope, over what is settled. */
export function rounded(
  times: readonly TimeToRound[],
  settled: readonly Omit<RoundingUsed, 'scope'>[] = [],
): readonly BillableTime[] {
  const use = new ScopeUse();
  for (const { rounding, basisMinutes, billableMinutes } of settled) use.add(rounding, basisMinutes, billableMinutes);
  return roundTogether(times, use);
}

/** Step 6 alone, over what the facts hold. */
export function drawn(
  parts: readonly PricedPart[],
  facts: ClientPeriodFacts,
  reprice: Reprice,
  givingBack: readonly DrawnBefore[] = [],
): { readonly parts: readonly PricedPart[]; readonly balances: CarriedOver['balances'] } {
  const stock = new PrepaidStock(facts, frozenDraws(facts));
  return {
    parts: drawPrepaid(parts, stock, reprice, givingBack, weighWith(new Pricers())),
    balances: stock.balances(),
  };
}

/** Step 7 alone, over what the facts hold. */
export function held(
  parts: readonly PricedPart[],
  facts: ClientPeriodFacts,
): { readonly parts: readonly PricedPart[]; readonly caps: CarriedOver['caps'] } {
  const usage = settledCaps(facts);
  return { parts: holdToCaps(parts, usage), caps: usage.carriedOver() };
}

/** The charges of a client-period with these items of work. */
export function charged(
  facts: ClientPeriodFacts,
  items: readonly ExplainedItem[],
): { readonly charges: readonly ChargeItem[]; readonly gaps: readonly DerivedGap[] } {
  const book = new ChargeBook(facts);
  const assessor = new Assessor(facts);
  const visits = chargedVisits(facts, assessor);
  const incidents = incidentsOf(facts, assessor);
  const pricers = new Pricers();
  chargeClient(facts, items.map(made).filter(wasNotForgone), { visits, incidents, pricers }, book);
  const charges = book.close();
  return { charges, gaps: gapsOfCharges(charges, book.lacking, facts) };
}

/** An item that is explained already, as rating makes it. */
export function made(item: ExplainedItem): MadeItem {
  return { item, basis: () => item.basis, trace: () => item.trace };
}
