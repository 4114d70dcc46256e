import { here } from '../terminal/host.js';
import { Command } from 'commander';
import { stringify } from 'yaml';
import {
  beginningNow,
  billingCommands,
  configurationOf,
  expandedSets,
  latestToday,
  nobodyAgrees,
  proposedChanges,
  type Beginning,
  type ProposedChange,
} from '@billtrail/application';
import {
  billingConfiguration,
  filledConfiguration,
  loosenedBy,
  problemsOfConfiguration,
  type BillingConfiguration,
  type PublishedConfiguration,
  type RatedAgain,
  ratedAgainBy,
} from '@billtrail/billing';
import { differencesOf, type Holiday } from '@billtrail/contracts';
import { problemsOfShape, soundPart } from '@billtrail/input';
import { askerHere } from '../acting.js';
import { Session, type GlobalOptions } from '../session.js';
import { CONFIGURATION_EXAMPLE } from '../terminal/configuration-example.js';
import { changeText } from '../terminal/configuration-changes.js';
import { ContractDocument, placeText } from '../terminal/contract-document.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { counted } from '../terminal/output.js';

export function configCommand(): Command {
  const command = new Command('config').description(
    'the configuration of the organisation: show it, start one, publish it',
  );
  command
    .command('example')
    .description('print a configuration to start from; it lacks the name of the organisation')
    .action(() => void here().stdout.write(CONFIGURATION_EXAMPLE));
  command
    .command('show')
    .description('print the configuration in force as YAML')
    .action(async (_options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const configuration = await session.ask(({ store }) => configurationOf(store));
        session.out.answer(configuration, () => stringify(configuration).trimEnd());
      });
    });
  command
    .command('publish')
    .description('put the configuration of a file in force, and tell what it changes')
    .argument('<file>', 'YAML or JSON; start from: billtrail config example')
    .option('--dry-run', 'only check the file, and tell what it would change', false)
    .addHelpText(
      'after',
      `
The file states the whole configuration: what it leaves out has its default. Nothing of it takes effect where anything of it is refused.
What is on an issued document stays as it is. Publishing the same file twice changes nothing.`,
    )
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { dryRun: boolean }>();
      const configuration = await readConfiguration(file);
      await Session.run({ ...options, create: !options.dryRun }, async (session) => {
        const before = await session.ask(({ store }) => configurationOf(store));
        const sent = options.dryRun
          ? null
          : await session.send(billingCommands.PublishConfiguration, { configuration });
        const waits = sent?.waits === true;
        const after =
          options.dryRun || waits
            ? expandedAs(configuration, before)
            : await session.ask(({ store }) => configurationOf(store));
        const changes = differencesOf(before, after);
        const loosens = loosenedBy(before, after, latestToday(session.billtrail.clock()));
        const asker = options.dryRun ? await askerHere(session.billtrail) : null;
        const beginning = asker === null ? null : await session.ask((ports) => beginningNow(ports, asker.id));
        session.out.answer({ published: sent !== null && !waits, ...(waits && { waits }), changes, loosens }, () =>
          [
            ...(sent?.warnings ?? []).map(({ message }) => message),
            ...changesTexts(changes, after, options.dryRun || waits),
            ...(changes.length === 0 ? [] : ratedTexts(before, after)),
            ...(options.dryRun ? loosensTexts(loosens, beginning, after) : []),
          ].join('\n'),
        );
      });
    });
  command
    .command('holidays')
    .description(
      'tell which public holidays would be others now than when their sets were published; nothing changes by itself',
    )
    .action(async (_options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const { holidaySets = {} } = await session.ask(({ store }) => configurationOf(store));
        const changes = proposedChanges(holidaySets);
        session.out.answer({ changes }, () => proposalsText(changes));
      });
    });
  return command;
}

/** As publishing it would record it: with what its rate cards leave out, and its public holidays. */
function expandedAs(configuration: PublishedConfiguration, inForce: BillingConfiguration): PublishedConfiguration {
  const filled = filledConfiguration(configuration);
  const { holidaySets } = filled;
  if (holidaySets === undefined) return filled;
  return { ...filled, holidaySets: expandedSets(holidaySets, inForce.holidaySets ?? {}) };
}

function proposalsText(changes: readonly ProposedChange[]): string {
  if (changes.length === 0) return 'The public holidays of every set are as they would be worked out now.';
  const lines = changes.map(({ set, date, was, is }) => {
    const line = is === null ? { date, isHoliday: false } : is;
    const what = was === null ? 'new' : is === null ? `no longer ${was.name}` : `was ${dayText(was)}`;
    return `  ${set}: ${what}; to take it over, add to days of the set: ${JSON.stringify(line)}`;
  });
  return ['Public holidays that would be others now:', ...lines].join('\n');
}

function dayText({ name, from, to }: Holiday): string {
  return [name, ...(from === undefined ? [] : [`from ${from}`]), ...(to === undefined ? [] : [`to ${to}`])].join(' ');
}

async function readConfiguration(file: string): Promise<PublishedConfiguration> {
  const document = await ContractDocument.read(file, 'docs/configuration.md');
  const sound = soundPart(billingConfiguration, document.value) ?? {};
  const problems = document.placed([
    ...problemsOfShape(billingConfiguration, document.value, ''),
    ...problemsOfConfiguration(sound),
  ]);
  if (problems.length === 0) return document.value as PublishedConfiguration;
  throw new CommandFailed(
    EXIT.badInput,
    'ConfigurationMalformed',
    `${file} can't be published: ${counted(problems.length, 'problem')}.`,
    'Correct them; docs/configuration.md tells every section.',
    { problems: problems.map((one) => ({ path: `${placeText(one)}: ${one.path}`, message: one.problem })) },
  );
}

/** What nobody puts in force alone, once somebody else is registered who could agree. */
function loosensTexts(
  loosens: readonly string[],
  beginning: Beginning | null,
  { organisation }: BillingConfiguration,
): readonly string[] {
  if (loosens.length === 0) return [];
  if (beginning !== null)
    return [`This loosens ${loosens.join(', ')}. ${nobodyAgrees(beginning, organisation.timeZone)}`];
  return [`This loosens ${loosens.join(', ')}. If someone else has the Accounts or Admin role, they must approve it.`];
}

type Changes = ReturnType<typeof differencesOf>;

function changesTexts(changes: Changes, { organisation }: BillingConfiguration, isDry: boolean): readonly string[] {
  if (changes.length === 0) return [`The configuration of ${organisation.name} is in force already: nothing changes.`];
  return [
    isDry ? 'It would change:' : `Published the configuration of ${organisation.name}. It changes:`,
    ...changes.map((one) => `  ${changeText(one)}`),
  ];
}

const RATED: Readonly<Record<RatedAgain, string | null>> = {
  everything: 'What is not frozen is rated again.',
  tickets: 'What is found in the texts of tickets, and in tickets without work, is looked for again.',
  places: 'Work that has these class hours or holidays, and is not frozen, is rated again.',
  cards: 'Work under contracts that name a card with other prices, and that is not frozen, is rated again.',
  nothing: null,
};

function ratedTexts(before: BillingConfiguration, after: BillingConfiguration): readonly string[] {
  const rated = ratedAgainBy(before, after);
  const parts: readonly RatedAgain[] = rated.has('everything') ? ['everything'] : [...rated];
  const texts = parts.flatMap((one) => RATED[one] ?? []);
  return texts.length === 0 ? ['Nothing is rated again.'] : texts;
}
