import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InvariantViolation, refuse, type Refusal, type Role } from '@billtrail/kernel';
import type { SignedIn } from '@billtrail/application';
import { Refused } from '../http/refused.js';
import {
  ACCESS_POLICY,
  OPEN_TO_DELEGATES,
  RECORDS_NOTHING,
  TELLS_NOTHING_PERSONAL,
  type AccessPolicy,
} from './access-policy.js';
import { SignIn } from './sign-in.js';

/** Identifies the caller by API key and checks the role, and what the key is limited to. A route without an access policy is a bug and answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignIn,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const of = (name: string): unknown =>
      this.reflector.getAllAndOverride<unknown>(name, [context.getHandler(), context.getClass()]);
    const policy = of(ACCESS_POLICY) as AccessPolicy | undefined;
    if (policy === undefined)
      throw new InvariantViolation(`${context.getClass().name}.${context.getHandler().name} has no access policy`);
    if (policy === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { key, actor } = await this.signIn.of(request);
    const mayBeADelegate = actor.role !== 'client' && of(OPEN_TO_DELEGATES) === true;
    if (actor.role !== 'admin' && !policy.includes(actor.role) && !mayBeADelegate)
      throw new Refused(wrongRole(actor.role, policy));
    const isRecording = request.method !== 'GET' && of(RECORDS_NOTHING) !== true;
    const refused = refusedByKey(key, request.routeOptions.url ?? '', isRecording);
    if (refused !== null) throw new Refused(refused);
    request.tellsPersonal = !isRecording && of(TELLS_NOTHING_PERSONAL) !== true;
    return true;
  }
}

type Key = SignedIn['key'];

/** By what the key is limited to, beside its role; null: it may. The part of the path after the version counts. Whose key it is may always be asked. */
export function refusedByKey(key: Key, path: string, isRecording: boolean): Refusal | null {
  if (key.readOnly && isRecording) return readOnly(key);
  const [, , part = ''] = path.split('/');
  return key.scope.length === 0 || part === 'me' || key.scope.includes(part) ? null : outOfScope(key);
}

export function wrongRole(role: Role, allowed: readonly Role[]): Refusal {
  const roles = [...allowed, 'admin'].join(', ');
  return refuse('NotAllowed', `The role ${role} can't do this.`, `Use a key with one of these roles: ${roles}.`, {
    role,
  });
}

function readOnly({ id }: Key): Refusal {
  return refuse('KeyReadOnly', `The key ${id} only reads.`, 'Use a key that was made without readOnly.', { keyId: id });
}

function outOfScope({ id, scope }: Key): Refusal {
  return refuse(
    'KeyOutOfScope',
    `The key ${id} reaches ${scope.map((part) => `/v1/${part}`).join(', ')} and nothing else.`,
    'Use a key whose scope this is in, or one without a scope.',
    { keyId: id, scope },
  );
}
