import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For } from '../access/access-policy.js';
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
    return this.questions.askNamed(
      'listCharges',
      { filter, page: { limit, cursor } },
      { atLeast, upTo, about: filter },
    );
  }

  @Get(':chargeItemId')
  @ApiOperation({ summary: 'Get a charge with its price explained' })
  get(@Param('chargeItemId') chargeItemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    const when = { atLeast, upTo, about: place };
    return this.questions.findNamed('Charge', chargeItemId, 'getCharge', { itemId: chargeItemId, place }, when);
  }

  @Get(':chargeItemId/explanation')
  @ApiOperation({ summary: 'Explain a charge from its terms to the amount' })
  explanation(@Param('chargeItemId') chargeItemId: string, @Query() { atLeast, upTo, ...place }: OneItemQuery) {
    const when = { atLeast, upTo, about: place };
    return this.questions.findNamed('Charge', chargeItemId, 'explainCharge', { itemId: chargeItemId, place }, when);
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
    const when = { atLeast, upTo, about: filter };
    return this.questions.askNamed('listUnpricedWork', { filter, page: { limit, cursor } }, when);
  }
}
