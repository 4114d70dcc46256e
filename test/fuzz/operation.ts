/** One thing that is done to the server, as plain data: told again in the same order it comes to the same. */
export type Operation =
  | {
      readonly do: 'request';
      /** Role and number of the caller: `admin-2`. */
      readonly as: string;
      /** `POST /v1/tickets/{ticketId}/resolve` */
      readonly route: string;
      readonly method: 'GET' | 'POST';
      readonly url: string;
      /** JSON. */
      readonly body: string | null;
      readonly key: string | null;
      readonly ifMatch: string | null;
    }
  | { readonly do: 'pass'; readonly hours: number }
  | { readonly do: 'settle' }
  | { readonly do: 'rebuild' }
  | { readonly do: 'restart' };

export type Request = Extract<Operation, { readonly do: 'request' }>;

/** The operation on one line, to be read and to be done by hand. */
export function told(operation: Operation): string {
  if (operation.do === 'pass') return `pass ${operation.hours} h`;
  if (operation.do !== 'request') return operation.do;
  const { as, method, url, body, key, ifMatch } = operation;
  const parts = [`${as}: ${method} ${url}`, body, key === null ? null : `key ${key}`, ifMatch && `if-match ${ifMatch}`];
  return parts.filter((part) => part !== null).join(' ');
}
