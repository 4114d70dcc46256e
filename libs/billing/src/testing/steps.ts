import type { ChargeItem } from '../item/charge-item.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import { gapsOfCharges } from '../gaps/of-charge.js';
import { holdToCaps } from '../rating/caps/step-7-caps.js';
import { chargeClient } from '../rating/charges/charges.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DerivedGap } from '../rating/facts.js';
import type { PricedPart, Reprice } from '../rating/items/priced-part.js';
import type { DrawnBefore } from '../rating/prepaid/drawn-before.js';
import type { CarriedOver } from '../rating/prepaid/prepaid-facts.js';
import { PrepaidStock } from '../rating/prepaid/prepaid-stock.js';
import { drawPrepaid } from '../rating/prepaid/step-6-prepaid.js';
import {
  type BillableTime,
  RoundTime,
  RoundingUse,
  type RoundingUsed,
  type TimeToRound,
} from '../rating/time/step-4-billable-time.js';
import { settledCaps } from '../settled/caps-used.js';
import { ChargeBook } from '../settled/charge-book.js';
import { wasNotForgone } from '../settled/credited.js';
import { frozenDraws } from '../settled/draws.js';

/** Step 4 alone, over what is settled. */
export function rounded(times: readonly TimeToRound[], settled: readonly RoundingUsed[] = []): readonly BillableTime[] {
  const use = new RoundingUse();
  for (const used of settled) use.add(used);
  const rounding = new RoundTime(use);
  return times.map((time) => rounding.round(time));
}

/** Step 6 alone, over what the facts hold. */
export function drawn(
  parts: readonly PricedPart[],
  facts: ClientPeriodFacts,
  reprice: Reprice,
  givingBack: readonly DrawnBefore[] = [],
): { readonly parts: readonly PricedPart[]; readonly balances: CarriedOver['balances'] } {
  const stock = new PrepaidStock(facts, frozenDraws(facts));
  return { parts: drawPrepaid(parts, stock, reprice, givingBack), balances: stock.balances() };
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
  chargeClient(facts, items.map(made).filter(wasNotForgone), book);
  const charges = book.close();
  return { charges, gaps: gapsOfCharges(charges, book.lacking, facts) };
}

/** An item that is explained already, as rating makes it. */
export function made(item: ExplainedItem): MadeItem {
  return { item, basis: () => item.basis, trace: () => item.trace };
}
