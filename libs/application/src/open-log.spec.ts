import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@billtrail/event-store';
import { storeSetting } from './open-log.js';

describe('where the log is, as the environment says it', () => {
  it.each([[{}], [{ BILLTRAIL_STORE: '' }]])('is the data folder where it says nothing: %j', (environment) => {
    expect(storeSetting(environment)).toEqual({});
  });

  it('is an EventStoreDB by its connection string', () => {
    const url = 'esdb://node-1:2113,node-2:2113?tls=false';
    expect(storeSetting({ BILLTRAIL_STORE: url })).toEqual({ storeUrl: url });
  });

  it.each(['foo', 'localhost:2113', './events.db', '/var/log.db', ':memory:', 'edsb://node:2113', 'esdb:node:2113'])(
    'is nothing else, which would be a file: %s',
    (text) => {
      expect(() => storeSetting({ BILLTRAIL_STORE: text })).toThrow(StoreUnavailable);
    },
  );
});
