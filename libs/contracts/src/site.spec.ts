import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { client } from './client.js';
import type { ClientEvent, ClientRegistered } from './events.js';
import { MAX_SITES, MAX_SITE_CHANGES } from './limits.js';
import { type ChangeSiteDetails, type RegisterSite, type SiteRegistered, siteDetailsOn, siteUnknown } from './site.js';

const issued: Issued = { at: '2026-03-01T00:00:00Z', by: { id: 'omar', role: 'operations' } };
const facts = {
  clientId: 'cli-1',
  siteId: 'melbourne',
  from: '2026-01-01',
  name: 'Melbourne branch',
  address: null,
  timeZone: 'Australia/Melbourne',
  calendar: null,
  holidays: [{ date: '2026-11-03', name: 'Melbourne Cup Day' }],
  billTo: null,
};
const register = (changes: Partial<RegisterSite> = {}): RegisterSite & Issued => ({
  type: 'RegisterSite',
  ...facts,
  ...issued,
  ...changes,
});
const change = (changes: Partial<ChangeSiteDetails> = {}): ChangeSiteDetails & Issued => ({
  type: 'ChangeSiteDetails',
  ...facts,
  ...issued,
  ...changes,
});
const bluegum: ClientRegistered = {
  type: 'ClientRegistered',
  data: {
    clientId: 'cli-1',
    name: 'Bluegum',
    currency: 'AUD',
    timeZone: 'Australia/Sydney',
    taxId: null,
    address: null,
    taxExemption: null,
  },
  occurredAt: issued.at,
};
const registered: SiteRegistered = { type: 'SiteRegistered', data: facts, occurredAt: issued.at };
const closed = { ...facts, from: '2026-06-01', name: 'Melbourne, level 2' };
const moved: ClientEvent = { type: 'SiteDetailsChanged', data: closed, occurredAt: issued.at };

const HOLIDAY = { date: '2026-01-26', name: 'Australia Day' };

describe('RegisterSite', () => {
  it('registers', () => spec(client).given(bluegum).when(register()).then(registered));
  it('is quiet on repeat', () => spec(client).given(bluegum, registered).when(register()).thenNothing());
  it('refuses a site of an unknown client', () => spec(client).given().when(register()).thenRefused('ClientUnknown'));
  it('refuses other details under the same id', () =>
    spec(client)
      .given(bluegum, registered)
      .when(register({ name: 'Another' }))
      .thenRefused('SiteAlreadyRegistered'));
  it('refuses malformed details whole', () => {
    const decision = client.decide(
      register({
        calendar: { hours: { monday: [{ opens: '18:00', closes: '09:00' }] } },
        holidays: [{ date: '2026-12-24', name: 'Christmas Eve', from: '18:00', to: '12:00' }],
      }),
      client.evolve(client.initialState, bluegum),
    );
    const problems = isRefusal(decision) ? decision.details['problems'] : [];
    expect((problems as { path: string }[]).map(({ path }) => path)).toEqual([
      'calendar.hours.monday[0]',
      'holidays[0]',
    ]);
  });
  it('refuses an id that differs from that of another site in capital letters only', () =>
    spec(client)
      .given(bluegum, registered)
      .when(register({ siteId: facts.siteId.toUpperCase() }))
      .thenRefused('SiteAlreadyRegistered'));
  it('refuses one too many', () => {
    const many = Array.from({ length: MAX_SITES }, (_, index): SiteRegistered => {
      return { ...registered, data: { ...facts, siteId: `s-${index}` } };
    });
    spec(client)
      .given(bluegum, ...many)
      .when(register())
      .thenRefused('TooManySites');
  });
});

describe('ChangeSiteDetails', () => {
  it('changes a site from a day on', () =>
    spec(client)
      .given(bluegum, registered)
      .when(change({ from: '2026-06-01', name: 'Melbourne, level 2' }))
      .then(moved));
  it('is quiet where the details hold on that day already', () => {
    spec(client)
      .given(bluegum, registered)
      .when(change({ from: '2026-02-01' }))
      .thenNothing();
    spec(client)
      .given(bluegum, registered, moved)
      .when(change({ ...closed, from: '2026-07-01' }))
      .thenNothing();
  });
  it('puts a day right', () =>
    spec(client)
      .given(bluegum, registered)
      .when(change({ timeZone: null }))
      .then({ type: 'SiteDetailsChanged', data: { ...facts, timeZone: null }, occurredAt: issued.at }));
  it('refuses an unknown client, an unknown site and malformed details', () => {
    spec(client).given().when(change()).thenRefused('ClientUnknown');
    spec(client)
      .given(bluegum, registered)
      .when(change({ siteId: 'perth' }))
      .thenRefused('SiteUnknown');
    spec(client)
      .given(bluegum, registered)
      .when(change({ holidays: [HOLIDAY, HOLIDAY] }))
      .thenRefused('SiteMalformed');
  });
  it('refuses a day too many, and takes one that it has', () => {
    const days = Array.from({ length: MAX_SITE_CHANGES - 1 }, (_, index): ClientEvent => {
      const from = new Date(Date.UTC(2027, 0, 1 + index)).toISOString().slice(0, 10);
      return { ...moved, data: { ...closed, from, name: `Level ${index}` } };
    });
    const state = fold(client, [bluegum, registered, ...days]);
    expect(isRefusal(client.decide(change({ from: '2026-09-01', name: 'New' }), state))).toBe(true);
    expect(client.decide(change({ from: '2027-01-01', name: 'New' }), state)).toHaveLength(1);
  });
});

describe('the sites of a client', () => {
  it('have details by day, and stay when the client changes', () => {
    const earlier: ClientEvent = { ...moved, data: { ...facts, from: '2025-07-01', name: 'Melbourne, before' } };
    const again: ClientEvent = { ...moved, data: { ...closed, name: 'Melbourne, level 3' } };
    const details: ClientEvent = { ...bluegum, type: 'ClientDetailsChanged' };
    const state = fold(client, [bluegum, registered, moved, earlier, again, details]);
    const [site] = state.status === 'registered' ? state.sites : [];
    expect(site?.details.map(({ from, name }) => [from, name])).toEqual([
      ['2025-07-01', 'Melbourne, before'],
      ['2026-01-01', 'Melbourne branch'],
      ['2026-06-01', 'Melbourne, level 3'],
    ]);
    const on = (day: string) => (site === undefined ? null : siteDetailsOn(site, () => day));
    expect([on('2025-06-30'), on('2025-07-01')?.name, on('2026-05-31')?.name, on('2026-06-01')?.name]).toEqual([
      null,
      'Melbourne, before',
      'Melbourne branch',
      'Melbourne, level 3',
    ]);
  });
  it('are named where another is asked for', () => {
    const sites = ['a', 'b', 'c', 'd', 'e', 'f'].map((siteId) => ({ siteId, details: [] }));
    expect(siteUnknown('cli-1', 'depto', [{ siteId: 'depot', details: [] }]).message).toBe(
      'Client cli-1 has no site depto (did you mean depot?). It has depot.',
    );
    expect(siteUnknown('cli-1', 'x', []).message).toBe('Client cli-1 has no site x. It has none.');
    expect(siteUnknown('cli-1', 'x', sites).message).toBe(
      'Client cli-1 has no site x. It has a, b, c, d, e and others.',
    );
  });
});
