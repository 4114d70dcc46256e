import { Command } from 'commander';
import type { Billtrail } from '@billtrail/application';
import type { Chain, EventStore } from '@billtrail/event-store';
import { toldOfSchema, type ReadModelsCompared } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { count, counted, table } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';
import { hashArgument } from './options.js';

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the hash chain of the whole log, and name every event that was changed, dropped or reordered')
    .option(
      '--head <hash>',
      'head hash kept from an earlier run: proves that nothing was cut off the end',
      hashArgument,
    )
    .option(
      '--read-models',
      'also fold the log anew and compare every row of the read models with it, and the hashes of money facts',
    )
    .addHelpText(
      'after',
      '\nKeep the head hash it prints somewhere else and pass it with --head next time.\nExit code 4 if something was found.',
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { head?: string; readModels?: boolean }>();
      await Session.run({ ...options, leavesReadModels: true }, async ({ billtrail, out }) => {
        const chain = chainOf(billtrail.store);
        const bar = progressBar('verifying', out.json);
        const head = await billtrail.store.head();
        const report = await chain.verify({
          ...(options.head === undefined ? {} : { expectedHeadHash: options.head }),
          onProgress: (position) => bar.to(position, head.at),
        });
        bar.done();
        const isWhole = report.findings.length === 0;
        const readModels = options.readModels === true && isWhole ? await compared(billtrail, out.json) : null;
        const missing = billtrail.vaultIncomplete()?.streams ?? [];
        const missingKeys = { streams: missing.length, example: missing[0] ?? null };
        out.answer({ ...report, missingKeys, ...(readModels && { readModels }) }, () =>
          isWhole
            ? `${count(report.events)} events, the chain is intact.\nPosition ${report.head}  Head hash ${report.headHash}${sealedFrom(report.plainUpTo)}${readModels === null ? '' : toldOf(readModels)}`
            : table(
                ['Position', 'Stream', 'Version', 'Problem', 'Details'],
                report.findings.map((finding) => [
                  finding.position,
                  finding.stream,
                  finding.version,
                  finding.problem,
                  finding.message,
                ]),
              ),
        );
        if (report.findings.length > 0) {
          throw new CommandFailed(
            EXIT.found,
            'ChainBroken',
            `The log was changed: ${counted(report.findings.length, 'finding')}.`,
            'Stop writing, keep the file as evidence, and restore a backup whose chain is intact.',
            { findings: report.findings },
          );
        }
        if (readModels !== null && isDifferent(readModels)) {
          throw new CommandFailed(
            EXIT.found,
            'ReadModelsDiffer',
            `The log is whole, and the read models are not what it says: ${counted(readModels.count, 'row')}, ${counted(readModels.facts.length, 'hash value')}${readModels.unfilled.length === 0 ? '' : `; ${counted(readModels.unfilled.length, 'read model')} not filled from this log`}${readModels.schema.map((one) => `; their file ${toldOfSchema(one)}`).join('')}.`,
            'Keep the file as evidence, and fill them anew from the log: billtrail rebuild',
            {
              schema: readModels.schema,
              unfilled: readModels.unfilled,
              count: readModels.count,
              facts: readModels.facts,
              rows: readModels.rows.slice(0, MAX_IN_ERROR),
            },
          );
        }
        if (missing.length > 0) {
          throw new CommandFailed(
            EXIT.found,
            'VaultIncomplete',
            `The log is whole, and the vault lacks keys of it: ${counted(missing.length, 'stream')}, such as ${missing[0]}.`,
            'Put back the vault that holds them; or, where they are gone for good: billtrail vault accept --yes',
            missingKeys,
          );
        }
      });
    });
}

/** Rows that the error names; the answer before it names more. */
const MAX_IN_ERROR = 10;

async function compared(billtrail: Billtrail, isJson: boolean): Promise<ReadModelsCompared> {
  const bar = progressBar('folding anew', isJson);
  const found = await billtrail.comparedWithLog(({ position, target }) => bar.to(position.at, target.at));
  bar.done();
  return found;
}

function isDifferent({ schema, unfilled, facts, count: all }: ReadModelsCompared): boolean {
  return schema.length + unfilled.length + facts.length + all > 0;
}

function toldOf(found: ReadModelsCompared): string {
  const { schema, unfilled, facts, rows, count: all } = found;
  if (!isDifferent(found)) return '\nThe read models are what the log says, row for row.';
  const ofFacts = facts.map(({ model, clientId, period }) => [model, clientId === '' ? 'all' : clientId, period]);
  const ofRows = rows.map(({ table: name, key, is, columns }) => [name, JSON.stringify(key), is, columns.join(', ')]);
  return [
    ...schema.map((one) => `The file of the read models ${toldOfSchema(one)}`),
    ...(unfilled.length === 0
      ? []
      : [`Not filled from this log by this version, and so not compared: ${unfilled.join(', ')}`]),
    ...(ofFacts.length === 0 ? [] : [table(['Money facts of', 'Client', 'Month'], ofFacts)]),
    ...(ofRows.length === 0 ? [] : [table(['Table', 'Key', 'Is', 'Columns'], ofRows)]),
    ...(all > rows.length ? [`and ${counted(all - rows.length, 'more row')}`] : []),
  ]
    .map((part) => `\n${part}`)
    .join('\n');
}

/** What is told of a log that an earlier version began: what it wrote stays in plain text. */
function sealedFrom(plainUpTo: number | null): string {
  if (plainUpTo === null || plainUpTo === 0) return '';
  return `\nUp to position ${plainUpTo} personal fields are in plain text; from there on they are sealed.`;
}

/** @throws CommandFailed where the log has no chain: then nothing was looked at. */
export function chainOf(store: Pick<EventStore, 'capability'>): Chain {
  const chain = store.capability('chain');
  if (chain !== null) return chain;
  throw new CommandFailed(
    EXIT.refused,
    'ChainMissing',
    'The log of this store has no chain of hashes. Nothing was checked.',
    'Have what keeps the log check it: a chain is what logs in a file have.',
  );
}

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('rebuild the read models from the log')
    .argument('[names...]', 'only these read models')
    .action(async (names: string[], _options, self: Command) => {
      await Session.run({ ...self.optsWithGlobals<GlobalOptions>(), checkFiles: true }, async (session) => {
        const known = session.billtrail.models.status().map(({ name }) => name);
        const unknown = names.find((name) => !known.includes(name));
        if (unknown !== undefined) {
          throw new CommandFailed(
            EXIT.badInput,
            'ReadModelUnknown',
            `No read model ${unknown}.`,
            `Use one or more of: ${known.join(', ')}; or none, to rebuild all.`,
          );
        }
        const bar = progressBar('rebuilding', session.out.json);
        await session.billtrail.models.rebuild(names.length === 0 ? undefined : names, ({ position, target }) =>
          bar.to(position.at, target.at),
        );
        bar.done();
        const status = session.billtrail.models.status();
        session.out.answer(status, () =>
          table(
            ['Read model', 'State', 'Position'],
            status.map((model) => [model.name, model.state, String(model.position)]),
            ['Position'],
          ),
        );
        const stopped = status.find((model) => model.state === 'stopped');
        if (stopped) {
          throw new CommandFailed(
            EXIT.found,
            'ReadModelStopped',
            `The read model "${stopped.name}" has stopped again: ${stopped.error}.`,
            'The log is intact. Run a version of Billtrail that can read the event.',
          );
        }
      });
    });
}
