import {
  forgoneBy,
  toForgoIt,
  type NotKnownOf,
  type GivenUpOfTicket,
  type WaitingRequest,
} from '@billtrail/read-models';
import type { PartyOnDocument, TaxTotal } from '@billtrail/billing';
import { localDateIn, localTimeIn, type Instant, type LocalDate, type Month, type TimeZone } from '@billtrail/kernel';
import { asTyped, here } from './host.js';
import { money } from './output.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `March 2026`. */
export function monthText(month: Month): string {
  const [year = '', number = ''] = month.split('-');
  return `${MONTHS[Number(number) - 1]} ${year}`;
}

/** Whose figures are not known: `acme`, or `acme in March 2026`. */
export function whomText({ clientId, period }: NotKnownOf): string {
  const whom = clientId ?? 'tickets without a client';
  return period === null ? whom : `${whom} in ${monthText(period)}`;
}

/** `Brindlemoor Joinery (C-001)`; the id alone if no name is at hand. */
export function nameAndId(name: string | null | undefined, id: string): string {
  return name ? `${name} (${id})` : id;
}

/** `Ana Bell (p-3f0a)`; the id alone of whoever is not registered by a name. */
export function personText(id: string): string {
  return nameAndId(here().house?.names.get(id), id);
}

function zoneHere(): TimeZone {
  return here().house?.timeZone() ?? 'UTC';
}

/** The day of an instant where the organisation is. */
export function dayText(instant: Instant): LocalDate {
  return localDateIn(zoneHere(), instant);
}

/** `2026-03-02 09:00`, where the organisation is; null: never. */
export function timeText(instant: Instant): string;
export function timeText(instant: Instant | null): string | null;
export function timeText(instant: Instant | null): string | null {
  return instant === null ? null : localTimeIn(zoneHere(), instant);
}

/** Of which zone the times of a list are. */
export function timesOfText(): string {
  return `Times of ${zoneHere()}.`;
}

/** What people call a document: its number, or `draft` until it has one. */
export function documentName({ number }: { readonly number: string | null }): string {
  return number ?? 'draft';
}

/** `anna asked on 2026-04-20 to write it off, 487.50 AUD: it waits for a second person (request 3f0a...)`. */
export function waitingSentence(request: WaitingRequest): string {
  const { requestId, requestedBy, requestedAt, value } = request;
  const worth = value === null ? 'of a value that nobody can state' : money(value);
  const shown = asTyped(`billtrail approvals show ${requestId}`);
  return `${personText(requestedBy)} asked on ${dayText(requestedAt)} to ${toForgoIt(request)}, ${worth}: it waits for a second person (${shown})`;
}

/** `GST 10% on 195.00 AUD: 19.50 AUD`; without tax also its treatment and legal reason; of several taxes each, `QC GST 5% ...`. */
export function taxLines({ byName, ...total }: TaxTotal): readonly string[] {
  if (byName === undefined) return [taxLine(total)];
  return byName.map((one) => taxLine({ ...total, ...one, taxCategory: `${total.taxCategory} ${one.name}` }));
}

function taxLine({ taxCategory, rate, net, tax, treatment = 'taxable', reason = null }: TaxTotal): string {
  const why = treatment === 'taxable' ? '' : `, ${treatment}${reason === null ? '' : `: ${reason}`}`;
  return `${taxCategory} ${rate}% on ${money(net)}: ${money(tax)}${why}`;
}

/** `From  Example MSP, tax id 51 824 753 556, 1 Example Street`; nothing while the document does not name the party. */
export function partyLine(label: 'From' | 'To', party: PartyOnDocument | null): readonly string[] {
  if (party === null) return [];
  const { name, taxId, address } = party;
  return [
    `${label.padEnd(4)}  ${[name, taxId === null ? null : `tax id ${taxId}`, address].filter(Boolean).join(', ')}`,
  ];
}

/** Whether an act is held only where the work was approved or resolved: the others are of any work. */
const OF_HELD_WORK: ReadonlySet<GivenUpOfTicket['act']> = new Set([
  'void-work',
  'correct-work',
  'reject-work',
  'reclassify',
  'back-date',
]);

/** What the target of an act is, where it is no piece of work. */
const PLACED: Partial<Readonly<Record<GivenUpOfTicket['act'], string>>> = {
  'no-charge': 'of ticket ',
  reclassify: 'of ticket ',
  'back-date': 'under contract ',
  credit: 'of credit note ',
};

/** `Approved or resolved work`. */
export function workGivenUp(act: GivenUpOfTicket['act']): string {
  return OF_HELD_WORK.has(act) ? 'Approved or resolved work' : 'Work';
}

/** `Approved or resolved work W1 was voided, 3,000.00 AUD: asked by priya, agreed with bea`. */
export function givenUpSentence(one: GivenUpOfTicket): string {
  const { act, target, value, requestedBy, approvedBy } = one;
  const worth = value === null ? 'of a value that nobody could state' : money(value);
  const agreed = approvedBy === null ? '' : `, agreed with ${personText(approvedBy)}`;
  return `${workGivenUp(act)} ${PLACED[act] ?? ''}${target} was ${forgoneBy(one)}, ${worth}: asked by ${personText(requestedBy)}${agreed}`;
}
