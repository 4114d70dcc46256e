import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ClaimTaken,
  DecisionTooOld,
  START,
  TooLarge,
  WrongExpectedVersion,
  type PositionNumber,
} from '@billtrail/event-store';
import { isRefusal, type Actor } from '@billtrail/kernel';
import { Logger } from '@nestjs/common';
import { NotKnown, ReadModelsBehind } from '@billtrail/read-models';
import { commandDefinitions } from '../application.module.js';
import { Billtrail } from '../billtrail.js';
import { RegisterClient } from '../commands/contracts.js';
import { CommandEnvelope } from './command-envelope.js';
import { CommandRegistry } from './command-registry.js';
import { MAX_ATTEMPTS } from './decide-and-append.js';
import { DeciderHandler } from './decider-handler.js';
import { validated } from './validate.js';

const AT = '2026-03-02T09:00:00Z';
const ACTOR: Actor = { id: 'acc-1', role: 'accounts' };
const FACTS = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney', taxExemption: null };
const IDS = { commandId: 'c1', correlationId: 'c1', causationId: null };

const PARKED = {
  eventId: '0f'.repeat(16),
  stream: 'client-acme',
  position: 1 as PositionNumber,
  cause: 'no such zone',
  why: 'not-taken',
} as const;

const NOT_KNOWN = new NotKnown(PARKED, { clientId: 'acme', period: null });
const BEHIND = new ReadModelsBehind(START, START);
const FAULT: unknown = expect.stringMatching(/^TypeError: terms are not iterable\n +at /);

describe('the handler of all commands', () => {
  let billtrail: Billtrail;
  beforeEach(async () => {
    billtrail = await Billtrail.open({ dataDir: ':memory:', clock: () => AT });
  });
  afterEach(() => billtrail.close());
  const envelope = async (facts: object) => {
    const command = await validated(RegisterClient, facts);
    if (isRefusal(command)) throw new Error(command.message);
    return new CommandEnvelope(command, { actor: ACTOR, at: AT, ...IDS }, facts);
  };
  const send = async (facts: object = FACTS) =>
    new DeciderHandler(new CommandRegistry(commandDefinitions), billtrail).execute(await envelope(facts));

  it('tells what is larger than the log takes, in bytes', async () => {
    jest.spyOn(billtrail.store, 'append').mockRejectedValueOnce(new TooLarge('the append', 17_000_000, 16_500_000));
    expect(await send()).toMatchObject({
      code: 'RecordTooLarge',
      message: 'It would take 17000000 bytes of the log; at most 16500000 can be recorded at once.',
      details: { bytes: 17_000_000, limit: 16_500_000 },
    });
    expect(await send()).toMatchObject({ version: 1, repeated: false });
  });

  it.each([
    [new WrongExpectedVersion('client-acme', 0, 1), 'Other writers kept changing client-acme. Nothing was done.'],
    [
      new DecisionTooOld('client-acme', 2_001),
      'The log is busy: what was decided on client-acme waited too long for its turn. Nothing was done.',
    ],
    [
      new ClaimTaken('invoice-inv-1'),
      'Other requests kept taking an id that client-acme was to take. Nothing was done.',
    ],
  ])('gives up after some attempts, and tells why: %s', async (cause, message) => {
    const append = jest.spyOn(billtrail.store, 'append').mockRejectedValue(cause);
    expect(await send()).toMatchObject({ code: 'StreamContended', message, details: { attempts: MAX_ATTEMPTS } });
    expect(append).toHaveBeenCalledTimes(MAX_ATTEMPTS);
    append.mockRestore();
  });

  it.each([
    ['is not known', () => Promise.reject(NOT_KNOWN), { cause: NOT_KNOWN.message }],
    ['is not read yet', () => Promise.reject(BEHIND), { cause: BEHIND.message }],
    [
      'is a fault of ours',
      () => {
        throw new TypeError('terms are not iterable');
      },
      { cause: 'an error of Billtrail, which its log tells', isInternalError: true },
    ],
  ])(
    'what was recorded stands where what there is to warn of %s, and so does its repeat',
    async (_what, warn, told) => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
      const definitions = commandDefinitions.map((one) => (one.command === RegisterClient ? { ...one, warn } : one));
      const handler = new DeciderHandler(new CommandRegistry(definitions), billtrail);
      for (const repeated of [false, true])
        expect(await handler.execute(await envelope(FACTS))).toMatchObject({
          version: 1,
          repeated,
          warnings: [
            { code: 'WarningsNotKnown', message: expect.stringMatching(/^It is recorded\. .+: .+/), details: told },
          ],
        });
      // What nobody expects is told with its stack, each time.
      const stacks = logged.mock.calls.map(([{ error }]) => String(error));
      expect(stacks).toEqual('isInternalError' in told ? [FAULT, FAULT] : []);
      logged.mockRestore();
      expect(await billtrail.store.readStream('client-acme')).toMatchObject({ version: 1 });
    },
  );

  it('knows a command again that an old log has, by the fingerprint of that time', async () => {
    const { command } = await envelope(FACTS);
    const fingerprint = createHash('sha256')
      .update(`RegisterClient ${JSON.stringify(command)}`)
      .digest('base64url');
    const data = { ...FACTS, taxId: null, address: null };
    const registered = { type: 'ClientRegistered', data, occurredAt: AT };
    const stream = 'client-acme';
    await billtrail.store.append({
      stream,
      expected: 'none',
      events: [registered],
      actor: ACTOR,
      ...IDS,
      fingerprint,
    });
    expect(await send()).toMatchObject({ stream, version: 1, repeated: true });
    expect(await send({ ...FACTS, name: 'Acme Ltd' })).toMatchObject({ code: 'IdempotencyKeyReused' });
  });
});
