import { Body, Controller, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { contractCommands as contracts } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { Writes } from '../http/writes.js';

@ApiTags('Clients')
@ApiBearerAuth()
@Controller('clients')
@For('operations', 'accounts')
export class ClientsController {
  constructor(private readonly commands: Commands) {}

  @Writes('Register a client', '', contracts.RegisterClient, [], 201)
  register(@FromCaller() caller: Caller, @Body() body: unknown) {
    return this.commands.send(contracts.RegisterClient, caller, body, {}, { clientId: caller.newId('c') });
  }

  @Writes("State a client's details anew", ':clientId/details', contracts.ChangeClientDetails, ['clientId'])
  change(@FromCaller() caller: Caller, @Param('clientId') clientId: string, @Body() body: unknown) {
    return this.commands.send(contracts.ChangeClientDetails, caller, body, { clientId });
  }
}

@ApiTags('Contracts')
@ApiBearerAuth()
@Controller('contracts')
@For('accounts')
export class ContractsController {
  constructor(private readonly commands: Commands) {}

  @Writes('Activate a contract with its first version', '', contracts.ActivateContract, [], 201)
  activate(@FromCaller() caller: Caller, @Body() body: unknown) {
    return this.commands.send(contracts.ActivateContract, caller, body, {}, { contractId: caller.newId('k') });
  }

  @Writes(
    'Publish a new version, also back-dated',
    ':contractId/versions',
    contracts.PublishContractVersion,
    ['contractId'],
    201,
  )
  publishVersion(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.PublishContractVersion, caller, body, { contractId });
  }

  @Writes('Terminate', ':contractId/terminate', contracts.TerminateContract, ['contractId'])
  terminate(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.TerminateContract, caller, body, { contractId });
  }
}
