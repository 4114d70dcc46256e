import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ApplicationModule, Billtrail, commandFamilies, type ApplicationOptions } from '@billtrail/application';
import { runOnNode } from '@billtrail/command-line';
import { AccessGuard } from './access/access.guard.js';
import { SignIn } from './access/sign-in.js';
import { CheckedQueryPipe } from './http/checked-query.pipe.js';
import { commandRoutes } from './http/command-routes.js';
import { Commands } from './http/commands.js';
import type { Limits } from './http/limits.js';
import { Questions } from './http/questions.js';
import { ProblemFilter } from './http/problem.filter.js';
import { AccessRecordController } from './routes/access-record.controller.js';
import { ChargesController, UnpricedWorkController } from './routes/charges.controller.js';
import { COMMAND_LINE, CommandLineController } from './routes/command-line.controller.js';
import { ContractQuestionsController } from './routes/contract-questions.controller.js';
import { ApprovalsController } from './routes/approvals.controller.js';
import { DelegationsController } from './routes/delegations.controller.js';
import { GapsController } from './routes/gaps.controller.js';
import { HealthController } from './routes/health.controller.js';
import { CreditNotesController } from './routes/credit-notes.controller.js';
import { InvoicesController } from './routes/invoices.controller.js';
import { ItemsController } from './routes/items.controller.js';
import { MilestonesController } from './routes/milestones.controller.js';
import { KeysController, MeController, PersonsController } from './routes/persons.controller.js';
import { BulkJobsController } from './routes/bulk-jobs.controller.js';
import { OrganisationController } from './routes/organisation.controller.js';
import { PrepaidController } from './routes/prepaid.controller.js';
import { ParkedStreamsController } from './routes/parked-streams.controller.js';
import { ReconciliationController } from './routes/reconciliation.controller.js';
import { SitesController } from './routes/sites.controller.js';
import { SlaController } from './routes/sla.controller.js';
import { TimelineController } from './routes/timeline.controller.js';
import { WelcomeController } from './routes/welcome.controller.js';

@Module({})
export class AppModule {
  static of(options: ApplicationOptions, limits: Limits): DynamicModule {
    return {
      module: AppModule,
      imports: [ApplicationModule.of(options)],
      controllers: [
        WelcomeController,
        HealthController,
        ParkedStreamsController,
        commandRoutes(commandFamilies.clients),
        SitesController,
        commandRoutes(commandFamilies.contracts),
        ContractQuestionsController,
        commandRoutes(commandFamilies.tickets),
        commandRoutes(commandFamilies.work),
        TimelineController,
        SlaController,
        ItemsController,
        UnpricedWorkController,
        ChargesController,
        PrepaidController,
        GapsController,
        commandRoutes(commandFamilies.gaps),
        ApprovalsController,
        commandRoutes(commandFamilies.approvals),
        DelegationsController,
        commandRoutes(commandFamilies.delegations),
        InvoicesController,
        CreditNotesController,
        ReconciliationController,
        MilestonesController,
        OrganisationController,
        commandRoutes(commandFamilies.bulk),
        BulkJobsController,
        commandRoutes(commandFamilies.configuration),
        PersonsController,
        KeysController,
        MeController,
        AccessRecordController,
        CommandLineController,
      ],
      providers: [
        Commands,
        Questions,
        { provide: COMMAND_LINE, useValue: runOnNode },
        {
          provide: SignIn,
          useFactory: ({ access, clock }: Billtrail) => new SignIn(access, clock, limits),
          inject: [Billtrail],
        },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: CheckedQueryPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
