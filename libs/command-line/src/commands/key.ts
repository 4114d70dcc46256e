import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isRefusal, type Role } from '@billtrail/kernel';
import { MakeKey, ROLES_OF_PEOPLE, SCOPES, validated, type KeyTold, type MadeKeyOf } from '@billtrail/application';
import { keeperHere } from '../acting.js';
import { refused, Session, type GlobalOptions } from '../session.js';
import { asTyped } from '../terminal/host.js';
import { table, type Output } from '../terminal/output.js';
import { dayText, nameAndId, personText, timeText, timesOfText } from '../terminal/words.js';
import { idArgument, wholeArgument } from './options.js';
import { keyOfStep } from '../under-key.js';

interface NewOptions extends GlobalOptions {
  readonly role: Role;
  readonly person: string;
  readonly expiresInDays?: number;
  readonly readOnly?: true;
  readonly scope?: readonly string[];
  readonly perMinute?: number;
  readonly keyOnly?: true;
}

export function keyCommand(): Command {
  const command = new Command('key').description('make, list, rotate and revoke the API keys of persons');
  command.addCommand(newCommand());
  command.addCommand(listCommand());
  command.addCommand(rotateCommand());
  command.addCommand(revokeCommand());
  return command;
}

export const keyOnlyOption = () =>
  new Option('--key-only', 'print the key and nothing else, for a variable of a shell');
export const expiryOption = () =>
  new Option('--expires-in-days <number>', 'days until the key expires (default: a year)').argParser(wholeArgument);

function newCommand(): Command {
  return new Command('new')
    .description('make an API key of a person; it is shown once')
    .requiredOption('--person <id>', 'whose it is, from billtrail person list', idArgument)
    .addOption(new Option('--role <role>', 'what the key can do').choices(ROLES_OF_PEOPLE).makeOptionMandatory())
    .addOption(expiryOption())
    .option('--read-only', 'it records nothing')
    .addOption(new Option('--scope <parts...>', 'the only parts of the API that it reaches').choices(SCOPES))
    .addOption(new Option('--per-minute <number>', 'requests that it may send in a minute').argParser(wholeArgument))
    .addOption(keyOnlyOption())
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<NewOptions>();
      const { role, person, expiresInDays, readOnly, scope, perMinute: ratePerMinute } = options;
      await Session.run({ ...options, create: true }, async ({ billtrail, out }) => {
        const command = await validated(MakeKey, defined({ role, readOnly, scope, ratePerMinute, expiresInDays }));
        if (isRefusal(command)) throw refused(command);
        const by = { ...(await keeperHere(billtrail)), idempotencyKey: keyOfStep('key') };
        tellMade(out, await billtrail.persons.makeKey(person, command, by), options.keyOnly === true);
      });
    });
}

/** What is left out is not there. */
export function defined(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** `registered`: the person who was registered with it. */
export function tellMade(
  out: Output,
  made: Awaited<ReturnType<Persons['makeKey']>>,
  isKeyOnly: boolean,
  registered?: { readonly name: string; readonly roles: readonly string[] },
): void {
  if (isRefusal(made)) throw refused(made);
  const { key, keyId, personId, role, expiresAt } = made;
  const whose = registered === undefined ? personText(personId) : nameAndId(registered.name, personId);
  const roles = registered === undefined ? [] : [`${whose} has these roles: ${registered.roles.join(', ')}.`];
  const text = () => (isKeyOnly ? key : [madeText(made, whose), ...roles].join('\n'));
  out.answer({ personId, keyId, key, role, expiresAt, ...(registered && { roles: registered.roles }) }, text);
}

type Persons = Session['billtrail']['persons'];

function madeText({ key, keyId, role, expiresAt }: MadeKeyOf, whose: string): string {
  return [
    key,
    '',
    `It is shown once: the key ${keyId} of ${whose}, with the role ${role}, until ${dayText(expiresAt)}. To act with it at the command line:`,
    `  export BILLTRAIL_KEY=${key}`,
    'and over HTTP:',
    `  Authorization: Bearer ${key}`,
  ].join('\n');
}

function listCommand(): Command {
  return new Command('list')
    .description('list the API keys: id, person, role, limits, since when, used last, and which are ended')
    .option('--person <id>', 'only those of this person', idArgument)
    .action(async (_options, self: Command) => {
      const { person, ...options } = self.optsWithGlobals<GlobalOptions & { person?: string }>();
      await Session.run({ ...options, create: hasVault(options) }, async ({ billtrail, out }) => {
        const keys = await billtrail.persons.keys();
        listKeys(
          keys.filter(({ personId }) => person === undefined || personId === person),
          out,
        );
      });
    });
}

/** An earlier version made keys in a folder that had no log yet. */
function hasVault({ data }: GlobalOptions): boolean {
  return existsSync(join(data, 'vault.db'));
}

function listKeys(keys: readonly KeyTold[], out: Output): void {
  out.answer(keys, () =>
    keys.length === 0
      ? asTyped('No keys. To make the first person and their key: billtrail person add NAME --role admin')
      : `${table(
          ['Id', 'Person', 'Role', 'Limits', 'Made', 'Expires', 'Used last', 'Revoked'],
          keys.map((key) => [
            key.keyId,
            personText(key.personId),
            key.role,
            limitsOf(key),
            timeText(key.createdAt),
            timeText(key.expiresAt),
            timeText(key.lastUsedAt),
            timeText(key.revokedAt),
          ]),
        )}\n${timesOfText()}`,
  );
}

function limitsOf({ isFirst, readOnly, scope, ratePerMinute }: KeyTold): string {
  return [
    ...(isFirst ? ['first key'] : []),
    ...(readOnly ? ['reads'] : []),
    ...scope.map((part) => `/${part}`),
    ...(ratePerMinute === null ? [] : [`${ratePerMinute} a minute`]),
  ].join(', ');
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description('make a key in the place of another one, which is revoked')
    .argument('<id>', 'id of the key, from billtrail key list: 12 hexadecimal digits', idArgument)
    .addOption(keyOnlyOption())
    .action(async (keyId: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { keyOnly?: true }>();
      await Session.run(options, async ({ billtrail, out }) => {
        const by = { ...(await keeperHere(billtrail)), idempotencyKey: keyOfStep('key') };
        tellMade(out, await billtrail.persons.rotateKey(keyId, by), options.keyOnly === true);
      });
    });
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('revoke an API key, at once and for good')
    .argument('<id>', 'id of the key, from billtrail key list: 12 hexadecimal digits', idArgument)
    .action(async (keyId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async ({ billtrail, out }) => {
        const revoked = await billtrail.persons.revokeKey(keyId, await keeperHere(billtrail));
        if (isRefusal(revoked)) throw refused(revoked);
        out.answer(revoked, () =>
          revoked.repeated ? `The key ${keyId} had been revoked already.` : `The key ${keyId} is revoked.`,
        );
      });
    });
}
