import { describe, expect, it } from '@jest/globals';
import {
  PERSONAL_OF_ASKED,
  agreedBy,
  hashOfForgoing,
  isEffectOf,
  openForgoings,
  type ForgoingAct,
} from './forgoing.js';
import { LOST } from './stored-event.js';

const asked = (id: string, act: ForgoingAct) => ({
  id,
  type: 'ForgoingRequested',
  data: { act, target: 'W1', clientId: 'acme', period: '2026-03', forgone: [], asked: {} },
  causationId: null,
});
const caused = (type: string, causationId: string | null) => ({ id: 'e', type, data: {}, causationId });
const open = (...events: Parameters<typeof openForgoings>[0]) =>
  openForgoings(events).map(({ requestId }) => requestId);

describe('the requests to forgo money of a stream', () => {
  it.each([
    ['accept-gap', 'BillingGapAccepted'],
    ['write-off', 'WorkWrittenOff'],
    ['credit', 'CreditNoteIssueRequested'],
    ['credit', 'CreditNoteLinesAdded'],
    ['courtesy', 'CourtesyGranted'],
    ['price-override', 'TimeEntryPriceOverridden'],
  ] as const)('of %s end by %s that they caused', (act, type) => {
    expect(open(asked('r1', act), caused(type, 'r1'))).toEqual([]);
    expect(isEffectOf(caused(type, 'r1'), { requestId: 'r1', act })).toBe(true);
    expect(open(asked('r1', act), caused(type, 'r2'), caused(type, null))).toEqual(['r1']);
  });

  it('stay open after what was merely recorded next, by a policy or as another act', () => {
    const others = ['SlaWarned', 'SlaBreached', 'WorkWrittenOff', 'ForgoingWithdrawn'].map((type) =>
      caused(type, 'r1'),
    );
    expect(open(asked('r1', 'courtesy'), ...others)).toEqual(['r1']);
    for (const other of others) expect(isEffectOf(other, { requestId: 'r1', act: 'courtesy' })).toBe(false);
  });

  it('end when they are withdrawn, each by itself', () => {
    const withdrawn = { id: 'e', type: 'ForgoingWithdrawn', data: { requestId: 'r1' }, causationId: null };
    expect(open(asked('r1', 'courtesy'), asked('r2', 'price-override'), withdrawn)).toEqual(['r2']);
  });

  it.each([
    ['courtesy', 'CourtesyGranted'],
    ['back-date', 'ContractVersionPublished'],
    ['configure', 'ConfigurationPublished'],
  ] as const)('name who agreed in the first effect of %s, and lose nobody where there is none', (act, type) => {
    const event = (name: string) => ({ type: name, data: {}, occurredAt: '2026-03-01T00:00:00Z' });
    const [warned, effect] = agreedBy([event('SlaWarned'), event(type)], act, 'bea');
    expect([warned?.data, effect?.data]).toEqual([{}, { secondPerson: 'bea' }]);
    expect(() => agreedBy([event('SlaWarned')], act, 'bea')).toThrow(`SlaWarned is no effect of ${act}`);
  });
});

describe('the hash of what a request would do', () => {
  /** A command with a text at a path, and something beside each text that nobody erases. */
  function commandWith(path: string, text: string): object {
    const [name = '', ...below] = path.split('.');
    return { [name]: below.length === 0 ? text : commandWith(below.join('.'), text), currency: 'AUD' };
  }
  const hash = (command: object) =>
    hashOfForgoing({
      act: 'configure',
      target: 'configuration',
      clientId: null,
      period: null,
      forgone: [],
      asked: command,
    });

  it.each(PERSONAL_OF_ASKED)('is the same once %s is erased, or was never there', (path) => {
    expect(hash(commandWith(path, LOST))).toBe(hash(commandWith(path, 'Ada Lovelace')));
    const [name = '', ...below] = path.split('.');
    if (below.length === 0) expect(hash({ currency: 'AUD' })).toBe(hash(commandWith(name, 'Ada Lovelace')));
  });

  it('is another one where anything else is asked, also beside such a text', () => {
    const limited = (limit: string, name: string) => ({
      configuration: { organisation: { name, currency: 'AUD' }, secondPersonAbove: { amount: limit } },
    });
    expect(hash(limited('500.00', 'Ada'))).toBe(hash(limited('500.00', LOST)));
    expect(hash(limited('900.00', 'Ada'))).not.toBe(hash(limited('500.00', 'Ada')));
    const usd = {
      configuration: { organisation: { name: 'Ada', currency: 'USD' }, secondPersonAbove: { amount: '500.00' } },
    };
    expect(hash(usd)).not.toBe(hash(limited('500.00', 'Ada')));
  });
});
