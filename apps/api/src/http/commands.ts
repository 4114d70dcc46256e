import { Injectable } from '@nestjs/common';
import { isRefusal, refuse } from '@billtrail/kernel';
import { CommandDispatcher, type CommandClass, type CommandWarning, type Target } from '@billtrail/application';
import { bodyObject } from './body-object.js';
import type { Caller } from './caller.js';
import { Refused } from './refused.js';

/** The answer to every write: the stream, its version and the log position to read from. The ETag is the position of the stream's last event. */
export interface WriteAnswer {
  /** The stream it was recorded in: `ticket-INC0001`. */
  readonly stream: string;
  /** The current version of that stream. */
  readonly version: number;
  /** Read with `?atLeast=POSITION` to see the effect: `912.3f0a96d1`. */
  readonly position: string;
  /** True if this request was already carried out, or there was nothing to do. */
  readonly repeated: boolean;
  /** Only from writes that can have warnings: clients, contracts, their versions and counts, time, goods and their approval, drafts, invoices and credit notes, the configuration, and whatever waits for another person. */
  readonly warnings?: readonly CommandWarning[];
}

/** From a request to the command path: body and path together make the command, and no field may be in both. */
@Injectable()
export class Commands {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  /** `made`: ids generated for this request; the body may bring its own instead. `target`: what is looked up, unless the request is a repeat. */
  async send<C extends object, Made extends Record<string, string>>(
    type: CommandClass<C>,
    caller: Caller,
    body: unknown,
    path: Record<string, string> = {},
    made: Made = {} as Made,
    target?: Target,
  ): Promise<WriteAnswer & Made> {
    const given = bodyObject(body);
    for (const name of [...Object.keys(path), ...(target?.fields ?? [])]) {
      if (name in given) {
        throw new Refused(
          refuse(
            'InvalidInput',
            `${name} is in the path, so it can't be in the body too.`,
            `Leave ${name} out of the body.`,
          ),
        );
      }
    }
    const ids = Object.fromEntries(Object.entries(made).map(([name, id]) => [name, given[name] ?? id])) as Made;
    const answer = await this.dispatcher.dispatch(type, { ...given, ...path, ...ids }, caller, target);
    if (isRefusal(answer)) throw new Refused(answer);
    void caller.reply.header('etag', `"${answer.last}"`);
    return {
      ...ids,
      stream: answer.stream,
      version: answer.version,
      position: String(answer.position),
      repeated: answer.repeated,
      ...(answer.warnings === undefined ? {} : { warnings: answer.warnings }),
    };
  }
}
