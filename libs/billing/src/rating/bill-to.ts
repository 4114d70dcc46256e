import type { LocalDate } from '@billtrail/kernel';
import { type ContractTerms, type ContractVersion, type Site, siteDetailsOn } from '@billtrail/contracts';

/** What says who receives and pays for what a client is served. */
export interface BillToStated {
  /** The client served. */
  readonly clientId: string;
  /** Of that client. null: it receives its own documents. */
  readonly billTo: string | null;
  readonly contracts: readonly {
    readonly contractId: string;
    readonly versions: readonly {
      readonly versionNumber: ContractVersion['versionNumber'];
      readonly terms: Pick<ContractTerms, 'billTo'>;
    }[];
  }[];
  readonly sites: readonly Site[];
}

/** What a version of a contract prices, and where. */
export interface PricedAtSite {
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  /** null: at no site. */
  readonly siteId: string | null;
  readonly on: LocalDate;
}

/** Who receives and pays for it: as the version says that prices it, else its site on the day, else the client. */
export function billToOf(
  { clientId, billTo, contracts, sites }: BillToStated,
  { contractId, contractVersion, siteId, on }: PricedAtSite,
): string {
  const version = contracts
    .find((one) => one.contractId === contractId)
    ?.versions.find(({ versionNumber }) => versionNumber === contractVersion);
  const site = siteId === null ? undefined : sites.find((at) => at.siteId === siteId);
  const ofSite = site === undefined ? null : siteDetailsOn(site, () => on);
  return version?.terms.billTo ?? ofSite?.billTo ?? billTo ?? clientId;
}
