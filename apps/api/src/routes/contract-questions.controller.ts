import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  backDatingOf,
  checkAgainst,
  CommandDispatcher,
  planIncrease,
  publishIncrease,
  whatIfVersion,
  type IncreaseAsked,
} from '@billtrail/application';
import { unpricedWork } from '@billtrail/contracts';
import { For } from '../access/access-policy.js';
import { Asks, Carries, questionOf } from '../http/asks.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Questions } from '../http/questions.js';
import { BackDatingQuery, ContractFileBody, PublishUpliftBody, UpliftBody, WhatIfBody } from '../http/questions.dto.js';

/** Questions about contracts and prices, and what is published of them as it was shown. */
@ApiTags('Contracts')
@ApiBearerAuth()
@Controller()
@For('accounts')
export class ContractQuestionsController {
  constructor(
    private readonly questions: Questions,
    private readonly dispatcher: CommandDispatcher,
  ) {}

  @Asks('Compare the cost of a month under other contract terms', 'what-if', WhatIfBody)
  async whatIf(@Body() body: unknown) {
    const asked = await questionOf(WhatIfBody, body);
    const { clientId, period, workItemId, includeFrozen: thaw } = asked;
    const { contractId, priority, effectiveFrom, effectiveTo, terms } = asked;
    return this.questions.ask((ports) =>
      whatIfVersion(ports, {
        clientId,
        period,
        thaw,
        ...(workItemId === undefined ? {} : { workItemId }),
        version: { contractId, effectiveFrom, effectiveTo, terms, ...(priority === undefined ? {} : { priority }) },
      }),
    );
  }

  @Asks('Check a contract file before it is activated', 'contracts/check', ContractFileBody)
  async check(@Body() body: unknown) {
    // The check takes any input and reports every problem itself, so there is no validation before it.
    const { problems, isSound, analyses } = await this.questions.ask((ports) => checkAgainst(ports, body));
    return {
      isSound,
      problems,
      clients: analyses.map(({ clientId, analysis, notChecked }) => ({
        clientId,
        ...analysis,
        notChecked,
        unpriced: unpricedWork(analysis),
      })),
    };
  }

  @Asks('Show an increase of prices over many contracts', 'contracts/uplift', UpliftBody)
  async uplift(@Body() body: unknown) {
    const asked = increaseAsked(await questionOf(UpliftBody, body));
    return this.questions.ask((ports) => planIncrease(ports, asked));
  }

  // Each contract gets one version; what was published before is left alone, so that it can be sent again.
  @Carries('Publish an increase of prices as it was shown', 'contracts/uplift/publish', PublishUpliftBody)
  async publishUplift(@FromCaller() caller: Caller, @Body() body: unknown) {
    const { hash, ...given } = await questionOf(PublishUpliftBody, body);
    const asked = { ...increaseAsked(given), hash };
    return this.questions.ask((ports) =>
      publishIncrease(ports, asked, (type, input) => this.dispatcher.dispatch(type, input, { actor: caller.actor })),
    );
  }

  @Get('contracts/:contractId/back-dating')
  @ApiOperation({ summary: 'Show what a back-dated version changes on documents' })
  backDating(@Param('contractId') contractId: string, @Query() { versionNumber, atLeast }: BackDatingQuery) {
    return this.questions.ask((ports) => backDatingOf(ports, { contractId, versionNumber }), atLeast);
  }
}

function increaseAsked({ percent, from, roundTo, where, month }: UpliftBody): IncreaseAsked {
  return { percent, from, roundTo: roundTo ?? null, where: where ?? {}, month: month ?? null };
}
