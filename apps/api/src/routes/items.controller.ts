import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  accountOf,
  billingCommands,
  itemActedOn,
  onlyOne,
  type ActionNow,
  type AnswerTo,
} from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { actionsNow, unlessLogIsAway } from '../http/actions.js';
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
    return this.questions.askNamed('listItems', { filter, page: { limit, cursor } }, { atLeast, upTo, about: filter });
  }

  @Get(':itemId')
  @ApiOperation({ summary: 'Get an item, its price explained, and what you may do' })
  async get(
    @FromCaller() caller: Caller,
    @Param('itemId') itemId: string,
    @Query() { atLeast, upTo, ...place }: OneItemQuery,
  ): Promise<
    AnswerTo<'getItem'> & {
      /** Absent: of the past nobody acts on it; nor while the log can't be read. */
      readonly actions?: readonly ActionNow[] | undefined;
    }
  > {
    const when = { atLeast, upTo, about: place };
    const item = await this.questions.findNamed('BillableItem', itemId, 'getItem', { itemId, place }, when);
    // Nobody acts on the past.
    if (upTo !== undefined) return item;
    const actions = await this.questions.ask((ports) =>
      unlessLogIsAway(async () => actionsNow(ports, await itemActedOn(ports, item), caller)),
    );
    return { ...item, actions };
  }

  @Get(':itemId/explanation')
  @ApiOperation({ summary: 'Explain a price from the recorded work to the amount' })
  explanation(@Param('itemId') itemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    const when = { atLeast, upTo, about: place };
    return this.questions.findNamed('BillableItem', itemId, 'explainItem', { itemId, place }, when);
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
    const find = async () => {
      const { clientId, period } = await this.questions.find('BillableItem', itemId, async (ports) => {
        await ports.upToDate();
        const items = await ports.models.billableItems.byId(itemId, place);
        return onlyOne(
          itemId,
          items.filter((item) => item.clientId !== null),
          place,
        );
      });
      return { clientId: clientId ?? '', period };
    };
    return this.commands.send(billingCommands.WriteOffWork, caller, body, { itemId }, {}, accountOf(find, place));
  }
}
