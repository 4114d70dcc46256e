import { describe, expect, it } from '@jest/globals';
import { parsed } from '../../../test/named-commands/parsed.js';
import { createProgram } from './program.js';
import { ADMIN_ALONE, ROUTES_OF_COMMANDS, tellerByCommand } from './routes-of-commands.js';

const told = tellerByCommand(createProgram(true));

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
