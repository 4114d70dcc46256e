import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@billtrail/event-store';
import { storesSetting } from './stores-setting.js';

const LOG = 'esdb://node-1:2113,node-2:2113?tls=false';
const VAULT = 'postgresql://billtrail:hunter2@db:5432/vault';

describe('where log and vault are, as the environment says it', () => {
  it.each([[{}], [{ BILLTRAIL_STORE: '', BILLTRAIL_VAULT_URL: '' }], [{ BILLTRAIL_VAULT_URL: 'folder' }]])(
    'is the data folder where it says nothing else: %j',
    (environment) => {
      expect(storesSetting(environment)).toEqual({});
    },
  );

  it('is what it names: a vault for nodes beside the log, or beside a file', () => {
    expect(storesSetting({ BILLTRAIL_STORE: LOG, BILLTRAIL_VAULT_URL: VAULT })).toEqual({
      storeUrl: LOG,
      vaultUrl: VAULT,
    });
    expect(storesSetting({ BILLTRAIL_VAULT_URL: VAULT })).toEqual({ vaultUrl: VAULT });
  });

  it('is refused where several nodes would have a vault each, but for the one that says that it is alone', () => {
    expect(() => storesSetting({ BILLTRAIL_STORE: LOG })).toThrow(
      expect.objectContaining({ name: 'VaultNotShared', remedy: expect.stringContaining('folder') }),
    );
    expect(storesSetting({ BILLTRAIL_STORE: LOG, BILLTRAIL_VAULT_URL: 'folder' })).toEqual({ storeUrl: LOG });
  });

  it.each(['foo', 'localhost:2113', './events.db', '/var/log.db', ':memory:', 'edsb://node:2113', 'esdb:node:2113'])(
    'is no log where it is something else, which would be a file: %s',
    (text) => {
      expect(() => storesSetting({ BILLTRAIL_STORE: text, BILLTRAIL_VAULT_URL: VAULT })).toThrow(StoreUnavailable);
    },
  );
});
