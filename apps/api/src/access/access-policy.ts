import { SetMetadata } from '@nestjs/common';
import type { Role } from '@billtrail/kernel';

export const ACCESS_POLICY = 'billtrail:access';

/** Who may use a route: everyone, or the roles named. A route without a policy answers nobody (access.guard.ts). */
export type AccessPolicy = 'public' | readonly Role[];

/** Open to everyone: health, documentation. */
export const Public = () => SetMetadata(ACCESS_POLICY, 'public' satisfies AccessPolicy);

/** Open to these roles and to `admin`. A command may ask for more in its definition. */
export const For = (...roles: Role[]) => SetMetadata(ACCESS_POLICY, roles satisfies AccessPolicy);
