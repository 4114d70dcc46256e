import { storedPersonEvents } from '@billtrail/kernel';
import { storedBillingEvents } from '@billtrail/billing';
import { storedContractEvents } from '@billtrail/contracts';
import { StoredNames } from '@billtrail/event-store';
import { storedTicketEvents } from '@billtrail/ticketing';
import { storedAccessEvents } from '@billtrail/vault';
import { storedBulkJobEvents } from './bulk/bulk-job.js';
import { storedClockEvents } from './clock-events.js';
import { storedDelegationEvents } from './deciding/delegations.js';

/** Every event that this version of Billtrail can write and read. */
export const storedNames = new StoredNames(
  storedTicketEvents,
  storedContractEvents,
  storedBillingEvents,
  storedAccessEvents,
  storedPersonEvents,
  storedClockEvents,
  storedBulkJobEvents,
  storedDelegationEvents,
);
