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
    expect(storesSetting({ BILLTRAIL_HOME: ' office ' })).toEqual({ homeName: 'office' });
    expect(storesSetting({ BILLTRAIL_HOME: ' ', BILLTRAIL_VAULT_URL: 'folder' })).toEqual({});
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

  it.each([
    'postgresql://ana:zq@xw/y@127.0.0.1:5999/x',
    'postgresql://ana:zq/xw@127.0.0.1/x',
    'postgresql://ana:zq#xw@127.0.0.1/x',
    'postgresql://ana:zq@127.0.0.1:99999/x',
    'mysql://ana:zq@localhost/vault',
  ])('is no vault where its URL is none, and nothing of it is told: %s', (url) => {
    const setting = () => storesSetting({ BILLTRAIL_VAULT_URL: url });
    expect(setting).toThrow(
      expect.objectContaining({
        name: 'VaultUnavailable',
        message: expect.stringMatching(/BILLTRAIL_VAULT_URL.*percent-encoded/),
      }),
    );
    expect(setting).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/zq|xw|ana/) }));
  });

  it('takes a vault behind a folder of sockets', () => {
    for (const vaultUrl of [
      'postgresql:///vault?host=%2Frun&user=billtrail',
      'postgresql://billtrail@/vault?host=%2Frun',
    ])
      expect(storesSetting({ BILLTRAIL_VAULT_URL: vaultUrl })).toEqual({ vaultUrl });
  });
});
