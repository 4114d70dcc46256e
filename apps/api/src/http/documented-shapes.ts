import type { OpenAPIObject } from '@nestjs/swagger';
import {
  ChangePerson,
  commandDefinitions,
  MakeKey,
  RegisterPerson,
  shapesOf,
  type CommandClass,
} from '@billtrail/application';
import { contractFile } from '@billtrail/contracts';
import type { Shape } from '@billtrail/kernel';
import { ContractFileBody, PublishUpliftBody, UpliftBody, WhatIfBody } from './questions.dto.js';

/** Bodies of what is no single command. */
const OTHERS = [WhatIfBody, UpliftBody, PublishUpliftBody, RegisterPerson, ChangePerson, MakeKey];

type Schema = Readonly<Record<string, unknown>>;

/** The document with the bodies of commands and questions as their shapes have them: the very ones that they are checked by. */
export function withShapes(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, { properties?: Record<string, Schema> }>;
  for (const body of [...commandDefinitions.map(({ command }) => command), ...OTHERS])
    describeFields(schemas[body.name]?.properties ?? {}, body);
  schemas[ContractFileBody.name] = documented(contractFile);
  return document;
}

/** What the class alone knows stays: its comment, its default, and that null stands for a field that is left out. */
function describeFields(properties: Record<string, Schema>, body: CommandClass): void {
  for (const [field, of] of shapesOf(body)) {
    const known = properties[field];
    if (known === undefined) continue;
    const { description = of['description'], default: byDefault, nullable } = known;
    properties[field] = {
      ...documented(nullable === true && ![of.type].flat().includes('null') ? { anyOf: [of, { type: 'null' }] } : of),
      ...(description === undefined ? {} : { description }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
  }
}

/** A shape without what only our messages and editors read. */
function documented(of: Shape<unknown>): Schema {
  return JSON.parse(JSON.stringify(of, (key, one: unknown) => (key === 'errorMessage' ? undefined : one))) as Schema;
}
