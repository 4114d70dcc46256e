import type { OpenAPIObject } from '@nestjs/swagger';
import {
  billingCommands,
  ChangePerson,
  commandDefinitions,
  MakeKey,
  RegisterPerson,
  requiredFieldsOf,
  shapesOf,
  type CommandClass,
} from '@billtrail/application';
import { contractFile } from '@billtrail/contracts';
import type { Shape } from '@billtrail/kernel';
import { ContractFileBody, PublishUpliftBody, UpliftBody, WhatIfBody } from './questions.dto.js';

/** Bodies of what is no single command, and what stands in the lists of bodies. */
const OTHERS = [
  WhatIfBody,
  UpliftBody,
  PublishUpliftBody,
  RegisterPerson,
  ChangePerson,
  MakeKey,
  billingCommands.CreditedItemInput,
];

/** The ids that controllers make, as a definition's `makes` says of the others. */
const MADE: Readonly<Record<string, object>> = {
  DraftInvoice: { invoiceId: true },
  IssueCreditNote: { creditNoteId: true },
  GiveCredits: { creditNoteId: true },
};

type Schema = Readonly<Record<string, unknown>>;

/** The document with the bodies of commands and questions as their shapes have them: the very ones that they are checked by. */
export function withShapes(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, BodySchema>;
  for (const { command, route } of commandDefinitions)
    describe(schemas[command.name], command, route?.makes ?? MADE[command.name]);
  for (const body of OTHERS) describe(schemas[body.name], body);
  schemas[ContractFileBody.name] = documented(contractFile);
  return document;
}

interface BodySchema {
  readonly properties?: Record<string, Schema>;
  required?: readonly string[];
}

/** `makes`: the ids that are made where nobody sends one. */
function describe(schema: BodySchema | undefined, body: CommandClass, makes: object = {}): void {
  if (schema?.properties === undefined) return;
  describeFields(schema.properties, body);
  const required = requiredFieldsOf(body);
  const asked = Object.keys(schema.properties).filter((field) => required.has(field) && !(field in makes));
  if (asked.length > 0) schema.required = asked;
  else delete schema.required;
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
