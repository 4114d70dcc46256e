import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { billingCommands } from '@billtrail/application';
import { type BillableItem, explain } from '@billtrail/billing';
import { type Refusal, refuse } from '@billtrail/kernel';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { ItemPlaceQuery, ItemQuery, OneItemQuery } from '../http/queries.dto.js';
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
  get(@Param('itemId') itemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    return this.questions.find(
      'BillableItem',
      itemId,
      async ({ models }) => onlyOne(await models.billableItems.byId(itemId), place),
      { atLeast, upTo },
    );
  }

  @Get(':itemId/explanation')
  @ApiOperation({ summary: 'Why this price: the tree from the work, through every rule tried, to the amount' })
  async explanation(@Param('itemId') itemId: string, @Query() when: OneItemQuery) {
    return explain(await this.get(itemId, when));
  }

  /** Not for operations, and refused before the item is looked up. */
  @For('accounts')
  @Writes('Write an item off, and why', ':itemId/write-off', billingCommands.WriteOffWork, [
    'itemId',
    'clientId',
    'period',
  ])
  async writeOff(
    @FromCaller() caller: Caller,
    @Param('itemId') itemId: string,
    @Query() place: ItemPlaceQuery,
    @Body() body: unknown,
  ) {
    const item = await this.questions.find('BillableItem', itemId, async (around) => {
      await around.upToDate();
      const items = await around.models.billableItems.byId(itemId);
      return onlyOne(
        items.filter(({ clientId }) => clientId !== null),
        place,
      );
    });
    return this.commands.send(billingCommands.WriteOffWork, caller, body, {
      itemId,
      clientId: item.clientId ?? '',
      period: item.period,
    });
  }
}

/** The item of that place; null: there is none. Refuses where several places have one and none is named: never a guess. */
function onlyOne(items: readonly BillableItem[], { clientId, period }: ItemPlaceQuery): BillableItem | Refusal | null {
  const meant = items.filter(
    (item) =>
      (clientId === undefined || item.clientId === clientId) && (period === undefined || item.period === period),
  );
  const [item] = meant;
  if (item === undefined) return null;
  if (meant.length === 1) return item;
  return refuse(
    'ItemInSeveralPeriods',
    `${item.itemId} is the id of ${meant.length} items: its work reaches over the end of a period, or was moved to another.`,
    'Say which is meant: ?clientId=CLIENT&period=MONTH.',
    { places: meant.map((one) => ({ clientId: one.clientId, period: one.period })) },
  );
}
