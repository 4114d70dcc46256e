import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ROLES, type Role } from '@billtrail/kernel';
import { ApiKeys, systemClock } from '@billtrail/application';
import type { GlobalOptions } from '../session.js';
import { output } from '../terminal/output.js';
import { idArgument } from './options.js';

/** Roles a key can have. `system` is for policies; `client` waits for the client portal. */
const KEY_ROLES = ROLES.filter((role) => role !== 'system' && role !== 'client');

export function keyCommand(): Command {
  const command = new Command('key').description('manage the API keys of the data folder');
  command
    .command('new')
    .description('make an API key; it is shown once')
    .addOption(new Option('--role <role>', 'what the key can do').choices(KEY_ROLES).makeOptionMandatory())
    .option('--actor <id>', 'the person who uses it, as the actor of events', idArgument, 'owner')
    .action((_options, self: Command) => {
      const { data, json, role, actor } = self.optsWithGlobals<GlobalOptions & { role: Role; actor: string }>();
      const key = new ApiKeys(join(data, 'access.json')).create(actor, role, systemClock());
      output(json).answer(
        { key, actor, role },
        () => `${key}\n\nIt is shown once. Send it as:  Authorization: Bearer ${key}`,
      );
    });
  return command;
}
