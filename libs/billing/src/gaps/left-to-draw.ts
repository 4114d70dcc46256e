import { Decimal } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { PrepaidStock } from '../rating/prepaid/prepaid-stock.js';
import { type Supply, available } from '../rating/prepaid/supply.js';

const NOTHING = new Decimal(0);

/** Minutes of blocks and allotments that settled work could still draw: what all that is rated leaves of them, and what other settled work needs no more. */
export class LeftToDraw {
  private readonly taken = new Map<Supply, Decimal>();
  private readonly givenBack = new Map<string, Decimal>();

  constructor(private readonly stock: Pick<PrepaidStock, 'of'>) {}

  giveBack(contractId: string, minutes: Decimal): void {
    this.givenBack.set(contractId, (this.givenBack.get(contractId) ?? NOTHING).plus(minutes));
  }

  /** What of these minutes there is, which is there for nothing else from now on. */
  take(contractId: string, minutes: Decimal, { contractDate, date }: Pick<Assessed, 'contractDate' | 'date'>): Decimal {
    const back = Decimal.min(this.givenBack.get(contractId) ?? NOTHING, minutes);
    this.giveBack(contractId, back.negated());
    let found = back;
    for (const supply of this.stock.of(contractId)) {
      const day = supply.source.from === 'block' ? contractDate : date;
      const isGood = supply.firstDay <= day && (supply.lastDay === null || supply.lastDay >= day);
      if (supply.currency !== null || !isGood) continue;
      const before = this.taken.get(supply) ?? NOTHING;
      const free = Decimal.max(available(supply).minus(before), 0);
      const more = Decimal.min(free, minutes.minus(found));
      this.taken.set(supply, before.plus(more));
      found = found.plus(more);
    }
    return found;
  }
}
