import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InvariantViolation, refuse, type Actor } from '@billtrail/kernel';
import { ApiKeys } from '@billtrail/application';
import { Refused } from '../http/refused.js';
import { ACCESS_POLICY, type AccessPolicy } from './access-policy.js';

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

/** Tells who is asking by the API key, and whether the route is theirs. A route without a policy is a bug and answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeys,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined)
      throw new InvariantViolation(`${context.getClass().name}.${context.getHandler().name} has no access policy`);
    if (policy === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const actor = this.keys.actorOf(bearer(request));
    if (!actor) {
      throw new Refused(
        refuse(
          'NotSignedIn',
          'This needs an API key.',
          'Send it as "Authorization: Bearer KEY". `billtrail key new --role admin` makes one.',
        ),
      );
    }
    if (actor.role !== 'admin' && !policy.includes(actor.role)) {
      throw new Refused(
        refuse('NotAllowed', `The role ${actor.role} may not do this.`, 'Use a key with the right role.', {
          role: actor.role,
        }),
      );
    }
    request.actor = actor;
    return true;
  }
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : '';
}
