import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formerGapKey, gapIdOf, gapKey, type GapFacts } from '@billtrail/billing';
import type { KeyedGap } from '../billable-items/rows.js';
import { ReadModels } from '../read-models.js';
import { configured, contract, event, MANAGED, purchased, registered, Story, version } from '../spec-kit/story.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

const JUNE = (): string => '2026-06-20T00:00:00.000Z';
const DAY = '2026-06-01';

/** A gap of a charge that an old log has under the id that charges had then. */
describe('gaps that old logs name otherwise', () => {
  let story: Story;
  let models: ReadModels;
  let derived: KeyedGap;
  let inOldLog: GapFacts;
  let formerKey: string;

  beforeEach(async () => {
    story = new Story(':memory:', JUNE);
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    await story.tell('configuration', configured());
    await story.tell('client-acme', registered());
    await story.tell('contract-acme-1', ...contract('acme', MANAGED));
    await models.catchUp();
    derived = (await dueGaps(models, DAY, 1_000)).find(({ charge }) => charge !== undefined)!;
    formerKey = derived.formerKey!;
    const { key: _, formerKey: __, dueOn: ___, charge, ...facts } = derived;
    inOldLog = { ...facts, charge: { contractId: charge!.contractId, chargeId: formerKey.split('|')[2]! } };
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const tell = async (...events: Parameters<Story['tell']>[1][]): Promise<void> => {
    await story.tell(`gap-${gapIdOf(formerKey, 1)}`, ...events);
    await models.catchUp();
  };
  const opened = () => event('BillingGapOpened', { gapId: gapIdOf(formerKey, 1), ...inOldLog });
  const isDue = async () => (await dueGaps(models, DAY, 1_000)).some(({ key }) => key === derived.key);

  it('are found by either key', async () => {
    expect(formerKey).toBe(formerGapKey(derived));
    expect(formerKey).not.toContain('@');
    expect(gapKey(inOldLog)).toBe(formerKey);
    expect(await models.billableItems.derivedGap(formerKey)).toBeNull();
    expect(await models.billableItems.derivedGap(derived.key)).toEqual(derived);
    await tell(opened());
    expect(await models.billableItems.derivedGap(formerKey)).toEqual(derived);
    const { gapId } = models.gaps.byKeyNow(derived.key, formerKey)!;
    expect(gapId).toBe(gapIdOf(formerKey, 1));
    expect(models.gaps.byKeyNow(derived.key)).toBeNull();
  });

  it('are shown with the id that the charge has now, open or ended, so that it can be asked for', async () => {
    const due = await dueGaps(models, '2026-07-31', 1_000);
    const ofFee = due.find(({ charge, cause }) => charge !== undefined && cause.includes(`(${charge.chargeId})`))!;
    const { key: _, formerKey: of, dueOn: __, charge, cause, ...facts } = ofFee;
    const { contractId, chargeId } = charge!;
    const key = of!;
    const former = key.split('|')[2]!;
    const gapId = gapIdOf(key, 1);
    const said = cause.replace(chargeId, former);
    const shown = async () => {
      const gap = await models.gaps.get(gapId);
      return { key: gap?.key, chargeId: gap?.charge?.chargeId, cause: gap?.cause };
    };
    const tellOf = async (...told: Parameters<Story['tell']>[1][]) => {
      await story.tell(`gap-${gapId}`, ...told);
      await models.catchUp();
    };
    await tellOf(event('BillingGapOpened', { ...facts, gapId, cause: said, charge: { contractId, chargeId: former } }));
    expect(former).not.toBe(chargeId);
    expect(await shown()).toEqual({ key, chargeId, cause });
    expect((await models.gaps.list()).items).toMatchObject([{ charge: { chargeId } }]);
    expect(await models.charges.byId(chargeId)).toHaveLength(1);
    await tellOf(event('BillingGapClosed', { gapId, ending: 'corrected' }));
    expect(await shown()).toEqual({ key, chargeId, cause });
    const ended = { contractId: 'acme-1', lastDay: '2025-12-31', reason: 'never' };
    await story.tell('contract-acme-1', event('ContractTerminated', ended));
    await models.catchUp();
    expect(await shown()).toEqual({ key, chargeId: former, cause: said });
  });

  it('of charges that share a former id are shown with the one that they name', async () => {
    const {
      chargeId: fee,
      from,
      ...charge
    } = (await models.charges.list()).items.find(
      ({ kind, basis }) => kind === 'recurring' && basis.termId === 'licence',
    )!;
    expect(charge.chargeItemId).toBe(fee);
    const former = fee.replaceAll(/@(?:\w+@)?/g, ':');
    const open = (gapId: string, cause: string) =>
      story.tell(
        `gap-${gapId}`,
        event('BillingGapOpened', {
          ...inOldLog,
          gapId,
          period: charge.period,
          cause,
          charge: { contractId: charge.contractId, chargeId: former },
        }),
      );
    await open('G1', `${charge.description} (${former}) is on no issued invoice`);
    await open('G2', `Another thing (${former}) is on no issued invoice`);
    await open('G3', `Prepaid block licence: 60 min (${former}) is on no issued invoice`);
    await models.catchUp();
    const shown = async (gapId: string) => (await models.gaps.get(gapId))?.charge?.chargeId;
    for (const gapId of ['G1', 'G2', 'G3']) expect(await shown(gapId)).toBe(fee);
    await story.tell('contract-acme-1', purchased('acme-1', 'licence', 60, from));
    await models.catchUp();
    expect(await shown('G1')).toBe(fee);
    expect(await shown('G2')).toBe(former);
    expect(await shown('G3')).toBe(fee.replace('@fee@', '@block@'));
  });

  it('are not opened anew while they are open, or accepted at what they are worth', async () => {
    expect(await isDue()).toBe(true);
    await tell(opened());
    expect(await isDue()).toBe(false);
    const accepted = { reasonCode: 'goodwill', comment: 'ours', acceptedBy: 'acc-1', secondPerson: null };
    await tell(event('BillingGapAccepted', { gapId: gapIdOf(formerKey, 1), ...accepted }));
    expect(await isDue()).toBe(false);
    const ofCharges = async () => (await models.reconciliation.of(DAY, { clientId: 'acme' })).gapsOfCharges[0]?.gaps;
    const withOne = await ofCharges();
    await tell(event('BillingGapClosed', { gapId: gapIdOf(formerKey, 1), ending: 'corrected' }));
    expect(await isDue()).toBe(true);
    expect(await ofCharges()).toBe(withOne! + 1);
  });

  const lastOf = async (gap: KeyedGap) => models.gaps.byKeyNow(gap.key, gap.formerKey)?.gapId ?? null;
  const derivedOf = async (chargeId: string) =>
    (await dueGaps(models, '2027-01-01', 1_000)).find(({ charge }) => charge?.chargeId === chargeId) ?? null;

  it('are of the charge that they name where a fee and a block have one id and day', async () => {
    const fee = derived.charge!.chargeId;
    await story.tell('contract-acme-1', purchased('acme-1', 'care', 60, fee.slice(-'2026-01-01'.length)));
    await models.catchUp();
    const ofBlock = (await derivedOf(fee.replace('@fee@', '@block@')))!;
    expect(ofBlock).toMatchObject({ formerKey, cause: expect.stringContaining('Prepaid block care: 60 min') });
    const { chargeId } = inOldLog.charge!;
    const gapId = gapIdOf(formerKey, 1);
    const cause = `Prepaid block care: 60 min (${chargeId}) is on no issued invoice`;
    await tell(event('BillingGapOpened', { ...inOldLog, gapId, cause }));
    expect(await lastOf(derived)).toBeNull();
    expect(await isDue()).toBe(true);
    expect(await lastOf(ofBlock)).toBe(gapId);
    expect(await models.billableItems.derivedGap(formerKey)).toEqual(ofBlock);
    const accepted = { reasonCode: 'goodwill', comment: 'ours', acceptedBy: 'acc-1', secondPerson: null };
    await tell(event('BillingGapAccepted', { gapId, ...accepted }));
    expect(await isDue()).toBe(true);
  });

  describe('go on where the name alone is another', () => {
    const isOpen = async (gap: KeyedGap, gapId: string) => {
      const due = await dueGaps(models, '2027-01-01', 1_000);
      expect(due.map(({ key }) => key)).not.toContain(gap.key);
      expect(await lastOf(gap)).toBe(gapId);
      expect((await models.billableItems.derivedGap(gap.formerKey!))?.key).toBe(gap.key);
    };
    /** Recorded in an old log as it is derived before the facts change. */
    const record = async (gap: KeyedGap, ...change: Parameters<Story['tell']>[1][]) => {
      const { key: _, formerKey: former, dueOn: __, charge, cause, ...facts } = gap;
      const { contractId, chargeId } = charge!;
      const said = former!.split('|')[2]!;
      const gapId = gapIdOf(former!, 1);
      await story.tell(
        `gap-${gapId}`,
        event('BillingGapOpened', {
          ...facts,
          gapId,
          cause: cause.replace(chargeId, said),
          charge: { contractId, chargeId: said },
        }),
      );
      await models.catchUp();
      await isOpen(gap, gapId);
      await story.tell('contract-acme-1', ...change);
      await models.catchUp();
      return gapId;
    };
    const named = (name: string, more: object = {}) =>
      version(
        'acme-1',
        2,
        {
          ...MANAGED,
          recurringCharges: MANAGED.recurringCharges!.map((one) =>
            one.id === 'licence' ? { ...one, name, ...more } : one,
          ),
        },
        '2026-01-01',
      );
    const ofLicence = async () =>
      (await dueGaps(models, '2027-01-01', 1_000)).find(({ charge }) => charge?.chargeId.includes('@fee@licence@'))!;

    it('a fee that was renamed for the same days', async () => {
      const gap = await ofLicence();
      expect(gap.cause).toContain('licence (acme-1@');
      const gapId = await record(gap, named('Software licence'));
      const { cause } = (await models.billableItems.derivedGap(gap.key))!;
      expect(cause).toContain('Software licence (acme-1@');
      await isOpen(gap, gapId);
    });

    it('a fee whose count nobody recorded any more', async () => {
      const gap = await ofLicence();
      const gapId = await record(gap, named('licence', { basis: 'per-device', countOf: 'server' }));
      expect((await models.billableItems.derivedGap(gap.key))?.cause).toContain('nobody recorded');
      await isOpen(gap, gapId);
    });
  });

  it('are counted together: opened again under the key of now it is the second', async () => {
    await tell(opened(), event('BillingGapClosed', { gapId: gapIdOf(formerKey, 1), ending: 'corrected' }));
    const { key, formerKey: _, dueOn: __, ...facts } = derived;
    const gapId = gapIdOf(key, 2);
    await story.tell(`gap-${gapId}`, event('BillingGapOpened', { gapId, ...facts }));
    await models.catchUp();
    expect(models.gaps.byKeyNow(key, formerKey)).toMatchObject({ gapId, occurrence: 2, state: 'open' });
    expect(await isDue()).toBe(false);
  });

  it('are told to the policy under one key when they change, and under that of the old log when they go', async () => {
    const keys = new Set([derived.key, formerKey]);
    const told = async () => (await models.gapLedger.due(DAY)).map(({ key }) => key).filter((key) => keys.has(key));
    expect(await told()).toEqual([derived.key]);
    await tell(opened());
    expect(await told()).toEqual([]);
    const more = { valueAtRisk: { money: null, minutes: 1 }, cause: 'another', sourceEventIds: [] };
    await tell(event('BillingGapRevalued', { gapId: gapIdOf(formerKey, 1), ...more }));
    expect(await told()).toEqual([derived.key]);
    await story.tell(
      'contract-acme-1',
      event('ContractTerminated', { contractId: 'acme-1', lastDay: '2025-12-31', reason: 'never' }),
    );
    await models.catchUp();
    expect(await models.billableItems.derivedGap(derived.key)).toBeNull();
    expect(await told()).toEqual([formerKey]);
  });
});
