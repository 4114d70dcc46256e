import { type Instant, type LocalDate, type TimeZone, addDays, localDateIn } from '@billtrail/kernel';
import type { BillingConfiguration } from '../events.js';
import type { ChargeItem, FrozenCharge } from '../item/charge-item.js';
import type { ContractFacts } from '../rating/facts.js';
import { NO_DETAILS } from '../item/frozen-item.js';
import { partsOfCharge } from './line-parts.js';
import { type LineDifference, asShown, changedFields, comparedHere, creditOfEarlier, goneLine, isOn } from './lines.js';

/** When a draft is made, and where: a contract's charges are due by the days of its zone. */
export interface DraftedAt {
  readonly at: Instant;
  readonly contracts: readonly Pick<ContractFacts, 'contractId' | 'versions'>[];
  /** Zone of contracts that state none. */
  readonly clientTimeZone: TimeZone;
  readonly configuration: Pick<BillingConfiguration, 'chargeLeadDays'>;
}

/** The charges that a draft may take: on no draft yet, and due for billing; with the id of a draft also those that it has already. */
export function draftableCharges(
  charges: readonly ChargeItem[],
  drafted: DraftedAt,
  invoiceId: string | null = null,
): readonly ChargeItem[] {
  return charges.filter(
    (charge) =>
      (charge.disposition === 'billable' &&
        !isForNoteAlone(charge) &&
        draftableFrom(charge, drafted.configuration) <= todayOf(charge, drafted)) ||
      isOn(charge, invoiceId),
  );
}

/** True of what is left over of a service credit: no tax category of the month has room for it, so a credit note of no invoice gives it. */
export function isForNoteAlone({ basis }: Pick<ChargeItem, 'basis'>): boolean {
  return basis.credit?.isLeftOver === true;
}

/** First day on which a draft may take a charge: recurring charges in advance, and fees that are charged once, so many days earlier as the organisation's lead time says. */
export function draftableFrom(
  { kind, from, billableFrom }: Pick<ChargeItem, 'kind' | 'from' | 'billableFrom'>,
  { chargeLeadDays = 0 }: Pick<BillingConfiguration, 'chargeLeadDays'>,
): LocalDate {
  const isInAdvance = (kind === 'recurring' || kind === 'one-time') && billableFrom <= from;
  return isInAdvance ? addDays(billableFrom, -chargeLeadDays) : billableFrom;
}

/** The days on which charges may first be asked for, as far as a document's day of issue goes by them: their first days, less the lead time. */
export function daysOfCharges(
  charges: readonly Pick<ChargeItem, 'kind' | 'from'>[],
  configuration: Pick<BillingConfiguration, 'chargeLeadDays'>,
): readonly LocalDate[] {
  return charges.map(({ kind, from }) => draftableFrom({ kind, from, billableFrom: from }, configuration));
}

/** The day of a draft in the zone of the contract version that makes the charge. */
function todayOf({ contractId, contractVersion }: ChargeItem, { at, contracts, clientTimeZone }: DraftedAt): LocalDate {
  const contract = contracts.find((one) => one.contractId === contractId);
  const version = contract?.versions.find(({ versionNumber }) => versionNumber === contractVersion);
  return localDateIn(version?.terms.timeZone ?? clientTimeZone, at);
}

/** What of a charge is frozen when a document takes it. */
export function frozenChargeOf(charge: ChargeItem): FrozenCharge {
  const {
    clientId: _clientId,
    period: _period,
    disposition: _is,
    invoiceId: _on,
    billableFrom: _from,
    credited: _credited,
    creditNoteId: _by,
    ...frozen
  } = charge;
  const creditOf = creditOfEarlier(charge.basis.before, charge.net);
  return { ...frozen, ...NO_DETAILS, parts: partsOfCharge(charge), creditOf };
}

const COMPARED = comparedHere<FrozenCharge>({
  chargeItemId: 'here',
  chargeId: 'here',
  kind: 'here',
  description: 'here',
  from: 'here',
  to: 'here',
  quantity: 'here',
  unit: 'here',
  unitPrice: 'here',
  net: 'here',
  taxCategory: 'here',
  contractId: 'here',
  contractVersion: 'here',
  ticketId: 'here',
  sourceEventIds: 'here',
  parts: 'here',
  creditOf: 'here',
  taxes: 'the tax of the document',
  billTo: 'its recipient',
  servedClientId: 'its recipient',
  siteId: 'its site',
  purchaseOrder: 'the contract version',
  estimateId: 'the contract version',
  // On no document: why it is so.
  basis: null,
  trace: null,
});

/** Every charge of a draft that is not what rating makes of it now. Empty: the draft is fresh. */
export function staleCharges(
  drafted: readonly FrozenCharge[],
  charges: readonly ChargeItem[],
  invoiceId: string,
): readonly LineDifference[] {
  const now = new Map(charges.map((charge) => [charge.chargeItemId, charge]));
  return drafted.flatMap((charge): readonly LineDifference[] => {
    const present = now.get(charge.chargeItemId);
    const isHeldElsewhere =
      present?.disposition === 'invoiced' || (present?.disposition === 'claimed' && present.invoiceId !== invoiceId);
    if (present === undefined || isHeldElsewhere)
      return [goneLine(charge.chargeItemId, present?.disposition ?? 'absent')];
    const fields = changedFields(COMPARED, charge, asShown(charge, frozenChargeOf(present)));
    return Object.keys(fields).length === 0 ? [] : [{ itemId: charge.chargeItemId, difference: 'changed', fields }];
  });
}
