import { afterEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';

describe('read models that are filled anew under a running policy (L7)', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  it('what was closed on rows that somebody had changed is opened again, without another event', async () => {
    msp = await Msp.opens('2026-03-12');
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-10');
    await ticket.resolves();
    await msp.days(40);
    const open = await msp.gaps();
    expect(open.length).toBeGreaterThan(0);

    const { models } = msp.house.billtrail;
    const rows = Reflect.get(models, 'database') as { exec(sql: string): void };
    rows.exec('DELETE FROM derived_gaps');
    rows.exec('UPDATE gap_ledger SET derived_value = NULL, derived_cause = NULL');
    await msp.signs('wattle');
    await msp.house.settle();
    expect(await msp.gaps()).toEqual([]);

    await models.rebuild();
    await msp.house.settle();
    expect(await msp.gaps()).toEqual(open);
  });
});
