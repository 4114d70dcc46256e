import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Access } from './access/access.js';
import { bulkFamily } from './commands/bulk.commands.js';
import { Billtrail, type ApplicationOptions } from './billtrail.js';
import { CommandRegistry } from './command-path/command-registry.js';
import { DeciderHandler } from './command-path/decider-handler.js';
import { CommandDispatcher } from './command-path/dispatcher.js';
import { accountDefinitions } from './commands/account.definitions.js';
import { clientFamily } from './commands/client.commands.js';
import { clockDefinitions } from './commands/clock.definitions.js';
import { configurationFamily } from './commands/configuration.definitions.js';
import { contractFamily } from './commands/contract.commands.js';
import { approvalFamily } from './commands/approvals.commands.js';
import { delegationFamily } from './commands/delegation.commands.js';
import { gapFamily } from './commands/gap.definitions.js';
import { ticketFamily } from './commands/ticket.commands.js';
import { workFamily } from './commands/work.commands.js';
import { AskHandler } from './queries/ask.js';
import { AskPastHandler } from './queries/ask-past.js';

/** The commands whose routes are derived from their definitions. */
export const commandFamilies = {
  tickets: ticketFamily,
  work: workFamily,
  clients: clientFamily,
  contracts: contractFamily,
  gaps: gapFamily,
  approvals: approvalFamily,
  delegations: delegationFamily,
  configuration: configurationFamily,
  bulk: bulkFamily,
};
export const commandDefinitions = [
  ...Object.values(commandFamilies).flatMap(({ commands }) => commands),
  ...accountDefinitions,
  ...clockDefinitions,
];

/** Closes the files when the Nest application ends, after the server has stopped taking requests. */
@Injectable()
class Closing implements OnApplicationShutdown {
  constructor(@Inject(Billtrail) private readonly billtrail: Billtrail) {}

  async onApplicationShutdown(): Promise<void> {
    await this.billtrail.close();
  }
}

/** The use cases over one data folder, for whatever app hosts them. */
@Module({})
export class ApplicationModule {
  static of(options: ApplicationOptions): DynamicModule {
    return {
      module: ApplicationModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: Billtrail, useFactory: () => Billtrail.open(options) },
        { provide: CommandRegistry, useFactory: () => new CommandRegistry(commandDefinitions) },
        { provide: Access, useFactory: ({ access }: Billtrail) => access, inject: [Billtrail] },
        DeciderHandler,
        AskHandler,
        AskPastHandler,
        CommandDispatcher,
        Closing,
      ],
      exports: [Billtrail, Access, CommandDispatcher, CommandRegistry, CqrsModule],
    };
  }
}
