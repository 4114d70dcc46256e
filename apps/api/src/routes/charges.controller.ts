import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { explain } from '@billtrail/billing';
import { For } from '../access/access-policy.js';
import { ChargeQuery, PastQuery, UnpricedQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** What is charged that is not work: recurring charges, blocks, minimums, discounts, credits. */
@ApiTags('Charges')
@ApiBearerAuth()
@Controller('charges')
@For('operations', 'accounts')
export class ChargesController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Charges, by client, period and charge' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: ChargeQuery) {
    return this.questions.ask(({ models }) => models.charges.list(filter, { limit, cursor }), { atLeast, upTo });
  }

  @Get(':chargeItemId')
  @ApiOperation({ summary: 'One charge with its price explained' })
  get(@Param('chargeItemId') chargeItemId: string, @Query() when: PastQuery) {
    return this.questions.find(
      'Charge',
      chargeItemId,
      async ({ models }) => (await models.charges.byId(chargeItemId))[0] ?? null,
      when,
    );
  }

  @Get(':chargeItemId/explanation')
  @ApiOperation({ summary: 'Why this charge: the tree from its terms to the amount' })
  async explanation(@Param('chargeItemId') chargeItemId: string, @Query() when: PastQuery) {
    return explain(await this.get(chargeItemId, when));
  }
}

/** What was done and has no price. */
@ApiTags('Billable items')
@ApiBearerAuth()
@Controller('unpriced-work')
@For('operations', 'accounts')
export class UnpricedWorkController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Work without a price, and for want of what' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: UnpricedQuery) {
    return this.questions.ask(({ models }) => models.unpricedWork.list(filter, { limit, cursor }), { atLeast, upTo });
  }
}
