import { Money, minorUnitDigits } from '@billtrail/kernel';
import type { WhatIfAnswer } from '@billtrail/application';

/** A what-if that promises a minor unit more in all than its items. */
export function aCentMore(answer: WhatIfAnswer): WhatIfAnswer {
  const { after } = answer.totals;
  const unit = Money.of(`${10 ** -minorUnitDigits(after.currency)}`, after.currency);
  return { ...answer, totals: { ...answer.totals, after: Money.from(after).plus(unit).toJSON() } };
}

/** A what-if that keeps back one of its differences. */
export function forgotten(answer: WhatIfAnswer): WhatIfAnswer {
  return { ...answer, differences: answer.differences.slice(1) };
}
