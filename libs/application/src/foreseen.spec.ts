import { describe, expect, it } from '@jest/globals';
import { ClockApart, ClockSuspect, OutcomeUnknown, StoreUnavailable, UnknownStoredEvent } from '@billtrail/event-store';
import { ReadModelsUnavailable, RowUnreadable } from '@billtrail/read-models';
import { VaultIncomplete, VaultUnavailable } from '@billtrail/vault';
import { foreseen } from './foreseen.js';

const FILE = '/srv/secret/events.db';
const THEN = '2026-03-02T00:00:00.000Z';
const NOW = '2026-03-01T00:00:00.000Z';

describe('the list of failures that are foreseen', () => {
  it.each([
    ['StoreUnavailable', new StoreUnavailable('disk-full', `${FILE} can't be written`, 'Make room')],
    ['VaultUnavailable', new VaultUnavailable(`${FILE} can't be read`, 'Put it back')],
    ['VaultIncomplete', new VaultIncomplete(['ticket-T1'])],
    ['ReadModelsUnavailable', new ReadModelsUnavailable(`${FILE} can't be read`, false, 'Give the rights')],
    ['ReadModelsUnavailable', new RowUnreadable('a row holds a text that is no JSON')],
    ['ClockSuspect', new ClockSuspect(NOW, THEN)],
    ['ClockApart', new ClockApart(NOW, THEN)],
    ['OutcomeUnknown', new OutcomeUnknown(['c-1'])],
    ['NewerEvent', new UnknownStoredEvent('ticket-T1', 'type Later')],
    ['VaultIncomplete', new UnknownStoredEvent('ticket-T1', 'its key is gone', 'sealed')],
    ['EventUnreadable', new UnknownStoredEvent('ticket-T1', 'it is malformed', 'unlifted')],
  ])('has %s by the class, without a file for whoever sends requests', (code, error) => {
    const failure = foreseen(error);
    expect(failure?.told.code).toBe(code);
    expect(JSON.stringify(failure?.told)).not.toContain(FILE);
    expect(failure?.told.message).toMatch(/^[A-Z].*\.$/);
    const seen = failure?.here.message ?? failure?.told.message ?? '';
    expect(seen.includes(FILE)).toBe(error.message.includes(FILE));
  });

  it('has what nobody foresaw not in it', () => {
    for (const error of [new Error('x'), null, 'x']) expect(foreseen(error)).toBeNull();
  });
});
