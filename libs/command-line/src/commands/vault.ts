import { statSync } from 'node:fs';
import { Command } from 'commander';
import { isRefusal } from '@billtrail/kernel';
import type { TakenKeys } from '@billtrail/vault';
import { keeperHere } from '../acting.js';
import { refused, Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { asTyped } from '../terminal/host.js';
import { counted } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';

/** Told by name at a terminal; JSON has all. */
const MOST_TOLD = 20;

export function vaultCommand(): Command {
  const command = new Command('vault').description('the vault of keys, without which what is sealed can not be read');
  command.addCommand(acceptCommand());
  command.addCommand(mergeCommand());
  return command;
}

function acceptCommand(): Command {
  return new Command('accept')
    .description('say that keys of streams which the vault lacks are gone for good (VaultIncomplete)')
    .option('--yes', 'say so; without it, nothing is done but told')
    .action(async (_options, self: Command) => {
      const { yes, ...options } = self.optsWithGlobals<GlobalOptions & { yes?: true }>();
      await Session.run(options, async ({ billtrail, out }) => {
        const isAccepted = yes === true;
        const bar = progressBar('read models', out.json);
        const streams = isAccepted
          ? await billtrail.acceptLostKeys((await keeperHere(billtrail)).actor, ({ position, target }) =>
              bar.to(position.at, target.at),
            )
          : billtrail.access.missingStreamKeys();
        bar.done();
        out.answer({ isAccepted, streams }, () => told(streams, isAccepted));
      });
    });
}

function mergeCommand(): Command {
  return new Command('merge')
    .description('bring the keys that this vault lacks from another copy of it, such as an older backup')
    .argument('<file>', 'a copy of vault.db; it stays as it is')
    .action(async (file: string, _options, self: Command) => {
      if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
        throw new CommandFailed(
          EXIT.badInput,
          'FileUnreadable',
          `${file}: it is no file.`,
          'Use a file that exists and is readable.',
        );
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async ({ billtrail, out }) => {
        const bar = progressBar('read models', out.json);
        const { actor } = await keeperHere(billtrail);
        const taken = await billtrail.mergeVault(file, actor, ({ position, target }) => bar.to(position.at, target.at));
        bar.done();
        if (isRefusal(taken)) throw refused(taken);
        const missing = billtrail.access.missingStreamKeys();
        out.answer({ ...taken, missing }, () => merged(taken, missing.length));
      });
    });
}

function merged({ apiKeys, streamKeys, otherKeys }: TakenKeys, missing: number): string {
  const brought = `${counted(apiKeys, 'API key')} and ${counted(streamKeys, 'key')} of streams`;
  return [
    apiKeys + streamKeys === 0 ? 'The vault lacks nothing that the file holds.' : `Brought ${brought}.`,
    ...(otherKeys > 0
      ? [`${counted(otherKeys, 'key')} of streams stay out: the vault holds another in their place.`]
      : []),
    missing === 0
      ? 'The vault lacks no key of the log.'
      : `It still lacks the keys of ${counted(missing, 'stream')}. See which: ${asTyped('billtrail vault accept')}`,
  ].join('\n');
}

function told(streams: readonly string[], isAccepted: boolean): string {
  if (streams.length === 0) return 'The vault lacks no key: nothing is lost.';
  const more = streams.length - MOST_TOLD;
  const of = counted(streams.length, 'stream');
  return [
    ...streams.slice(0, MOST_TOLD),
    ...(more > 0 ? [`and ${more} more`] : []),
    isAccepted
      ? `What is personal in ${of} is lost: "(lost)" stands in its place, and the streams go on under new keys. A key that is found later opens what it sealed.`
      : `What is personal in ${of} can't be read, and nothing can be decided there. Put back the vault that holds the keys; where it is gone for good: ${asTyped('billtrail vault accept --yes')}`,
  ].join('\n');
}
