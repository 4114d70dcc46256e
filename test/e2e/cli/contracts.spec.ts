import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story } from '../story.js';
import { temporaryFolder } from '../temporary-folder.js';
import { billtrail, failureOf } from './cli.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** Ten prepaid hours; beyond them 150.00 an hour. */
const contract = (pricePerHour: string, rest = '') => `
workTypes: [remote-support${rest}]
clients:
  - clientId: acme
    currency: AUD
    contracts:
      - contractId: acme-hours
        name: Block hours
        priority: 10
        effectiveFrom: 2026-01-01
        terms:
          coverage:
            - { id: hours, name: Hours, match: {}, outcome: prepaid }
          rateCard:
            id: standard
            name: Standard
            currency: AUD
            labour:
              - { workType: remote-support, engineerRole: null, pricePerHour: "${pricePerHour}" }
            minimumMinutes: 0
            incrementMinutes: 1
            roundingScope: entry
            materials: { pricing: list }
            expenses: { markupPercent: "0" }
            taxCategories: { time: GST, material: GST, expense: GST }
          prepaid: {}
        blocks:
          - blockId: b-1
            amount: { unit: minutes, minutes: 60 }
            purchasedOn: 2026-03-01
`;

/** Nine lists of nine times the list before: four hundred million members in ten lines. */
function bomb(): string {
  const names = [...'abcdefghi'];
  const lists = names.map((name, index) => {
    const member = index === 0 ? '1' : `*${names[index - 1] ?? ''}`;
    return `${name}: &${name} [${Array(9).fill(member).join(', ')}]`;
  });
  return [...lists, 'clients: *i'].join('\n');
}

describe('billtrail contract', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const file = (name: string, text: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  };

  it('check shows which rule and price wins, without a store', async () => {
    const sound = file('sound.yaml', contract('150.00'));
    const text = await billtrail('contract', 'check', sound);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/hours +prepaid +150\.00 AUD\/h/);
    expect(text.stdout).toContain('Every kind of work has a price');
    expect(text.stdout).toContain(
      "Not checked, because the file alone can't say whether they exist: tax categories (GST). With --store they are checked.",
    );
    const json = await billtrail('--json', 'contract', 'check', sound, '--fail-on-unpriced');
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ isSound: true, problems: [], clients: [{ unpriced: [] }] });
  });

  it('check says which work would have no price, and exits with 4 where that is asked for', async () => {
    const unpriced = file('unpriced.yaml', contract('150.00', ', onsite'));
    expect(await billtrail('contract', 'check', unpriced)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await billtrail('contract', 'check', unpriced, '--fail-on-unpriced');
    expect({ code, stderr }).toMatchObject({ code: 4 });
    expect(stderr).toContain('UnpricedWork');
    expect(stdout).toMatch(/onsite.*unpriced: no-rate/);
  });

  it('check names every problem at once, each with its path and line, and exits with 2', async () => {
    const broken = contract('a lot')
      .replace('outcome: prepaid', 'outcome: free')
      .replace('purchasedOn: 2026-03-01', 'purchasedOn: 2026-03-32');
    const path = file('broken.yaml', broken);
    const lineOf = (text: string) => broken.split('\n').findIndex((line) => line.includes(text)) + 1;
    const { code, stderr } = await billtrail('contract', 'check', path);
    expect(code).toBe(2);
    for (const [line, at] of [
      [lineOf('outcome: free'), 'clients[0].contracts[0].terms.coverage[0].outcome'],
      [lineOf('a lot'), 'clients[0].contracts[0].terms.rateCard.labour[0].pricePerHour'],
      [lineOf('2026-03-32'), 'clients[0].contracts[0].blocks[0].purchasedOn'],
    ])
      expect(stderr.replaceAll(/, column \d+/g, '')).toContain(`line ${line}: ${at}`);
    const json = await billtrail('--json', 'contract', 'check', path);
    expect(json.code).toBe(2);
    expect(failureOf(json)).toMatchObject({ code: 'ContractMalformed' });
    // The rule that is no rule may be the one that draws on the prepaid terms: that none does is not said.
    const columns = [{ column: 52 }, { column: 65 }, { column: 13 }];
    expect(JSON.parse(json.stdout)).toMatchObject({ isSound: false, problems: columns });
  });

  it('names what is no YAML with its line, and a file that is not there', async () => {
    const run = await billtrail('--json', 'contract', 'check', file('no.yaml', 'clients:\n  - [1,\n'));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(failureOf(run)).toMatchObject({ code: 'ContractFileUnreadable' });
    const missing = await billtrail('--json', 'contract', 'check', join(folder.path, 'missing.yaml'));
    expect(failureOf(missing)).toMatchObject({ code: 'FileUnreadable' });
  });

  it('check takes JSON too, and refuses two contracts that overlap at the same priority', async () => {
    const terms = {
      coverage: [{ id: 'all', name: 'All', match: {}, outcome: 'included' }],
      rateCard: {
        id: 'c',
        name: 'C',
        currency: 'AUD',
        labour: [{ workType: null, engineerRole: null, pricePerHour: '1.00' }],
        minimumMinutes: 0,
        incrementMinutes: 1,
        roundingScope: 'entry',
        materials: { pricing: 'list' },
        expenses: { markupPercent: '0' },
        taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
      },
    };
    const one = (contractId: string) => ({ contractId, name: 'K', priority: 1, effectiveFrom: '2026-01-01', terms });
    const json = { clients: [{ clientId: 'acme', currency: 'AUD', contracts: [one('k-1'), one('k-2')] }] };
    const { code, stderr } = await billtrail('contract', 'check', file('equal.json', JSON.stringify(json)));
    expect(code).toBe(2);
    expect(stderr).toMatch(/k-1.*k-2/);
    // One of them says that it is meant.
    const meant = { ...one('k-2'), allowOverlap: true };
    const twins = { clients: [{ clientId: 'acme', currency: 'AUD', contracts: [one('k-1'), meant] }] };
    const taken = await billtrail('contract', 'check', file('twins.json', JSON.stringify(twins)));
    expect(taken).toMatchObject({ code: 0, stdout: expect.stringMatching(/warning: contracts k-1 and k-2/) });
  });

  it('check says nothing of the price of work where nothing was asked', async () => {
    const { stdout } = await billtrail('contract', 'check', file('nothing.yaml', contract('a lot')));
    expect(stdout).toContain('no contract without a problem');
    expect(stdout).not.toContain('Every kind of work has a price');
  });

  it.each([
    ['anchors that multiply without end', bomb, 'anchors'],
    ['20,000 levels', () => `clients: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'nested too deep'],
  ])('check of %s is a file that can’t be read', async (_name, text, says) => {
    const run = await billtrail('--json', 'contract', 'check', file('bomb.yaml', text()));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    const { code, details } = failureOf(run);
    expect({ code, details }).toMatchObject({
      code: 'ContractFileUnreadable',
      details: { problems: [{ message: expect.stringContaining(says) }] },
    });
  });
});

describe('billtrail over a store with prepaid work', () => {
  const folder = temporaryFolder();
  const hours = join(folder.path, 'hours.yaml');
  let data: readonly string[];
  let api: Api;
  beforeAll(async () => {
    writeFileSync(hours, contract('150.00'));
    api = await Api.open();
    await new Story(api).client('acme').told();
    await api.leaveToCommandLine();
    data = ['--data', api.dataDir];
    const activated = await billtrail(...data, 'contract', 'activate', hours);
    if (activated.code !== 0) throw new Error(activated.stderr);
    const checked = await billtrail(...data, 'contract', 'check', '--store', hours);
    if (checked.code !== 0 || checked.stdout.includes('Not checked')) throw new Error(checked.stdout);
    await api.start();
    // The clock is that of the tests, so the day on which the block was purchased has come.
    await new Story(api).client('other').told();
    const story = new Story(api);
    await story.operations.does('/v1/tickets', { ticketId: 'INC1', summary: 'Slow', clientId: 'acme' });
    await story.operations.does('/v1/tickets/INC1/triage', { clientId: 'acme', category: 'server', priority: 'high' });
    await story.operations.does('/v1/tickets/INC1/assign', { engineerId: 'support-1' });
    await story.support.does('/v1/tickets/INC1/time-entries', {
      timeEntryId: 'te-1',
      engineerId: 'support-1',
      engineerRole: 'engineer',
      workType: 'remote-support',
      minutes: 90,
      workDate: '2026-03-10',
      description: 'Made it fast again',
    });
    await api.leaveToCommandLine();
  });
  afterAll(async () => {
    await api.close();
    folder.remove();
  });

  it('contract activate is quiet on repeat', async () => {
    const { code, stdout } = await billtrail(...data, '--json', 'contract', 'activate', hours);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ contractId: 'acme-hours', isNew: false, events: [], money: [] }]);
  });

  it('contract activate --dry-run tells the differences in terms and in rated money, and records nothing', async () => {
    const dearer = join(folder.path, 'dry-run.yaml');
    writeFileSync(dearer, contract('170.00'));
    const { code, stdout } = await billtrail(...data, 'contract', 'activate', dearer, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing was recorded.');
    expect(stdout).toMatch(/acme-hours version 2, from 2026-01-01, replaces version 1: 1 difference/);
    expect(stdout).toMatch(/rateCard\.labour\[0\]\.pricePerHour +150\.00 +170\.00/);
    expect(stdout).toMatch(/2026-03 +10\.00 AUD +0\.00 AUD/);
    const again = await billtrail(...data, '--json', 'contract', 'activate', hours, '--dry-run');
    expect(JSON.parse(again.stdout)).toMatchObject([{ events: [], version: null }]);
  });

  it('contract activate refuses a client that is not registered', async () => {
    const path = join(folder.path, 'unknown.yaml');
    writeFileSync(
      path,
      contract('150.00').replace('clientId: acme', 'clientId: nobody').replace('acme-hours', 'no-hours'),
    );
    const run = await billtrail(...data, '--json', 'contract', 'activate', path);
    expect(run.code).toBe(3);
    expect(failureOf(run)).toMatchObject({ code: 'ClientNotFound' });
  });

  it('prepaid shows what is left and every draw', async () => {
    const text = await billtrail(...data, 'prepaid', 'acme');
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/block b-1 .*1 h 00 min +1 h 00 min +0 min/);
    expect(text.stdout).toMatch(/2026-03-10 +te-1@p1 +Made it fast again +1 h 00 min +– +1 h 00 min +0 min/);
    const json = await billtrail(...data, '--json', 'prepaid', 'acme', '--forecast');
    expect(JSON.parse(json.stdout)).toMatchObject({
      prepaid: [{ left: { minutes: 0 }, statement: [{ draw: { itemId: 'te-1@p1' } }] }],
      burnDowns: [{ contractId: 'acme-hours', blocks: [{ unit: 'minutes' }] }],
    });
    expect((await billtrail(...data, 'prepaid', 'other')).stdout).toBe('Nothing is prepaid.\n');
  });

  it('explain says what a part is worth, where it stands, and each step that led there', async () => {
    const { code, stdout } = await billtrail(...data, 'explain', 'te-1@p2');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Made it fast again, March 2026: 75\.00 AUD net, billable, time unapproved\nItem te-1@p2 of 2026-03\n/,
    );
    const alone = await billtrail(...data, 'explain', 'te-1@p2', '--period', '2026-03', '--client', 'acme');
    expect(alone.stdout).toBe(stdout);
    const none = await billtrail(...data, 'explain', 'te-1@p2', '--period', '2026-04');
    expect(none.stderr).toContain('No billable item or charge te-1@p2 in 2026-04.');
    expect(stdout).toMatch(/^Rule {9}/m);
    expect(stdout).toMatch(/^Net {10}.*75\.00/m);
    const json = await billtrail(...data, '--json', 'explain', 'te-1@p1');
    expect(JSON.parse(json.stdout)).toMatchObject([{ disposition: 'covered', explanation: { step: 'item' } }]);
  });

  it('what-if tells the difference item by item, and records nothing', async () => {
    const dearer = join(folder.path, 'dearer.yaml');
    writeFileSync(dearer, contract('170.00'));
    const asked = ['what-if', '--client', 'acme', '--period', '2026-03', '--contract', dearer];
    const text = await billtrail(...data, ...asked);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/te-1@p2 +changed .*75\.00 AUD +billable 85\.00 AUD +10\.00 AUD/);
    const json = await billtrail(...data, '--json', ...asked);
    expect(JSON.parse(json.stdout)).toMatchObject({
      totals: { before: aud('75.00'), after: aud('85.00') },
      net: aud('10.00'),
    });
    const again = await billtrail(...data, '--json', 'explain', 'te-1@p2');
    expect(JSON.parse(again.stdout)).toMatchObject([{ net: aud('75.00') }]);
  });

  it('what-if refuses a file without a contract of the client', async () => {
    const run = await billtrail(
      ...data,
      '--json',
      'what-if',
      '--client',
      'other',
      '--period',
      '2026-03',
      '--contract',
      hours,
    );
    expect(run.code).toBe(2);
    expect(failureOf(run)).toMatchObject({ code: 'ContractNotNamed' });
  });
});
