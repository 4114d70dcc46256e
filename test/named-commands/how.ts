import { join } from 'node:path';
import { ROOT } from './collect.js';

/** How a command that is named somewhere is looked at. */
export type How =
  /** It is run, and does what it says. */
  | { readonly by: 'running'; readonly args: readonly string[] }
  /** It is run, and refused with this code: it names something of another store. */
  | { readonly by: 'refusal'; readonly args: readonly string[]; readonly code: string; readonly why: string }
  /** Its words and options are parsed; it is not run. */
  | { readonly by: 'parsing'; readonly args: readonly string[]; readonly why: string }
  /** It is a script of package.json that is not run here. */
  | { readonly by: 'script'; readonly script: string; readonly why: string }
  /** A sentence is about the command, and names it without its arguments. */
  | { readonly by: 'mention'; readonly args: readonly string[] };

const SCRIPTS: Readonly<Record<string, string>> = {
  test: 'runs this very test',
  jest: 'runs tests',
  bench: 'takes minutes',
  proof: 'takes minutes',
  mutation: 'takes hours',
  format: 'writes to the sources',
  build: 'writes the build that other tests run',
};

const PARSED: Readonly<Record<string, string>> = {
  serve: 'listens until it is stopped; built-server.spec.ts starts one',
  demo: 'was run to make the store of this test',
  cluster: 'prepares an EventStoreDB; test/esdb/cluster-init.spec.ts runs it on one',
};

/** Commands that a page names without arguments, because the sentence is about them. A message always names a whole command. */
const MENTIONS: ReadonlySet<string> = new Set(['docs/contracts.md: contract activate', 'docs/tour.md: what-if']);

/** What stands for a value of the reader's, by the command and the word: something that the sample month has. */
function valueFor(word: string, command: string): string {
  const file = command.startsWith('import')
    ? 'samples/servicenow/incident_event_log_sample.csv'
    : 'samples/contracts/demo-client-at-180.yaml';
  const values: Readonly<Record<string, string>> = {
    FILE: join(ROOT, file),
    TICKET: 'T-10102',
    NUMBER: 'INV-000001',
    ITEM: 'T-10002-E1',
    CLIENT: 'C-012',
    CONTRACT: 'K-013-A',
    CHARGE: 'K-013-A@fee@workstations@2026-03-01',
    MONTH: '2026-03',
    NAME: 'sla',
    HASH: 'a'.repeat(64),
    'T.csv': join(ROOT, 'samples/audit/tickets.csv'),
    'W.csv': join(ROOT, 'samples/audit/work.csv'),
    'I.csv': join(ROOT, 'samples/audit/invoices.csv'),
    'M.yaml': join(ROOT, 'mappings/audit-generic.yaml'),
  };
  // A template of the source: a contract file or the number of an invoice.
  if (/^(person change|key new)/.test(command) && /^(\{\}|ana|ID)$/.test(word)) return 'owner';
  if (word === '{}' && /^approvals approve .*--hash/.test(command)) return 'a'.repeat(64);
  if (word === '{}') return command.startsWith('contract') ? join(ROOT, file) : 'INV-000001';
  return values[word] ?? word.replace('{}', '2026-03');
}

export function howToCheck(
  file: string,
  text: string,
  folders: { readonly demo: string; readonly other: string },
): How {
  // What a shell writes to a file is no argument.
  const typed = text.replace(/ > \S+$/, '');
  const words = [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const script = words[0] === 'npm' ? words.find((word) => !/^(npm|run|-s)$/.test(word)) : 'billtrail';
  const after = words[0] === 'npm' ? words.slice(words.indexOf('--') + 1) : words.slice(1);
  const given = words[0] === 'npm' && !words.includes('--') ? [] : after;
  if (script !== undefined && !['billtrail', 'start', 'demo'].includes(script))
    return { by: 'script', script, why: SCRIPTS[script] ?? 'nobody has looked at it yet' };
  const named = script === 'start' ? ['serve', ...given] : script === 'demo' ? ['demo', ...given] : given;
  // The option with the folder is the store of this test; what a template puts in its place is left out.
  const own = named.filter((word, index) => word !== '--data' && named[index - 1] !== '--data');
  const [begin = '', ...others] = own;
  const plain = [begin.replace(/^\{\}(?=\w)/, ''), ...others];
  const command = plain.join(' ');
  const args = plain.map((each) => valueFor(each, command));
  const [first = ''] = args;
  if (MENTIONS.has(`${file}: ${command}`)) return { by: 'mention', args };
  if (first in PARSED) return { by: 'parsing', args, why: PARSED[first] ?? '' };
  if (args.includes('T1-E1')) {
    const why = 'an item of the walk over HTTP, which the sample month does not have';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'BillableItemNotFound', why };
  }
  if (command.startsWith('config publish')) {
    const written = args.map((word) => (word.endsWith('.yaml') ? join(folders.other, 'my-organisation.yaml') : word));
    // Showing what would change needs a store that has one.
    const data = args.includes('--dry-run') ? folders.demo : folders.other;
    return { by: 'running', args: ['--data', data, ...written] };
  }
  if (command.startsWith('invoice run') && command.includes('--client')) {
    const why = 'all that the sample month has of this client is billed';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'NothingToDraft', why };
  }
  if (command.startsWith('key revoke') || command.startsWith('key rotate')) {
    const why = 'the keys of the sample month have ids of their own';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'KeyUnknown', why };
  }
  if (/^approvals (approve|refuse|withdraw|show)/.test(command)) {
    const why = 'the requests of the sample month have ids of their own';
    const code = command.startsWith('approvals show') ? 'ApprovalNotFound' : 'ForgoingRequestUnknown';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code, why };
  }
  if (/^approvals (delegate |end-delegation)/.test(command)) {
    const why = 'nobody approves in the place of another in the sample month';
    const code = command.startsWith('approvals delegate') ? 'DelegateUnknown' : 'DelegationNotFound';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code, why };
  }
  if (command.startsWith('approve --job')) {
    const why = 'nobody approves in bulk in the sample month';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'BulkJobUnknown', why };
  }
  if (first === 'adopt') {
    // The log of the sample month is at home: whatever is stated, there is nothing to adopt.
    const options = plain.slice(1).filter((word) => word !== '{}');
    const numbers = options.map((word) => (word.includes('=') ? 'INV=123' : word));
    return { by: 'running', args: ['--data', folders.demo, 'adopt', ...numbers] };
  }
  if (command.startsWith('vault merge'))
    return { by: 'running', args: ['--data', folders.demo, 'vault', 'merge', join(folders.demo, 'vault.db')] };
  if (command.startsWith('invoice give-credit')) {
    const why = 'the sample month owes nobody a credit';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'NothingOwed', why };
  }
  if (args.includes('DRAFT')) {
    const why = 'all drafts of the sample month are issued';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'InvoiceNotFound', why };
  }
  if (command.startsWith('invoice redraft')) {
    const why = 'all drafts of the sample month are issued';
    return { by: 'refusal', args: ['--data', folders.demo, ...args], code: 'InvoiceLocked', why };
  }
  if (first === 'rebuild' && args.length === 1)
    return { by: 'parsing', args, why: 'takes as long as loading the month; one read model is rebuilt elsewhere here' };
  const html = args.indexOf('--html');
  if (html >= 0) args[html + 1] = join(folders.other, 'audit.html');
  const data = first === 'import' ? folders.other : folders.demo;
  return { by: 'running', args: first.startsWith('--') ? args : ['--data', data, ...args] };
}
