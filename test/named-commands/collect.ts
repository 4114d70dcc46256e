import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A command or route, and the file that names it. */
export interface Named {
  readonly file: string;
  /** `billtrail reconcile --tickets gap`, `npm run demo`, `GET /v1/gaps`. */
  readonly text: string;
}

/** Pages that a user reads. Decisions (docs/adr) describe the day they were taken, and stay as they were written. */
export function pages(): readonly string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
}

/** Files of the source whose messages a user may read. */
export function sources(): readonly string[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|\/(testing|spec-kit|contract-suite)\//.test(name))
      .map((name) => join(folder, name)),
  );
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

const START = String.raw`(?<![@\w/.-])(?:npm (?:run (?:-s )?[a-z]+|start|test)\b(?: -- REST)?|billtrail (?=--|[a-z])REST)`;
/** On a page a command has a line or a pair of backticks for itself. */
const ON_A_PAGE = new RegExp(START.replaceAll('REST', '.*'), 'g');
/** In a message it ends where the sentence goes on, or the string ends. */
const IN_A_MESSAGE = new RegExp(
  START.replaceAll('REST', String.raw`.*?(?=['"\`]|\\n|, |; |\. |\.$|\)|: | {2,}|$)`),
  'gm',
);

/** Commands in the code of a page: in its blocks line by line, and between backticks. */
export function commandsOfPage(file: string, text: string): readonly Named[] {
  const blocks = [...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  // What a shell puts in place of a command is what that prints.
  const code = [...lines.map((line) => line.replace(/(^|\s)#.*$/, '').replace(/\$\(([^)]*)\)/g, '$1')), ...inline];
  return code.flatMap((one) => [...one.matchAll(ON_A_PAGE)].map(([found]) => ({ file, text: found.trim() })));
}

/** Commands in the strings and comments of a source file. What a template puts in becomes `{}`. */
export function commandsOfSource(file: string, text: string): readonly Named[] {
  const plain = text.replaceAll(/\\\\\\n\s*/g, '').replaceAll(/\$\{[^}]*\}/g, '{}');
  return [...plain.matchAll(IN_A_MESSAGE)]
    .map(([found]) => found.trim())
    .filter((found) => !/^billtrail (?:\w+ )?=|^billtrail (?:is|of|to|and|instanceof)\b/.test(found))
    .map((found) => ({ file, text: found }));
}

const ROUTE = /\b(GET|POST) (\/[^\s`'",;)]*)|^post (\/\S+)|localhost:3000(\/[^\s"'?]*)|\{address\}(\/[^\s`'"?]*)/gm;

/** Routes that a text names, by method where it says so: `POST /v1/tickets/{}/reopen`, `post /v1/clients`, `curl localhost:3000/gaps`. */
export function routesOf(file: string, text: string): readonly Named[] {
  const lines = text
    .replaceAll('${address}', '{address}')
    .replaceAll(/\$\{[^}]*\}/g, '{}')
    .split('\n');
  return lines.flatMap((line) =>
    [...line.matchAll(ROUTE)].map(([, method, path, posted, got, shown]) => {
      const isPost = method === 'POST' || posted !== undefined || line.includes('-X POST');
      const route = (path ?? posted ?? got ?? shown ?? '').replace(/[.,]$/, '').split('?')[0] ?? '';
      return { file, text: `${isPost ? 'POST' : 'GET'} ${route}` };
    }),
  );
}

/** Steps of a ticket that refusals put together into routes: their last parts are in one table and in calls of one function. */
export function stepsOfTickets(file: string, text: string): readonly Named[] {
  const steps = [...text.matchAll(/\bpath: '([^']+)'|routeOf\(ticket, ['`]([^'`]+)['`]\)/g)];
  return steps.map(([, listed, called]) => ({ file, text: `POST /v1/tickets/T-1/${listed ?? called}` }));
}
