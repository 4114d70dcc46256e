import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { configurationOf } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { Questions } from '../http/questions.js';

/** The organisation's configuration: published as a whole, never edited in place. */
@ApiTags('Configuration')
@ApiBearerAuth()
@Controller('configuration')
@For('operations', 'accounts')
export class OrganisationController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Get the configuration in force' })
  current() {
    return this.questions.ask(({ store }) => configurationOf(store));
  }
}
