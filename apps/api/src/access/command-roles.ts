import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { ModulesContainer } from '@nestjs/core';
import { invariant, type Refusal, type Role } from '@billtrail/kernel';
import { ADMIN_ALONE, ROUTES_OF_COMMANDS } from '@billtrail/command-line';
import { wrongRole } from './access.guard.js';
import { ACCESS_POLICY, OPEN_TO_DELEGATES, type AccessPolicy } from './access-policy.js';

interface RouteAccess {
  readonly policy: AccessPolicy;
  /** Whoever decides in the place of another may use it too, whatever their own role; the command looks whether they do. */
  readonly isOpenToDelegates: boolean;
}

/** Who may run which command over HTTP: whoever may use the route that does the same. */
export class CommandRoles {
  private routes: ReadonlyMap<string, RouteAccess> | null = null;

  constructor(private readonly modules: ModulesContainer) {}

  /** Of a command that a node runs. Refuses NotAllowed; null: the role may run it. */
  refusal(words: string, role: Role): Refusal | null {
    const { policy, isOpenToDelegates } = this.routeOf(words);
    const mayBeADelegate = isOpenToDelegates && role !== 'client';
    if (policy === 'public' || role === 'admin' || policy.includes(role) || mayBeADelegate) return null;
    return wrongRole(role, policy);
  }

  private routeOf(words: string): RouteAccess {
    const route = ROUTES_OF_COMMANDS[words];
    if (route === ADMIN_ALONE) return { policy: [], isOpenToDelegates: false };
    this.routes ??= routesOfAll(this.modules);
    const access = this.routes.get(route ?? '');
    invariant(access !== undefined, () => `the command ${words} goes by a route that is not there: ${route}`);
    return access;
  }
}

function routesOfAll(modules: ModulesContainer): ReadonlyMap<string, RouteAccess> {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOf(metatype as Type) : [])),
  );
}

/** `GET invoices/:invoiceId`, with who may use it. */
function routesOf(controller: Type): readonly [string, RouteAccess][] {
  const prototype = controller.prototype as object;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return names.flatMap((name): [string, RouteAccess][] => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof handler !== 'function') return [];
    const of = (key: string, one: object = handler): unknown => Reflect.getMetadata(key, one);
    const method = of(METHOD_METADATA) as RequestMethod | undefined;
    const policy = (of(ACCESS_POLICY) ?? of(ACCESS_POLICY, controller)) as AccessPolicy | undefined;
    if (method === undefined || policy === undefined) return [];
    const isOpenToDelegates = (of(OPEN_TO_DELEGATES) ?? of(OPEN_TO_DELEGATES, controller)) === true;
    const path = [of(PATH_METADATA, controller), of(PATH_METADATA)].filter((part) => part !== '/' && part !== '');
    return [[`${RequestMethod[method]} ${path.join('/')}`, { policy, isOpenToDelegates }]];
  });
}
