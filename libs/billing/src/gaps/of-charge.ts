import { type LocalDate, Money, type MoneyJson, addDays, compareTexts } from '@billtrail/kernel';
import type { ChargeItem } from '../item/charge-item.js';
import type { LackingCharge } from '../rating/charges/charge-ledger.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { EndsGap } from '../rating/charges/ends-by.js';
import type { DerivedGap } from '../rating/facts.js';

/**
 * Gap `contract-mismatch`: a charge that no issued invoice of the account carries, or a count, rate or currency that a charge needs and nobody
 * stated. It has no ticket and no work item, but a contract and its charge. In the order of the charges.
 */
export function gapsOfCharges(
  charges: readonly ChargeItem[],
  lacking: readonly LackingCharge[],
  facts: ClientPeriodFacts,
): readonly DerivedGap[] {
  const { invoiced, claimed, invoicedCharges = [] } = facts;
  const hasDocument = invoiced.length > 0 || claimed.size > 0 || invoicedCharges.length > 0;
  const gaps = lacking.map(({ chargeId, contractId, cause, value, sourceEventIds, dueOn = null, endsBy }) =>
    gapOf(facts, chargeId, contractId, { cause, value, sourceEventIds, dueOn, ...(endsBy && { endsBy }) }),
  );
  for (const charge of charges) {
    if (charge.disposition !== 'invoiced' && !Money.from(charge.net).isZero())
      gaps.push(notInvoiced(charge, hasDocument, facts));
  }
  return gaps.sort((a, b) => compareTexts(a.charge.chargeId, b.charge.chargeId));
}

/** A document of the account that lacks the charge is wrong at once; without one the charge has the delay that work has. */
function notInvoiced(charge: ChargeItem, hasDocument: boolean, facts: ClientPeriodFacts): GapOfCharge {
  const isMissed = hasDocument && charge.disposition === 'billable';
  const named = `${charge.description} (${charge.chargeItemId})`;
  return gapOf(facts, charge.chargeItemId, charge.contractId, {
    cause: isMissed ? `${named} is on no draft or invoice of the period` : `${named} is on no issued invoice`,
    value: charge.net,
    sourceEventIds: charge.sourceEventIds,
    dueOn: isMissed ? charge.billableFrom : addDays(charge.billableFrom, facts.configuration.unbilledAfterDays),
  });
}

type GapOfCharge = DerivedGap & Required<Pick<DerivedGap, 'charge'>>;

interface Story {
  readonly cause: string;
  readonly value: MoneyJson | null;
  readonly sourceEventIds: readonly string[];
  readonly dueOn: LocalDate | null;
  readonly endsBy?: EndsGap;
}

function gapOf(
  { clientId, period }: ClientPeriodFacts,
  chargeId: string,
  contractId: string,
  { value, ...story }: Story,
): GapOfCharge {
  return {
    kind: 'contract-mismatch',
    ticketId: null,
    clientId,
    period,
    workItemId: null,
    valueAtRisk: { money: value, minutes: null },
    ...story,
    charge: { contractId, chargeId },
  };
}
