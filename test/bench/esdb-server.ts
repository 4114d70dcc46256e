import { parentPort } from 'node:worker_threads';
import { ProtocolServer } from '../esdb/protocol-server.js';

/** The protocol server in a thread of its own, so that what is measured is the client's. It tells its URL, and how often it was asked whenever it is asked for that. */
const server = await ProtocolServer.start();
parentPort?.on('message', () => parentPort?.postMessage({ calls: server.calls }));
parentPort?.postMessage({ url: server.url });
