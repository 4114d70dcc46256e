import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InvariantViolation } from '@billtrail/kernel';
import { billingCommands as billing, contractCommands as contracts, PolicyFailed } from '@billtrail/application';
import { ACCOUNTANT } from '../laws/kit/house.js';
import { Msp } from './msp.js';

const draft = (clientId: string) => ({ invoiceId: `I-${clientId}`, clientId, period: '2026-03' });

describe('a document is asked for while what time brings can not be recorded', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-04-01');
    for (const clientId of ['bluegum', 'wattle']) {
      await msp.signs(clientId);
      const ticket = await msp.ticket(`T-${clientId}`, clientId);
      await ticket.time(`W-${clientId}`, 60, '2026-03-10');
    }
    await msp.house.settle();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await msp.closes();
  });

  const drafts = (clientId: string) =>
    msp.house.send(billing.DraftInvoice, draft(clientId), { actor: ACCOUNTANT }).then(
      () => 'drafted',
      (error: unknown) => (error instanceof PolicyFailed ? error.refusal : error),
    );
  const drafted = async () => (await msp.house.events()).filter(({ type }) => type === 'InvoiceDrafted').length;

  it('none is made of the client whose contract could not be renewed, and one of any other', async () => {
    const { store, models } = msp.house.billtrail;
    const due = { contractId: 'bluegum-1', clientId: 'bluegum' };
    jest.spyOn(models.contractTerms, 'dueForRenewal').mockResolvedValue([due]);
    const read = store.readStream.bind(store);
    jest.spyOn(store, 'readStream').mockImplementation(async (stream, ...rest) => {
      if (stream === 'contracts-bluegum') throw new InvariantViolation('broken');
      return read(stream, ...rest);
    });
    expect(await drafts('bluegum')).toMatchObject({
      code: 'PolicyFailed',
      details: { policy: 'renew-contracts', clientId: 'bluegum' },
    });
    expect(await drafted()).toBe(0);
    expect(await drafts('wattle')).toBe('drafted');
    jest.restoreAllMocks();
    expect(await drafts('bluegum')).toBe('drafted');
  });

  it('none is made of anybody where the month could not be opened', async () => {
    jest.spyOn(msp.house.billtrail.models.charges, 'horizonNow').mockImplementation(() => {
      throw new InvariantViolation('broken');
    });
    for (const clientId of ['bluegum', 'wattle'])
      expect(await drafts(clientId)).toMatchObject({ code: 'PolicyFailed', details: { policy: 'open-months' } });
    jest.restoreAllMocks();
    expect(await drafts('bluegum')).toBe('drafted');
  });

  it('its contract and the configuration can be changed, which may be the remedy', async () => {
    jest.spyOn(msp.house.billtrail.models.charges, 'horizonNow').mockImplementation(() => {
      throw new InvariantViolation('broken');
    });
    await msp.send(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2026-04-30', reason: 'left' });
    await msp.configures({ unbilledAfterDays: 20 });
    const recorded = (await msp.house.events()).map(({ type }) => type);
    expect(recorded).toContain('ContractTerminated');
    expect(recorded.at(-1)).toBe('ConfigurationPublished');
  });
});
