import { Command, Option } from 'commander';
import { accessPage } from '@billtrail/application';
import { KINDS_OF_ACCESS, type KindOfAccess } from '@billtrail/vault';
import { adminHere } from '../acting.js';
import { Session, type GlobalOptions } from '../session.js';
import { table } from '../terminal/output.js';
import { personText, timeText, timesOfText } from '../terminal/words.js';
import { idArgument, instantArgument, wholeArgument } from './options.js';

interface AccessOptions extends GlobalOptions {
  readonly kind?: KindOfAccess;
  readonly person?: string;
  readonly key?: string;
  readonly since?: string;
  readonly limit: number;
}

export function accessCommand(): Command {
  return new Command('access')
    .description('list who was refused and who read what is personal, the newest first; for an admin, by BILLTRAIL_KEY')
    .addOption(new Option('--kind <kind>', 'refusal: by source and minute; read: one by one').choices(KINDS_OF_ACCESS))
    .option('--person <id>', 'only of this person', idArgument)
    .option('--key <id>', 'only with this key', idArgument)
    .addOption(
      new Option('--since <moment>', 'from this moment on, like 2026-03-02T09:00:00Z').argParser(instantArgument),
    )
    .addOption(new Option('--limit <number>', 'at most so many').argParser(wholeArgument).default(50))
    .action(async (_options, self: Command) => {
      const { kind, person: personId, key: keyId, since, limit, ...options } = self.optsWithGlobals<AccessOptions>();
      await Session.run(options, async ({ billtrail, out }) => {
        await adminHere(billtrail);
        const { items } = accessPage(billtrail.accessRecord, { kind, personId, keyId, since }, { limit });
        out.answer(items, () =>
          items.length === 0
            ? 'Nothing is kept of it.'
            : `${table(
                ['When', 'Times', 'What', 'Person', 'Key', 'From'],
                items.map((one) => [
                  timeText(one.at),
                  String(one.count),
                  one.what,
                  one.personId === null ? null : personText(one.personId),
                  one.keyId,
                  one.source,
                ]),
              )}\n${timesOfText()}`,
        );
      });
    });
}
