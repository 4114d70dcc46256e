import { monthOf, refuse, Money, type LocalDate, type MoneyJson, type Month, type Refusal } from '@billtrail/kernel';
import { whatIf, type CarriedOver, type Supposed } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { recordedContract } from '../commands/contract-streams.js';

/** What a version would have changed on documents from before it was published. */
export interface BackDating {
  readonly contractId: string;
  readonly clientId: string;
  readonly versionNumber: number;
  readonly effectiveFrom: LocalDate;
  /** Only periods in which something frozen would be different. */
  readonly periods: readonly ({ readonly period: Month } & Pick<Supposed, 'differences' | 'totals' | 'net'>)[];
  /** What the client would have been invoiced in total, less what was invoiced. */
  readonly net: MoneyJson | null;
}

/**
 * A version may be back-dated: what is not frozen is rated again, and what is frozen stays. This shows what it would have changed on
 * documents, period by period, for a person to credit or leave. `versionNumber` absent: the version published last.
 * Refuses: ContractNotFound, VersionNotFound.
 */
export async function backDatingOf(
  ports: CommandPorts,
  { contractId, versionNumber }: { readonly contractId: string; readonly versionNumber?: number | undefined },
): Promise<BackDating | Refusal> {
  const contract = await recordedContract(ports.store, contractId);
  if (contract.status === 'unknown')
    return refuse('ContractNotFound', `No contract with id ${contractId}.`, 'Check the id.', { contractId });
  const version =
    versionNumber === undefined
      ? contract.versions.at(-1)
      : contract.versions.find((one) => one.versionNumber === versionNumber);
  if (version === undefined) {
    const details = { contractId, versionNumber, versions: contract.versions.length };
    return refuse(
      'VersionNotFound',
      `Contract ${contractId} has no version ${versionNumber ?? ''}.`,
      `Use 1 to ${contract.versions.length}.`,
      details,
    );
  }
  const { clientId } = contract;
  await ports.upToDate({ clientId });
  const { effectiveFrom, effectiveTo } = version;
  const periods = await periodsOf(ports, clientId, effectiveFrom, effectiveTo);
  const net = periods.map((one) => Money.from(one.net)).reduce<Money | null>((sum, one) => sum?.plus(one) ?? one, null);
  return {
    contractId,
    clientId,
    versionNumber: version.versionNumber,
    effectiveFrom,
    periods,
    net: net?.toJSON() ?? null,
  };
}

async function periodsOf(
  { models }: CommandPorts,
  clientId: string,
  from: LocalDate,
  to: LocalDate | null,
): Promise<BackDating['periods']> {
  // A month that is not known might be one of them.
  models.rated.check({ clientId });
  const found: BackDating['periods'][number][] = [];
  // The next period starts with what the version would have left of blocks, allotments and caps.
  let carriedOver: CarriedOver | undefined;
  for (const { period } of await models.billableItems.periods({ clientId })) {
    if (period < monthOf(from) || (to !== null && period > monthOf(to))) continue;
    const facts = await models.billableItems.periodFacts(clientId, period);
    // The facts already have the contract with this version: the supposition is that nothing was frozen when it was published.
    const { result, differences, totals, net } = whatIf(facts, { contract: null }, { thaw: true, carriedOver });
    carriedOver = result.carriedOver;
    const isFrozen = facts.invoiced.length > 0 || (facts.invoicedCharges ?? []).length > 0;
    if (isFrozen && differences.length > 0) found.push({ period, differences, totals, net });
  }
  return found;
}
