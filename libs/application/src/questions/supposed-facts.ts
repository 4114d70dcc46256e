import { monthOf, type Month } from '@billtrail/kernel';
import type { ClientPeriodFacts, ContractFacts, SlaBreach } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';

/**
 * The facts of a client's periods were these contracts in force, each in place of the one with its id. Whose service level a ticket has depends on the
 * contracts: missed ones are those that would be recorded by now.
 */
export class SupposedFacts {
  private constructor(
    private readonly ports: Pick<CommandPorts, 'models'>,
    private readonly clientId: string,
    private readonly contracts: readonly ContractFacts[],
    /** null: nobody has service levels. */
    private readonly breaches: readonly SlaBreach[] | null,
  ) {}

  static async of(
    ports: Pick<CommandPorts, 'models' | 'clock'>,
    clientId: string,
    contracts: readonly ContractFacts[],
  ): Promise<SupposedFacts> {
    const breaches = await ports.models.sla.breachesIf(clientId, contracts, ports.clock());
    return new SupposedFacts(ports, clientId, contracts, breaches);
  }

  async ofPeriod(period: Month): Promise<ClientPeriodFacts> {
    const facts = await this.ports.models.billableItems.periodFacts(this.clientId, period, this.contracts);
    if (this.breaches === null) return facts;
    return { ...facts, slaBreaches: this.breaches.filter(({ breachedOn }) => monthOf(breachedOn) === period) };
  }
}
