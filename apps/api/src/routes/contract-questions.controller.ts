import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { backDatingOf, checkAgainst, whatIfVersion } from '@billtrail/application';
import { unpricedWork } from '@billtrail/contracts';
import { For } from '../access/access-policy.js';
import { Asks, questionOf } from '../http/asks.js';
import { Questions } from '../http/questions.js';
import { BackDatingQuery, ContractFileBody, WhatIfBody } from '../http/questions.dto.js';

/** Questions about contracts and prices. Nothing is recorded. */
@ApiTags('Contracts')
@ApiBearerAuth()
@Controller()
@For('accounts')
export class ContractQuestionsController {
  constructor(private readonly questions: Questions) {}

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

  @Get('contracts/:contractId/back-dating')
  @ApiOperation({ summary: 'Show what a back-dated version changes on documents' })
  backDating(@Param('contractId') contractId: string, @Query() { versionNumber, atLeast }: BackDatingQuery) {
    return this.questions.ask((ports) => backDatingOf(ports, { contractId, versionNumber }), atLeast);
  }
}
