import { Body, Controller, Inject, Logger, Req } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Billtrail, CommandDispatcher } from '@billtrail/application';
import type { HostingNode, RunsCommands, RunOnNode } from '@billtrail/command-line';
import { invariant } from '@billtrail/kernel';
import { For, TellsNothingPersonal } from '../access/access-policy.js';
import { CommandRoles } from '../access/command-roles.js';
import { sourceOf } from '../access/sources.js';
import { Runs, questionOf } from '../http/asks.js';
import { keyIn } from '../http/caller.js';
import { CommandLineBody } from '../http/command-line.dto.js';
import { internalError, logFailure } from '../http/internal-error.js';

/** What runs a command: its refusals are told in what it says, and are none of the route's. */
export const COMMAND_LINE = 'billtrail:command-line';

/** The command line for those who have no data folder (`--url`). What it shows and records is what the routes do, for the same roles. */
@ApiTags('Command line')
@ApiBearerAuth()
@Controller('command-line')
@For('operations', 'support', 'accounts')
export class CommandLineController {
  private readonly logger = new Logger('command-line');
  private readonly roles: CommandRoles;

  constructor(
    private readonly billtrail: Billtrail,
    private readonly dispatcher: CommandDispatcher,
    private readonly queries: QueryBus,
    @Inject(COMMAND_LINE) private readonly runs: RunsCommands,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.roles = new CommandRoles(modules);
  }

  @Runs('Run a command of billtrail', '', CommandLineBody)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same command of yours sent again under it has one effect.',
  })
  // Who has read what, the command keeps by itself.
  @TellsNothingPersonal()
  async run(@Req() request: FastifyRequest, @Body() body: unknown): Promise<RunOnNode> {
    const { signedIn } = request;
    invariant(signedIn, 'the command line is not public');
    const { arguments: args, files = [] } = await questionOf(CommandLineBody, body);
    const node: HostingNode = {
      billtrail: this.billtrail,
      dispatcher: this.dispatcher,
      queries: this.queries,
      askedBy: signedIn,
      source: sourceOf(request),
      idempotencyKey: keyIn(request),
      broke: (error) => {
        logFailure(this.logger, request, error);
        return internalError(request.id);
      },
      refuses: (words) => this.roles.refusal(words, signedIn.actor.role),
    };
    return this.runs(node, args, Object.fromEntries(files.map(({ name, text }) => [name, text])));
  }
}
