import { Decimal, type Minutes, Money, at, invariant } from '@billtrail/kernel';
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
  readonly candidate: RecheckCandidate;
  /** null: the terms of now give no price. */
  readonly now: Asked | null;
  /** What the terms of now give less what was asked and decided. */
  readonly difference: Money;
  /** Minutes of blocks and allotments that would be drawn more, or below zero fewer. */
  readonly drawn: Minutes;
  /** True where currency or rate are others, whatever the difference. */
  readonly isOther: boolean;
}

interface Found {
  readonly gap: DerivedGap;
  readonly drawn: Minutes;
}

/** The lines whose price would be another now, as gaps. */
export class Mismatches {
  private readonly compared: Mismatch[] = [];
  private readonly found: Found[] = [];
  private readonly flat = new Map<string, { readonly first: RecheckCandidate; readonly taken: Money; now: Money }>();

  constructor(private readonly facts: Pick<ClientPeriodFacts, 'clientId' | 'period' | 'tickets'>) {}

  add(candidate: RecheckCandidate, now: Asked | null): void {
    this.compared.push(comparedWith(candidate, now));
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
    const found = [...inScopes(this.compared).flatMap((one) => gapOfMismatch(one, this.facts)), ...this.found];
    for (const { first, taken, now } of this.flat.values()) {
      const left = now.minus(taken);
      // What is less settled than it is by now is the price of the rest.
      if (left.isNegative()) found.push({ gap: tooMuchOfFlat(first, taken, left, this.facts), drawn: 0 });
    }
    const drawing = new Set(found.flatMap(({ gap, drawn }) => (drawn === 0 ? [] : [gap.workItemId])));
    return found.map(({ gap, drawn }) =>
      drawing.has(gap.workItemId) ? { ...gap, valueAtRisk: { ...gap.valueAtRisk, minutes: wholeMinutes(drawn) } } : gap,
    );
  }
}

/** Its cause tells parts of a minute. */
function wholeMinutes(minutes: Minutes): Minutes {
  return new Decimal(minutes).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
}

type Of = Pick<ClientPeriodFacts, 'clientId' | 'period'>;

function comparedWith(candidate: RecheckCandidate, now: Asked | null): Mismatch {
  const { line, now: stretches, draws, forgone, hasOtherTerms } = candidate;
  const asked = Money.from(line.net);
  const charged = asked.plus(drawnMoney(draws, asked.currency));
  const isOtherCurrency = now !== null && now.net.currency !== charged.currency;
  const expected = now === null || isOtherCurrency ? Money.zero(charged.currency) : now.net;
  const drawn = new Decimal(now?.drawn ?? 0).minus(drawnMinutes(draws)).toNumber();
  // Nothing could come of another rate of what asks nothing then and now.
  const isNothing = charged.isZero() && expected.isZero();
  const isOneRate = stretches.length === 1 && line.quantity !== '0' && line.unit !== 'adjustment' && draws.length === 0;
  const hasOtherRate =
    hasOtherTerms &&
    isOneRate &&
    !isNothing &&
    now !== null &&
    now.price !== null &&
    !isOtherCurrency &&
    !now.unitPrice.equals(Money.from(line.unitPrice));
  const difference = lessForgone(expected.minus(charged), forgone);
  return { candidate, now, difference, drawn, isOther: now === null || isOtherCurrency || hasOtherRate };
}

/** What is worth less makes what was forgone less first, and that is asked of nobody. */
function lessForgone(difference: Money, forgone: Money): Money {
  if (!difference.isNegative()) return difference;
  const beyond = difference.plus(forgone);
  return beyond.isNegative() ? (beyond.compare(difference) < 0 ? difference : beyond) : Money.zero(difference.currency);
}

/**
 * Lines that share a minimum, an increment or a price are held together against what they would be: what one asks more and another less is their share of
 * it, and stays as it was asked. What they differ by together stands on the first of those that differ so.
 */
function inScopes(compared: readonly Mismatch[]): readonly Mismatch[] {
  const left = new Map<string, Money>();
  const keyOf = ({ candidate: { group, isDraft }, difference }: Mismatch): string | null =>
    group === null ? null : `${String(isDraft)} ${difference.currency} ${group}`;
  for (const one of compared) {
    const key = keyOf(one);
    if (key !== null) left.set(key, left.get(key)?.plus(one.difference) ?? one.difference);
  }
  const held = compared.map((one) => {
    const key = keyOf(one);
    const together = key === null ? undefined : left.get(key);
    if (key === null || together === undefined) return one;
    const isSameWay = !together.isZero() && together.isNegative() === one.difference.isNegative();
    if (!isSameWay) return { ...one, difference: Money.zero(together.currency) };
    const isLess = together.isNegative() ? together.compare(one.difference) > 0 : together.compare(one.difference) < 0;
    const difference = isLess ? together : one.difference;
    left.set(key, together.minus(difference));
    return { ...one, difference };
  });
  for (const [key, rest] of left)
    invariant(rest.isZero(), () => `no line of ${key} holds ${rest.toString()} of what its scope differs by`);
  return held;
}

function gapOfMismatch({ candidate, now, difference, drawn, isOther }: Mismatch, of: Of): readonly Found[] {
  const tax = otherTax(candidate);
  if (difference.isZero() && drawn === 0 && !isOther)
    return tax === null ? [] : [{ gap: otherTaxAlone(candidate, tax, of), drawn }];
  const outcome = [
    outcomeOf(difference, drawn, isWithoutPrice(candidate.now, now)),
    drawnText(drawn),
    tax === null ? null : `and ${tax}`,
  ]
    .filter((text) => text !== null)
    .join(', ');
  const cause = `${askedText(candidate)}; ${inWords(candidate.now, now)}: ${outcome}`;
  return [{ gap: gapOf(candidate, difference, cause, of), drawn }];
}

/** What a document asks for a line, and what of what is prepaid it draws. */
function askedText(candidate: RecheckCandidate): string {
  const { line, said } = candidate;
  return `${said} ${Money.from(line.net).toString()} for ${line.itemId} at ${line.unitPrice.amount} (${line.contractId} version ${line.contractVersion})${drewText(candidate)}`;
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
  const { now } = candidate;
  const billed = `${askedText(candidate)}, a part of one price whatever the minutes, of which ${taken.toString()} is settled`;
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
  const { taken } = version.terms.rateCard;
  const card = taken === undefined ? '' : ` with rate card ${taken.card} from ${taken.from}`;
  return `${contract.contractId} version ${version.versionNumber}${card}, in force now,`;
}

function inWords(stretches: readonly Assessed[], now: Asked | null): string {
  const { placement } = at(stretches, 0, 'a stretch that a line carries');
  if (placement?.as === 'no-charge') return 'its ticket is declared no-charge now';
  if (placement === null || placement.inForce === null) return 'no contract in force now gives it a price';
  const version = placeInWords(stretches);
  if (placement.as === 'included') return `${version} includes it`;
  if (now === null) return `${version} gives it no price`;
  const beyond = now.net.isZero() ? '' : ` and asks ${now.net.toString()}`;
  if (now.drawn > 0) return `${version} draws ${now.drawn} min of what is prepaid${beyond}`;
  return `${version} gives ${now.net.toString()} at ${now.unitPrice.toJSON().amount}`;
}

/** Work that nothing in force says the price of; work that is included or free of charge has one, of nothing. */
function isWithoutPrice(stretches: readonly Assessed[], now: Asked | null): boolean {
  const { placement } = at(stretches, 0, 'a stretch that a line carries');
  return now === null && placement?.as !== 'no-charge' && placement?.as !== 'included';
}

/** null: no difference in money, and one in minutes of a block. */
function outcomeOf(difference: Money, drawn: Minutes, isUnpriced: boolean): string | null {
  if (difference.isZero()) return drawn === 0 ? 'another rate, and no difference in money' : null;
  if (isUnpriced && difference.isNegative()) return `${difference.negated().toString()} is asked without a price`;
  return difference.isNegative()
    ? `overcharged by ${difference.negated().toString()}`
    : `undercharged by ${difference.toString()}`;
}

/** null: no difference in minutes of a block. */
function drawnText(drawn: Minutes): string | null {
  if (drawn === 0) return null;
  return drawn < 0 ? `${-drawn} min of what is prepaid go back` : `${drawn} min more are drawn of what is prepaid`;
}
