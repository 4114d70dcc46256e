import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { billingCommands } from '@billtrail/application';
import { explain } from '@billtrail/billing';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { ItemQuery, PastQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** What became of every piece of work, at what price, and why. */
@ApiTags('Billable items')
@ApiBearerAuth()
@Controller('billable-items')
@For('operations', 'accounts')
export class ItemsController {
  constructor(
    private readonly questions: Questions,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Billable items, by client, period and item' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: ItemQuery) {
    const when = { atLeast, upTo };
    return this.questions.ask(({ models }) => models.billableItems.list(filter, { limit, cursor }), when);
  }

  @Get(':itemId')
  @ApiOperation({ summary: 'One item with its price explained' })
  get(@Param('itemId') itemId: string, @Query() when: PastQuery) {
    return this.questions.find(
      'BillableItem',
      itemId,
      async ({ models }) => (await models.billableItems.byId(itemId))[0] ?? null,
      when,
    );
  }

  @Get(':itemId/explanation')
  @ApiOperation({ summary: 'Why this price: the tree from the work, through every rule tried, to the amount' })
  async explanation(@Param('itemId') itemId: string, @Query() when: PastQuery) {
    return explain(await this.get(itemId, when));
  }

  /** Not for operations, and refused before the item is looked up. */
  @For('accounts')
  @Writes('Write an item off, and why', ':itemId/write-off', billingCommands.WriteOffWork, [
    'itemId',
    'clientId',
    'period',
  ])
  async writeOff(@FromCaller() caller: Caller, @Param('itemId') itemId: string, @Body() body: unknown) {
    const item = await this.questions.find('BillableItem', itemId, async (around) => {
      await around.upToDate();
      return (await around.models.billableItems.byId(itemId)).find((candidate) => candidate.clientId !== null) ?? null;
    });
    return this.commands.send(billingCommands.WriteOffWork, caller, body, {
      itemId,
      clientId: item.clientId ?? '',
      period: item.period,
    });
  }
}
