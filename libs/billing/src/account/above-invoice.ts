import { Money, type MoneyJson, type Refusal, at, refuse } from '@billtrail/kernel';
import { type Requested, requestedOf } from './given-back.js';
import { type Line, itemIdOf, linesOf } from './lines-of-credit.js';
import type { AccountState } from './state.js';
import type { Supply } from './tax.js';

/**
 * What an invoice asked for is the most that notes give back of it (law L5). Work that an amount off had reduced is more than that: the invoice asks
 * for less, and what was taken off goes back with it, on a note of that invoice. Until then it is a gap.
 */
export function refuseAboveInvoice(
  given: readonly Line[],
  supplies: readonly (readonly Supply[])[],
  state: AccountState,
): Refusal | null {
  for (const [index, line] of given.entries()) {
    const above = at(supplies, index, 'the supplies of a credit').find(({ givenBack }) => givenBack === null);
    if (line.creditOf === null || above === undefined) continue;
    const { documentId, furtherDocumentIds = [] } = line.creditOf;
    const asked = [documentId, ...furtherDocumentIds].flatMap((id) => requestedOf(id, state) ?? []);
    if (asked.length === 0) continue;
    const more = Money.from(above.net).negated().minus(askedSince(asked, state));
    if (!more.isZero() && !more.isNegative()) return aboveInvoice(line, more, asked);
  }
  return null;
}

/** What other invoices asked again of amounts off that these had given, less what notes gave of it already. */
function askedSince(asked: readonly Requested[], { invoices, creditNotes }: AccountState): Money {
  const ids = new Set(asked.map(({ invoiceId }) => invoiceId));
  const reduced = new Set(
    asked.flatMap(({ charges }) => charges.flatMap((one) => (isBelowZero(one.net) ? [one.chargeId] : []))),
  );
  const again = [...invoices.values()]
    .flatMap((other) => ('request' in other ? other.charges : []))
    .filter(({ chargeId, net, basis }) => {
      const { documentIds = [] } = basis.before ?? {};
      return reduced.has(chargeId) && !isBelowZero(net) && documentIds.some((id) => ids.has(id));
    });
  const given = [...creditNotes.values()]
    .flatMap((note) => (note.facts.invoiceId === null ? linesOf(note) : []))
    .filter(({ creditOf }) => creditOf !== null && ids.has(creditOf.documentId))
    .flatMap(({ taxes, net: whole }) =>
      taxes.flatMap(({ givesBack, net = whole }) => (givesBack === undefined ? [{ net }] : [])),
    );
  const { currency } = at(asked, 0, 'an invoice that is credited');
  return Money.sum(
    [...again, ...given].map(({ net }) => Money.from(net)),
    currency,
  );
}

function aboveInvoice(line: Line, above: Money, asked: readonly Requested[]): Refusal {
  const itemId = itemIdOf(line);
  const owed = Money.from(line.net).negated();
  const left = owed.minus(above);
  const reducing = asked.flatMap(({ invoiceId, lines, charges }) => {
    const negative = [...lines, ...charges].filter(({ net, creditOf }) => creditOf === null && isBelowZero(net));
    return negative.map((one) => ({ invoiceId, itemId: itemIdOf(one) }));
  });
  const [first] = reducing;
  const ids = reducing.flatMap((one) => (one.invoiceId === first?.invoiceId ? [one.itemId] : []));
  const wait = 'Or bill it on a later draft of the period; until then it is a gap.';
  return refuse(
    'CreditAboveInvoice',
    `${owed.toString()} of ${itemId} can't be given by a note of its own: of what ${asked.map(({ invoiceId }) => invoiceId).join(', ')} asked for only ${left.toString()} is left to give back.`,
    first === undefined
      ? wait
      : `Credit it on invoice ${first.invoiceId} as \`corrected\`, together with what reduces that invoice (${ids.join(', ')}) as \`bill-again\`: POST /v1/credit-notes. ${wait}`,
    { itemId, credited: owed.toJSON(), left: left.toJSON(), reducing },
  );
}

function isBelowZero(net: MoneyJson): boolean {
  return Money.from(net).isNegative();
}
