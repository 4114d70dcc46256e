import { Body, Controller, Inject, Param, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import type { CommandClass, CommandFamily, CommandRoute } from '@billtrail/application';
import { For, OpenToDelegates } from '../access/access-policy.js';
import { FromCaller, type Caller } from './caller.js';
import { Commands, type WriteAnswer } from './commands.js';
import { Writes } from './writes.js';

/** A controller with the routes of a family of commands, as their definitions say. */
export function commandRoutes({ heading, path, commands: family }: CommandFamily): Type<object> {
  @ApiTags(heading)
  @ApiBearerAuth()
  @Controller(path)
  class CommandRoutes {
    constructor(@Inject(Commands) readonly commands: Commands) {}
  }
  for (const { command, roles, route, byDelegates } of family) {
    if (route === undefined) continue;
    const method = { value: handlerOf(command, route) };
    Object.defineProperty(CommandRoutes.prototype, command.name, method);
    const fields = [FromCaller(), Param(), Body()];
    fields.forEach((decorate, index) => decorate(CommandRoutes.prototype, command.name, index));
    const types = fields.map(() => Object);
    // The compiler writes it for a method that stands in a class.
    Reflect.defineMetadata('design:paramtypes', types, CommandRoutes.prototype, command.name);
    const fromPath = parametersOf(`${path}/${route.path}`) as never[];
    const writes = Writes(route.summary, route.path, command, fromPath, route.adds ? 201 : 200);
    // Policies have the role `system`, and send their commands without HTTP.
    const callers = For(...roles.filter((role) => role !== 'system'));
    for (const decorate of [callers, writes, ...(byDelegates === true ? [OpenToDelegates()] : [])])
      decorate(CommandRoutes.prototype, command.name, method);
  }
  // It documents the methods that are there.
  for (const name of parametersOf(path)) ApiParam({ name, type: String })(CommandRoutes);
  return CommandRoutes;
}

function handlerOf(command: CommandClass, { makes = {} }: CommandRoute) {
  return function send(
    this: { readonly commands: Commands },
    caller: Caller,
    path: Record<string, string>,
    body: unknown,
  ): Promise<WriteAnswer> {
    const made = Object.entries(makes).map(([field, prefix]) => [field, caller.newId(prefix)] as const);
    return this.commands.send(command, caller, body, path, Object.fromEntries(made));
  };
}

function parametersOf(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}
