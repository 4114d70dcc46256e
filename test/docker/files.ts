import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A step of a Dockerfile: `COPY --from=build /app/dist dist`. */
export interface Step {
  readonly keyword: string;
  readonly flags: Readonly<Record<string, string>>;
  /** What follows the flags, as it is written. */
  readonly rest: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | null;
  readonly steps: readonly Step[];
}

export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export type Environment = Readonly<Record<string, string>>;

const FLAG = /^--([a-z-]+)(?:=(\S+))?\s+/;
/** `${NAME}`, `${NAME:-what else}`, `${NAME:?what to do}`. */
const VARIABLE = /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;

/** Steps have a line each, so none is cut. */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const stages: { image: string; name: string | null; steps: Step[] }[] = [];
  for (const line of dockerfile.split('\n')) {
    const [, keyword, said] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === undefined || said === undefined) continue;
    if (keyword === 'FROM') {
      const [image = '', , name = null] = said.split(/\s+/);
      stages.push({ image, name, steps: [] });
      continue;
    }
    const flags: Record<string, string> = {};
    let rest = said;
    for (let found = FLAG.exec(rest); found !== null; found = FLAG.exec(rest)) {
      flags[found[1]!] = found[2] ?? '';
      rest = rest.slice(found[0].length);
    }
    stages.at(-1)?.steps.push({ keyword, flags, rest });
  }
  return stages;
}

/** The value of the last such step of a stage. */
export function lastOf(stage: Stage, keyword: string): string {
  return stage.steps.findLast((step) => step.keyword === keyword)?.rest ?? '';
}

/** The form that needs no shell. @throws where a step has another one */
export function wordsOf(stage: Stage, keyword: string): readonly string[] {
  return JSON.parse(lastOf(stage, keyword).replace(/^CMD /, '')) as string[];
}

/** A compose file as it is read with these variables. @throws where one is asked for that is not set */
export function composeOf(text: string, environment: Environment): Compose {
  const filled = text
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(VARIABLE, (_, name: string, kind?: string, else_ = '') => {
      const value = environment[name] ?? '';
      if (value !== '') return value;
      if (kind === '-') return String(else_);
      throw new Error(`${name}: ${String(else_)}`);
    });
  return parse(filled, { merge: true }) as Compose;
}

/** Variables of an example of an environment, each with what it says. */
export function environmentOf(text: string): Environment {
  return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** A file of the folder `docker`. */
export function dockerFile(repository: string, name: string): string {
  return readFileSync(join(repository, 'docker', name), 'utf8');
}
