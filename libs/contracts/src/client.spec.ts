import { describe, expect, it } from '@jest/globals';
import { type Issued, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { client } from './client.js';
import type { ChangeClientDetails, RegisterClient } from './commands.js';
import type { ClientFacts, ClientRegistered } from './events.js';
import { isAustralianBusinessNumber, taxIdProblem } from './tax-id.js';

const issued: Issued = { at: '2026-03-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const details: ClientFacts = {
  name: 'Bluegum Dental',
  currency: 'AUD',
  timeZone: 'Australia/Sydney',
  taxId: '51 824 753 556',
  address: null,
  taxExemption: null,
};
const register = (changes: Partial<RegisterClient> = {}): RegisterClient & Issued => ({
  type: 'RegisterClient',
  clientId: 'cli-1',
  ...details,
  ...issued,
  ...changes,
});
const change = (changes: Partial<ChangeClientDetails> = {}): ChangeClientDetails & Issued => ({
  type: 'ChangeClientDetails',
  clientId: 'cli-1',
  ...details,
  ...issued,
  ...changes,
});
const registered: ClientRegistered = {
  type: 'ClientRegistered',
  data: { clientId: 'cli-1', ...details },
  occurredAt: issued.at,
};

const HOLIDAY = { date: '2026-01-26', name: 'Australia Day' };

describe('RegisterClient', () => {
  it('registers', () => spec(client).given().when(register()).then(registered));
  it('takes the time at which it happened', () =>
    spec(client)
      .given()
      .when(register({ occurredAt: '2026-02-01T00:00:00Z' }))
      .then({ ...registered, occurredAt: '2026-02-01T00:00:00Z' }));
  it('is quiet on repeat', () => spec(client).given(registered).when(register()).thenNothing());
  it('refuses other details under the same id', () =>
    spec(client)
      .given(registered)
      .when(register({ name: 'Other' }))
      .thenRefused('ClientAlreadyRegistered'));
  it('refuses malformed details whole', () => {
    const decision = client.decide(
      register({ taxId: '!', taxTreatment: 'export', holidays: [HOLIDAY, HOLIDAY] }),
      client.initialState,
    );
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('ClientMalformed');
    expect(decision.details['problems']).toMatchObject(
      ['taxTreatment', 'taxId', 'holidays[1]'].map((path) => ({ path })),
    );
  });
  it('refuses an Australian number that fails its check', () =>
    spec(client)
      .given()
      .when(register({ taxId: '51 824 753 557' }))
      .thenRefused('ClientMalformed'));
});

describe('ChangeClientDetails', () => {
  it('states the details anew', () =>
    spec(client)
      .given(registered)
      .when(change({ name: 'Bluegum Dental Group' }))
      .then({
        type: 'ClientDetailsChanged',
        data: { clientId: 'cli-1', ...details, name: 'Bluegum Dental Group' },
        occurredAt: issued.at,
      }));
  it('is quiet where nothing differs', () => spec(client).given(registered).when(change()).thenNothing());
  it('refuses an unknown client', () => spec(client).given().when(change()).thenRefused('ClientUnknown'));
  it('refuses malformed details', () =>
    spec(client)
      .given(registered)
      .when(change({ taxId: '!' }))
      .thenRefused('ClientMalformed'));
  it('refuses another currency', () =>
    spec(client)
      .given(registered)
      .when(change({ currency: 'NZD' }))
      .thenRefused('ClientCurrencyFixed'));
  it('compares with the latest details', () => {
    const changed = {
      type: 'ClientDetailsChanged',
      data: { clientId: 'cli-1', ...details, address: '1 New Street' },
      occurredAt: issued.at,
    } as const;
    spec(client)
      .given(registered, changed)
      .when(change({ address: '1 New Street' }))
      .thenNothing();
  });
});

describe('tax ids', () => {
  it.each(['51 824 753 556', '51824753556', '53 004 085 616'])('%s passes the check of an ABN', (abn) =>
    expect(isAustralianBusinessNumber(abn)).toBe(true),
  );
  it.each(['51 824 753 565', '15 824 753 556', '01 824 753 556', '5182475355', '518247535566', 'ABN 51824753556'])(
    '%s does not',
    (abn) => expect(isAustralianBusinessNumber(abn)).toBe(false),
  );
  it('a foreign tax id need only look like one', () => {
    expect(taxIdProblem('DE 123456789', 'Australia/Perth')).toBeNull();
    expect(taxIdProblem('12345678901', 'Europe/Rome')).toBeNull();
    expect(taxIdProblem('12345678901', 'Australia/Perth')).toBe('fails the check digits of an ABN');
    expect(taxIdProblem('1', 'Europe/Rome')).not.toBeNull();
  });
});
