import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TooLarge } from '@billtrail/event-store';
import { isRefusal, type Actor } from '@billtrail/kernel';
import { commandDefinitions } from '../application.module.js';
import { Billtrail } from '../billtrail.js';
import { RegisterClient } from '../commands/contracts.js';
import { CommandEnvelope } from './command-envelope.js';
import { CommandRegistry } from './command-registry.js';
import { DeciderHandler } from './decider-handler.js';
import { validated } from './validate.js';

const AT = '2026-03-02T09:00:00Z';
const ACTOR: Actor = { id: 'acc-1', role: 'accounts' };
const FACTS = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney', taxExemption: null };
const IDS = { commandId: 'c1', correlationId: 'c1', causationId: null };

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
