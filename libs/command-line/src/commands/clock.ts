import { Command } from 'commander';
import { AcceptClock } from '@billtrail/application';
import { keeperHere } from '../acting.js';
import { Session, type GlobalOptions } from '../session.js';
import { timeText, timesOfText } from '../terminal/words.js';

export function clockCommand(): Command {
  const command = new Command('clock').description('the clock of this machine, by which events are recorded');
  command
    .command('accept')
    .description('vouch for the clock, where the last event was recorded at another time (ClockSuspect)')
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions>();
      await Session.run(options, async (session) => {
        const { clock, store } = session.billtrail;
        const [now, last] = [clock(), await store.newest()];
        const { actor } = await keeperHere(session.billtrail);
        await session.send(AcceptClock, {}, { actor, at: now });
        session.out.answer({ clock: now, lastRecordedAt: last?.recordedAt ?? null, by: actor.id }, () =>
          [
            `The clock says ${timeText(now)}, and what follows is recorded by it.`,
            ...(last === null ? [] : [`The last event before was recorded on ${timeText(last.recordedAt)}.`]),
            timesOfText(),
          ].join('\n'),
        );
      });
    });
  return command;
}
