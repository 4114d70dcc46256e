import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { billtrail, failureOf } from '../cli/cli.js';
import { Api, type Person } from '../kit.js';
import { MONTH, Story } from '../story.js';

/** `acme` has work to draft, an approved draft and an issued invoice; `beta` has work of its own. */
describe('Z2: facts that another program changed in read-models.db', () => {
  let api: Api;
  let accounts: Person;
  const changed = <Answer>(work: (file: Database.Database) => Answer): Answer => {
    const file = new Database(join(api.dataDir, 'read-models.db'));
    file.exec(`ATTACH '${join(api.dataDir, 'aside.db')}' AS aside`);
    try {
      return work(file);
    } finally {
      file.close();
    }
  };
  beforeAll(async () => {
    api = await Api.open();
    accounts = api.as('accounts');
    const story = new Story(api);
    await story
      .client('beta')
      .contract('beta-tm')
      .ticketInProgress('INC9')
      .time('te-9', 60)
      .approveTime('te-9')
      .resolve()
      .told();
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 1200)
      .approveTime('te-1')
      .resolve()
      .told();
    await story.draft('I1').approve().issue().told();
    await story.ticketInProgress('INC2').time('te-2', 1200).approveTime('te-2').resolve().told();
    await story.draft('I2').approve().told();
    await story.ticketInProgress('INC3').time('te-3', 1200).approveTime('te-3').resolve().told();
  });
  afterAll(() => api.close());

  const body = { clientId: 'acme', period: MONTH };
  const acts: Readonly<Record<string, () => ReturnType<Person['post']>>> = {
    'a draft': () => accounts.post('/v1/invoices', { ...body, invoiceId: 'I3' }),
    'an issue': () => accounts.post('/v1/invoices/I2/issue', {}),
    'a credit': () =>
      accounts.post('/v1/credit-notes', {
        invoiceId: 'I1',
        creditNoteId: 'CN1',
        items: [{ itemId: 'te-1', outcome: 'bill-again' }],
        reasonCode: 'wrong-item',
        comment: 'agreed',
      }),
  };
  const REFUSED = {
    status: 503,
    body: { code: 'ReadModelsDiffer', remedy: expect.stringContaining('billtrail rebuild') },
  };

  /** How a change is made, and taken back. */
  const CHANGES: Readonly<Record<string, readonly [change: string, back: string]>> = {
    'an amount: minutes of work': [
      `UPDATE work_items SET facts = json_set(facts, '$.minutes', 30), minutes = 30 WHERE work_item_id = 'te-3'`,
      `UPDATE work_items SET facts = json_set(facts, '$.minutes', 1200), minutes = 1200 WHERE work_item_id = 'te-3'`,
    ],
    'a row that is taken away': [
      `CREATE TABLE aside.kept AS SELECT * FROM work_items WHERE work_item_id = 'te-3'; DELETE FROM work_items WHERE work_item_id = 'te-3'`,
      'INSERT INTO work_items SELECT * FROM kept; DROP TABLE aside.kept',
    ],
    'a row that is added': [
      `CREATE TABLE aside.kept AS SELECT * FROM work_items WHERE work_item_id = 'te-3'; UPDATE kept SET work_item_id = 'te-4', name = 'te-4'; INSERT INTO work_items SELECT * FROM kept`,
      `DELETE FROM work_items WHERE work_item_id = 'te-4'; DROP TABLE aside.kept`,
    ],
    'a line that is on an invoice': [
      `UPDATE account_lines SET invoice_id = 'I2' || 'x' WHERE invoice_id = 'I2'`,
      `UPDATE account_lines SET invoice_id = 'I2' WHERE invoice_id = 'I2x'`,
    ],
    'a term of the contract': [
      `UPDATE contracts SET state = replace(state, '"150.00"', '"3.75"') WHERE client_id = 'acme'`,
      `UPDATE contracts SET state = replace(state, '"3.75"', '"150.00"') WHERE client_id = 'acme'`,
    ],
    'the tax of the client': [
      `UPDATE clients SET state = replace(state, '"taxExemption":null', '"taxExemption":"charity"') WHERE client_id = 'acme'`,
      `UPDATE clients SET state = replace(state, '"taxExemption":"charity"', '"taxExemption":null') WHERE client_id = 'acme'`,
    ],
    'a rate of tax in the configuration': [
      `UPDATE rating_configuration SET configuration = replace(configuration, '"GST":"10"', '"GST":"1"')`,
      `UPDATE rating_configuration SET configuration = replace(configuration, '"GST":"1"', '"GST":"10"')`,
    ],
    'a hash, for that of another client': [
      `CREATE TABLE aside.kept AS SELECT * FROM compared_sums;
       UPDATE compared_sums SET sum = (SELECT sum FROM kept WHERE kept.model = compared_sums.model AND kept.client_id = 'beta' AND kept.period = '${MONTH}')
       WHERE model = 'rating-facts' AND client_id = 'acme' AND period = '${MONTH}'`,
      'DELETE FROM compared_sums; INSERT INTO compared_sums SELECT * FROM kept; DROP TABLE aside.kept',
    ],
  };

  it.each(Object.entries(CHANGES))(
    '%s: a draft, an issue and a credit are refused, and nothing is written',
    async (_what, [change, back]) => {
      const head = await api.billtrail.store.head();
      const before = changed((file) => {
        const { total } = file.prepare('SELECT total_changes() AS total').get() as { total: number };
        file.exec(change);
        return (file.prepare('SELECT total_changes() AS total').get() as { total: number }).total - total;
      });
      expect(before).toBeGreaterThan(0);
      try {
        for (const [act, tries] of Object.entries(acts))
          expect([act, await tries()]).toEqual([
            act,
            expect.objectContaining({ ...REFUSED, body: expect.objectContaining(REFUSED.body) }),
          ]);
        expect(await api.billtrail.store.head()).toEqual(head);
      } finally {
        changed((file) => file.exec(back));
      }
    },
  );

  it('the work of one client: others are drafted, and the refusal names client and month', async () => {
    changed((file) => file.exec(CHANGES['an amount: minutes of work']![0]));
    expect((await acts['a draft']!()).body).toMatchObject({
      detail: expect.stringContaining(`client acme in ${MONTH}`),
      details: { readModel: 'rating-facts', clientId: 'acme', period: MONTH },
    });
    await accounts.does('/v1/invoices', { clientId: 'beta', period: MONTH, invoiceId: 'B1' });
  });

  it('`verify --read-models` names the row, `rebuild` mends it, and then it is drafted at what was recorded', async () => {
    const verify = () => billtrail('--data', api.dataDir, '--json', 'verify', '--read-models');
    const found = await verify();
    expect(found.code).toBe(4);
    expect(failureOf(found)).toMatchObject({
      code: 'ReadModelsDiffer',
      remedy: expect.stringContaining(`billtrail --data ${api.dataDir} rebuild`),
    });
    expect(JSON.parse(found.stdout)).toMatchObject({
      findings: [],
      readModels: {
        facts: [{ model: 'rating-facts', clientId: 'acme', period: MONTH }],
        count: 1,
        rows: [
          {
            table: 'work_items',
            key: { ticket_id: 'INC3', work_item_id: 'te-3' },
            is: 'changed',
            columns: ['minutes', 'facts'],
          },
        ],
      },
    });
    expect(await billtrail('--data', api.dataDir, '--json', 'verify')).toMatchObject({ code: 0 });
    expect(await billtrail('--data', api.dataDir, 'rebuild')).toMatchObject({ code: 0 });
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await acts['a draft']!()).toMatchObject({ status: 201 });
    expect((await accounts.reads<{ net: { amount: string } }>('/v1/invoices/I3')).net).toMatchObject({
      amount: '3000.00',
    });
    expect(await acts['an issue']!()).toMatchObject({ status: 200 });
    expect(await acts['a credit']!()).toMatchObject({ status: 201 });
  });

  it('a trigger that changes what is written: it is refused and found by name, and is gone with the rows that it changed once all is filled anew', async () => {
    // Terms for days that have passed are looked at in the read models first.
    await new Story(api).client('gamma').contract('gamma-tm').told();
    changed((file) =>
      file.exec(`CREATE TRIGGER evil AFTER INSERT ON work_items BEGIN
        UPDATE work_items SET minutes = 30, facts = json_set(facts, '$.minutes', 30) WHERE work_item_id = 'te-5'; END`),
    );
    await new Story(api)
      .client('gamma')
      .ticketInProgress('INC5')
      .time('te-5', 1200)
      .approveTime('te-5')
      .resolve()
      .told();
    const draft = () => accounts.post('/v1/invoices', { clientId: 'gamma', period: MONTH, invoiceId: 'G1' });
    const evil = { object: 'trigger', name: 'evil', is: 'added' };
    expect(await draft()).toMatchObject({ status: 503, body: { code: 'ReadModelsDiffer', details: evil } });
    const found = await billtrail('--data', api.dataDir, '--json', 'verify', '--read-models');
    expect([found.code, failureOf(found)]).toMatchObject([4, { code: 'ReadModelsDiffer' }]);
    expect(JSON.parse(found.stdout)).toMatchObject({
      readModels: { schema: [evil], rows: expect.arrayContaining([expect.objectContaining({ table: 'work_items' })]) },
    });
    expect(await billtrail('--data', api.dataDir, 'rebuild')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('trigger "evil"'),
    });
    expect(await draft()).toMatchObject({ status: 201 });
    expect(await accounts.reads('/v1/invoices/G1')).toMatchObject({ net: { amount: '3000.00' } });
  });

  it('hashes over all that are taken away: `verify` finds it as often as it is asked, and a command that opens the file tells that it fills it anew', async () => {
    changed((file) => file.exec('DELETE FROM compared_roots'));
    for (let times = 0; times < 2; times++) {
      expect(await billtrail('--data', api.dataDir, 'verify')).toMatchObject({ code: 0 });
      const found = await billtrail('--data', api.dataDir, '--json', 'verify', '--read-models');
      expect([found.code, failureOf(found)]).toMatchObject([4, { code: 'ReadModelsDiffer' }]);
    }
    expect(await billtrail('--data', api.dataDir, 'rebuild')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Filled anew, for the hash.*rating-facts/),
    });
    expect(await billtrail('--data', api.dataDir, 'verify', '--read-models')).toMatchObject({ code: 0 });
  });
});
