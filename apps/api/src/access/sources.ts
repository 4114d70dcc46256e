import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Groups of an IPv6 address that a network gives to one customer: whoever has one of these addresses has all. */
const GROUPS_OF_A_SITE = 4;
const GROUPS = 8;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Where a request comes from: the address of the connection, or what a trusted proxy says of it; of IPv6 the network. */
export function sourceOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  const mapped = MAPPED.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(ip) ? networkOf(ip) : ip;
}

function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const between = Array.from({ length: tail === undefined ? 0 : GROUPS - before.length - after.length }, () => '0');
  const groups = [...before, ...between, ...after].slice(0, GROUPS_OF_A_SITE);
  return `${groups.map((group) => (Number.parseInt(group, 16) || 0).toString(16)).join(':')}::/64`;
}
