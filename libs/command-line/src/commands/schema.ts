import { here } from '../terminal/host.js';
import { Argument, Command } from 'commander';
import { commandDefinitions, shapesOf } from '@billtrail/application';
import { billingConfiguration, CONFIGURATION_SECTIONS } from '@billtrail/billing';
import { contractFile } from '@billtrail/contracts';
import { boundsOf, jsonSchemaOf } from '@billtrail/input';
import type { Shape } from '@billtrail/kernel';

/** The documents that have a JSON Schema. Each is the very shape that the document is checked by. */
export const SCHEMAS = {
  contracts: () =>
    jsonSchemaOf(contractFile, {
      title: 'Billtrail contract file',
      description: 'Clients with their contracts, as they are checked and activated (docs/contracts.md).',
    }),
  configuration: () =>
    jsonSchemaOf(billingConfiguration, {
      title: 'Billtrail configuration',
      description: 'The organisation as it is published: POST /v1/configuration.',
    }),
};

export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'print the JSON Schema of a document for editors, the bounds of all that can be entered, or the sections of a configuration',
    )
    .addArgument(new Argument('<what>', 'which').choices([...Object.keys(SCHEMAS), ...Object.keys(TABLES)]))
    .addHelpText(
      'after',
      `
An editor with the YAML language server completes and checks a file that begins with:
  # yaml-language-server: $schema=docs/schemas/contracts.schema.json`,
    )
    .action((what: keyof typeof SCHEMAS | keyof typeof TABLES) => {
      const text = what in TABLES ? TABLES[what as keyof typeof TABLES]() : null;
      here().stdout.write(text ?? `${JSON.stringify(SCHEMAS[what as keyof typeof SCHEMAS](), null, 2)}\n`);
    });
}

/** Tables in Markdown, as pages of the documentation have them. */
const TABLES = { bounds: boundsText, sections: sectionsText };

/** The sections of a configuration, as docs/configuration.md has them: meaning and default from the shape, and who reads them. */
export function sectionsText(): string {
  const { properties, required } = billingConfiguration as Shape<unknown> & {
    readonly properties: Readonly<Record<string, { readonly description?: string }>>;
    readonly required: readonly string[];
  };
  const rows = Object.entries(CONFIGURATION_SECTIONS).map(([name, { readBy, ratedAgain }]) => {
    const means = (properties[name]?.description ?? '').replaceAll('|', '\\|');
    return `| \`${name}\`${required.includes(name) ? ' (required)' : ''} | ${means} | ${readBy} | ${ratedAgain} |`;
  });
  return ['| section | meaning | read by | rated again |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** A table in Markdown, as docs/bounds.md has it. */
export function boundsText(): string {
  const rows = boundsOf(documentedShapes()).map(({ write, where }) => `| ${write} | ${where.join(', ')} |`);
  return ['| what to write | where |', '| --- | --- |', ...rows, ''].join('\n');
}

function documentedShapes(): Readonly<Record<string, Shape<unknown>>> {
  const commands = commandDefinitions.map(({ command }) => [
    command.name,
    { properties: Object.fromEntries(shapesOf(command)) },
  ]);
  return { file: contractFile, configuration: billingConfiguration, ...Object.fromEntries(commands) };
}
