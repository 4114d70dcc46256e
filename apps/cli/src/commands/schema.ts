import { Argument, Command } from 'commander';
import { commandDefinitions, shapesOf } from '@billtrail/application';
import { billingConfiguration } from '@billtrail/billing';
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
      description: 'The organisation as it is published: POST /configuration.',
    }),
};

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a document for editors, or the bounds of all that can be entered')
    .addArgument(new Argument('<what>', 'which').choices([...Object.keys(SCHEMAS), 'bounds']))
    .addHelpText(
      'after',
      `
An editor with the YAML language server completes and checks a file that begins with:
  # yaml-language-server: $schema=docs/schemas/contracts.schema.json`,
    )
    .action((what: keyof typeof SCHEMAS | 'bounds') => {
      process.stdout.write(what === 'bounds' ? boundsText() : `${JSON.stringify(SCHEMAS[what](), null, 2)}\n`);
    });
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
