import { request as requestPlain } from 'node:http';
import { request as requestSecured } from 'node:https';

export interface Asked {
  readonly path: string;
  readonly key?: string;
  /** Sent by POST, with an idempotency key where one is given. */
  readonly body?: object;
  readonly idempotencyKey?: string;
}

export interface Told {
  /** 0: no answer came. */
  readonly status: number;
  readonly text: string;
}

/** Asks at an address; of `https:` the certificate must be of this authority. */
export function ask(address: string, { path, key, body, idempotencyKey }: Asked, authority?: Buffer): Promise<Told> {
  const url = new URL(path, address);
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(authority !== undefined && { ca: authority }),
  };
  return new Promise((resolve) => {
    const sent = (url.protocol === 'https:' ? requestSecured : requestPlain)(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.once('error', (error) => resolve({ status: 0, text: error.message }));
    });
    sent.once('error', (error) => resolve({ status: 0, text: error.message }));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
