import type { Command } from 'commander';
import { invariant } from '@billtrail/kernel';
import { asksNoStore, onlyHere } from './run-here.js';

/** No route decides: at the command line an admin does it, for whomever. */
export const ADMIN_ALONE = 'admin';

/** The route that shows or records what a command does: whoever may use it may run the command. */
export const ROUTES_OF_COMMANDS: Readonly<Record<string, string>> = {
  'config show': 'GET configuration',
  'config publish': 'POST configuration',
  'config holidays': 'GET configuration',
  'contract check': 'POST contracts/check',
  'contract activate': 'POST contracts',
  'contract uplift': 'POST contracts/uplift',
  rate: 'GET billable-items',
  'what-if': 'POST what-if',
  sites: 'GET clients/:clientId/sites',
  milestones: 'GET contracts/:contractId/milestones',
  prepaid: 'GET prepaid',
  approve: 'POST bulk-jobs',
  'invoice run': 'POST invoices',
  'invoice list': 'GET invoices',
  'invoice show': 'GET invoices/:invoiceId',
  'invoice approve': 'POST invoices/:invoiceId/approve',
  'invoice issue': 'POST invoices/:invoiceId/issue',
  'invoice discard': 'POST invoices/:invoiceId/discard',
  'invoice redraft': 'POST invoices',
  'invoice credit': 'POST credit-notes',
  'invoice give-credit': 'POST credit-notes/owed',
  'invoice credit-notes': 'GET invoices/:invoiceId/credit-notes',
  reconcile: 'GET reconciliation',
  sla: 'GET sla',
  timeline: 'GET tickets/:ticketId/timeline',
  explain: 'GET billable-items/:itemId/explanation',
  'approvals list': 'GET approvals',
  'approvals show': 'GET approvals/:requestId',
  'approvals approve': 'POST approvals/:requestId/approve',
  'approvals refuse': 'POST approvals/:requestId/refuse',
  'approvals withdraw': 'POST approvals/:requestId/withdraw',
  'approvals delegate': 'POST delegations',
  'approvals end-delegation': 'POST delegations/:delegationId/end',
  'approvals delegations': 'GET delegations',
  health: 'GET health/ready',
  'person add': 'POST persons',
  'person list': 'GET persons',
  'person change': 'POST persons/:personId/details',
  'key new': 'POST persons/:personId/keys',
  'key list': 'GET keys',
  'key rotate': ADMIN_ALONE,
  'key revoke': ADMIN_ALONE,
  access: 'GET access-record',
  'clock accept': ADMIN_ALONE,
  adopt: ADMIN_ALONE,
};

/** Other routes that a command stands for, with what to type: `:jobId` is what the path has there. */
const ALSO: Readonly<Record<string, string>> = {
  'GET bulk-jobs/:jobId': 'approve --job :jobId',
  'POST bulk-jobs/:jobId/run': 'approve --job :jobId --yes',
  'POST contracts/:contractId/versions': 'contract activate FILE',
  'POST keys/:keyId/revoke': 'key revoke :keyId',
};

/** Commands that are allowed as their route is, but do something else: none of them is told in its place. */
const ANOTHER_ACT: ReadonlySet<string> = new Set([
  'config holidays',
  // It discards a draft first.
  'invoice redraft',
  // It sums the items up, and lists none.
  'rate',
]);

/** Members of a body whose option has another name. */
const OPTIONS: Readonly<Record<string, string>> = { issueDate: 'date', tickets: 'ticket', charges: 'charge' };

interface Door {
  readonly method: string;
  readonly parts: readonly string[];
  readonly words: string;
  readonly command: Command;
  readonly typed: (params: ReadonlyMap<string, string>) => string;
}

const ROUTE = /\b(GET|POST) \/v1\/([^\s`'",;()]*[^\s`'",;().:])/g;
/** `POST /v1/approvals/R1/approve, or /refuse`: the second one in short. */
const IN_SHORT = /\b((?:GET|POST) \/v1\/[^\s`'",;()]*\/)([\w-]+), or \/([\w-]+)/g;

/**
 * Texts of refusals and warnings as somebody reads them who types: a route that a command stands for is told as that command, with what else it has to be given; another
 * route stays. Where a text offers the command beside the route, the command alone is left. Each command is told with the store that the caller named (`--url`, `--data`):
 * copied, it acts on that store.
 */
export function tellerByCommand(program: Command): (text: string) => string {
  let doors: readonly Door[] | undefined;
  return (text) => onSameStore(program, text.includes(' /v1/') ? byCommand((doors ??= doorsOf(program)), text) : text);
}

function byCommand(doors: readonly Door[], text: string): string {
  const told = new Set<Door>();
  const replaced = text
    .replaceAll(IN_SHORT, '$1$2, or $1$3')
    .replaceAll(ROUTE, (route, method: string, path: string) => {
      const found = doorFor(doors, method, path.split('/'));
      if (found === null) return route;
      told.add(found.door);
      return found.command;
    });
  return [...told].reduce((sentence, door) => withOptions(onceEach(sentence, door), door), replaced);
}

/** A command that a text names without a store of its own: `billtrail approvals list`, `npm run -s billtrail -- approve`. */
const NAMED = /\bbilltrail (?:-- )?(?=([a-z][a-z-]*)(?: ([a-z][a-z-]*))?)(?![^\n.;,`]*--(?:data|url) )/g;

function onSameStore(program: Command, text: string): string {
  if (!text.includes('billtrail ')) return text;
  const url = program.getOptionValue('url') as string | undefined;
  // Typed, or the folder of the demo, which it makes where none is typed.
  const isFolderNamed = ['cli', 'implied'].includes(program.getOptionValueSource('data') ?? 'default');
  if (url === undefined && !isFolderNamed) return text;
  const store = url === undefined ? `--data ${quoted(String(program.getOptionValue('data')))}` : `--url ${quoted(url)}`;
  return text.replaceAll(NAMED, (named, first: string, second?: string) => {
    const command = program.commands.find((one) => one.name() === first);
    if (command === undefined) return named;
    const sub = command.commands.find((one) => one.name() === second);
    const words = sub === undefined ? first : `${first} ${second}`;
    return asksNoStore(words) || (url !== undefined && onlyHere(words) !== null) ? named : `${named}${store} `;
  });
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function doorFor(doors: readonly Door[], method: string, path: readonly string[]) {
  for (const door of doors) {
    const { parts } = door;
    if (door.method !== method || parts.length !== path.length) continue;
    if (!parts.every((part, index) => part.startsWith(':') || part === path[index])) continue;
    const params = parts.flatMap((part, index): [string, string][] =>
      part.startsWith(':') ? [[part, path[index] ?? '']] : [],
    );
    return { door, command: `billtrail ${door.typed(new Map(params))}` };
  }
  return null;
}

function doorsOf(program: Command): readonly Door[] {
  const own = Object.entries(ROUTES_OF_COMMANDS)
    .filter(([words, route]) => route !== ADMIN_ALONE && !ANOTHER_ACT.has(words))
    .map(([words, route]) => doorOf(program, route, words, null));
  return [...own, ...Object.entries(ALSO).map(([route, typed]) => doorOf(program, route, typed, typed))];
}

function doorOf(program: Command, route: string, words: string, typed: string | null): Door {
  const [method = '', path = ''] = route.split(' ');
  const command = commandOf(program, words.split(' '));
  return {
    method,
    parts: path.split('/'),
    words: wordsOf(command),
    command,
    typed:
      typed === null
        ? (params) => [words, ...needsOf(command, [...params.values()])].join(' ')
        : (params) => typed.replace(/:\w+/, (name) => params.get(name) ?? name),
  };
}

function commandOf(program: Command, words: readonly string[]): Command {
  let found = program;
  for (const word of words) found = found.commands.find((one) => one.name() === word) ?? found;
  invariant(found !== program, () => `there is no command ${words.join(' ')}`);
  return found;
}

/** The words of a command: `invoice show`. */
export function wordsOf(action: Command): string {
  const words: string[] = [];
  for (let command = action; command.parent !== null; command = command.parent) words.unshift(command.name());
  return words.join(' ');
}

/** What a command has to be given: the values of the path in their order, then what stands for the others. */
function needsOf(command: Command, values: readonly string[]): readonly string[] {
  const left = [...values];
  const valueOr = (name: string): string => {
    const value = left.shift();
    return value === undefined || value.startsWith('{') ? name.replace('...', '').toUpperCase() : value;
  };
  return [
    ...command.registeredArguments.filter(({ required }) => required).map((one) => valueOr(one.name())),
    ...command.options
      .filter(({ mandatory }) => mandatory)
      .map(({ long, flags }) => `${long ?? ''} ${valueOr(/<(.*)>/.exec(flags)?.[1] ?? '')}`),
  ];
}

/** The same command twice, by its route and by its name: `billtrail config publish FILE, or billtrail config publish FILE`. */
function onceEach(text: string, { words }: Door): string {
  const first = `billtrail ${words}\\b(?:(?!\\. )[^,;()\`])*?`;
  return text.replace(new RegExp(`${first}(?: with \\{[^}]*\\})?,? or (?=\`?billtrail ${words}\\b)`), '');
}

/** Members of a body that a text names, as the options of the command. */
function withOptions(text: string, { command }: Door): string {
  return text.replaceAll(/`(\w+)`/g, (member, name: string) => {
    const option = command.options.find((one) => one.attributeName() === (OPTIONS[name] ?? name));
    return option?.long === undefined || option.long === null ? member : `\`${option.long}\``;
  });
}
