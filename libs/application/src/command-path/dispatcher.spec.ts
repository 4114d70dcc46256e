import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandBus } from '@nestjs/cqrs';
import { keyStream } from '@billtrail/event-store';
import type { Actor } from '@billtrail/kernel';
import { commandDefinitions } from '../application.module.js';
import { Billtrail } from '../billtrail.js';
import { ChangeClientDetails, RegisterClient } from '../commands/contracts.js';
import type { CommandEnvelope } from './command-envelope.js';
import { CommandRegistry } from './command-registry.js';
import { DeciderHandler } from './decider-handler.js';
import { CommandDispatcher, type DispatchContext } from './dispatcher.js';

const AT = '2026-03-02T09:00:00Z';
const ACTOR: Actor = { id: 'acc-1', role: 'accounts' };
const FACTS = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney', taxExemption: null };

describe('a command under a key', () => {
  let billtrail: Billtrail;
  beforeEach(async () => {
    billtrail = await Billtrail.open({ dataDir: ':memory:', clock: () => AT });
  });
  afterEach(() => billtrail.close());
  const dispatcher = () => {
    const handler = new DeciderHandler(new CommandRegistry(commandDefinitions), billtrail);
    const bus = { execute: (envelope: CommandEnvelope) => handler.execute(envelope) } as unknown as CommandBus;
    return new CommandDispatcher(bus, billtrail);
  };
  const send = (facts: object, context: Partial<DispatchContext>) =>
    dispatcher().dispatch(RegisterClient, facts, { actor: ACTOR, ...context });

  it('has one effect, whatever command id is sent with it, and whatever has happened since', async () => {
    await send(FACTS, {});
    const renamed = (name: string, context: Partial<DispatchContext>) =>
      dispatcher().dispatch(ChangeClientDetails, { ...FACTS, name }, { actor: ACTOR, ...context });
    const first = await renamed('Acme One', { idempotencyKey: 'k', commandId: 'a' });
    expect(first).toMatchObject({ stream: 'client-acme', version: 2, repeated: false });
    await renamed('Acme Two', {});
    expect(await renamed('Acme One', { idempotencyKey: 'k', commandId: 'b' })).toEqual({ ...first, repeated: true });
    expect(await renamed('Acme One', { idempotencyKey: 'k' })).toEqual({ ...first, repeated: true });
    expect(await renamed('Acme Three', { idempotencyKey: 'k', commandId: 'c' })).toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    expect((await billtrail.store.readStream('client-acme')).version).toBe(3);
  });

  it('is completed where only the key was claimed, by a version that made its fingerprint in another way', async () => {
    const fingerprint = createHash('sha256')
      .update(`RegisterClient ${JSON.stringify(FACTS)}`)
      .digest('base64url');
    await billtrail.store.append({
      stream: keyStream(ACTOR.id, 'k'),
      expected: 'none',
      events: [{ type: 'KeyClaimed', data: { stream: 'client-acme', fingerprint }, occurredAt: AT }],
      actor: ACTOR,
      commandId: 'earlier',
      correlationId: 'earlier',
      causationId: null,
      fingerprint,
    });
    expect(await send({ ...FACTS, name: 'Other' }, { idempotencyKey: 'k' })).toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    const first = await send(FACTS, { idempotencyKey: 'k' });
    expect(first).toMatchObject({ stream: 'client-acme', version: 1, repeated: false });
    expect(await send(FACTS, { idempotencyKey: 'k' })).toEqual({ ...first, repeated: true });
  });
});
