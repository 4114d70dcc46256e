import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal, storedPersonEvents, type Role } from '@billtrail/kernel';
import { storedBillingEvents } from '@billtrail/billing';
import { storedContractEvents } from '@billtrail/contracts';
import { SqliteEventStore, StoredNames, type EventStore } from '@billtrail/event-store';
import { storedTicketEvents } from '@billtrail/ticketing';
import { ReadModels } from '../read-models.js';
import { AT } from '../spec-kit/story.js';
import { approvalsProjection } from './projection.js';

const NAMES = new StoredNames(storedTicketEvents, storedContractEvents, storedBillingEvents, storedPersonEvents);
const DECIDERS: readonly Role[] = ['accounts', 'admin'];

describe('whom the log knows as persons', () => {
  let store: EventStore;
  let models: ReadModels;
  beforeEach(async () => {
    store = SqliteEventStore.open({ file: ':memory:', names: NAMES });
    models = await ReadModels.open({ file: ':memory:', store, projections: [approvalsProjection] });
  });
  afterEach(async () => {
    await models.close();
    await store.close();
  });

  async function told(personId: string, type: 'PersonRegistered' | 'PersonChanged', ...roles: Role[]): Promise<void> {
    const commandId = `${personId} ${type} ${roles.join(' ')}`;
    const ids = { commandId, correlationId: commandId, causationId: null, fingerprint: commandId };
    await store.append({
      stream: `person-${personId}`,
      expected: 'any',
      events: [{ type, data: { personId, roles, clientId: null }, occurredAt: AT }],
      actor: { id: 'admin', role: 'admin' },
      ...ids,
    });
    await models.catchUp();
  }
  const now = async () =>
    (await models.approvals.knownWith(DECIDERS)).map(({ id, roles }) => `${id} ${roles.join(' ')}`);

  const others = (personId: string) => {
    const found = models.approvals.othersGivenNow(personId, DECIDERS);
    return isRefusal(found) ? found.code : found.map(({ id }) => id);
  };

  it('names those who have one of the roles now, in the order in which they were registered', async () => {
    await told('zoe', 'PersonRegistered', 'accounts');
    await told('omar', 'PersonRegistered', 'operations');
    await told('bea', 'PersonRegistered', 'support');
    expect(await now()).toEqual(['zoe accounts']);
    await told('bea', 'PersonChanged', 'support', 'admin');
    await told('zoe', 'PersonChanged', 'admin');
    expect(await now()).toEqual(['zoe admin', 'bea support admin']);
    await told('zoe', 'PersonChanged', 'support');
    expect(await now()).toEqual(['bea support admin']);
  });

  it('still knows that somebody else once had a role that was taken away: nobody is alone by that', async () => {
    await told('zoe', 'PersonRegistered', 'accounts');
    await told('omar', 'PersonRegistered', 'operations');
    expect(others('zoe')).toEqual([]);
    expect(others('omar')).toEqual(['zoe']);
    await told('omar', 'PersonChanged', 'admin');
    await told('omar', 'PersonChanged');
    await told('omar', 'PersonChanged', 'operations');
    expect(others('zoe')).toEqual(['omar']);
  });
});
