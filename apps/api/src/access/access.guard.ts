import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InvariantViolation, refuse, type Actor, type Refusal, type Role } from '@billtrail/kernel';
import { ApiKeys } from '@billtrail/application';
import { Refused } from '../http/refused.js';
import { ACCESS_POLICY, type AccessPolicy } from './access-policy.js';

const NEW_KEY = 'billtrail key new --role admin';

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

/** Identifies the caller by API key and checks the role. A route without an access policy is a bug and answers nobody. */
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
    const key = bearer(request);
    const actor = this.keys.actorOf(key);
    if (!actor) throw new Refused(key === '' ? keyMissing(request) : keyUnknown());
    if (actor.role !== 'admin' && !policy.includes(actor.role)) throw new Refused(wrongRole(actor.role, policy));
    request.actor = actor;
    return true;
  }
}

function keyMissing({ headers }: FastifyRequest): Refusal {
  const message =
    headers.authorization === undefined
      ? 'This route needs an API key.'
      : 'The Authorization header has no API key: it must be "Bearer KEY".';
  return refuse('NotSignedIn', message, `Send it as "Authorization: Bearer KEY". To make a key: ${NEW_KEY}`);
}

function keyUnknown(): Refusal {
  return refuse('NotSignedIn', 'This API key is not recognised.', `Check it for a typo, or make a new one: ${NEW_KEY}`);
}

function wrongRole(role: Role, allowed: readonly Role[]): Refusal {
  const roles = [...allowed, 'admin'].join(', ');
  return refuse('NotAllowed', `The role ${role} can't do this.`, `Use a key with one of these roles: ${roles}.`, {
    role,
  });
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : '';
}
