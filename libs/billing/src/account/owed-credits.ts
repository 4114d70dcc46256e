import { type LocalDate, Money, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { BillingConfiguration, CreditedCharge, CreditedLine } from '../events.js';
import type { ChargeItem, FrozenCharge } from '../item/charge-item.js';
import { type ExplainedItem, isReadyToBill } from '../item/billable-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { draftableFrom, frozenChargeOf } from './charges.js';
import { refuseHeldCharge, refuseHeldItem } from './held.js';
import { lineOf } from './lines.js';
import type { AccountState } from './state.js';

/** The lines of a credit note in the making. */
export interface Credits {
  readonly lines: CreditedLine[];
  readonly charges: CreditedCharge[];
}

/** What rating derived of the client-period, and the day of the note. */
interface Rated {
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  readonly issueDate: LocalDate;
  readonly configuration: Pick<BillingConfiguration, 'chargeLeadDays'>;
}

/** A credit that rating derived and nobody has given yet. */
export type Owed = { readonly line: InvoiceLine } | { readonly charge: FrozenCharge };

/** The credit that is owed under this id; null: the client-period has nothing of the id. A refusal says why it can't be given. */
export function owedCredit(itemId: string, rated: Rated, state: AccountState): Owed | Refusal | null {
  const item = rated.items.find((one) => one.itemId === itemId);
  if (item !== undefined) return refuseGiven(refuseHeldItem(itemId, state), rated, state) ?? owedLine(item);
  const charge = rated.charges.find((one) => one.chargeItemId === itemId);
  if (charge === undefined) return null;
  return refuseGiven(refuseHeldCharge(itemId, state), rated, state) ?? owedCharge(charge, rated);
}

/** What is on an issued document is not owed by its id: a credit of it has an id of its own. */
function refuseGiven(held: Refusal | null, rated: Rated, state: AccountState): Refusal | null {
  if (held?.code !== 'ItemAlreadyInvoiced') return held;
  return { ...held, remedy: `Leave it out: the client has it already, on that document. ${owedText(rated, state)}` };
}

/** Most ids that a sentence names. */
const MAX_NAMED = 10;

/** Which ids are owed in the period, for whoever has named another one. */
function owedText({ items, charges, ...day }: Rated, state: AccountState): string {
  const owed = [
    ...items.filter((one) => refuseHeldItem(one.itemId, state) === null && !isRefusal(owedLine(one))),
    ...charges.filter(
      (one) =>
        refuseHeldCharge(one.chargeItemId, state) === null && !isRefusal(owedCharge(one, { items, charges, ...day })),
    ),
  ].map((one) => ('itemId' in one ? `\`itemId\` ${one.itemId}` : `\`chargeItemId\` ${one.chargeItemId}`));
  if (owed.length === 0) return 'Nothing is owed in this period.';
  const others = owed.length > MAX_NAMED ? `, and ${owed.length - MAX_NAMED} others` : '';
  return `Owed in this period: ${owed.slice(0, MAX_NAMED).join(', ')}${others}.`;
}

function owedLine(item: ExplainedItem): Owed | Refusal {
  const line = lineOf(item);
  if (line === null || item.disposition !== 'billable' || !isReadyToBill(item) || !Money.from(line.net).isNegative())
    return notCorrectable(item.itemId, `it is ${item.disposition} at ${item.net?.amount ?? 'no price'}`);
  return { line };
}

function owedCharge(charge: ChargeItem, { issueDate, configuration }: Rated): Owed | Refusal {
  const { chargeItemId, disposition, net } = charge;
  const dueFrom = draftableFrom(charge, configuration);
  if (disposition !== 'billable' || !Money.from(net).isNegative())
    return notCorrectable(chargeItemId, `it is ${disposition} at ${net.amount}`);
  if (dueFrom > issueDate) {
    const why = `it is owed from ${dueFrom} on, after the day of issue ${issueDate}`;
    return { ...notCorrectable(chargeItemId, why), remedy: `Give a day of issue from ${dueFrom} on (\`issueDate\`).` };
  }
  return { charge: frozenChargeOf(charge) };
}

function notCorrectable(itemId: string, why: string): Refusal {
  return refuse(
    'ItemNotCorrectable',
    `Item ${itemId} is not a credit that is owed: ${why}.`,
    'Name what is billable with a negative net: GET /v1/billable-items and GET /v1/charges of the period. Lines of an invoice go back by POST /v1/credit-notes, with `bill-again` or `written-off`.',
    { itemId },
  );
}

/** Credits that are owed, each given whole. Refuses: NotOwed, ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemNotCorrectable. */
export function owedCredits(itemIds: readonly string[], rated: Rated, state: AccountState): Credits | Refusal {
  const credits: Credits = { lines: [], charges: [] };
  for (const itemId of itemIds) {
    const owed = owedCredit(itemId, rated, state);
    if (owed === null) return notOwed(itemId, owedText(rated, state));
    if (isRefusal(owed)) return owed;
    if ('line' in owed) credits.lines.push({ ...owed, ...given(owed.line) });
    else credits.charges.push({ ...owed, ...given(owed.charge) });
  }
  return credits;
}

function given({ net }: Pick<InvoiceLine, 'net'>): Pick<CreditedLine, 'outcome' | 'net' | 'isWhole'> {
  return { outcome: 'corrected', net: Money.from(net).negated().toJSON(), isWhole: true };
}

function notOwed(itemId: string, owed: string): Refusal {
  return refuse(
    'NotOwed',
    `Nothing is owed to the client under the id ${itemId} in this period.`,
    `Use the \`itemId\` of a billable item or the \`chargeItemId\` of a charge with a negative net: GET /v1/billable-items and GET /v1/charges of the period. ${owed}`,
    { itemId },
  );
}
