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

  @Writes('Update a client', ':clientId/details', contracts.ChangeClientDetails, ['clientId'])
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
    'Publish a version of a contract',
    ':contractId/versions',
    contracts.PublishContractVersion,
    ['contractId'],
    201,
  )
  publishVersion(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.PublishContractVersion, caller, body, { contractId });
  }

  @Writes('Terminate a contract', ':contractId/terminate', contracts.TerminateContract, ['contractId'])
  terminate(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.TerminateContract, caller, body, { contractId });
  }

  @Writes('Renew a contract version to a later day', ':contractId/renew', contracts.RenewContract, ['contractId'])
  renew(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.RenewContract, caller, body, { contractId });
  }

  @Writes('Suspend a contract from a day', ':contractId/suspend', contracts.SuspendContract, ['contractId'])
  suspend(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.SuspendContract, caller, body, { contractId });
  }

  @Writes('Resume a suspended contract', ':contractId/resume', contracts.ResumeContract, ['contractId'])
  resume(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.ResumeContract, caller, body, { contractId });
  }

  @Writes(
    'Add a prepaid block to a contract',
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
    'Withdraw a prepaid block purchased by mistake',
    ':contractId/prepaid-blocks/:blockId/withdraw',
    contracts.WithdrawPrepaidBlock,
    ['contractId', 'blockId'],
  )
  withdrawBlock(@FromCaller() caller: Caller, @Param() path: Record<string, string>, @Body() body: unknown) {
    return this.commands.send(contracts.WithdrawPrepaidBlock, caller, body, path);
  }

  // Operations count too: they are the ones who look after the devices.
  @For('operations', 'accounts')
  @Writes('Record a count of devices or users', ':contractId/counts', contracts.RecordCount, ['contractId'], 201)
  recordCount(@FromCaller() caller: Caller, @Param('contractId') contractId: string, @Body() body: unknown) {
    return this.commands.send(contracts.RecordCount, caller, body, { contractId });
  }
}
