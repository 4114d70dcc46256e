import type { BlockFacts, ContractFacts, MilestoneFacts } from '@billtrail/billing';
import { reachedMilestones } from '@billtrail/contracts';
import type { ReadDatabase } from '../database/read-database.js';
import { FactsMemory, remember } from './memory.js';
import { CONTRACTS, type ActivatedContract } from './tables.js';

/** Clients whose contracts stay parsed between two ratings: while serving, the same few are rated again and again. */
const MAX_REMEMBERED_CLIENTS = 200;

/** The contracts of clients as rating takes them. */
export class ContractsReader {
  private readonly stored;

  constructor(
    database: ReadDatabase,
    private readonly memory = new FactsMemory(),
  ) {
    this.stored = database.rows(CONTRACTS, 'WHERE client_id = ? ORDER BY contract_id');
  }

  ofClient(clientId: string): readonly ContractFacts[] {
    const known = this.memory.contracts.get(clientId);
    if (known) return known;
    const contracts = this.stored.all(clientId).map(({ state }) => factsOf(state));
    return remember(this.memory.contracts, clientId, contracts, MAX_REMEMBERED_CLIENTS);
  }
}

/** A contract as rating takes it. */
export function factsOf(state: ActivatedContract): ContractFacts {
  const { contractId, clientId, name, priority, versions, versionEvents, daysEvents, suspensions, counts, notice } =
    state;
  const lastDay = state.status === 'terminated' ? state.lastDay : null;
  const blocks = byPurchase(state.blocks);
  const withdrawnBlocks = byPurchase(state.withdrawnBlocks);
  const withdrawn = withdrawnBlocks.length === 0 ? {} : { withdrawnBlocks };
  const noticed = notice === undefined ? {} : { notice };
  const about = { contractId, clientId, name, priority, lastDay, versions, versionEvents, daysEvents, suspensions };
  const reached = reachedMilestones(state) as readonly MilestoneFacts[];
  const milestones = reached.length === 0 ? {} : { milestones: reached };
  const released = state.status === 'terminated' && state.releasesCommitments ? { releasesCommitments: true } : {};
  return { ...about, ...released, blocks, ...withdrawn, counts, ...milestones, ...noticed };
}

function byPurchase(blocks: readonly BlockFacts[]): readonly BlockFacts[] {
  return blocks.toSorted((one, other) =>
    `${one.purchasedOn} ${one.blockId}` < `${other.purchasedOn} ${other.blockId}` ? -1 : 1,
  );
}
