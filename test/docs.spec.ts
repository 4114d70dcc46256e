import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

function pages(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages('docs')];

/** What a page links to in this repository, without anchors. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link));
}

describe('documentation', () => {
  it.each(PAGES)('%s links only to what is there', (page) => {
    const dead = linksOf(page).filter((link) => !existsSync(join(root, dirname(page), link)));
    expect(dead).toEqual([]);
  });

  it('the list of cases names specs that are there, and each number from K1 to K29 and Y1 to Y11', () => {
    const text = readFileSync(join(root, 'docs/cases.md'), 'utf8');
    const folders = ['', 'test/scenarios/'];
    const specs = [...text.matchAll(/`([\w./-]+\.spec\.ts)`/g)].flatMap((match) => match[1] ?? []);
    expect(specs.filter((spec) => !folders.some((folder) => existsSync(join(root, folder, spec))))).toEqual([]);
    const numbers = [...text.matchAll(/^\| K(\d+) /gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    const attacks = [...text.matchAll(/^\| ([^|]*\bY\d+[^|]*)\|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\bY\d+/g) ?? [],
    );
    expect(new Set(attacks)).toEqual(new Set(Array.from({ length: 11 }, (_, index) => `Y${index + 1}`)));
    const pathOf = (spec: string) => folders.map((folder) => join(root, folder, spec)).find(existsSync) ?? spec;
    const unproven = [...text.matchAll(/^\| ([KY]\d+[^|]*)\|[^|]*\|(.*)\|$/gm)].flatMap(([, cases = '', cell = '']) => {
      const told = [...cell.matchAll(/`([\w./-]+\.spec\.ts)`/g)].map(([, spec = '']) =>
        readFileSync(pathOf(spec), 'utf8'),
      );
      const named = [...cases.matchAll(/[KY]\d+/g)].map(([number]) => number);
      return named.filter((number) => !told.some((spec) => new RegExp(`\\b${number}\\b`).test(spec)));
    });
    expect(unproven).toEqual([]);
  });

  it('the tour names files of every room that a time entry passes', () => {
    const rooms = linksOf('docs/tour.md').map((link) => /\.\.\/((?:apps|libs)\/[^/]+)/.exec(link)?.[1]);
    expect(new Set(rooms.filter((room) => room !== undefined))).toEqual(
      new Set([
        'apps/api',
        'libs/application',
        'libs/billing',
        'libs/contracts',
        'libs/event-store',
        'libs/importing',
        'libs/input',
        'libs/read-models',
        'libs/ticketing',
      ]),
    );
  });

  it('the way of a time entry from POST to invoice line leads through few files', () => {
    const [way = ''] = readFileSync(join(root, 'docs/tour.md'), 'utf8').split('## Aside');
    const files = new Set([...way.matchAll(/\]\((\.\.\/[^)#]+\.ts)\)/g)].map((match) => match[1]));
    expect(files.size).toBeGreaterThan(15);
    expect(files.size).toBeLessThanOrEqual(25);
  });

  it('a new command touches at most six files', () => {
    const [, recipe = ''] = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split('## A new command');
    expect([...recipe.matchAll(/^\d+\. .*\]\(libs\//gm)].length).toBeGreaterThan(3);
    expect([...recipe.matchAll(/^\d+\. /gm)].length).toBeLessThanOrEqual(6);
  });

  it('the README names only commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/npm run (?:-s )?([a-z]+)/g)].map(
      (match) => match[1]!,
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});
