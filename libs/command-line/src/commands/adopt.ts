import { Command, InvalidArgumentError } from 'commander';
import { isRefusal } from '@billtrail/kernel';
import type { AdoptionPlan } from '@billtrail/application';
import { keeperHere } from '../acting.js';
import { refused, Session, type GlobalOptions } from '../session.js';
import { agreed, isAtTerminal } from '../terminal/asking.js';
import { here } from '../terminal/host.js';
import { table } from '../terminal/output.js';

interface AdoptOptions extends GlobalOptions {
  readonly last?: ReadonlyMap<string, number>;
  readonly yes?: true;
}

export function adoptCommand(): Command {
  return new Command('adopt')
    .description('make this log the one that goes on here: documents get numbers again (LogNotAdopted)')
    .option('--last <series=number>', 'last number given of a series, as INV=123; repeatable', lastNumber)
    .option('--yes', 'do it without asking; without it and without a terminal, nothing is done but told')
    .action(async (_options, self: Command) => {
      const { last: stated = new Map(), yes, ...options } = self.optsWithGlobals<AdoptOptions>();
      await Session.run(options, async ({ billtrail, out }) => {
        const plan = await billtrail.planAdoption(stated);
        if (isRefusal(plan)) throw refused(plan);
        const isComplete = plan.shut !== null && plan.series.every(({ last }) => last !== null);
        // A person sees what it will be before they say yes.
        if (!out.json) out.answer(plan, () => told(plan));
        const isAsked = isComplete && here().node === null && isAtTerminal();
        const isAgreed = plan.shut !== null && (yes === true || (isAsked && (await agreed('Adopt it?'))));
        const done = isAgreed ? await billtrail.adopt((await keeperHere(billtrail)).actor, stated) : plan;
        if (isRefusal(done)) throw refused(done);
        if (out.json) out.answer({ isAdopted: isAgreed || plan.shut === null, ...done }, () => '');
        else if (plan.shut !== null) out.answer(done, () => outcome(done, stated, isAgreed));
      });
    });
}

/** Adds one to those before it; the last one of a series counts. */
function lastNumber(value: string, before: ReadonlyMap<string, number> = new Map()): ReadonlyMap<string, number> {
  const [, series, digits] = /^(.+)=(\d{1,15})$/.exec(value) ?? [];
  if (series === undefined || digits === undefined)
    throw new InvalidArgumentError('Use the name of a series and a whole number, like INV=123.');
  return new Map([...before, [series, Number(digits)]]);
}

function told({ shut, place, series }: AdoptionPlan): string {
  if (shut === null) return 'The log is at home here, and documents get numbers: there is nothing to adopt.';
  const rows = series.map(({ series: name, inLog, inVault, last }) => {
    return [
      name,
      numberText(inLog),
      inVault === null ? '-' : numberText(inVault),
      last === null ? 'to be stated' : String(last + 1),
    ];
  });
  return [
    `No document gets a number from this log: ${shut.cause}.`,
    `Once it is adopted, its home is ${place}, and its series go on as follows. No other copy of it may issue or send from then on.`,
    '',
    table(['Series', 'Last in the log', 'Last the vault knows', 'Next number'], rows, [
      'Last in the log',
      'Last the vault knows',
      'Next number',
    ]),
  ].join('\n');
}

function numberText(number: number): string {
  return number === 0 ? 'none' : String(number);
}

function outcome({ series }: AdoptionPlan, stated: ReadonlyMap<string, number>, isAdopted: boolean): string {
  if (isAdopted) return 'Adopted: documents get numbers again.';
  const isComplete = series.every(({ last }) => last !== null);
  const numbers = isComplete ? [...stated] : series.map((one) => [one.series, one.last ?? 'NUMBER'] as const);
  const command = ['billtrail adopt', ...numbers.map(([name, last]) => `--last ${name}=${last}`), '--yes'].join(' ');
  return isComplete
    ? `Nothing was done. Do it: ${command}`
    : `Nothing was done. Look at the last document of each series that was sent, and put its number, without its prefix, in the place of NUMBER: ${command}`;
}
