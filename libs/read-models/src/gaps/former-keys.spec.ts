import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formerGapKey, gapIdOf, gapKey, type GapFacts } from '@billtrail/billing';
import type { KeyedGap } from '../billable-items/rows.js';
import { ReadModels } from '../read-models.js';
import { configured, contract, event, MANAGED, registered, Story } from '../spec-kit/story.js';

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
    derived = (await models.billableItems.dueGaps(DAY, 1_000)).find(({ charge }) => charge !== undefined)!;
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
  const isDue = async () => (await models.billableItems.dueGaps(DAY, 1_000)).some(({ key }) => key === derived.key);

  it('are found by either key', async () => {
    expect(formerKey).toBe(formerGapKey(derived));
    expect(formerKey).not.toContain('@');
    expect(gapKey(inOldLog)).toBe(formerKey);
    expect(await models.billableItems.derivedGap(formerKey)).toBeNull();
    expect(await models.billableItems.derivedGap(derived.key)).toEqual(derived);
    await tell(opened());
    expect(await models.billableItems.derivedGap(formerKey)).toEqual(derived);
    const { gapId } = (await models.gaps.byKey(derived.key, formerKey))!;
    expect(gapId).toBe(gapIdOf(formerKey, 1));
    expect(await models.gaps.byKey(derived.key)).toBeNull();
  });

  it('are shown with the id that the charge has now, open or ended, so that it can be asked for', async () => {
    const due = await models.billableItems.dueGaps('2026-07-31', 1_000);
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
    const { chargeId: fee, ...charge } = (await models.charges.list()).items.find(({ kind }) => kind === 'recurring')!;
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
    await models.catchUp();
    expect((await models.gaps.get('G1'))?.charge?.chargeId).toBe(fee);
    expect((await models.gaps.get('G2'))?.charge?.chargeId).toBe(former);
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

  it('are of the charge that they name: one of a block is not of a fee with its id and day', async () => {
    await tell(
      event('BillingGapOpened', {
        gapId: gapIdOf(formerKey, 1),
        ...inOldLog,
        cause: `Prepaid block care: 60 min (${inOldLog.charge!.chargeId}) is on no issued invoice`,
      }),
    );
    expect(await models.gaps.byKey(derived.key, formerKey)).toBeNull();
    expect(await models.billableItems.derivedGap(formerKey)).toBeNull();
    expect(await isDue()).toBe(true);
    const accepted = { reasonCode: 'goodwill', comment: 'ours', acceptedBy: 'acc-1', secondPerson: null };
    await tell(event('BillingGapAccepted', { gapId: gapIdOf(formerKey, 1), ...accepted }));
    expect(await isDue()).toBe(true);
  });

  it('are counted together: opened again under the key of now it is the second', async () => {
    await tell(opened(), event('BillingGapClosed', { gapId: gapIdOf(formerKey, 1), ending: 'corrected' }));
    const { key, formerKey: _, dueOn: __, ...facts } = derived;
    const gapId = gapIdOf(key, 2);
    await story.tell(`gap-${gapId}`, event('BillingGapOpened', { gapId, ...facts }));
    await models.catchUp();
    expect(await models.gaps.byKey(key, formerKey)).toMatchObject({ gapId, occurrence: 2, state: 'open' });
    expect(await isDue()).toBe(false);
  });

  it('are told to the policy under both keys when they change or go', async () => {
    await models.billableItems.ackGapChanges(await models.billableItems.takeGapChanges());
    await story.tell(
      'contract-acme-1',
      event('ContractTerminated', { contractId: 'acme-1', lastDay: '2025-12-31', reason: 'never' }),
    );
    await models.catchUp();
    expect(await models.billableItems.derivedGap(derived.key)).toBeNull();
    const keys = (await models.billableItems.takeGapChanges()).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining([derived.key, formerKey]));
  });
});
