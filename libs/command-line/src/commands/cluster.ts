import { Command } from 'commander';
import { ClusterPreparation, credentialsIn, type ClusterStep } from '@billtrail/event-store';
import type { GlobalOptions } from '../session.js';
import { agreed, answerTo, isAtTerminal } from '../terminal/asking.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { output } from '../terminal/output.js';

/** `USER:PASSWORD` of an administrator of the cluster, percent-encoded as in a URL. */
const ADMINISTRATOR = 'BILLTRAIL_STORE_ADMIN';

export function clusterCommand(): Command {
  const command = new Command('cluster').description('the EventStoreDB that holds the log (BILLTRAIL_STORE)');
  command
    .command('init')
    .description('give the user of the log its rights and make the lease, as an administrator of the cluster')
    .option('--yes', 'do it without asking; without it and without a terminal, nothing is done but told')
    .action(async (_options, self: Command) => {
      const { yes, json } = self.optsWithGlobals<GlobalOptions & { yes?: true }>();
      const { BILLTRAIL_STORE: storeUrl = '' } = process.env;
      if (storeUrl === '')
        throw new CommandFailed(
          EXIT.badInput,
          'NoCluster',
          'BILLTRAIL_STORE names no EventStoreDB, so there is none to prepare.',
          'Set BILLTRAIL_STORE to esdb://USER:PASSWORD@HOST:PORT, with the user that is to have the rights',
        );
      const needsOne = ClusterPreparation.needsAdministrator(storeUrl);
      const preparation = ClusterPreparation.of(storeUrl, needsOne ? await administrator() : null);
      try {
        const out = output(json);
        const before = await preparation.steps();
        const isThere = before.every(({ isDone }) => isDone);
        // A person sees what it will be before they say yes.
        if (!json) out.answer(before, () => told(before));
        const isAgreed = yes === true || (!isThere && isAtTerminal() && (await agreed('Do it?')));
        if (isAgreed && !isThere) await preparation.carryOut();
        const steps = isAgreed && !isThere ? await preparation.steps() : before;
        if (json) out.answer({ isPrepared: steps.every(({ isDone }) => isDone), steps }, () => '');
        else out.answer(steps, () => outcome(isThere, isAgreed));
      } finally {
        await preparation.close();
      }
    });
  return command;
}

/** Nothing of it is kept or told. */
async function administrator(): Promise<ReturnType<typeof credentialsIn>> {
  const text = process.env[ADMINISTRATOR] ?? '';
  if (text !== '') {
    try {
      return credentialsIn(text);
    } catch {
      throw new CommandFailed(
        EXIT.badInput,
        'AdministratorMissing',
        `${ADMINISTRATOR} is not percent-encoded as in a URL.`,
        `Set ${ADMINISTRATOR} to USER:PASSWORD, each percent-encoded`,
      );
    }
  }
  if (!isAtTerminal())
    throw new CommandFailed(
      EXIT.badInput,
      'AdministratorMissing',
      'An administrator of the cluster must do this, and nobody is named.',
      `Set ${ADMINISTRATOR} to USER:PASSWORD, or run it at a terminal, where it asks`,
    );
  const user = await answerTo('Administrator of the cluster: ');
  const password = await answerTo('Password: ', { isHidden: true });
  return credentialsIn(`${encodeURIComponent(user)}:${encodeURIComponent(password)}`);
}

function told(steps: readonly ClusterStep[]): string {
  return steps.map(({ what, isDone }) => `${isDone ? 'done: ' : 'to do:'} ${what}`).join('\n');
}

function outcome(wasThere: boolean, isAgreed: boolean): string {
  if (wasThere) return 'The cluster is prepared: there is nothing to do.';
  return isAgreed ? 'Done: the cluster is prepared.' : 'Nothing was done. Do it: billtrail cluster init --yes';
}
