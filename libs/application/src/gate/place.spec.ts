import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { placeOf, type Whereabouts } from './place.js';

describe('the place in which a log numbers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-place-'));
  const other = mkdtempSync(join(tmpdir(), 'billtrail-place-'));
  const link = `${other}/link`;
  symlinkSync(folder, link);
  afterAll(() => {
    for (const path of [folder, other]) rmSync(path, { recursive: true });
  });

  const where: Whereabouts = { dataDir: folder, isCluster: false, machine: () => 'machine-a' };
  const homeOf = (changes: Partial<Whereabouts> = {}, vaultId = 'v1') =>
    placeOf({ ...where, ...changes }, vaultId).home;

  it('is machine, path and vault, and no one of them may differ; a link leads to the same', () => {
    const homes = [
      homeOf(),
      homeOf({ machine: () => 'machine-b' }),
      homeOf({ machine: () => null }),
      homeOf({ dataDir: other }),
      homeOf({}, 'v2'),
      homeOf({ homeName: 'office' }),
      homeOf({ isCluster: true }),
    ];
    expect(new Set(homes).size).toBe(homes.length);
    expect(homeOf({ dataDir: link })).toBe(homeOf());
  });
  it('is a name and the vault, where it has one: machine and path may come and go', () => {
    const named = homeOf({ homeName: 'office' });
    expect(homeOf({ homeName: 'office', machine: () => 'machine-b', dataDir: other })).toBe(named);
    expect(homeOf({ homeName: 'office', isCluster: true })).toBe(named);
    expect(homeOf({ homeName: 'office' }, 'v2')).not.toBe(named);
    expect(homeOf({ homeName: 'lab' })).not.toBe(named);
  });
  it('is the vault of the nodes of a cluster, which have no machine or path of their own', () =>
    expect(homeOf({ isCluster: true, dataDir: other, machine: () => 'machine-b' })).toBe(homeOf({ isCluster: true })));
  it('reads the id of this machine, the same each time', () => {
    const { machine: _, ...real } = where;
    expect(placeOf(real, 'v1')).toEqual(placeOf(real, 'v1'));
  });
});
