import { Command } from 'commander';
import type { Reconciliation } from '@billtrail/read-models';
import { todayAsked } from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { dispositionTable } from '../terminal/reconciliation.js';
import { counted } from '../terminal/output.js';
import { clientOption, periodOption } from './options.js';

/** Rating follows the log by itself. This brings it up to date and shows the result. */
export function rateCommand(): Command {
  return new Command('rate')
    .description('rate everything that has changed, and show work by disposition')
    .addOption(clientOption())
    .addOption(periodOption())
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { client?: string; period?: string }>();
      await Session.run(options, async (session) => {
        await session.catchUp('rating');
        const reconciliation = await session.ask<Reconciliation>(async ({ models, clock }) =>
          models.reconciliation.of(todayAsked({ models, clock }), {
            clientId: options.client,
            period: options.period,
          }),
        );
        const { accounted, recorded, imbalances } = reconciliation;
        session.out.answer({ accounted, recorded, imbalances }, () =>
          [
            dispositionTable(accounted),
            '',
            `${counted(accounted.total.items, 'item')}; ${balance(imbalances.length)}`,
          ].join('\n'),
        );
      });
    });
}

function balance(imbalances: number): string {
  return imbalances === 0
    ? 'recorded work equals the sum of its dispositions'
    : `${imbalances} IMBALANCES: report this`;
}
