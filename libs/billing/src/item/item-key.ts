import { InvariantViolation, type LocalDate } from '@billtrail/kernel';

/**
 * The one place where ids that are made from ids are rendered and read. Made ids are told from typed ones by `@`, which no id that a person
 * may type holds (`ID_PATTERN`) and which no shell, address or file name gives a meaning inside a word. So no made id can be typed, and none can
 * be read two ways. Ids that logs of schema version 1 hold are lifted by the functions `...OfSchema1` here, and are known nowhere else.
 */
const SEPARATOR = '@';

/**
 * Which item of its work (or charge) an item is:
 * `whole`; a `part` of what was cut (steps 2, 6 and 7 of rating.md); an `adjustment` of what is frozen; what of an adjustment is `above-cap`; a
 * `draw-change`, which draws more on a block or gives back; a `write-off-reversal`; a `credit`: what a credit note took back of a line that stays.
 */
export type ItemRole = 'whole' | 'part' | 'adjustment' | 'above-cap' | 'draw-change' | 'write-off-reversal' | 'credit';

/** What an item id says. */
export interface ItemKey {
  readonly workItemId: string;
  readonly role: ItemRole;
  /** Counted from 1 within the role; 0 of the whole. Of a credit that of the item whose money it is. */
  readonly number: number;
  /** Of a credit: the role of the item whose money it is. */
  readonly credited?: Exclude<ItemRole, 'credit'>;
}

const LETTERS = {
  part: 'p',
  adjustment: 'a',
  'above-cap': 'x',
  'draw-change': 'd',
  'write-off-reversal': 'w',
} as const;
type Numbered = keyof typeof LETTERS;
const ROLES: Readonly<Record<string, Numbered>> = Object.fromEntries(
  Object.entries(LETTERS).map(([role, letter]) => [letter, role as Numbered]),
);
const CREDIT = `${SEPARATOR}c1`;

/** `W1`, `W1@p2`, `W1@a1`, `W1@x1`, `W1@d1`, `W1@w1`; of a credit `W1@c1`, `W1@p2@c1`. */
export function itemIdOf({ workItemId, role, number, credited = 'whole' }: ItemKey): string {
  if (role === 'whole') return workItemId;
  if (role === 'credit') return `${itemIdOf({ workItemId, role: credited, number })}${CREDIT}`;
  return `${workItemId}${SEPARATOR}${LETTERS[role]}${number}`;
}

/** The id of what a credit note took back of an item. */
export function creditIdOf(itemId: string): string {
  return `${itemId}${CREDIT}`;
}

const ITEM_SUFFIX = /^(.*[^@])@([paxdw])([1-9]\d*)$/;

/** Reads what {@link itemIdOf} renders. Any other text is the id of a whole. */
export function itemKeyOf(itemId: string): ItemKey {
  const credited = itemId.slice(0, -CREDIT.length);
  if (itemId.endsWith(CREDIT) && !credited.endsWith(SEPARATOR)) {
    const { workItemId, role, number } = itemKeyOf(credited);
    if (role !== 'credit') return { workItemId, role: 'credit', number, credited: role };
  }
  const match = ITEM_SUFFIX.exec(itemId);
  const role = match === null ? undefined : ROLES[match[2] ?? ''];
  if (match === null || role === undefined) return { workItemId: itemId, role: 'whole', number: 0 };
  return { workItemId: match[1] ?? '', role, number: Number(match[3]) };
}

/** True for work itself or a part of it, false for what follows from a change after it was frozen. */
export function isOfWork({ role }: Pick<ItemKey, 'role'>): boolean {
  return role === 'whole' || role === 'part';
}

/**
 * The name under which work is rated where another ticket used its id before: ids of work are unique only within their ticket. Two
 * separators, so that work with the id `p1` is never read as a part.
 */
export function nameOfSharedId(ticketId: string, workItemId: string): string {
  return `${ticketId}${SEPARATOR}${SEPARATOR}${workItemId}`;
}

/** What a charge is for, where it is not for work. `once` is a fee that is charged once, `block` is the purchase of a prepaid block, `credit` a service credit, `breaches` one by their number, `incident` the fixed price of a ticket, `travel` the way to a visit. */
export type ChargeKey =
  | {
      readonly contractId: string;
      readonly of: 'fee' | 'block' | 'minimum' | 'discount';
      readonly termId: string;
      readonly from: LocalDate;
      /** Of a discount that reduces a tax category beside its own. Absent: in its own, or all else. */
      readonly taxCategory?: string;
      /** Of a discount that reduces what another client receives than the charges of its contract. Absent: what that one receives, or all else. */
      readonly billTo?: string;
    }
  | { readonly contractId: string; readonly of: 'once' | 'milestone'; readonly termId: string }
  | {
      readonly contractId: string;
      readonly of: 'breaches';
      readonly termId: string;
      /** First day of the month. */
      readonly from: LocalDate;
      /** As of a credit for one breach. */
      readonly taxCategory?: string;
      readonly billTo?: string;
      readonly isLeftOver?: true;
    }
  | { readonly contractId: string; readonly of: 'incident'; readonly termId: string; readonly ticketId: string }
  | {
      readonly contractId: string;
      readonly of: 'credit';
      readonly termId: string;
      readonly ticketId: string;
      readonly target: string;
      /** Which life of the ticket: 2 from the first time that it went on after it was closed. */
      readonly run: number;
      /** Of a part in a further tax category, where one has no room for the whole. Absent: the first, or all of it. */
      readonly taxCategory?: string;
      /** As of a discount. */
      readonly billTo?: string;
      /** Of what no tax category has room for. Absent: all else. */
      readonly isLeftOver?: true;
    }
  | {
      readonly contractId: string;
      readonly of: 'travel';
      readonly termId: string;
      /** The day of the visit. */
      readonly from: LocalDate;
      /** null: to the client. */
      readonly siteId: string | null;
      /** null: of all who came. */
      readonly engineerId: string | null;
    };

/** `K1@fee@support@2026-03-01`; of what is charged once `K1@once@onboarding`, of a milestone `K1@milestone@go-live`, of the fixed price of a ticket `K1@incident@support@for-T1`; of a discount in a tax category beside its own `K1@discount@loyal@2026-03-01@tax-FREE`, of what another client pays `...@paid-by-group`; of a credit `K1@credit@late@T1@resolution`, `...@2` in a second life of the ticket, `...@tax-FREE` in a further tax category, `...@rest` of what none has room for; of one by number of breaches `K1@breaches@missed@2026-03-01`; of travel `K1@travel@way@2026-03-10@to-S1@by-E1`. */
export function chargeIdOf(key: ChargeKey): string {
  return [key.contractId, key.of, key.termId, ...partsOfCharge(key)].join(SEPARATOR);
}

function partsOfCharge(key: ChargeKey): readonly (string | number)[] {
  switch (key.of) {
    case 'once':
    case 'milestone':
      return [];
    case 'breaches':
      return [key.from, ...shareParts(key)];
    case 'incident':
      // A ticket may be called `a1`, which alone would be read as an adjustment.
      return namedPart('for', key.ticketId);
    case 'credit':
      return [key.ticketId, key.target, ...(key.run === 1 ? [] : [key.run]), ...shareParts(key)];
    case 'travel':
      return [key.from, ...visitParts(key)];
    default:
      return [key.from, ...namedPart('tax', key.taxCategory ?? null), ...namedPart('paid-by', key.billTo ?? null)];
  }
}

/** A name may be any text: written so that it can neither end the part nor be read as an adjustment. null: there is no such part. */
function namedPart(before: 'tax' | 'to' | 'by' | 'for' | 'paid-by', name: string | null): readonly string[] {
  return name === null ? [] : [`${before}-${encodeURIComponent(name)}`];
}

/** The end of the id of what no tax category has room for. */
const REST = 'rest';

/** Of a credit that is shared. */
function shareParts({
  taxCategory,
  billTo,
  isLeftOver,
}: Extract<ChargeKey, { of: 'credit' | 'breaches' }>): readonly string[] {
  const share = isLeftOver === true ? [REST] : namedPart('tax', taxCategory ?? null);
  return [...share, ...namedPart('paid-by', billTo ?? null)];
}

/** True of the id of a share of a credit in a further tax category or for another recipient, or of what is left over of it. `whole`: the id of that credit. */
export function isShareOf(chargeId: string, whole: string): boolean {
  if (!chargeId.startsWith(`${whole}${SEPARATOR}`)) return false;
  const parts = chargeId.slice(whole.length + SEPARATOR.length).split(SEPARATOR);
  return parts.every((part) => part === REST || part.startsWith('tax-') || part.startsWith('paid-by-'));
}

function visitParts(key: { readonly siteId: string | null; readonly engineerId: string | null }): readonly string[] {
  return [...namedPart('to', key.siteId), ...namedPart('by', key.engineerId)];
}

/** The site that a charge for travel goes to; null: to the client, or the charge is for no travel. */
export function siteOfTravel(chargeId: string): string | null {
  const [, of, , , ...visit] = chargeId.split(SEPARATOR);
  const to = of === 'travel' ? visit.find((part) => part.startsWith('to-')) : undefined;
  return to === undefined ? null : decodeURIComponent(to.slice('to-'.length));
}

/** The contract that a charge, or an adjustment of one, is of; null: no charge has such an id. */
export function contractOfCharge(chargeItemId: string): string | null {
  const [contractId = null, of, termId] = chargeItemId.split(SEPARATOR);
  return of === undefined || termId === undefined ? null : contractId;
}

/** `{chargeId}@a{n}`: the difference between a frozen charge and what it should be. */
export function chargeAdjustmentId(chargeId: string, number: number): string {
  return `${chargeId}${SEPARATOR}${LETTERS.adjustment}${number}`;
}

/** A charge has a contract, a kind and a term before its adjustments: `K1@once@a1` is the fee `a1`. */
const CHARGE_ADJUSTMENT = /^([^@]+@[^@]+@.+)@a([1-9]\d*)$/;

/** The charge that an item of a charge is of, and the number of the adjustment; 0 for the charge itself. */
export function chargeItemKeyOf(chargeItemId: string): { readonly chargeId: string; readonly adjustment: number } {
  const match = CHARGE_ADJUSTMENT.exec(chargeItemId);
  return match === null
    ? { chargeId: chargeItemId, adjustment: 0 }
    : { chargeId: match[1] ?? '', adjustment: Number(match[2]) };
}

/**
 * What holds the items of a credit note that is of no invoice, where else the id of an invoice stands: `@cn-1`. No invoice has such an id.
 */
export function holderOfOwnNote(creditNoteId: string): string {
  return `${SEPARATOR}${creditNoteId}`;
}

/** The credit note without an invoice that this holder is; null: it is an invoice. */
export function ownNoteOf(holder: string): string | null {
  return holder.startsWith(SEPARATOR) ? holder.slice(SEPARATOR.length) : null;
}

/** The invoice that a holder is; null: it is none. */
export function invoiceOfHolder(holder: string | null): string | null {
  return holder === null || ownNoteOf(holder) !== null ? null : holder;
}

/** The invoices among holders, each once, in their order. */
export function invoicesOf(holders: readonly (string | null)[]): readonly string[] {
  return [...new Set(holders.flatMap((holder) => invoiceOfHolder(holder) ?? []))];
}

const OLD_SUFFIX = /^(~|-a|-w|-x|-d)(\d+)$/;
const OLD_ROLES: Readonly<Record<string, Numbered>> = {
  '~': 'part',
  '-a': 'adjustment',
  '-w': 'write-off-reversal',
  '-x': 'above-cap',
  '-d': 'draw-change',
};

/** The id of a frozen item as schema version 1 wrote it: `W1~2`, `W1-a1`, `W1-w1`, `W1-x1`, `W1-d1`. */
export function itemIdOfSchema1(itemId: string, workItemId: string): string {
  if (itemId === workItemId) return itemId;
  const match = itemId.startsWith(workItemId) ? OLD_SUFFIX.exec(itemId.slice(workItemId.length)) : null;
  const role = match === null ? undefined : OLD_ROLES[match[1] ?? ''];
  if (match === null || role === undefined)
    throw new InvariantViolation(`${itemId} is no id of an item of work ${workItemId} that schema version 1 wrote`);
  return itemIdOf({ workItemId, role, number: Number(match[2]) });
}

/** The number of the adjustment that a charge's item was in schema version 1, `{chargeId}-a{n}`; 0 for the charge itself. */
export function adjustmentOfSchema1(chargeItemId: string, chargeId: string): number {
  if (chargeItemId === chargeId) return 0;
  const match = chargeItemId.startsWith(chargeId) ? /^-a(\d+)$/.exec(chargeItemId.slice(chargeId.length)) : null;
  if (match === null)
    throw new InvariantViolation(
      `${chargeItemId} is no id of an item of charge ${chargeId} that schema version 1 wrote`,
    );
  return Number(match[1]);
}

/** Which life of its ticket a credit of schema version 1 is of: `{contractId}:{creditId}:{ticketId}:{target}`, `...:2` in the second. */
export function runOfSchema1(chargeId: string, target: string): number {
  const after = chargeId.slice(chargeId.lastIndexOf(`:${target}`) + target.length + 1);
  return after === '' ? 1 : Number(after.slice(1));
}

/** The name of work with an id that another ticket had used before, as documents of schema version 1 have it. */
function nameOfSharedIdInSchema1(ticketId: string, workItemId: string): string {
  return `${ticketId}:${workItemId}`;
}

/**
 * The ids that work of a ticket may have which documents of schema version 1 name so. Several where that form was taken too, and the ticket
 * was put before it once more; none where the name has another form.
 */
export function idsOfNameInSchema1(ticketId: string, name: string): readonly string[] {
  const prefix = nameOfSharedIdInSchema1(ticketId, '');
  if (!name.startsWith(prefix)) return [];
  const id = name.slice(prefix.length);
  return [id, ...idsOfNameInSchema1(ticketId, id)];
}

/** True where work of a ticket is rated, or was before, under this name: alone, or after other work with its id. */
export function isNameOfWork(name: string, ticketId: string, workItemId: string): boolean {
  return [workItemId, nameOfSharedId(ticketId, workItemId), nameOfSharedIdInSchema1(ticketId, workItemId)].includes(
    name,
  );
}

/**
 * A made id, or a text that names some, as schema version 1 rendered them; names of work stay. Gaps of old logs have these in their keys and causes: by
 * this they are known again, so that none closes and opens anew. Never the other way: what it gives can be read two ways.
 */
export function inSchema1(text: string): string {
  if (!text.includes(SEPARATOR)) return text;
  return text
    .replaceAll(/@(?:fee|block|minimum|discount)@([\w.~:-]+)@(?=\d{4}-\d\d-\d\d)/g, ':$1:')
    .replaceAll(/@credit@([\w.~:-]+)@([\w.~:-]+)@(?=[a-z])/g, ':$1:$2:')
    .replaceAll(/(?<!@)@p(?=\d)/g, '~')
    .replaceAll(/(?<!@)@(?=[axdwc]\d)/g, '-')
    .replaceAll(/(:[a-z]+)@(?=\d)/g, '$1:');
}
