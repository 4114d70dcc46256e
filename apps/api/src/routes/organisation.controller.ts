import { Body, Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { billingCommands, configurationOf } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** The organisation's configuration: published as a whole, never edited in place. */
@ApiTags('Configuration')
@ApiBearerAuth()
@Controller('configuration')
@For('operations', 'accounts')
export class OrganisationController {
  constructor(
    private readonly questions: Questions,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Get the configuration in force' })
  current() {
    return this.questions.ask(({ store }) => configurationOf(store));
  }

  @Writes('Publish a configuration', '', billingCommands.PublishConfiguration, [], 201)
  publish(@FromCaller() caller: Caller, @Body() body: unknown) {
    return this.commands.send(billingCommands.PublishConfiguration, caller, body);
  }
}
