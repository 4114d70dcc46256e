import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { mineToDecide, requestActedOn, seenBy, toldTo, whoMayDecide } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { actionsNow } from '../http/actions.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { ApprovalsOfQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Acts that forgo money: which of them have effect, which wait for a second person, and what that person may decide. An engineer sees their own. */
@ApiTags('Approvals')
@ApiBearerAuth()
@Controller('approvals')
@For('support', 'operations', 'accounts')
export class ApprovalsController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List requests to forgo money, in the order of the log' })
  list(@FromCaller() { actor }: Caller, @Query() { limit, cursor, atLeast, mine, ...filter }: ApprovalsOfQuery) {
    return this.questions.ask(
      async (ports) =>
        ports.models.approvals.list(
          { ...filter, ...(await seenBy(ports, actor)) },
          { limit, cursor },
          mine && (await mineToDecide(ports, actor)),
        ),
      atLeast,
    );
  }

  @Get(':requestId')
  @ApiOperation({ summary: 'Get a request to forgo money, who decides it, your acts' })
  get(@FromCaller() caller: Caller, @Param('requestId') requestId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find(
      'Approval',
      requestId,
      async (ports) => {
        const found = await ports.models.approvals.get(requestId);
        const { requestedBy } = await seenBy(ports, caller.actor);
        if (found === null || (requestedBy !== undefined && found.requestedBy !== requestedBy)) return null;
        const told = await toldTo(ports, found, caller.actor);
        const who = await whoMayDecide(ports, found, ports.clock());
        return { ...told, ...who, actions: await actionsNow(ports, requestActedOn(found), caller) };
      },
      atLeast,
    );
  }
}
