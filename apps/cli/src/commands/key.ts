import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isRefusal, ROLES, type Role } from '@billtrail/kernel';
import { makeKey, openVault, systemClock, vaultSetting } from '@billtrail/application';
import type { ApiKey, Vault } from '@billtrail/vault';
import { OWNER, refused, Session, type GlobalOptions } from '../session.js';
import { output, table, type Output } from '../terminal/output.js';
import { idArgument } from './options.js';

/** Roles a key can have. `system` is for policies; `client` waits for the client portal. */
const KEY_ROLES = ROLES.filter((role) => role !== 'system' && role !== 'client');

export function keyCommand(): Command {
  const command = new Command('key').description('make, list and revoke the API keys of the data folder');
  command.addCommand(newCommand());
  command.addCommand(listCommand());
  command.addCommand(revokeCommand());
  return command;
}

function newCommand(): Command {
  return new Command('new')
    .description('make an API key; it is shown once')
    .addOption(new Option('--role <role>', 'what the key can do').choices(KEY_ROLES).makeOptionMandatory())
    .option('--actor <id>', 'the person who uses it, as the actor of events', idArgument, 'owner')
    .action(async (_options, self: Command) => {
      const { role, actor, ...options } = self.optsWithGlobals<GlobalOptions & { role: Role; actor: string }>();
      await withVault(options, async (vault) => {
        const made = await makeKey(vault, actor, role, systemClock());
        output(options.json).answer(
          { ...made, actor, role },
          () =>
            `${made.key}\n\nIt is shown once. Send it as:  Authorization: Bearer ${made.key}\nIts id is ${made.keyId}.`,
        );
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('list the API keys: id, person, role, since when, and which are revoked')
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions>();
      // A folder that has keys and no log yet, as after its first `key new`: nothing can have been revoked.
      if (existsSync(join(options.data, 'vault.db')) && !existsSync(join(options.data, 'events.db'))) {
        await withVault(options, async (vault) => listKeys(await vault.keys(), output(options.json)));
        return;
      }
      await Session.run(options, async ({ billtrail, out }) => listKeys(await billtrail.access.keys(), out));
    });
}

/** The vault alone, without the log. */
async function withVault({ data }: GlobalOptions, work: (vault: Vault) => Promise<void>): Promise<void> {
  const { vault, notices } = await openVault({ dataDir: data, ...vaultSetting(process.env) });
  for (const notice of notices) process.stderr.write(`${notice}\n`);
  try {
    await work(vault);
  } finally {
    await vault.close();
  }
}

function listKeys(held: readonly ApiKey[], out: Output): void {
  const keys = held.map(({ id, actorId, role, createdAt, revokedAt }) => {
    return { keyId: id, actor: actorId, role, createdAt, revokedAt };
  });
  out.answer(keys, () =>
    keys.length === 0
      ? 'No keys. To make one: billtrail key new --role admin'
      : table(
          ['Id', 'Person', 'Role', 'Made', 'Revoked'],
          keys.map(({ keyId, actor, role, createdAt, revokedAt }) => [keyId, actor, role, createdAt, revokedAt]),
        ),
  );
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('revoke an API key, at once and for good')
    .argument('<id>', 'id of the key, from billtrail key list: 12 hexadecimal digits', idArgument)
    .action(async (keyId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async ({ billtrail, out }) => {
        const revoked = await billtrail.access.revokeKey(keyId, OWNER, systemClock());
        if (isRefusal(revoked)) throw refused(revoked);
        out.answer(revoked, () =>
          revoked.repeated ? `The key ${keyId} had been revoked already.` : `The key ${keyId} is revoked.`,
        );
      });
    });
}
