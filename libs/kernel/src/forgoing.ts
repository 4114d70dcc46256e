import { createHash } from 'node:crypto';
import type { DomainEvent } from './event.js';
import { invariant } from './refusal.js';
import { Money, type MoneyJson } from './money.js';
import type { Month } from './time.js';

/** The acts that forgo money by a person's word, and are held to a limit. */
export const FORGOING_ACTS = [
  'accept-gap',
  'write-off',
  'credit',
  'courtesy',
  'price-override',
  'void-work',
  'correct-work',
  'reject-work',
  'no-charge',
  'reclassify',
  'back-date',
  'configure',
] as const;
export type ForgoingAct = (typeof FORGOING_ACTS)[number];

/** The acts on work that was approved, or whose ticket was resolved (ADR 26). */
export const ACTS_ON_HELD_WORK = ['void-work', 'correct-work', 'reject-work'] as const satisfies readonly ForgoingAct[];
export type ActOnHeldWork = (typeof ACTS_ON_HELD_WORK)[number];

export function isOnHeldWork(act: ForgoingAct): act is ActOnHeldWork {
  return (ACTS_ON_HELD_WORK as readonly ForgoingAct[]).includes(act);
}

/** What is forgone of one ticket; `ticketId` null: of a charge, which is of no ticket. */
export interface ForgoneOfTicket {
  readonly ticketId: string | null;
  /** Positive; null: nobody can state it. */
  readonly money: MoneyJson | null;
}

/** What is forgone, and of whom: all that its verdict needs beside what was forgone before. */
export interface ForgoingFacts {
  readonly act: ForgoingAct;
  /** What it is about: the gap, the item, the credit note, the piece of work. One request at a time is open of an act on it. */
  readonly target: string;
  /** The name under which the work is rated that a gap is about. Absent: it is about none, or the target says it. */
  readonly workItemId?: string;
  readonly clientId: string | null;
  /** Billing period of the work; null: no work date is known. */
  readonly period: Month | null;
  /** A part for each ticket; none where it is asked for what it `loosens` alone. */
  readonly forgone: readonly ForgoneOfTicket[];
  /** Ids of those who did the work: none of them approves it. Absent: it was asked for before requests said so. */
  readonly workBy?: readonly string[];
  /** Whoever asks did some of the work: it waits for another person, whatever it is worth. */
  readonly ownWork?: true;
  /** Where the work stood when it was approved or resolved, and stands no more, as requests of before say it: since then whoever reaches the verdict reads it off the log. */
  readonly stoodIn?: readonly { readonly clientId: string; readonly period: Month }[];
  /** Rules of the configuration, by path, that let one person do more, or price work of days that have passed anew: it waits for another person. Absent: none. */
  readonly loosens?: readonly string[];
}

/** The texts of an organisation that name somebody, where it stands in a configuration. */
export const PERSONAL_OF_ORGANISATION = [
  'organisation.name',
  'organisation.taxId',
  'organisation.address',
  'organisation.contact.name',
  'organisation.contact.email',
  'organisation.contact.phone',
  'organisation.bank.accountName',
  'organisation.bank.accountNumber',
] as const;

/**
 * Texts that a person wrote, or that name somebody, of whatever is asked for: they may be erased, so what was seen and agreed to is told without them.
 */
export const PERSONAL_OF_ASKED = [
  'comment',
  'reason',
  'description',
  'engineerId',
  'serialNumber',
  'receiptReference',
  'name',
  'address',
  'taxId',
  'taxExemption',
  ...PERSONAL_OF_ORGANISATION.map((path) => `configuration.${path}` as const),
] as const;

/** The field that a path leads to, which may be left out. */
type TextAt<Path extends string> = Path extends `${infer Name}.${infer Below}`
  ? { readonly [_ in Name]?: TextAt<Below> }
  : { readonly [_ in Path]?: string | null };
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type AskedTexts = AllOf<TextAt<(typeof PERSONAL_OF_ASKED)[number]>>;

/**
 * One person asks to forgo money, on the stream where that takes effect. Nothing is forgone by this: a verdict in the order of the log says whether it
 * stands, and if so the event of the act follows, caused by this one (ADR 20). What waits is approved or refused by another person.
 */
export type ForgoingRequested = DomainEvent<
  'ForgoingRequested',
  ForgoingFacts & {
    /** The command as it is decided again when it is carried out. */
    readonly asked: AskedTexts & { readonly reasonCode?: string };
  }
>;

/** A request that was not carried out ends: a person takes it back, or what it is about has changed. */
export type ForgoingWithdrawn = DomainEvent<
  'ForgoingWithdrawn',
  { readonly requestId: string; readonly reason: string; readonly withdrawnBy: string }
>;

/** The person in whose place somebody decides, who named them for these days. Absent: they decide by their own right. */
export type InPlaceOf = string;

/** A second person agrees to a request that waits: it stands by the word of both, and its effect follows. */
export type ForgoingApproved = DomainEvent<
  'ForgoingApproved',
  {
    readonly requestId: string;
    /** Of what they have seen ({@link hashOfForgoing}). */
    readonly hash: string;
    readonly comment: string | null;
    readonly approvedBy: string;
    readonly inPlaceOf?: InPlaceOf;
  }
>;

/** A second person does not agree: nothing is forgone. */
export type ForgoingRefused = DomainEvent<
  'ForgoingRefused',
  { readonly requestId: string; readonly reason: string; readonly refusedBy: string; readonly inPlaceOf?: InPlaceOf }
>;

export type ForgoingEvent = ForgoingRequested | ForgoingWithdrawn | ForgoingApproved | ForgoingRefused;

/** A request as far as its own stream tells of it. */
export interface OpenForgoing {
  /** Of its event. */
  readonly requestId: string;
  readonly data: ForgoingRequested['data'];
  /** Who agreed to it; null: nobody did, or nobody has to. */
  readonly approvedBy: string | null;
}

/** What all parts come to; null: nobody can state it, or not in one currency. */
export function valueOfForgone(forgone: readonly ForgoneOfTicket[]): MoneyJson | null {
  let sum: Money | null = null;
  for (const { money } of forgone) {
    if (money === null || (sum !== null && sum.currency !== money.currency)) return null;
    sum = sum === null ? Money.from(money) : sum.plus(Money.from(money));
  }
  return sum?.toJSON() ?? null;
}

/**
 * What a request would do, as a SHA-256 hash: whoever approves it names what they have seen, and whoever carries it out compares. Without texts that a person
 * wrote, which may be erased.
 */
export function hashOfForgoing({
  act,
  target,
  clientId,
  period,
  forgone,
  loosens,
  asked,
}: Pick<ForgoingRequested['data'], 'act' | 'target' | 'clientId' | 'period' | 'forgone' | 'loosens'> & {
  readonly asked: object;
}): string {
  const parts = forgone.map(({ ticketId, money }) => [ticketId, money?.amount ?? null, money?.currency ?? null]);
  const command = Object.entries(without(asked, PERSONAL_OF_ASKED)).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(
      JSON.stringify([act, target, clientId, period, parts, command, ...(loosens === undefined ? [] : [loosens])]),
    )
    .digest('hex');
}

/** A value without what stands at some paths of it. */
function without(value: object, paths: readonly string[]): object {
  const left = Object.entries(value).filter(([name]) => !paths.includes(name));
  return Object.fromEntries(
    left.map(([name, one]: [string, unknown]) => {
      const below = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
      const isWhole = below.length === 0 || typeof one !== 'object' || one === null;
      return [name, isWhole ? one : without(one, below)];
    }),
  );
}

/** Of the event by which an act takes effect: its actor is who asked, the request is its cause, and this is who agreed. */
export interface Agreed {
  /** Absent: nobody had to. */
  readonly secondPerson?: string;
}

/** What an event says beside who agreed to it: what it is folded into names nobody for that. */
export function withoutAgreed<Data extends object>(data: Data): Omit<Data, 'secondPerson'> {
  const { secondPerson: _, ...rest } = data as Data & Agreed;
  return rest;
}

interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly causationId: string | null;
}

/** What is recorded where an act takes effect. The first of them says who agreed, as `secondPerson`. */
export const EFFECTS_OF_FORGOING = {
  'accept-gap': ['BillingGapAccepted'],
  'write-off': ['WorkWrittenOff'],
  credit: ['CreditNoteIssueRequested', 'CreditNoteLinesAdded'],
  courtesy: ['CourtesyGranted'],
  'price-override': ['TimeEntryPriceOverridden'],
  'void-work': ['TimeEntryVoided', 'MaterialUsageVoided', 'ExpenseVoided'],
  'correct-work': ['TimeEntryCorrected', 'MaterialUsageCorrected', 'ExpenseCorrected'],
  'reject-work': ['TimeEntryRejected', 'MaterialUsageRejected', 'ExpenseRejected'],
  'no-charge': ['NoChargeDeclared'],
  reclassify: [
    'TicketTriaged',
    'TicketReclassified',
    'TicketReprioritised',
    'ScopeClassified',
    'TicketMerged',
    'TicketSplit',
  ],
  'back-date': [
    'ContractActivated',
    'ContractVersionPublished',
    'ContractRenewed',
    'ContractRenewalReversed',
    'ContractSuspended',
    'ContractResumed',
    'ContractTerminated',
    'PrepaidBlockPurchased',
    'NoticeRecorded',
    'CountRecorded',
    'PrepaidBlockReturned',
    'PrepaidBlockWithdrawn',
    'MilestoneDeclarationWithdrawn',
    'ClientDetailsChanged',
    'SiteRegistered',
    'SiteDetailsChanged',
  ],
  configure: ['ConfigurationPublished'],
} as const satisfies Readonly<Record<ForgoingAct, readonly string[]>>;

function isEffect(type: string, act: ForgoingAct): boolean {
  const effects: readonly string[] = EFFECTS_OF_FORGOING[act];
  return effects.includes(type);
}

/** Whether an event is the effect of a request. Others may name it as their cause: what was recorded on its stream just before them. */
export function isEffectOf(
  { type, causationId }: Pick<Recorded, 'type' | 'causationId'>,
  { requestId, act }: Pick<ForgoingFacts, 'act'> & Pick<OpenForgoing, 'requestId'>,
): boolean {
  return causationId === requestId && isEffect(type, act);
}

/** The effect of an act with who agreed to it. @throws InvariantViolation where none of the events is an effect of the act. */
export function agreedBy<Event extends DomainEvent>(
  events: readonly Event[],
  act: ForgoingAct,
  secondPerson: string,
): readonly Event[] {
  const first = events.find(({ type }) => isEffect(type, act));
  invariant(first !== undefined, () => `${events.map(({ type }) => type).join(', ')} is no effect of ${act}`);
  return events.map((event) => (event === first ? { ...event, data: { ...event.data, secondPerson } } : event));
}

/** The requests of a stream that were neither carried out nor withdrawn nor refused, in their order. */
export function openForgoings(events: readonly Recorded[]): readonly OpenForgoing[] {
  const open = new Map<string, OpenForgoing>();
  for (const event of events) {
    const { id, type, data, causationId } = event;
    const cause = causationId === null ? undefined : open.get(causationId);
    if (cause !== undefined && isEffectOf(event, { requestId: cause.requestId, act: cause.data.act }))
      open.delete(cause.requestId);
    if (type === 'ForgoingWithdrawn' || type === 'ForgoingRefused')
      open.delete((data as (ForgoingWithdrawn | ForgoingRefused)['data']).requestId);
    if (type === 'ForgoingRequested')
      open.set(id, { requestId: id, data: data as ForgoingRequested['data'], approvedBy: null });
    if (type === 'ForgoingApproved') {
      const { requestId, approvedBy } = data as ForgoingApproved['data'];
      const approved = open.get(requestId);
      if (approved !== undefined) open.set(requestId, { ...approved, approvedBy });
    }
  }
  return [...open.values()];
}
