import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { commandDefinitions, shapesOf } from '@billtrail/application';
import { SCHEMAS, boundsText, sectionsText } from '../libs/command-line/src/commands/schema.js';

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

describe('what is checked by', () => {
  const ajv = new Ajv2020();
  const problemsOf = (schema: object): string => (ajv.validateSchema(schema) === true ? '' : ajv.errorsText());

  it('is JSON Schema, each field of each command', () => {
    const fields = commandDefinitions.flatMap(({ command }) =>
      [...shapesOf(command)].map(([field, of]) => ({ field: `${command.name}.${field}`, of })),
    );
    expect(fields.length).toBeGreaterThan(200);
    expect(fields.map(({ field, of }) => `${field} ${problemsOf(of)}`.trim())).toEqual(
      fields.map(({ field }) => field),
    );
  });
  it.each(Object.entries(SCHEMAS))('is JSON Schema, the whole of a file: %s', (_name, schema) =>
    expect(problemsOf(schema())).toBe(''),
  );
  it('would be noticed if it were not', () => expect(problemsOf({ type: 'text', minLength: -1 })).toContain('type'));
});

/** The rows of tables, without the spaces that a formatter puts in. */
function rowsOf(text: string): readonly string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.replaceAll(/ +\|/g, ' |'));
}
