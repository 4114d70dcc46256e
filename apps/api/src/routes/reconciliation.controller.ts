import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isRefusal } from '@billtrail/kernel';
import { clientAskedFor, reconciled, todayAsked } from '@billtrail/application';
import { Refused } from '../http/refused.js';
import { For, TellsNothingPersonal } from '../access/access-policy.js';
import { FatesQuery, PeriodsQuery, ReconciliationQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Whether all recorded work is accounted for. */
@ApiTags('Reconciliation')
@ApiBearerAuth()
@Controller('reconciliation')
@For('operations', 'accounts')
@TellsNothingPersonal()
export class ReconciliationController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Reconcile resolved tickets, work, charges and gaps' })
  of(@Query() { atLeast, asOf, ...scope }: ReconciliationQuery) {
    return this.questions.ask(async (ports) => {
      const client = scope.clientId === undefined ? null : await clientAskedFor(ports, scope.clientId);
      if (isRefusal(client)) throw new Refused(client);
      return reconciled(ports, asOf ?? todayAsked(ports), scope);
    }, atLeast);
  }

  @Get('client-periods')
  @ApiOperation({ summary: 'Reconcile by client and month' })
  byClientPeriod(@Query() { atLeast, asOf, limit, cursor, ...scope }: PeriodsQuery) {
    return this.questions.ask(
      async (ports) => ports.models.reconciliation.byClientPeriod(asOf ?? todayAsked(ports), scope, { limit, cursor }),
      atLeast,
    );
  }

  @Get('tickets')
  @ApiOperation({ summary: 'List resolved tickets with their outcome' })
  tickets(@Query() { atLeast, asOf, limit, cursor, ...filter }: FatesQuery) {
    return this.questions.ask(
      async (ports) => ports.models.reconciliation.tickets(asOf ?? todayAsked(ports), filter, { limit, cursor }),
      atLeast,
    );
  }
}
