import { Command } from 'commander';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { count, table } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';
import { hashArgument } from './options.js';

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'walk the hash chain of the whole log; every stored event that was changed, dropped or reordered is named',
    )
    .option(
      '--head <hash>',
      'chain value that you kept from an earlier run: proves that nothing was cut off the end',
      hashArgument,
    )
    .addHelpText(
      'after',
      '\nKeep the head hash it prints somewhere else; hand it back with --head next time.\nExit code 4 when something was found.',
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { head?: string }>();
      await Session.run(options, async ({ billtrail, out }) => {
        const bar = progressBar('verifying', out.json);
        const head = await billtrail.store.head();
        const report = await billtrail.store.verify({
          ...(options.head === undefined ? {} : { expectedHeadHash: options.head }),
          onProgress: (position) => bar.to(position, head),
        });
        bar.done();
        out.answer(report, () =>
          report.findings.length === 0
            ? `${count(report.events)} events, the chain is whole.\nhead ${report.head}  hash ${report.headHash}`
            : table(
                ['position', 'stream', 'version', 'problem', 'what'],
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
            `The log was changed: ${report.findings.length} finding(s).`,
            'Stop writing, keep the file as evidence, and restore the log from a backup whose chain is whole.',
            { findings: report.findings },
          );
        }
      });
    });
}

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('empty the read models and fill them again from the log')
    .argument('[names...]', 'only these read models')
    .action(async (names: string[], _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const known = session.billtrail.models.status().map(({ name }) => name);
        const unknown = names.find((name) => !known.includes(name));
        if (unknown !== undefined) {
          throw new CommandFailed(
            EXIT.badInput,
            'ReadModelUnknown',
            `There is no read model ${unknown}.`,
            `Name some of: ${known.join(', ')}; or none, for all.`,
          );
        }
        const bar = progressBar('rebuilding', session.out.json);
        await session.billtrail.models.rebuild(names.length === 0 ? undefined : names, ({ position, target }) =>
          bar.to(position, target),
        );
        bar.done();
        const status = session.billtrail.models.status();
        session.out.answer(status, () =>
          table(
            ['read model', 'state', 'position'],
            status.map((model) => [model.name, model.state, model.position]),
            ['position'],
          ),
        );
        const stopped = status.find((model) => model.state === 'stopped');
        if (stopped) {
          throw new CommandFailed(
            EXIT.found,
            'ReadModelStopped',
            `The read model "${stopped.name}" has stopped again: ${stopped.error}.`,
            'The log is unharmed. Run a version of Billtrail that can take the event.',
          );
        }
      });
    });
}
