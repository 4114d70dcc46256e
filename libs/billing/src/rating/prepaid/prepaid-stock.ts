import {
  addDays,
  type Decimal,
  type LocalDate,
  Money,
  compareTexts,
  daysOf,
  invariant,
  monthsLater,
} from '@billtrail/kernel';
import { type Burn, type PrepaidAmount, amountOf, periodsRolledOver, returnedOf } from '@billtrail/contracts';
import type { Draw, PrepaidSource } from '../../item/draw.js';
import { MAX_DAYS_AHEAD, type ContractFacts, type PeriodFacts } from '../facts.js';
import { grantsOf } from './grants.js';
import { BlocksDue } from './blocks-due.js';
import { currencyOf, prepaidAmount, prepaidKey, unitKey } from './prepaid-amount.js';
import type { CarriedOver, Lapse } from './prepaid-facts.js';
import { type KnownBase, rolledInto } from './roll-over.js';
import { NOTHING, type Supply, inDrawingOrder } from './supply.js';

/** What a period's work may draw on: blocks and allotments of every contract of the client, with what is left in each. */
export class PrepaidStock {
  private readonly byContract = new Map<string, readonly Supply[]>();
  /** What of unused bases lapsed when the period began, above what the terms let go on. */
  readonly lapses: readonly Lapse[];
  /** Contracts whose blocks run out, where their terms renew them. */
  readonly due = new BlocksDue();
  private readonly burnsOfWithdrawn = new Map<string, Burn>();

  /** `frozen`: what is settled in the period; it was taken before. */
  constructor(facts: PeriodFacts, frozen: readonly Draw[]) {
    const opening = new Opening(facts, frozen);
    for (const contract of facts.contracts) {
      if (contract.clientId !== facts.clientId) continue;
      const supplies = [...opening.blocksOf(contract), ...opening.allotmentsOf(contract)].sort(inDrawingOrder);
      if (supplies.length > 0) this.byContract.set(contract.contractId, supplies);
      const { contractId } = contract;
      for (const { blockId, burn } of contract.withdrawnBlocks ?? [])
        if (burn !== undefined) this.burnsOfWithdrawn.set(prepaidKey({ from: 'block', contractId, blockId }), burn);
      this.lapses = opening.lapses;
    }
  }

  /** In the order in which work draws on them: earliest expiry (none last), then earliest purchase, then id. */
  of(contractId: string): readonly Supply[] {
    return this.byContract.get(contractId) ?? [];
  }

  /** null: it was withdrawn, is of no day of the period, or holds another unit now (an allotment may; a block never does). */
  find({ key, currency }: Pick<Supply, 'key' | 'currency'>): Supply | null {
    for (const supplies of this.byContract.values())
      for (const supply of supplies) if (supply.key === key) return supply.currency === currency ? supply : null;
    return null;
  }

  /** How a block that was withdrawn burnt, where it said so itself. */
  burnOfWithdrawn(key: string): Burn | undefined {
    return this.burnsOfWithdrawn.get(key);
  }

  /** A frozen draw is given back: first it makes up for what frozen draws took too much. */
  giveBack({ key, currency, left: amount }: Pick<Supply, 'key' | 'currency' | 'left'>): void {
    const supply = this.find({ key, currency });
    if (supply === null) return;
    invariant(supply.left.isZero() || supply.short.isZero(), 'a block holds something, and yet was over-drawn');
    const left = supply.left.minus(supply.short).plus(amount);
    supply.left = left.isNegative() ? NOTHING : left;
    supply.short = left.isNegative() ? left.negated() : NOTHING;
  }

  /** What is carried over to the next period, sorted. Draws of later periods are still to come there, so they are not taken off. */
  balances(): CarriedOver['balances'] {
    return [...this.byContract.values()]
      .flat()
      .filter(({ isCarriedOver, ahead, left }) => isCarriedOver && (ahead === null || !left.equals(ahead)))
      .sort((a, b) => compareTexts(a.key, b.key))
      .map(({ source, left, currency }) => ({ source, left: prepaidAmount(left, currency) }));
  }
}

/** What is in each block and allotment before the work of the period that is not frozen. */
class Opening {
  private readonly carried: ReadonlyMap<string, PrepaidAmount>;
  private readonly frozen: ReadonlyMap<string, Decimal>;
  private readonly later: ReadonlyMap<string, Decimal>;
  private readonly first: LocalDate;
  private readonly last: LocalDate;
  readonly lapses: Lapse[] = [];

  constructor(
    private readonly facts: PeriodFacts,
    frozen: readonly Draw[],
  ) {
    ({ first: this.first, last: this.last } = daysOf(facts.period));
    this.carried = new Map((facts.carriedOver?.balances ?? []).map((one) => [prepaidKey(one.source), one.left]));
    this.frozen = sumsOf(frozen);
    this.later = sumsOf(facts.laterDraws ?? []);
  }

  blocksOf(contract: ContractFacts): readonly Supply[] {
    // Where the contract is in another zone than the work, its day may be a later one.
    const lastThere = addDays(this.last, MAX_DAYS_AHEAD);
    const bought = (contract.blocks ?? []).filter((block) => block.purchasedOn <= lastThere);
    return bought.map((block) => {
      const source: PrepaidSource = { from: 'block', contractId: contract.contractId, blockId: block.blockId };
      const kept = amountOf(block.amount).minus(returnedOf(block));
      return this.supply(source, prepaidAmount(kept, currencyOf(block.amount)), {
        name: `block ${block.blockId}`,
        firstDay: block.purchasedOn,
        lastDay: block.expiresOn,
        expiresOn: block.expiresOn,
        purchasedOn: block.purchasedOn,
        isCarriedOver: true,
        ahead: block.purchasedOn > this.last ? amountOf(block.amount) : null,
        ...(block.burn === undefined ? {} : { burn: block.burn }),
      });
    });
  }

  /** The base of this month, and what rolled over from the months before. */
  allotmentsOf(contract: ContractFacts): readonly Supply[] {
    const { contractId } = contract;
    const supplies: Supply[] = [];
    for (const { allotment, from, to, proratedBy } of grantsOf(contract, this.facts.period)) {
      const lives = periodsRolledOver(allotment);
      const source: PrepaidSource = {
        from: 'allotment',
        contractId,
        allotmentId: allotment.id,
        month: this.facts.period,
      };
      supplies.push(
        this.supply(source, allotment.base, {
          name: `allotment ${allotment.id} of ${this.facts.period}${partOf(proratedBy)}`,
          firstDay: from,
          lastDay: to,
          expiresOn: lives > 0 ? daysOf(monthsLater(this.facts.period, lives)).last : this.last,
          purchasedOn: this.first,
          isCarriedOver: lives > 0,
          ahead: null,
        }),
      );
    }
    // Before the first period of a client there is nothing to roll over.
    return this.facts.carriedOver === undefined ? supplies : [...supplies, ...this.rolledOver(contract)];
  }

  private rolledOver(contract: ContractFacts): readonly Supply[] {
    const known = (source: PrepaidSource): KnownBase => ({
      carried: this.carried.get(prepaidKey(source)),
      settled: (amount) => this.settledOf(source, amount),
    });
    return rolledInto(contract, this.facts.period, known).map(({ month, grant, source, left, lapsed, goesOn }) => {
      const { allotment, proratedBy } = grant;
      if (!lapsed.isZero()) this.lapses.push({ source, amount: prepaidAmount(lapsed, currencyOf(left)) });
      const above = lapsed.isZero() ? '' : `, ${inWords(lapsed, left)} of it lapsed above the limit`;
      return this.supply(source, allotment.base, {
        opening: left,
        name: `allotment ${allotment.id} rolled over from ${month}${partOf(proratedBy)}${above}`,
        firstDay: this.first,
        lastDay: this.last,
        expiresOn: daysOf(monthsLater(month, periodsRolledOver(allotment))).last,
        purchasedOn: daysOf(month).first,
        isCarriedOver: goesOn,
        ahead: null,
      });
    });
  }

  /** What settled work of this period and of later ones drew. */
  private settledOf(source: PrepaidSource, amount: PrepaidAmount): Decimal {
    const key = unitKey(source, amount);
    return (this.frozen.get(key) ?? NOTHING).plus(this.later.get(key) ?? NOTHING);
  }

  private supply(
    source: PrepaidSource,
    whole: PrepaidAmount,
    about: Omit<Supply, 'source' | 'key' | 'currency' | 'left' | 'short' | 'heldForLater' | 'skipReasons'> & {
      readonly opening?: PrepaidAmount;
    },
  ): Supply {
    const key = prepaidKey(source);
    const opening = about.opening ?? this.carried.get(key) ?? whole;
    const currency = currencyOf(opening);
    const left = amountOf(opening).minus(this.frozen.get(unitKey(source, opening)) ?? NOTHING);
    return {
      source,
      key,
      name: about.name,
      currency,
      firstDay: about.firstDay,
      lastDay: about.lastDay,
      expiresOn: about.expiresOn,
      purchasedOn: about.purchasedOn,
      isCarriedOver: about.isCarriedOver,
      ahead: about.ahead,
      ...(about.burn === undefined ? {} : { burn: about.burn }),
      left: left.isNegative() ? NOTHING : left,
      short: left.isNegative() ? left.negated() : NOTHING,
      heldForLater: this.later.get(unitKey(source, opening)) ?? NOTHING,
      skipReasons: new Map(),
    };
  }
}

function inWords(amount: Decimal, like: PrepaidAmount): string {
  const currency = currencyOf(like);
  return currency === null ? `${amount.toFixed()} min` : Money.of(amount, currency).toString();
}

function partOf(proratedBy: string | undefined): string {
  return proratedBy === undefined ? '' : `, a part by ${proratedBy}`;
}

function sumsOf(draws: readonly Draw[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { source, amount } of draws) {
    const key = unitKey(source, amount);
    sums.set(key, (sums.get(key) ?? NOTHING).plus(amountOf(amount)));
  }
  return sums;
}
