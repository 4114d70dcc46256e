import type { Month } from '@billtrail/kernel';
import { effectOnCharge, effectOnLine } from '../account/credit-effect.js';
import type { ClientPeriodFacts, ElsewhereSettled } from '../client-period.js';
import type { CreditNoteLinesAdded } from '../events.js';
import { forgivenOf } from '../settled/credited.js';

/** The lines of a credit note that was decided and is not issued, and the account that they are of. */
export interface SupposedCredit extends Pick<CreditNoteLinesAdded['data'], 'lines' | 'charges'> {
  readonly clientId: string;
  readonly period: Month;
  readonly invoiceId: string;
}

/** What an account holds of work. */
type HoldsWork = Pick<ElsewhereSettled, 'invoiced' | 'writtenOff' | 'creditedWork'>;

/**
 * The client-periods as they would be if the note gave free what it bills again, to be rated as of now. What it writes off stays as it is: whoever writes off says so
 * themselves. What notes before it gave back of a line stays forgone.
 */
export function billedAgain(
  periods: readonly ClientPeriodFacts[],
  credit: SupposedCredit,
): readonly ClientPeriodFacts[] {
  const { clientId, period, invoiceId } = credit;
  const freed = credit.lines.filter((one) => effectOnLine(one) === 'freed').map(({ line }) => line);
  const items = new Set(freed.map(({ itemId }) => itemId));
  const charges = credit.charges.filter((one) => effectOnCharge(one) === 'freed').map(({ charge }) => charge);
  const chargeItems = new Set(charges.map(({ chargeItemId }) => chargeItemId));
  const chargeIds = new Set(charges.map(({ chargeId }) => chargeId));

  const without = (account: HoldsWork): HoldsWork => {
    const isFreed = (one: HoldsWork['invoiced'][number]): boolean =>
      one.invoiceId === invoiceId && items.has(one.line.itemId);
    const forgiven = account.invoiced.filter(isFreed).flatMap(({ line, credited, creditNoteId }) => {
      return credited === undefined || creditNoteId === undefined
        ? []
        : [{ ...forgivenOf(line, credited), creditNoteId }];
    });
    return {
      invoiced: account.invoiced.filter((one) => !isFreed(one)),
      writtenOff: [...account.writtenOff, ...forgiven],
      creditedWork: new Set([...(account.creditedWork ?? []), ...freed.map(({ workItemId }) => workItemId)]),
    };
  };
  const withoutAsked = ({ incidents }: ClientPeriodFacts): Pick<ClientPeriodFacts, 'incidents'> => {
    if (incidents === undefined) return {};
    const settled = incidents.settled.filter((one) => one.period !== period || !items.has(one.itemId));
    const asked = incidents.asked.filter((one) => one.period !== period || !chargeIds.has(one.chargeId));
    return { incidents: { ...incidents, settled, asked } };
  };
  return periods.map((facts) => {
    if (facts.clientId !== clientId) return facts;
    const { elsewhere = [], invoicedCharges = [] } = facts;
    if (facts.period !== period)
      return {
        ...facts,
        ...withoutAsked(facts),
        elsewhere: elsewhere.map((one) => (one.period === period ? { ...one, ...without(one) } : one)),
      };
    const left = invoicedCharges.filter(
      ({ charge, invoiceId: of }) => of !== invoiceId || !chargeItems.has(charge.chargeItemId),
    );
    return { ...facts, ...withoutAsked(facts), ...without(facts), invoicedCharges: left };
  });
}
