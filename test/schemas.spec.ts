import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SCHEMAS, boundsText, sectionsText } from '../apps/cli/src/commands/schema.js';

const read = (file: string): string => readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8');

describe('what editors and readers get is what is checked', () => {
  it.each(Object.entries(SCHEMAS).map(([name, schema]) => ({ name, schema })))(
    'docs/schemas/$name.schema.json: npm run -s billtrail -- schema $name',
    ({ name, schema }) =>
      expect(JSON.parse(read(`schemas/${name}.schema.json`))).toEqual(JSON.parse(JSON.stringify(schema()))),
  );
  it('the table of docs/bounds.md: npm run -s billtrail -- schema bounds', () =>
    expect(read('bounds.md')).toContain(boundsText().trim()));
  it('the table of docs/configuration.md: npm run -s billtrail -- schema sections', () =>
    expect(rowsOf(read('configuration.md'))).toEqual(rowsOf(sectionsText())));
});

/** The rows of tables, without the spaces that a formatter puts in. */
function rowsOf(text: string): readonly string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.replaceAll(/ +\|/g, ' |'));
}
