import { invariant } from '@billtrail/kernel';
import type { Allotment } from './terms/prepaid.js';

/** For how many periods after its own the unused base of an allotment can be drawn. 0: it does not roll over. */
export function periodsRolledOver({ rollOver, rollOverPeriods }: Allotment): number {
  if (rollOver === 'none') return 0;
  if (rollOver === 'one-period') return 1;
  invariant(rollOverPeriods !== undefined, 'a base that rolls over for periods states how many');
  return rollOverPeriods;
}
