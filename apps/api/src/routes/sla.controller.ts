import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For, TellsNothingPersonal } from '../access/access-policy.js';
import { Questions } from '../http/questions.js';
import { SlaListQuery } from '../http/sla.dto.js';

/** Tickets against the service levels of their contracts. */
@ApiTags('Service levels')
@ApiBearerAuth()
@Controller('sla')
@For('operations', 'support', 'accounts')
@TellsNothingPersonal()
export class SlaController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List response and resolution targets of tickets' })
  list(@Query() { limit, cursor, atLeast, upTo, ...filter }: SlaListQuery) {
    return this.questions.askNamed('listSla', { filter, page: { limit, cursor } }, { atLeast, upTo, about: filter });
  }
}
