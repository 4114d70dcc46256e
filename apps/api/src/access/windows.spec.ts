import { beforeEach, describe, expect, it } from '@jest/globals';
import { sourceOf } from './sources.js';
import { Windows } from './windows.js';

describe('what is counted within a time', () => {
  let now: number;
  const windows = (names = 100) => new Windows(60_000, names, () => now);
  const counts = (one: Windows, name: string, times: number) => Array.from({ length: times }, () => one.count(name, 3));
  beforeEach(() => {
    now = 5_000;
  });

  it('is too much beyond the limit, until the time is over that began with the first', () => {
    const one = windows();
    expect(counts(one, 'a', 2)).toEqual([null, null]);
    now += 20_500;
    expect(counts(one, 'a', 3)).toEqual([null, 40, 40]);
    expect(one.count('b', 3)).toBeNull();
    now += 39_499;
    expect(one.count('a', 3)).toBe(1);
    now += 1;
    expect(counts(one, 'a', 4)).toEqual([null, null, null, 60]);
  });

  it('is forgotten of whoever began first, where there are too many names', () => {
    const one = windows(2);
    counts(one, 'a', 3);
    counts(one, 'b', 3);
    counts(one, 'c', 1);
    expect(one.count('b', 3)).toBe(60);
    expect(one.count('a', 3)).toBeNull();
  });
});

describe('where a request comes from', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:12:34:56:78:9a:bc', '2001:db8:12:34::/64'],
    ['2001:db8:12:34::1', '2001:db8:12:34::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s is %s', (ip, source) => {
    expect(sourceOf({ ip })).toBe(source);
  });
});
