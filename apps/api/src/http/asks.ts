import { applyDecorators, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { isRefusal } from '@billtrail/kernel';
import { validated, type CommandClass } from '@billtrail/application';
import { RECORDS_NOTHING } from '../access/access-policy.js';
import { bodyObject } from './body-object.js';
import { Refused } from './refused.js';
import { AnsweredByItself } from './writes.js';

/** A question whose input is too large for a query string: it is posted, and nothing is recorded. */
export function Asks(summary: string, path: string, body: CommandClass): MethodDecorator {
  return open({ summary, description: 'Nothing is recorded.' }, path, body);
}

/** What runs a command, by which whoever may only read looks, too: what the command does is what is recorded. */
export function Runs(summary: string, path: string, body: CommandClass): MethodDecorator {
  const description =
    'What is recorded is what the command records, as the route that does the same would; a key that only reads looks, and records nothing.';
  return open({ summary, description }, path, body);
}

/** To keys that only read, too. */
function open(operation: Parameters<typeof ApiOperation>[0], path: string, body: CommandClass): MethodDecorator {
  return applyDecorators(posted(operation, path, body, 'The answer'), SetMetadata(RECORDS_NOTHING, true));
}

/** What records something in many streams, as it was shown before: it is safe to send again. */
export function Carries(summary: string, path: string, body: CommandClass): MethodDecorator {
  return posted({ summary }, path, body, 'What was recorded');
}

/** Neither reads a precondition (412) nor a key of the caller's (422), as a single command does. */
function posted(
  operation: Parameters<typeof ApiOperation>[0],
  path: string,
  body: CommandClass,
  answer: string,
): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    AnsweredByItself,
    ApiOperation(operation),
    ApiBody({ type: body, required: true }),
    ApiResponse({ status: 200, description: answer }),
  );
}

/** The body of a question, validated as commands are: unknown properties are refused, and all problems are reported at once. */
export async function questionOf<Body extends object>(type: CommandClass<Body>, body: unknown): Promise<Body> {
  const checked = await validated(type, bodyObject(body));
  if (isRefusal(checked)) throw new Refused(checked);
  return checked;
}
