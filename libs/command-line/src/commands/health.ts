import { Command } from 'commander';
import { readinessOf } from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { here } from '../terminal/host.js';
import { healthText, notReadyRemedy } from '../terminal/health-text.js';

export function healthCommand(): Command {
  return new Command('health')
    .description('check log, vault, and that read models keep up, as the server tells it')
    .action(async (_options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const isNode = here().node !== null;
        const readiness = await readinessOf(session.billtrail);
        session.out.answer(readiness, () => healthText(readiness, isNode));
        if (readiness.status !== 'ready')
          throw new CommandFailed(
            EXIT.found,
            'NotReady',
            'Not ready: not everything can be asked and recorded.',
            notReadyRemedy(isNode),
          );
      });
    });
}
