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

/** The priced outcome of every work item, with its explanation. */
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
  @ApiOperation({ summary: 'List billable items by client and period' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: ItemQuery) {
    const when = { atLeast, upTo };
    return this.questions.ask(({ models }) => models.billableItems.list(filter, { limit, cursor }), when);
  }

  @Get(':itemId')
  @ApiOperation({ summary: 'Get a billable item with its price explained' })
  get(@Param('itemId') itemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    return this.questions.find(
      'BillableItem',
      itemId,
      async ({ models }) => onlyOne(await models.billableItems.explained(itemId), place),
      { atLeast, upTo },
    );
  }

  @Get(':itemId/explanation')
  @ApiOperation({ summary: 'Explain a price from the recorded work to the amount' })
  async explanation(@Param('itemId') itemId: string, @Query() when: OneItemQuery) {
    return explain(await this.get(itemId, when));
  }

  // Only Accounts writes off: others are refused before the item is looked up.
  @For('accounts')
  @Writes('Write off a billable item with a reason', ':itemId/write-off', billingCommands.WriteOffWork, [
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
    const item = await this.questions.find('BillableItem', itemId, async (ports) => {
      await ports.upToDate();
      const items = await ports.models.billableItems.byId(itemId);
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

/** The item in that client and period; null if there is none. Refuses an id that occurs in several periods when none is named: never a guess. */
function onlyOne<Item extends BillableItem>(
  items: readonly Item[],
  { clientId, period }: ItemPlaceQuery,
): Item | Refusal | null {
  const meant = items.filter(
    (item) =>
      (clientId === undefined || item.clientId === clientId) && (period === undefined || item.period === period),
  );
  const [item] = meant;
  if (item === undefined) return null;
  if (meant.length === 1) return item;
  return refuse(
    'ItemInSeveralPeriods',
    `${item.itemId} has an item in ${meant.length} periods, because its work crosses the end of a month or was moved.`,
    'Say which one you mean: ?clientId=CLIENT&period=MONTH.',
    { places: meant.map((one) => ({ clientId: one.clientId, period: one.period })) },
  );
}
