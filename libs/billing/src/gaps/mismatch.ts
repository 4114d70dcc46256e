import { Decimal, type Minutes, Money, at } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Assessed } from '../rating/assessed.js';
import type { Placement } from '../rating/coverage/placement.js';
import type { DerivedGap, WorkItem } from '../rating/facts.js';
import type { PricedAt } from '../rating/price/price.js';
import { type RecheckCandidate, drawnMinutes, drawnMoney } from './recheck.js';

/** What a line would ask now for the work that it carries. */
export interface Asked {
  readonly unitPrice: Money;
  /** With the money that it would draw on a block. */
  readonly net: Money;
  /** Minutes that it would draw of what is prepaid. */
  readonly drawn: Minutes;
  /** null: it costs nothing, or is drawn. */
  readonly price: PricedAt | null;
}

interface Mismatch {
  readonly gap: DerivedGap;
  /** Minutes of blocks and allotments that would be drawn more, or below zero fewer. */
  readonly drawn: Minutes;
}

/** The lines whose price would be another now, as gaps. */
export class Mismatches {
  private readonly found: Mismatch[] = [];
  private readonly flat = new Map<string, { readonly first: RecheckCandidate; readonly taken: Money; now: Money }>();

  constructor(private readonly facts: Pick<ClientPeriodFacts, 'clientId' | 'period' | 'tickets'>) {}

  add(candidate: RecheckCandidate, now: Asked | null): void {
    const mismatch = mismatchOf(candidate, now, this.facts);
    if (mismatch !== null) this.found.push(mismatch);
  }

  /** Of a line of which nothing else is compared. */
  addOtherTax(candidate: RecheckCandidate): void {
    const tax = otherTax(candidate);
    if (tax !== null) this.found.push({ gap: otherTaxAlone(candidate, tax, this.facts), drawn: 0 });
  }

  /** Of one price whatever the minutes its parts are held against it together: `taken` of them is settled, and `now` is the price of this one. */
  addPart(candidate: RecheckCandidate, now: Money, taken: Money): void {
    const { workItemId } = candidate.line;
    const known = this.flat.get(workItemId);
    if (known === undefined) this.flat.set(workItemId, { first: candidate, taken, now });
    else known.now = known.now.plus(now);
  }

  /** Where minutes of a block differ for some of the work, the gap tells those alone: it is no count of the minutes that were worked. */
  gaps(): readonly DerivedGap[] {
    for (const { first, taken, now } of this.flat.values()) {
      const left = now.minus(taken);
      // What is less settled than it is by now is the price of the rest.
      if (left.isNegative()) this.found.push({ gap: tooMuchOfFlat(first, taken, left, this.facts), drawn: 0 });
    }
    const drawing = new Set(this.found.flatMap(({ gap, drawn }) => (drawn === 0 ? [] : [gap.workItemId])));
    return this.found.map(({ gap, drawn }) =>
      drawing.has(gap.workItemId) ? { ...gap, valueAtRisk: { ...gap.valueAtRisk, minutes: wholeMinutes(drawn) } } : gap,
    );
  }
}

/** Its cause tells parts of a minute. */
function wholeMinutes(minutes: Minutes): Minutes {
  return new Decimal(minutes).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
}

type Of = Pick<ClientPeriodFacts, 'clientId' | 'period'>;

function mismatchOf(candidate: RecheckCandidate, now: Asked | null, of: Of): Mismatch | null {
  const { line, now: stretches, draws } = candidate;
  const asked = Money.from(line.net);
  const charged = asked.plus(drawnMoney(draws, asked.currency));
  const isOther = now !== null && now.net.currency !== charged.currency;
  const expected = now === null || isOther ? Money.zero(charged.currency) : now.net;
  const difference = expected.minus(charged);
  const drawn = new Decimal(now?.drawn ?? 0).minus(drawnMinutes(draws)).toNumber();
  const isOneRate = stretches.length === 1 && line.quantity !== '0' && line.unit !== 'adjustment' && draws.length === 0;
  const hasOtherRate =
    isOneRate && now !== null && now.price !== null && !isOther && !now.unitPrice.equals(Money.from(line.unitPrice));
  const tax = otherTax(candidate);
  if (difference.isZero() && drawn === 0 && !hasOtherRate && now !== null && !isOther)
    return tax === null ? null : { gap: otherTaxAlone(candidate, tax, of), drawn };
  const billed = askedText(candidate);
  const outcome = [outcomeOf(difference, drawn), drawnText(drawn), tax === null ? null : `and ${tax}`]
    .filter((text) => text !== null)
    .join(', ');
  return { gap: gapOf(candidate, difference, `${billed}; ${inWords(stretches, now)}: ${outcome}`, of), drawn };
}

/** What a document asks for a line, and what of what is prepaid it draws. */
function askedText(candidate: RecheckCandidate): string {
  const { line, invoiceId, isDraft } = candidate;
  return `${isDraft ? 'draft' : 'invoice'} ${invoiceId} asks ${Money.from(line.net).toString()} for ${line.itemId} at ${line.unitPrice.amount} (${line.contractId} version ${line.contractVersion})${drewText(candidate)}`;
}

/** Of a line of which nothing but the tax is another now. */
function otherTaxAlone(candidate: RecheckCandidate, tax: string, of: Of): DerivedGap {
  const { line, now } = candidate;
  const taxed = `${placeInWords(now)} ${tax}: another tax, and no difference in net`;
  return gapOf(candidate, Money.zero(line.net.currency), `${askedText(candidate)}; ${taxed}`, of);
}

/** How the terms of now tax a line otherwise, in words; null: they do not. */
function otherTax(candidate: RecheckCandidate): string | null {
  const { line, otherTaxDay } = candidate;
  const category = otherCategory(candidate);
  if (category !== null) return `taxes it as ${category}, not ${line.taxCategory}`;
  if (otherTaxDay === null || Money.from(line.net).isZero()) return null;
  return `taxes it as of ${otherTaxDay}, not of ${line.workDate}`;
}

/** The tax category of the terms of now, where they ask money for the work in another one; null: in none, or in several. */
function otherCategory({ line, now }: RecheckCandidate): string | null {
  if (Money.from(line.net).isZero()) return null;
  const categories = new Set(now.map(({ placement, work: { kind } }) => categoryOf(placement, kind)));
  const [category = null] = categories;
  return categories.size === 1 && category !== line.taxCategory ? category : null;
}

function categoryOf(placement: Placement | null, kind: WorkItem['kind']): string | null {
  if (placement === null || (placement.as !== 'billable' && placement.as !== 'prepaid')) return null;
  return placement.inForce.version.terms.rateCard.taxCategories[kind];
}

function tooMuchOfFlat(candidate: RecheckCandidate, taken: Money, left: Money, of: Of): DerivedGap {
  const { line, invoiceId, isDraft, now } = candidate;
  const billed = `${isDraft ? 'draft' : 'invoice'} ${invoiceId} carries a part of one price whatever the minutes of ${line.workItemId} (${line.contractId} version ${line.contractVersion}), of which ${taken.toString()} is settled`;
  return gapOf(
    candidate,
    left,
    `${billed}; ${placeInWords(now)} asks less: overcharged by ${left.negated().toString()}`,
    of,
  );
}

function gapOf({ line }: RecheckCandidate, money: Money, cause: string, { clientId, period }: Of): DerivedGap {
  return {
    kind: 'contract-mismatch',
    ticketId: line.ticketId,
    clientId,
    period,
    workItemId: line.workItemId,
    valueAtRisk: { money: money.toJSON(), minutes: line.actualMinutes },
    cause,
    sourceEventIds: line.sourceEventIds,
    dueOn: null,
  };
}

function drewText({ line, draws }: RecheckCandidate): string {
  const minutes = drawnMinutes(draws);
  const money = drawnMoney(draws, line.net.currency);
  if (minutes !== 0) return ` and draws ${minutes} min of what is prepaid`;
  return money.isZero() ? '' : ` and draws ${money.toString()} of what is prepaid`;
}

function placeInWords(stretches: readonly Assessed[]): string {
  const { placement } = at(stretches, 0, 'a stretch that a line carries');
  if (placement === null || placement.as === 'no-charge' || placement.inForce === null) return 'what is in force now';
  const { contract, version } = placement.inForce;
  return `${contract.contractId} version ${version.versionNumber}, in force now,`;
}

function inWords(stretches: readonly Assessed[], now: Asked | null): string {
  const { placement } = at(stretches, 0, 'a stretch that a line carries');
  if (placement?.as === 'no-charge') return 'its ticket is declared no-charge now';
  if (placement === null || placement.inForce === null) return 'no contract in force now gives it a price';
  const version = placeInWords(stretches);
  if (placement.as === 'included') return `${version} includes it`;
  if (now === null) return `${version} gives it no price`;
  if (now.drawn > 0) return `${version} draws ${now.drawn} min of what is prepaid`;
  return `${version} gives ${now.net.toString()} at ${now.unitPrice.toJSON().amount}`;
}

/** null: no difference in money, and one in minutes of a block. */
function outcomeOf(difference: Money, drawn: Minutes): string | null {
  if (difference.isZero()) return drawn === 0 ? 'another rate, and no difference in money' : null;
  return difference.isNegative()
    ? `overcharged by ${difference.negated().toString()}`
    : `undercharged by ${difference.toString()}`;
}

/** null: no difference in minutes of a block. */
function drawnText(drawn: Minutes): string | null {
  if (drawn === 0) return null;
  return drawn < 0 ? `${-drawn} min of what is prepaid go back` : `${drawn} min more are drawn of what is prepaid`;
}
