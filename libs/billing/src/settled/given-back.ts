import { Decimal, Money } from '@billtrail/kernel';
import type { Holding } from './holding.js';

/** What is said of money that was given back before: it is no part of the difference. */
export function standsText(givenBack: Holding | null, now: Decimal): string {
  if (givenBack === null || givenBack.currency === null) return '';
  const whole = Money.of(givenBack.net, givenBack.currency);
  if (now.gte(givenBack.net)) return `; ${whole.toString()} that was given back before stays forgone`;
  const left = Money.of(Decimal.max(0, now), givenBack.currency);
  return `; of ${whole.toString()} that was given back before ${left.toString()} stays forgone`;
}
