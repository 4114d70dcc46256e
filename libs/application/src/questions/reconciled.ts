import type { LocalDate } from '@billtrail/kernel';
import type { UnusedLicences } from '@billtrail/billing';
import type { EndingContract, Reconciliation } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';

type Scope = NonNullable<Parameters<CommandPorts['models']['reconciliation']['of']>[1]>;

/** A reconciliation, and the contracts whose charges may stop. */
export interface Reconciled extends Reconciliation {
  /** Near or past the end of their term, with what follows. Absent: none, or one ticket or month is asked for. */
  readonly contractsEnding?: readonly EndingContract[];
  /** Committed to, and not used on the day. Absent: none, or one ticket or month is asked for. */
  readonly unusedLicences?: readonly UnusedLicences[];
}

/** Whether all work and charges of a scope are accounted for on a day, and which contracts end. */
export async function reconciled({ models }: CommandPorts, asOf: LocalDate, scope: Scope = {}): Promise<Reconciled> {
  const reconciliation = await models.reconciliation.of(asOf, scope);
  const { clientId, period, ticketId } = scope;
  if (period !== undefined || ticketId !== undefined || clientId === null) return reconciliation;
  const contractsEnding = await models.contractTerms.endingOn(asOf, clientId);
  const unusedLicences = await models.contractTerms.unusedLicences(asOf, clientId);
  return {
    ...reconciliation,
    ...(contractsEnding.length === 0 ? {} : { contractsEnding }),
    ...(unusedLicences.length === 0 ? {} : { unusedLicences }),
  };
}
