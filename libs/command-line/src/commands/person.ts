import { Command, Option } from 'commander';
import { isRefusal, type Role } from '@billtrail/kernel';
import {
  ChangePerson,
  MakeKey,
  RegisterPerson,
  ROLES_OF_PEOPLE,
  validated,
  type CommandClass,
} from '@billtrail/application';
import { keeperHere } from '../acting.js';
import { refused, Session, type GlobalOptions } from '../session.js';
import { asTyped } from '../terminal/host.js';
import { table } from '../terminal/output.js';
import { expiryOption, defined, keyOnlyOption, tellMade } from './key.js';
import { idArgument } from './options.js';
import { keyOfStep } from '../under-key.js';

interface AddOptions extends GlobalOptions {
  readonly role: readonly Role[];
  readonly id?: string;
  readonly email?: string;
  readonly client?: string;
  readonly expiresInDays?: number;
  readonly keyOnly?: true;
}

interface ChangeOptions extends GlobalOptions {
  readonly name?: string;
  readonly email?: string;
  readonly role?: readonly Role[];
}

const rolesOption = () => new Option('--role <roles...>', 'what they may be').choices(ROLES_OF_PEOPLE);

export function personCommand(): Command {
  const command = new Command('person').description('the persons who act, each by keys of their own');
  command.addCommand(addCommand());
  command.addCommand(listCommand());
  command.addCommand(changeCommand());
  return command;
}

function addCommand(): Command {
  return new Command('add')
    .description('register a person and make them a key of their first role; it is shown once')
    .argument('<name>', 'what they are called')
    .addOption(rolesOption().makeOptionMandatory())
    .option('--id <id>', 'the actor of what they do, in the log for good; made where it is left out', idArgument)
    .option('--email <address>', 'where they are reached')
    .option('--client <id>', 'whose user they are, for the role client', idArgument)
    .addOption(expiryOption())
    .addOption(keyOnlyOption())
    .action(async (name: string, _options, self: Command) => {
      const options = self.optsWithGlobals<AddOptions>();
      const { role: roles, id: personId, email, client: clientId, expiresInDays } = options;
      await Session.run({ ...options, create: true }, async ({ billtrail, out }) => {
        const person = await checked(RegisterPerson, { name, roles, personId, email, clientId });
        const key = await checked(MakeKey, { role: roles[0], expiresInDays });
        const by = await keeperHere(billtrail);
        const registered = await billtrail.persons.register(person, { ...by, idempotencyKey: keyOfStep('register') });
        if (isRefusal(registered)) throw refused(registered);
        const made = await billtrail.persons.makeKey(registered.personId, key, {
          ...by,
          idempotencyKey: keyOfStep('key'),
        });
        tellMade(out, made, options.keyOnly === true, { name, roles: registered.roles });
      });
    });
}

async function checked<C extends object>(type: CommandClass<C>, input: Readonly<Record<string, unknown>>): Promise<C> {
  const command = await validated(type, defined(input));
  if (isRefusal(command)) throw refused(command);
  return command;
}

function listCommand(): Command {
  return new Command('list')
    .description('list the persons: id, name, roles, client')
    .action(async (_options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async ({ billtrail, out }) => {
        const persons = await billtrail.persons.persons();
        out.answer(persons, () =>
          persons.length === 0
            ? asTyped('No persons. To make the first one and their key: billtrail person add NAME --role admin')
            : table(
                ['Id', 'Name', 'E-mail', 'Roles', 'Client'],
                persons.map((one) => [
                  one.personId,
                  one.name ?? '(to be named)',
                  one.email,
                  one.roles.join(', '),
                  one.clientId,
                ]),
              ),
        );
      });
    });
}

function changeCommand(): Command {
  return new Command('change')
    .description('state name, e-mail or roles of a person anew; keys of a role that is taken away are revoked')
    .argument('<id>', 'id of the person, from billtrail person list', idArgument)
    .option('--name <name>', 'what they are called')
    .option('--email <address>', 'where they are reached')
    .addOption(rolesOption())
    .action(async (personId: string, _options, self: Command) => {
      const { name, email, role: roles, ...options } = self.optsWithGlobals<ChangeOptions>();
      await Session.run(options, async ({ billtrail, out }) => {
        const command = await checked(ChangePerson, { name, email, roles });
        const changed = await billtrail.persons.change(personId, command, {
          ...(await keeperHere(billtrail)),
          idempotencyKey: keyOfStep('change'),
        });
        if (isRefusal(changed)) throw refused(changed);
        const told = await billtrail.persons.told(personId);
        out.answer(told, () => `${personId} is ${told?.name ?? ''}, with the roles ${told?.roles.join(', ') ?? ''}.`);
      });
    });
}
