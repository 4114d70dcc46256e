import { describe, expect, it } from '@jest/globals';
import { commandsOfSource, sources, textOf } from '../../../test/named-commands/collect.js';
import { parsed } from '../../../test/named-commands/parsed.js';
import { createProgram } from './program.js';
import { ADMIN_ALONE, ROUTES_OF_COMMANDS, tellerByCommand } from './routes-of-commands.js';

const told = tellerByCommand(createProgram(true));

/** As it is told to whoever named a store. */
function toldTo(...options: readonly string[]): (text: string) => string {
  const program = createProgram(true);
  program.parseOptions([...options]);
  return tellerByCommand(program);
}

/** What stands for a value, where a command takes it in one form alone. */
const VALUES: Readonly<Record<string, string>> = {
  MONTH: '2026-03',
  DATE: '2026-03-01',
  DAY: '2026-03-01',
  NUMBER: '4',
  HASH: 'a'.repeat(64),
  ROLES: 'admin',
  ROLE: 'admin',
  OUTCOME: 'corrected',
};

describe('a text is told by commands', () => {
  it.each([
    ['Check the id: GET /v1/persons', 'Check the id: billtrail person list'],
    [
      'Another approves it: POST /v1/approvals/r-1/approve, or /refuse.',
      'Another approves it: billtrail approvals approve r-1 --hash HASH, or billtrail approvals refuse r-1 --reason TEXT.',
    ],
    ['It waits: POST /v1/approvals/{requestId}/approve', 'It waits: billtrail approvals approve REQUEST --hash HASH'],
    ['Make one: POST /v1/persons/ana/keys', 'Make one: billtrail key new --person ana --role ROLE'],
    ['If lost, revoke it, POST /v1/keys/k-1/revoke, now.', 'If lost, revoke it, billtrail key revoke k-1, now.'],
    ['Publish it (POST /v1/contracts/K-1/versions).', 'Publish it (billtrail contract activate FILE).'],
    [
      'Let it run with `inPlaceOf` ana: POST /v1/bulk-jobs/bj-1/run',
      'Let it run with `--in-place-of` ana: billtrail approve --job bj-1 --yes',
    ],
    [
      'Issue it on 2026-04-02 or later, with `issueDate`: POST /v1/invoices/i-1/issue',
      'Issue it on 2026-04-02 or later, with `--date`: billtrail invoice issue i-1',
    ],
    [
      'See the keys and their ids: GET /v1/keys, or billtrail key list',
      'See the keys and their ids: billtrail key list',
    ],
    [
      'Publish it: billtrail config publish FILE, or POST /v1/configuration. Then go on.',
      'Publish it: billtrail config publish FILE. Then go on.',
    ],
    [
      'Say who it is, POST /v1/persons/ana/details with {"name": "..."}, or billtrail person change ana --name NAME',
      'Say who it is, billtrail person change ana --name NAME',
    ],
    [
      'give it: POST /v1/credit-notes/owed, or `billtrail invoice give-credit CLIENT MONTH --all`',
      'give it: `billtrail invoice give-credit CLIENT MONTH --all`',
    ],
  ])('%j', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it.each([
    'To end it: POST /v1/contracts/K-1/terminate',
    'Look at the items: GET /v1/billable-items',
    // No command takes the money of a block back.
    'Return them (POST /v1/contracts/K-1/prepaid-blocks/b-1/return).',
    'Nothing is named here.',
  ])('%j stays: no command does it', (text) => {
    expect(told(text)).toBe(text);
  });

  it.each(Object.entries(ROUTES_OF_COMMANDS).filter(([, route]) => route !== ADMIN_ALONE))(
    '%s: what is told for its route can be typed',
    async (_words, route) => {
      const [method, path = ''] = route.split(' ');
      const text = told(`Do it: ${method} /v1/${path.replaceAll(/:\w+/g, 'some-id')}.`);
      const command = /^Do it: billtrail (.*)\.$/.exec(text)?.[1];
      // Only the sum of the items is told by a command, and no list.
      expect(command === undefined).toBe(route === 'GET billable-items');
      if (command === undefined) return;
      await parsed(command.split(' ').map((word) => VALUES[word] ?? word));
    },
  );
});

describe('a command is told with the store that the caller named', () => {
  const elsewhere = toldTo('--url', 'https://msp.example');
  const inFolder = toldTo('--data', '/srv/two words');

  it.each([
    ['See billtrail approvals list.', 'See billtrail --url https://msp.example approvals list.'],
    [
      '  npm run -s billtrail -- approve --job bj-1 --yes',
      '  npm run -s billtrail -- --url https://msp.example approve --job bj-1 --yes',
    ],
    ['Check the id: GET /v1/persons', 'Check the id: billtrail --url https://msp.example person list'],
    [
      'Make one (billtrail person add NAME), or: billtrail key new --person a',
      'Make one (billtrail --url https://msp.example person add NAME), or: billtrail --url https://msp.example key new --person a',
    ],
  ])('elsewhere: %j', (text, expected) => {
    expect(elsewhere(text)).toBe(expected);
    expect(elsewhere(expected)).toBe(expected);
  });

  it.each([
    'Run it without --url: billtrail config example',
    'Fill them anew: billtrail rebuild',
    'billtrail is ready.',
  ])('no server does it: %j', (text) => expect(elsewhere(text)).toBe(text));

  it('in a folder, as a shell takes its name; a command that names its own keeps it', () => {
    expect(inFolder('billtrail rebuild')).toBe("billtrail --data '/srv/two words' rebuild");
    expect(inFolder('billtrail serve --data DIR')).toBe('billtrail serve --data DIR');
    expect(inFolder('billtrail schema')).toBe('billtrail schema');
  });

  it('where none was named, as it is written', () => {
    expect(told('See billtrail approvals list.')).toBe('See billtrail approvals list.');
  });

  it('every command that a source names can be typed with it', async () => {
    const known = new Set(createProgram(true).commands.map((one) => one.name()));
    const named = sources()
      .flatMap((file) => commandsOfSource(file, textOf(file)))
      .filter(({ text }) => known.has(/^(?:npm run -s )?billtrail (?:-- )?([a-z-]+)/.exec(text)?.[1] ?? ''));
    expect(named.length).toBeGreaterThan(40);
    for (const { file, text } of named) {
      const typed = inFolder(text);
      const asksNone = /billtrail (-- )?(audit|schema|cluster|config example)/.test(text);
      expect({ file, typed, names: /--data /.test(typed) }).toEqual({ file, typed, names: !asksNone });
    }
  });
});
