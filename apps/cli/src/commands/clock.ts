import { Command } from 'commander';
import { AcceptClock } from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { idArgument } from './options.js';

export function clockCommand(): Command {
  const command = new Command('clock').description('the clock of this machine, by which events are recorded');
  command
    .command('accept')
    .description('vouch for the clock, where the last event was recorded at another time (ClockSuspect)')
    .requiredOption('--by <id>', 'who vouches for it, as the actor of the event', idArgument)
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { by: string }>();
      await Session.run(options, async (session) => {
        const { clock, store } = session.billtrail;
        const [now, last] = [clock(), await store.newest()];
        await session.send(AcceptClock, {}, { actor: { id: options.by, role: 'admin' }, at: now });
        session.out.answer({ clock: now, lastRecordedAt: last?.recordedAt ?? null, by: options.by }, () =>
          [
            `The clock says ${now}, and what follows is recorded by it.`,
            ...(last === null ? [] : [`The last event before was recorded ${last.recordedAt}.`]),
          ].join('\n'),
        );
      });
    });
  return command;
}
