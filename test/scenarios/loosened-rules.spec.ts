import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing, configurationOf, toldTo } from '@billtrail/application';
import type { BillingConfiguration, PublishedConfiguration } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { ADMIN } from '../laws/kit/house.js';
import type { RateCard } from '@billtrail/contracts';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR } from './people.js';

const MARCH = ['bluegum', '2026-03'] as const;
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const LIMIT = { secondPersonAbove: aud('1000.00') };
type Card = NonNullable<PublishedConfiguration['rateCards']>[string];
const version = (from: string, pricePerHour: string) => ({ from, taxCategory: 'GST', labour: [{ pricePerHour }] });
const cards = (...versions: readonly object[]) => ({ house: { versions } as unknown as Card });
const HOUSE = { ...LIMIT, rateCards: cards(version('2026-01-01', '150.00')) };
const CHEAPER = { ...LIMIT, rateCards: cards(version('2026-01-01', '150.00'), version('2026-03-01', '1.00')) };

/** Y1, Y2: whoever publishes the configuration makes approved work cheaper, or more room for themselves. */
describe('a configuration that loosens a rule', () => {
  let msp: Msp;
  let folder: ReturnType<typeof temporaryFolder> | null = null;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', HOUSE);
  });
  afterEach(async () => {
    await msp.closes();
    folder?.remove();
    folder = null;
  });

  const publishes = (changes: Partial<BillingConfiguration>, by = ADMIN) =>
    msp.tries(billing.PublishConfiguration, { configuration: { ...NAMED_CONFIGURATION, ...changes } }, { actor: by });
  /** By another process, straight into the log. */
  async function published(configuration: BillingConfiguration): Promise<void> {
    const { store, clock } = msp.house.billtrail;
    const events = [{ type: 'ConfigurationPublished', data: { configuration }, occurredAt: clock() }];
    const ids = { commandId: 'another', correlationId: 'another', causationId: null, fingerprint: 'another' };
    await store.append({ stream: 'configuration', expected: 'any', events, actor: BEA, ...ids });
  }
  async function requests() {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({});
    return items.map(({ act, state, waitsBecause, lapse }) => {
      const rules = waitsBecause?.because === 'loosens' ? waitsBecause.rules.join(' ') : '-';
      return [act, state, rules, lapse?.because ?? ''].join(' ').trim();
    });
  }
  const inForce = () => msp.house.billtrail.models.approvals.rulesNow([]) as { configuration: typeof LIMIT };
  const two = () => msp.house.registers(BEA.id);

  it('stands where the log knows nobody else who could agree, as in the first days of an organisation', async () => {
    expect(await publishes({ secondPersonAbove: aud('2000.00') })).toBe('accepted');
    await msp.house.registers(ADMIN.id);
    expect(await publishes({ secondPersonAbove: aud('3000.00') })).toBe('accepted');
    expect(await requests()).toEqual([]);
  });

  it('is no dead end where all others were registered by whoever publishes it, for 30 days from their first registration', async () => {
    await msp.house.registers(BEA.id, ADMIN);
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('5.00') })).toBe('accepted');
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('500.00') })).toBe('accepted');
    expect(await requests()).toEqual([]);
    const configuration = { ...NAMED_CONFIGURATION, ...HOUSE, secondPersonAbove: aud('600.00') };
    const answer = await msp.house.must(billing.PublishConfiguration, { configuration }, { actor: ADMIN });
    expect(answer.warnings).toMatchObject([
      { code: 'NobodyHadToAgree', details: { personIds: [BEA.id], loosens: ['secondPersonAbove'] } },
    ]);
    msp.house.passDays(20);
    const again = { personId: BEA.id, roles: ['admin'], clientId: null };
    const ids = { commandId: 'again', correlationId: 'again', causationId: null, fingerprint: 'again' };
    const event = { type: 'PersonRegistered', data: again, occurredAt: msp.house.now };
    await msp.house.billtrail.store.append({
      stream: `person-${BEA.id}`,
      expected: 'any',
      events: [event],
      actor: ADMIN,
      ...ids,
    });
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('650.00') })).toBe('accepted');
    msp.house.passDays(10);
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('700.00') })).toBe('waits');
  });

  it('waits for another person once there is one, and what is stricter does not', async () => {
    await two();
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('900.00') })).toBe('accepted');
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('100000.00') })).toBe('waits');
    expect(await requests()).toEqual(['configure waiting secondPersonAbove']);
    expect(inForce().configuration.secondPersonAbove).toEqual(aud('900.00'));
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    const told = await toldTo(msp.house.billtrail, request!, ANNA);
    expect(told.changes).toEqual([
      { path: 'secondPersonAbove.amount', before: '900.00', after: '100000.00', loosens: true },
    ]);
    expect(told.recordedAt).toBe((await msp.house.billtrail.store.eventAt(request!.position))?.recordedAt);
    const own = await msp.house.approve(request?.requestId ?? '', ADMIN);
    expect(isRefusal(own) ? own.code : own).toBe('OwnRequest');
    const engineer = await msp.house.approve(request?.requestId ?? '', OMAR);
    expect(isRefusal(engineer) ? engineer.code : engineer).toBe('NotAllowed');
    expect(isRefusal(await msp.house.approve(request?.requestId ?? '', ANNA))).toBe(false);
    expect(await requests()).toEqual(['configure carried-out secondPersonAbove']);
    expect(inForce().configuration.secondPersonAbove).toEqual(aud('100000.00'));
  });

  it('leaves approved work at its price until another person agrees to cheaper days that have passed', async () => {
    await two();
    await msp.signs('bluegum', { besides: { rateCard: { card: 'house' } as unknown as RateCard } });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_200, '2026-03-10');
    expect(await publishes(CHEAPER)).toBe('waits');
    expect(await msp.items(...MARCH)).toEqual(['W1 billable 20 h 3000.00 AUD']);
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    await msp.house.approve(request?.requestId ?? '', BEA);
    expect(await msp.items(...MARCH)).toEqual(['W1 billable 20 h 20.00 AUD']);
  });

  it('is held beside what is in force when it is decided, not when it was sent', async () => {
    await two();
    const { contractTerms } = msp.house.billtrail.models;
    const names = contractTerms.sharedNames.bind(contractTerms);
    // Another process publishes a stricter limit after this one has read what was in force.
    const stricter = { ...(await configurationOf(msp.house.billtrail.store)), secondPersonAbove: aud('10.00') };
    jest.spyOn(contractTerms, 'sharedNames').mockImplementationOnce(async () => {
      await published(stricter);
      return names();
    });
    expect(await publishes(HOUSE)).toBe('waits');
    expect(await requests()).toEqual(['configure waiting secondPersonAbove']);
    expect((await configurationOf(msp.house.billtrail.store)).secondPersonAbove).toEqual(aud('10.00'));
  });

  it('is not published where another program took away from the read models who could agree', async () => {
    folder = temporaryFolder();
    await msp.closes();
    msp = await Msp.opens('2026-03-20', HOUSE, folder.path);
    await two();
    await msp.house.settle();
    const file = new Database(join(folder.path, 'read-models.db'));
    file.exec('DELETE FROM known_people');
    file.close();
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('100000.00') })).toBe('ReadModelsDiffer');
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('900.00') })).toBe('accepted');
  });

  it('lapses where another one is published meanwhile, for it would undo that', async () => {
    await two();
    expect(await publishes(CHEAPER)).toBe('waits');
    expect(await publishes(CHEAPER)).toBe('ForgoingRequestOpen');
    expect(await publishes({ ...HOUSE, secondPersonAbove: aud('10.00') })).toBe('accepted');
    expect(await requests()).toEqual(['configure lapsed rateCards.house.versions[1] published-anew']);
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    const late = await msp.house.approve(request?.requestId ?? '', BEA);
    expect(isRefusal(late) ? late.code : late).toBe('ForgoingRequestEnded');
    expect(inForce().configuration.secondPersonAbove).toEqual(aud('10.00'));
  });
});
