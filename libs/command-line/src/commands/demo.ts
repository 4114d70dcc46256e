import { Command } from 'commander';
import { DEMO_SEED, generateMonth, type DemoMonth } from '@billtrail/demo';
import { AcceptClock, billingCommands, systemClock, type Clock } from '@billtrail/application';
import { type Actor, type Month, invariant, isRefusal } from '@billtrail/kernel';
import type { Reconciliation } from '@billtrail/read-models';
import { LoadMonth } from '../demo/load-month.js';
import { comparePlanted, type PlantedComparison } from '../demo/compare-planted.js';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { counted, money, table } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';
import { reconciliationText } from '../terminal/reconciliation.js';
import { monthText } from '../terminal/words.js';

/** Whoever loads the sample month. Its people are made up, as all of it is. */
const DEMO: Actor = { id: 'demo', role: 'admin' };
const DEMO_FOLDER = './demo-data';

/** Most differences listed; `--json` has all of them. */
const MAX_SHOWN = 20;

export function demoCommand(): Command {
  return new Command('demo')
    .description('load, rate and invoice a sample month with 57 planted gaps, and show that all are found')
    .option('--seed <number>', 'seed of the sample month', Number, DEMO_SEED)
    .addHelpText(
      'after',
      `\nThe default data folder is ${DEMO_FOLDER}. Look around afterwards:\n  npm start -- --data ${DEMO_FOLDER}\n  npm run -s billtrail -- --data ${DEMO_FOLDER} reconcile --tickets gap`,
    )
    .action(async (_options, self: Command) => {
      const given = self.optsWithGlobals<GlobalOptions & { seed: number }>();
      const options = {
        ...given,
        data: self.getOptionValueSourceWithGlobals('data') === 'default' ? DEMO_FOLDER : given.data,
      };
      // The commands it prints must name the demo folder, even when --data was not given.
      self.parent?.setOptionValueWithSource('data', options.data, 'implied');
      const month = generateMonth({ seed: options.seed });
      // The demo's clock stands at the day of its reconciliation; whoever looks around afterwards has the machine's.
      let clock: Clock = () => `${month.asOf}T12:00:00Z`;
      await Session.run(
        { ...options, create: true },
        async (session) => {
          await runDemo(session, month, options.data);
          clock = systemClock;
          await session.send(AcceptClock, {}, { actor: DEMO, commandId: `demo/${month.seed}/clock` });
        },
        () => clock(),
      );
    });
}

async function runDemo(session: Session, month: DemoMonth, folder: string): Promise<void> {
  session.out.say(`Loading a sample month (${monthText(month.month)}, seed ${month.seed}) ...`);
  const { reconciliation, comparison } = await playMonth(session, month);
  session.out.answer({ seed: month.seed, folder, reconciliation, comparison }, () =>
    [reconciliationText(reconciliation), '', comparisonText(comparison), '', whatNext(folder, month.month)].join('\n'),
  );
  if (comparison.missed.length + comparison.invented.length > 0) {
    throw new CommandFailed(
      EXIT.broken,
      'DemoDisagrees',
      'The gaps found differ from the gaps planted.',
      'Report this.',
      {
        ...comparison,
      },
    );
  }
}

/** Loads, rates, invoices, adds late work, and compares the gaps found with those planted. */
export async function playMonth(
  session: Session,
  month: DemoMonth,
): Promise<{ readonly reconciliation: Reconciliation; readonly comparison: PlantedComparison }> {
  const bar = progressBar('loading', session.out.json);
  const load = new LoadMonth(month, {
    store: session.billtrail.store,
    dispatch: (type, input, context) => session.try(type, input, context),
    waitingOn: async (ticketId) => {
      const { items } = await session.ask(({ models }) => models.approvals.list({ ticketId, state: 'waiting' }));
      const [request] = items;
      invariant(request !== undefined, () => `nothing waits for a second person on ticket ${ticketId}`);
      return request;
    },
    onProgress: (done, total) => bar.to(done, total),
  });
  await load.beforeInvoicing();
  bar.done();
  await session.catchUp('rating');
  await invoiceMonth(session, month);
  await load.afterInvoicing();
  await load.askedFor();
  await session.catchUp('rating late work');
  return {
    reconciliation: await session.ask(({ models }) => models.reconciliation.of(month.asOf)),
    comparison: await session.ask(({ models }) => comparePlanted(month.planted, models)),
  };
}

/** Drafts, approves and issues each client's invoice for the month, at the demo's own time. */
async function invoiceMonth(
  session: Pick<Session, 'try' | 'out'>,
  { seed, phases: { invoicing } }: DemoMonth,
): Promise<void> {
  const bar = progressBar('invoicing', session.out.json);
  for (const [index, clientId] of invoicing.clientIds.entries()) {
    const invoice = { clientId, period: invoicing.period, invoiceId: `demo-${seed}-${clientId}` };
    const context = (step: string) => ({
      actor: invoicing.by,
      at: invoicing.at,
      commandId: `demo/${seed}/${step}/${clientId}`,
    });
    const drafted = await session.try(billingCommands.DraftInvoice, invoice, context('draft'));
    // A client whose work is all covered has nothing to bill.
    if (!isRefusal(drafted)) {
      for (const [command, input] of [
        [billingCommands.ApproveInvoice, invoice],
        [billingCommands.IssueInvoice, { ...invoice, issueDate: invoicing.issueDate }],
      ] as const) {
        const answer = await session.try<object>(command, input, context(command.name));
        if (isRefusal(answer))
          throw new CommandFailed(EXIT.broken, answer.code, answer.message, answer.remedy, answer.details);
      }
    } else if (drafted.code !== 'NothingToBill') {
      throw new CommandFailed(EXIT.broken, drafted.code, drafted.message, drafted.remedy, drafted.details);
    }
    bar.to(index + 1, invoicing.clientIds.length);
  }
  bar.done();
}

function comparisonText({ planted, found, missed, invented }: PlantedComparison): string {
  const verdict =
    missed.length + invented.length === 0
      ? `${counted(planted, 'gap')} planted, ${found} found: all of them and no others.`
      : `${counted(planted, 'gap')} planted, ${found} found; MISSED ${missed.length}, INVENTED ${invented.length}.`;
  const rows = [...missed.map((gap) => ['missed', gap] as const), ...invented.map((gap) => ['invented', gap] as const)];
  if (rows.length === 0) return verdict;
  const shown = rows.slice(0, MAX_SHOWN);
  return [
    verdict,
    table(
      ['', 'Ticket', 'Gap', 'Value at risk'],
      shown.map(([what, gap]) => [what, gap.ticketId, gap.kind, money(gap.money)]),
    ),
  ].join('\n');
}

function whatNext(folder: string, month: Month): string {
  return [
    'Look around:',
    `  npm run -s billtrail -- --data ${folder} reconcile --tickets gap`,
    `  npm run -s billtrail -- --data ${folder} invoice list`,
    `  npm run -s billtrail -- --data ${folder} approvals list`,
    `  npm run -s billtrail -- --data ${folder} prepaid C-012 --forecast`,
    `  npm run -s billtrail -- --data ${folder} explain K-013-A@fee@workstations@${month}-01`,
    `  npm run -s billtrail -- --data ${folder} sites C-013`,
    `  npm run -s billtrail -- --data ${folder} timeline T-10023`,
    `  npm run -s billtrail -- --data ${folder} verify`,
    `  npm start -- --data ${folder}`,
  ].join('\n');
}
