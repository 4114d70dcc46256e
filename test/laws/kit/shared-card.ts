import { type ContractTerms, type RateCard, type TermsInForce, speltOut } from '@billtrail/contracts';
import type { BillingConfiguration } from '@billtrail/billing';
import type { ModelWork } from './model.js';

/**
 * Terms with the prices of the card that they name, read a second time: of the versions that begin by the day the latest, of those with one first day the
 * last one written. The terms of these histories have labour and a minimum of their own, nothing else. `pricedBy`: the version that priced it then.
 * undefined: the day of the work depends on its zone.
 */
export function pricesOf(
  terms: ContractTerms,
  { rateCards = {} }: BillingConfiguration,
  work: ModelWork,
  pricedBy?: number,
): TermsInForce | undefined {
  const named = terms.rateCard;
  if (named.card === undefined) return speltOut(terms);
  const card = rateCards[named.card];
  if (card === undefined || (pricedBy === undefined && work.kind === 'time' && work.facts.startedAt !== null))
    return undefined;
  const begun = card.versions.filter(({ from }) => from <= work.facts.workDate);
  const first = begun
    .map(({ from }) => from)
    .sort()
    .at(-1);
  const version = pricedBy === undefined ? begun.findLast(({ from }) => from === first) : card.versions[pricedBy - 1];
  if (version === undefined) return undefined;
  const isOwn = ({ workType, engineerRole }: RateCard['labour'][number]): boolean =>
    (named.labour ?? []).some((own) => own.workType === workType && own.engineerRole === engineerRole);
  const labour = [...version.labour.filter((one) => !isOwn(one)), ...(named.labour ?? [])];
  const { minimumMinutes = version.minimumMinutes } = named;
  const rateCard = { ...version, id: named.card, name: card.name, currency: card.currency, labour, minimumMinutes };
  return { ...terms, rateCard };
}
