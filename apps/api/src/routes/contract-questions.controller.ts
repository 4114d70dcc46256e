import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { backDatingOf, whatIfVersion } from '@billtrail/application';
import { checkContractFile, unpricedWork } from '@billtrail/contracts';
import { For } from '../access/access-policy.js';
import { Asks, questionOf } from '../http/asks.js';
import { Questions } from '../http/questions.js';
import { BackDatingQuery, ContractFileBody, WhatIfBody } from '../http/questions.dto.js';

/** What contracts mean for prices, without recording anything. */
@ApiTags('Contracts')
@ApiBearerAuth()
@Controller()
@For('accounts')
export class ContractQuestionsController {
  constructor(private readonly questions: Questions) {}

  @Asks('What would a client-period cost under another version of a contract, item by item', 'what-if', WhatIfBody)
  async whatIf(@Body() body: unknown) {
    const asked = await questionOf(WhatIfBody, body);
    const { clientId, period, workItemId, includeFrozen: thaw } = asked;
    const { contractId, priority, effectiveFrom, effectiveTo, terms } = asked;
    return this.questions.ask((around) =>
      whatIfVersion(around, {
        clientId,
        period,
        thaw,
        ...(workItemId === undefined ? {} : { workItemId }),
        version: { contractId, effectiveFrom, effectiveTo, terms, ...(priority === undefined ? {} : { priority }) },
      }),
    );
  }

  @Asks(
    'Check contracts before they are activated: problems, holes and overlaps, which rule and price wins, and which work would be unpriced',
    'contracts/check',
    ContractFileBody,
  )
  check(@Body() body: unknown) {
    // It takes anything and names every problem, so nothing is refused before.
    const { problems, isSound, analyses } = checkContractFile(body);
    return {
      isSound,
      problems,
      clients: analyses.map(({ clientId, analysis }) => ({
        clientId,
        ...analysis,
        unpriced: unpricedWork(analysis),
      })),
    };
  }

  @Get('contracts/:contractId/back-dating')
  @ApiOperation({ summary: 'What a version would have changed on what is frozen, had it been published in time' })
  backDating(@Param('contractId') contractId: string, @Query() { versionNumber, atLeast }: BackDatingQuery) {
    return this.questions.ask((around) => backDatingOf(around, { contractId, versionNumber }), atLeast);
  }
}
