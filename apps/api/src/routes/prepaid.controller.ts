import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { refuse } from '@billtrail/kernel';
import type { PrepaidSource } from '@billtrail/billing';
import { For, TellsNothingPersonal } from '../access/access-policy.js';
import { BurnDownQuery, PrepaidListQuery, StatementQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Refused } from '../http/refused.js';

/** Prepaid hours and money: the balance, and the work that drew on it. */
@ApiTags('Prepaid')
@ApiBearerAuth()
@Controller()
@For('operations', 'accounts')
@TellsNothingPersonal()
export class PrepaidController {
  constructor(private readonly questions: Questions) {}

  @Get('prepaid')
  @ApiOperation({ summary: 'List prepaid blocks and allotments with their balance' })
  balances(@Query() { limit, cursor, atLeast, upTo, ...filter }: PrepaidListQuery) {
    return this.questions.askNamed(
      'listPrepaid',
      { filter, page: { limit, cursor } },
      { atLeast, upTo, about: filter },
    );
  }

  @Get('prepaid/statement')
  @ApiOperation({ summary: 'List every draw on a block or allotment' })
  statement(@Query() { limit, cursor, atLeast, upTo, ...named }: StatementQuery) {
    const source = sourceOf(named);
    const id = source.from === 'block' ? source.blockId : source.allotmentId;
    const when = { atLeast, upTo, about: source };
    return this.questions.findNamed('PrepaidSource', id, 'getStatement', { source, page: { limit, cursor } }, when);
  }

  @Get('contracts/:contractId/burn-down')
  @ApiOperation({ summary: 'Forecast when the prepaid balance will be used up' })
  burnDown(@Param('contractId') contractId: string, @Query() { asOf, ...when }: BurnDownQuery) {
    const of = { ...when, about: { contractId } };
    return this.questions.findNamed('Contract', contractId, 'getBurnDown', { contractId, asOf }, of);
  }
}

function sourceOf({
  contractId,
  blockId,
  allotmentId,
  month,
}: Pick<StatementQuery, 'contractId' | 'blockId' | 'allotmentId' | 'month'>): PrepaidSource {
  if (blockId !== undefined && allotmentId === undefined && month === undefined)
    return { from: 'block', contractId, blockId };
  if (blockId === undefined && allotmentId !== undefined && month !== undefined)
    return { from: 'allotment', contractId, allotmentId, month };
  throw new Refused(
    refuse(
      'InvalidInput',
      'A statement covers one block or one allotment.',
      'Send blockId, or allotmentId with month.',
    ),
  );
}
