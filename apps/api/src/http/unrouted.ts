import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '@billtrail/kernel';
import { problemOf } from './problem.js';

const CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** Errors before a route is found: a URL that can't be decoded, or a segment of it that is too long. */
export function answerUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(
    refuse('MalformedRequest', `The URL can't be read: ${error.code}.`, 'Correct the path and encode it as UTF-8.'),
    request.id,
  );
  void reply.status(problem.status).header('content-type', CONTENT_TYPE).send(problem);
}

/** Errors before there is a request: bytes that are not HTTP, headers that never end. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const problem = problemOf(unreadable(error.code), randomUUID());
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
        `content-type: ${CONTENT_TYPE}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

function unreadable(code: string | undefined): Refusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('RequestTimeout', 'The request took too long to arrive.', 'Send it again.');
    case 'HPE_HEADER_OVERFLOW':
      return refuse('HeadersTooLarge', 'The headers are larger than 16 kB.', 'Send fewer or shorter headers.');
    default:
      return refuse('MalformedRequest', 'This is not an HTTP request.', 'Correct the request and send it again.');
  }
}
