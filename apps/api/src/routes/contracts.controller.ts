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

  @Writes('Keep a version in force to a later day', ':contractId/renew', contracts.RenewContract, ['contractId'])
  renew(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.RenewContract, caller, body, { contractId });
  }

  @Writes('Let it rest from a day on', ':contractId/suspend', contracts.SuspendContract, ['contractId'])
  suspend(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.SuspendContract, caller, body, { contractId });
  }

  @Writes('Put it in force again from a day on', ':contractId/resume', contracts.ResumeContract, ['contractId'])
  resume(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.ResumeContract, caller, body, { contractId });
  }

  @Writes(
    'Add a prepaid block, also back-dated',
    ':contractId/prepaid-blocks',
    contracts.PurchasePrepaidBlock,
    ['contractId'],
    201,
  )
  purchaseBlock(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    const made = { blockId: caller.newId('b') };
    return this.commands.send(contracts.PurchasePrepaidBlock, caller, body, { contractId }, made);
  }

  @Writes(
    'Take back a block that was purchased in error',
    ':contractId/prepaid-blocks/:blockId/withdraw',
    contracts.WithdrawPrepaidBlock,
    ['contractId', 'blockId'],
  )
  withdrawBlock(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(contracts.WithdrawPrepaidBlock, caller, body, path);
  }

  /** Who looks after the devices counts them. */
  @For('operations', 'accounts')
  @Writes(
    'State how many devices or users there are from a day on',
    ':contractId/counts',
    contracts.RecordCount,
    ['contractId'],
    201,
  )
  recordCount(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.RecordCount, caller, body, { contractId });
  }
}
