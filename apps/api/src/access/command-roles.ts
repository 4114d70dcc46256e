import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { ModulesContainer } from '@nestjs/core';
import { invariant, type Refusal, type Role } from '@billtrail/kernel';
import { wrongRole } from './access.guard.js';
import { ACCESS_POLICY, type AccessPolicy } from './access-policy.js';

/** No route decides: at the command line an admin does it, for whomever. */
const ADMIN_ALONE = 'admin';

/** The route that shows or records what a command does: whoever may use it may run the command. */
export const ROUTES_OF_COMMANDS: Readonly<Record<string, string>> = {
  'config show': 'GET configuration',
  'config publish': 'POST configuration',
  'config holidays': 'GET configuration',
  'contract check': 'POST contracts/check',
  'contract activate': 'POST contracts',
  'contract uplift': 'POST contracts/uplift',
  rate: 'GET billable-items',
  'what-if': 'POST what-if',
  sites: 'GET clients/:clientId/sites',
  milestones: 'GET contracts/:contractId/milestones',
  prepaid: 'GET prepaid',
  approve: 'POST bulk-jobs',
  'invoice run': 'POST invoices',
  'invoice list': 'GET invoices',
  'invoice show': 'GET invoices/:invoiceId',
  'invoice approve': 'POST invoices/:invoiceId/approve',
  'invoice issue': 'POST invoices/:invoiceId/issue',
  'invoice discard': 'POST invoices/:invoiceId/discard',
  'invoice credit': 'POST credit-notes',
  'invoice give-credit': 'POST credit-notes/owed',
  'invoice credit-notes': 'GET invoices/:invoiceId/credit-notes',
  reconcile: 'GET reconciliation',
  sla: 'GET sla',
  timeline: 'GET tickets/:ticketId/timeline',
  explain: 'GET billable-items/:itemId/explanation',
  'approvals list': 'GET approvals',
  'approvals show': 'GET approvals/:requestId',
  'approvals approve': 'POST approvals/:requestId/approve',
  'approvals refuse': 'POST approvals/:requestId/refuse',
  'approvals withdraw': 'POST approvals/:requestId/withdraw',
  'approvals delegate': 'POST delegations',
  'approvals end-delegation': 'POST delegations/:delegationId/end',
  'approvals delegations': 'GET delegations',
  health: 'GET health/ready',
  'person add': 'POST persons',
  'person list': 'GET persons',
  'person change': 'POST persons/:personId/details',
  'key new': 'POST persons/:personId/keys',
  'key list': 'GET keys',
  'key rotate': ADMIN_ALONE,
  'key revoke': ADMIN_ALONE,
  access: 'GET access-record',
  'clock accept': ADMIN_ALONE,
};

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
