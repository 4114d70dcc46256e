import { invariant, unreachable } from '@billtrail/kernel';
import type { CoverageMatch, CoverageOutcome, CoverageRule, RateCard, WorkKind } from '../events.js';
import { burnWeight } from '../burn.js';
import { type AnalysedPrice, CardPrices, type TimeToPrice } from './price.js';
import type { ChainStretch, Link } from './stretches.js';
import { type TicketMatch, both, implies, ticketMatchOf } from './ticket-match.js';

export type UnpricedReason = 'no-contract' | 'contracts-match-equally' | 'no-coverage' | 'excluded' | 'no-rate';

export interface RuleTaken {
  readonly contractId: string;
  readonly versionNumber: number;
  readonly ruleId: string;
  readonly outcome: CoverageOutcome;
}

/** What becomes of some work. */
export interface AnalysedOutcome {
  /** The tickets for which it holds. Empty: all those for which none before it in the list holds. */
  readonly when: TicketMatch;
  /** The rules taken along the chain: those that exclude the work, then the one that decides. Empty: no contract was asked, or no rule matched. */
  readonly rules: readonly RuleTaken[];
  readonly as: Exclude<CoverageOutcome, 'excluded'> | 'unpriced';
  /** Why it has no price; null if it has one, or needs none. */
  readonly reason: UnpricedReason | null;
  /** null: included at no price of its own, or unpriced. Of `prepaid` the price beyond the blocks. */
  readonly price: AnalysedPrice | null;
  /** Of prepaid time: minutes of a block that a minute of it draws, decimal, by the terms. Absent: one. */
  readonly burn?: string;
}

/** A piece of work without its ticket. */
export interface WorkCell extends TimeToPrice {
  readonly kind: WorkKind;
}

/** Most outcomes of one cell that are told apart by ticket. */
const MAX_OUTCOMES_PER_CELL = 1_000;

/** Asks the rules of a chain what becomes of work, for all tickets at once. */
export class OutcomeFinder {
  private readonly prices = new Map<RateCard, CardPrices>();
  /** True if a cell had more outcomes than are told apart. */
  cutShort = false;

  /** The outcomes in order: of those whose `when` holds for a ticket, the first is the ticket's. The last one always holds. */
  outcomesOf(stretch: ChainStretch, work: WorkCell): readonly AnalysedOutcome[] {
    const outcomes: AnalysedOutcome[] = [];
    this.follow(stretch, 0, work, {}, [], outcomes);
    return outcomes;
  }

  private follow(
    stretch: ChainStretch,
    index: number,
    work: WorkCell,
    when: TicketMatch,
    rules: readonly RuleTaken[],
    outcomes: AnalysedOutcome[],
  ): void {
    const link = stretch.links[index];
    if (link === undefined) {
      outcomes.push(unpriced(when, rules, chainsEnd(stretch)));
      return;
    }
    const earlier: TicketMatch[] = [];
    for (const rule of link.version.terms.coverage) {
      if (!fitsCell(rule.match, work)) continue;
      const asked = ticketMatchOf(rule.match);
      const here = both(when, asked);
      if (here === null || earlier.some((one) => implies(here, one))) continue;
      if (outcomes.length >= MAX_OUTCOMES_PER_CELL) {
        this.cutShort = true;
        break;
      }
      const { contractId } = link.contract;
      const { versionNumber } = link.version;
      const taken = [...rules, { contractId, versionNumber, ruleId: rule.id, outcome: rule.outcome }];
      if (rule.outcome === 'excluded') this.follow(stretch, index + 1, work, here, taken, outcomes);
      else outcomes.push(this.decided(link, work, here, taken, rule));
      if (implies(when, asked)) return;
      earlier.push(here);
    }
    outcomes.push(unpriced(when, rules, 'no-coverage'));
  }

  private decided(
    link: Link,
    work: WorkCell,
    when: TicketMatch,
    rules: readonly RuleTaken[],
    rule: CoverageRule,
  ): AnalysedOutcome {
    const { outcome: as } = rule;
    invariant(as !== 'excluded', () => `rule ${rule.id} excludes the work, so it does not decide`);
    if (as === 'included') {
      const price = incidentOf(link, rule);
      return { when, rules, as, reason: null, price };
    }
    const own = this.price(link, work);
    // One price whatever the minutes is no price of time: an overage by the hour does not replace it.
    const price = (as === 'prepaid' && own?.mode !== 'flat' ? this.overage(link, work) : null) ?? own;
    if (price === null) return unpriced(when, rules, 'no-rate');
    const weight = as === 'prepaid' && work.kind === 'time' ? this.weightOf(link, work) : '1';
    return { when, rules, as, reason: null, price, ...(weight === '1' ? {} : { burn: weight }) };
  }

  private weightOf({ version }: Link, work: WorkCell): string {
    const { prepaid, rateCard } = version.terms;
    if (rateCard.card !== undefined) return '1';
    return burnWeight(prepaid?.burn, work, () => this.cardPrices(rateCard).multiplierOf(work, true)).toFixed();
  }

  private price(link: Link, work: WorkCell): AnalysedPrice | null {
    const { rateCard } = link.version.terms;
    // The caller does not know what that card says.
    if (rateCard.card !== undefined)
      return { rateCardId: rateCard.card, currency: rateCard.currency, mode: 'not-known' };
    const card = this.cardPrices(rateCard);
    switch (work.kind) {
      case 'material':
        return card.materialPrice();
      case 'expense':
        return card.expensePrice();
      case 'time':
        return card.priceOf(work);
      default:
        return unreachable(work.kind);
    }
  }

  /** The price of prepaid time beyond the blocks, where the terms state one of their own. */
  private overage(link: Link, work: WorkCell): AnalysedPrice | null {
    const { prepaid, rateCard } = link.version.terms;
    const pricePerHour = prepaid?.overage?.pricePerHour ?? null;
    if (work.kind !== 'time' || prepaid?.overage === undefined || pricePerHour === null) return null;
    const isKnown = rateCard.card === undefined;
    const multiplier = prepaid.overage.multiplied && isKnown ? this.cardPrices(rateCard).multiplierOf(work, true) : '1';
    return {
      rateCardId: isKnown ? rateCard.id : rateCard.card,
      currency: rateCard.currency,
      mode: 'overage',
      pricePerHour,
      multiplier,
    };
  }

  private cardPrices(card: RateCard): CardPrices {
    let prices = this.prices.get(card);
    if (prices === undefined) this.prices.set(card, (prices = new CardPrices(card)));
    return prices;
  }
}

function incidentOf({ version }: Link, { incident }: CoverageRule): AnalysedPrice | null {
  if (incident === undefined) return null;
  const { rateCard } = version.terms;
  const { price, includedPerPeriod } = incident;
  return {
    rateCardId: rateCard.card ?? rateCard.id,
    currency: rateCard.currency,
    mode: 'incident',
    price,
    ...(includedPerPeriod === undefined ? {} : { includedPerPeriod }),
  };
}

function unpriced(when: TicketMatch, rules: readonly RuleTaken[], reason: UnpricedReason): AnalysedOutcome {
  return { when, rules, as: 'unpriced', reason, price: null };
}

function chainsEnd(stretch: ChainStretch): UnpricedReason {
  if (stretch.equal.length > 0) return 'contracts-match-equally';
  return stretch.links.length > 0 ? 'excluded' : 'no-contract';
}

function fitsCell(match: CoverageMatch, work: WorkCell): boolean {
  return (
    fits(match.kinds, work.kind) &&
    fits(match.workTypes, work.workType) &&
    fits(match.engineerRoles, work.engineerRole) &&
    fits(match.rateClasses, work.rateClass)
  );
}

function fits(wanted: readonly string[] | undefined, actual: string | null): boolean {
  return wanted === undefined || (actual !== null && wanted.includes(actual));
}
