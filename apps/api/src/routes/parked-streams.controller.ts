import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { For, TellsNothingPersonal } from '../access/access-policy.js';
import { PageQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** Streams with events that can't be read, and the clients whose figures are incomplete for it. */
@ApiTags('Health')
@ApiBearerAuth()
@Controller('parked-streams')
@For('accounts')
@TellsNothingPersonal()
export class ParkedStreamsController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List streams with events that can not be read' })
  list(@Query() { limit, cursor, atLeast }: PageQuery) {
    return this.questions.ask(async ({ models }) => models.known.parkedStreams({ limit, cursor }), atLeast);
  }
}
