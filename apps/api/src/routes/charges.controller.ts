import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { explain } from '@billtrail/billing';
import { For } from '../access/access-policy.js';
import { onlyOne } from '../http/only-one.js';
import { ChargeQuery, OneItemQuery, UnpricedQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Charges that are not for work: recurring fees, blocks, minimums, discounts, credits. */
@ApiTags('Charges')
@ApiBearerAuth()
@Controller('charges')
@For('operations', 'accounts')
export class ChargesController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List charges by client and period' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: ChargeQuery) {
    return this.questions.ask(({ models }) => models.charges.list(filter, { limit, cursor }), {
      atLeast,
      upTo,
      about: filter,
    });
  }

  @Get(':chargeItemId')
  @ApiOperation({ summary: 'Get a charge with its price explained' })
  get(@Param('chargeItemId') chargeItemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    return this.questions.find(
      'Charge',
      chargeItemId,
      async ({ models }) => onlyOne(chargeItemId, await models.charges.byId(chargeItemId, place), place),
      { atLeast, upTo, about: place },
    );
  }

  @Get(':chargeItemId/explanation')
  @ApiOperation({ summary: 'Explain a charge from its terms to the amount' })
  async explanation(@Param('chargeItemId') chargeItemId: string, @Query() when: OneItemQuery) {
    const item = await this.get(chargeItemId, when);
    return explain(
      item,
      await this.questions.ask(({ models }) => models.documents.numbersTold(item), { ...when, about: item }),
    );
  }
}

/** Work that has no price. */
@ApiTags('Billable items')
@ApiBearerAuth()
@Controller('unpriced-work')
@For('operations', 'accounts')
export class UnpricedWorkController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List work without a price, with the reason' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: UnpricedQuery) {
    return this.questions.ask(({ models }) => models.unpricedWork.list(filter, { limit, cursor }), {
      atLeast,
      upTo,
      about: filter,
    });
  }
}
