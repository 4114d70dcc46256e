import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { ModulesContainer } from '@nestjs/core';
import { invariant, type Refusal, type Role } from '@billtrail/kernel';
import { ADMIN_ALONE, ROUTES_OF_COMMANDS } from '@billtrail/command-line';
import { wrongRole } from './access.guard.js';
import { ACCESS_POLICY, type AccessPolicy } from './access-policy.js';

/** Who may run which command over HTTP: whoever may use the route that does the same. */
export class CommandRoles {
  private policies: ReadonlyMap<string, AccessPolicy> | null = null;

  constructor(private readonly modules: ModulesContainer) {}

  /** Of a command that a node runs. Refuses NotAllowed; null: the role may run it. */
  refusal(words: string, role: Role): Refusal | null {
    const policy = this.policyOf(words);
    return policy === 'public' || role === 'admin' || policy.includes(role) ? null : wrongRole(role, policy);
  }

  private policyOf(words: string): AccessPolicy {
    const route = ROUTES_OF_COMMANDS[words];
    if (route === ADMIN_ALONE) return [];
    this.policies ??= policiesOf(this.modules);
    const policy = this.policies.get(route ?? '');
    invariant(policy !== undefined, () => `the command ${words} goes by a route that is not there: ${route}`);
    return policy;
  }
}

function policiesOf(modules: ModulesContainer): ReadonlyMap<string, AccessPolicy> {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOf(metatype as Type) : [])),
  );
}

/** `GET invoices/:invoiceId`, with who may use it. */
function routesOf(controller: Type): readonly [string, AccessPolicy][] {
  const prototype = controller.prototype as object;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return names.flatMap((name): [string, AccessPolicy][] => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof handler !== 'function') return [];
    const of = (key: string, one: object = handler): unknown => Reflect.getMetadata(key, one);
    const method = of(METHOD_METADATA) as RequestMethod | undefined;
    const policy = (of(ACCESS_POLICY) ?? of(ACCESS_POLICY, controller)) as AccessPolicy | undefined;
    if (method === undefined || policy === undefined) return [];
    const path = [of(PATH_METADATA, controller), of(PATH_METADATA)].filter((part) => part !== '/' && part !== '');
    return [[`${RequestMethod[method]} ${path.join('/')}`, policy]];
  });
}
