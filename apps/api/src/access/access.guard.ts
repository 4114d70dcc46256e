import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InvariantViolation, refuse, type Refusal, type Role } from '@billtrail/kernel';
import { Access } from '@billtrail/application';
import { Refused } from '../http/refused.js';
import { ACCESS_POLICY, type AccessPolicy } from './access-policy.js';
import { signIn } from './sign-in.js';

/** Identifies the caller by API key and checks the role. A route without an access policy is a bug and answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: Access,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined)
      throw new InvariantViolation(`${context.getClass().name}.${context.getHandler().name} has no access policy`);
    if (policy === 'public') return true;
    const { role } = await signIn(context.switchToHttp().getRequest<FastifyRequest>(), this.access);
    if (role !== 'admin' && !policy.includes(role)) throw new Refused(wrongRole(role, policy));
    return true;
  }
}

function wrongRole(role: Role, allowed: readonly Role[]): Refusal {
  const roles = [...allowed, 'admin'].join(', ');
  return refuse('NotAllowed', `The role ${role} can't do this.`, `Use a key with one of these roles: ${roles}.`, {
    role,
  });
}
