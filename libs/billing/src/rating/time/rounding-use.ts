import { type Minutes, invariant } from '@billtrail/kernel';
import { type Rounding, roundAlike } from './rounding.js';

/** What settled time has used of a scope that it shares with other time: its minutes stand, they are an input. */
export interface RoundingUsed {
  readonly scope: string;
  /** null: the card that rounded it can no longer be asked. */
  readonly rounding: Rounding | null;
  /** What it brought to the scope before minimum and increment. */
  readonly basisMinutes: Minutes;
  readonly billableMinutes: Minutes;
}

interface Tally {
  /** Minutes before minimum and increment. */
  before: Minutes;
  /** Billable minutes that are already given to time. */
  counted: Minutes;
}

interface TallyOfRounding extends Tally {
  readonly rounding: Rounding | null;
}

/** What one scope of minimum and increment holds so far, in all and under each rounding: nearly always there is one. */
export class ScopeUse {
  readonly total: Tally = { before: 0, counted: 0 };
  private readonly byRounding: TallyOfRounding[] = [];

  get isEmpty(): boolean {
    return this.total.before === 0 && this.total.counted === 0;
  }

  /** True where several roundings count in it: what they come to depends on which was asked first. */
  get isMixed(): boolean {
    return this.byRounding.filter(({ before, counted }) => before !== 0 || counted !== 0).length > 1;
  }

  /** Minutes that were worked, and that rounding to the nearest or down took away. */
  get takenAway(): Minutes {
    return this.byRounding.reduce((sum, { rounding, before, counted }) => {
      const isUp = rounding === null || rounding.direction === 'up';
      return isUp ? sum : sum + Math.max(before - counted, 0);
    }, 0);
  }

  add(rounding: Rounding | null, before: Minutes, counted: Minutes): void {
    const ofRounding = this.tallyOf(rounding);
    ofRounding.before += before;
    ofRounding.counted += counted;
    this.total.before += before;
    this.total.counted += counted;
    invariant(this.total.before >= 0, 'more minutes are taken out of a scope of rounding than it holds');
  }

  /** What lies under a rounding, with what may: of settled time whose rounding can't be told. */
  under(rounding: Rounding): Readonly<Tally> {
    const known = this.tallyOf(rounding);
    const untold = this.tallyOf(null);
    return { before: known.before + untold.before, counted: known.counted + untold.counted };
  }

  private tallyOf(rounding: Rounding | null): Tally {
    for (const tally of this.byRounding) if (roundAlike(tally.rounding, rounding)) return tally;
    const tally = { rounding, before: 0, counted: 0 };
    this.byRounding.push(tally);
    return tally;
  }
}

/** What each scope of minimum and increment has used so far: what is settled, then the time of one standing after the other. */
export class RoundingUse {
  private readonly scopes = new Map<string, ScopeUse>();

  add({ scope, rounding, basisMinutes, billableMinutes }: RoundingUsed): void {
    this.of(scope).add(rounding, basisMinutes, billableMinutes);
  }

  takeOut({ scope, rounding, basisMinutes, billableMinutes }: RoundingUsed): void {
    this.of(scope).add(rounding, -basisMinutes, -billableMinutes);
  }

  of(scope: string): ScopeUse {
    let use = this.scopes.get(scope);
    if (use === undefined) this.scopes.set(scope, (use = new ScopeUse()));
    return use;
  }
}
