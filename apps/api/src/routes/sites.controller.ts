import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isRefusal } from '@billtrail/kernel';
import { sitesOf } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** The places of a client. */
@ApiTags('Clients')
@ApiBearerAuth()
@Controller()
@For('support', 'operations', 'accounts')
export class SitesController {
  constructor(private readonly questions: Questions) {}

  @Get('clients/:clientId/sites')
  @ApiOperation({ summary: 'List the sites of a client with their details by day' })
  sites(@Param('clientId') clientId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.ask(async ({ store }) => {
      const sites = await sitesOf(store, clientId);
      return isRefusal(sites) ? sites : { clientId, items: sites };
    }, atLeast);
  }
}
