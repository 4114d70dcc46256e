import type { ContractTerms } from '@billtrail/contracts';
import { CARE, RETAINER } from './managed.js';
import { PROJECT_TERMS, TERMS, inCurrency } from './time-and-materials.js';

export interface Party {
  readonly clientId: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly taxExemption: string | null;
  readonly invoices?: 'by-contract' | 'by-site';
  readonly contracts: readonly {
    readonly contractId: string;
    readonly priority: number;
    readonly terms: ContractTerms;
  }[];
}

export const PARTIES: readonly Party[] = [
  {
    clientId: 'bluegum-dental',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
    taxExemption: null,
    contracts: [
      { contractId: 'bluegum-support', priority: 10, terms: TERMS[0]! },
      { contractId: 'bluegum-projects', priority: 20, terms: PROJECT_TERMS },
    ],
  },
  {
    clientId: 'kobe-marine',
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    taxExemption: 'export of services',
    contracts: [{ contractId: 'kobe-support', priority: 10, terms: inCurrency(TERMS[1]!, 'JPY') }],
  },
  {
    clientId: 'harbour-legal',
    currency: 'AUD',
    timeZone: 'America/Los_Angeles',
    taxExemption: null,
    invoices: 'by-contract',
    contracts: [
      { contractId: 'harbour-a', priority: 10, terms: TERMS[3]! },
      { contractId: 'harbour-b', priority: 20, terms: TERMS[4]! },
    ],
  },
  {
    clientId: 'redgum-council',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
    taxExemption: null,
    contracts: [{ contractId: 'redgum-care', priority: 10, terms: CARE[0]! }],
  },
  {
    clientId: 'wattle-schools',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
    taxExemption: null,
    invoices: 'by-site',
    contracts: [{ contractId: 'wattle-retainer', priority: 10, terms: RETAINER[0]! }],
  },
  { clientId: 'new-client', currency: 'AUD', timeZone: 'Australia/Perth', taxExemption: null, contracts: [] },
];

/** A client that pays for another: now and then itself, or nobody in particular. Clients of other currencies are refused, and so is a chain. */
export function payerOf({ clientId }: Pick<Party, 'clientId'>, number: number): string | null {
  const payers = ['new-client', null, clientId, 'harbour-legal', null] as const;
  return payers[number % payers.length] ?? null;
}

/** Most tickets are of the two clients whose accounts are to fill. */
export const CLIENT_IDS = [
  'bluegum-dental',
  'redgum-council',
  'bluegum-dental',
  'redgum-council',
  'wattle-schools',
  'bluegum-dental',
  'redgum-council',
  'kobe-marine',
  'harbour-legal',
  'new-client',
] as const;

/** A contract that every history begins with. */
export interface KnownContract {
  readonly contractId: string;
  readonly clientId: string;
  readonly currency: string;
  /** The terms that its versions may have: those of a managed contract all charge the same fees. */
  readonly variants: readonly ContractTerms[];
}

export const CONTRACTS: readonly KnownContract[] = PARTIES.flatMap(({ clientId, currency, contracts }) =>
  contracts.map(({ contractId, terms }) => ({
    contractId,
    clientId,
    currency,
    variants: [CARE, RETAINER].find((managed) => managed.includes(terms)) ?? TERMS,
  })),
);
