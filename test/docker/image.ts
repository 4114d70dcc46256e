import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { dockerFile, lastOf, stagesOf, wordsOf, type Environment, type Stage } from './files.js';

/** Where an image of Node has it. */
const NODE_OF_IMAGES = '/usr/local';

/** An image as a folder: what an engine would make of the Dockerfile, made by the same steps. */
export interface Image {
  /** Where its file system is here. */
  readonly root: string;
  /** In which folder of it a container starts. */
  readonly workdir: string;
  readonly environment: Environment;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  /** The folder that a volume is put in the place of, in its workdir. */
  readonly volume: string;
  /** On which it listens by itself. */
  readonly port: number;
}

/** Fetches the Node of an image from the packages, since the one that runs this may be another. Returns where its folder is. */
export function nodeOf(repository: string, folder: string): string {
  const [, version = ''] = /^node:(\d+)/.exec(stagesOf(dockerFile(repository, 'Dockerfile'))[0]?.image ?? '') ?? [];
  const name = `node-${process.platform}-${process.arch}`;
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`], {});
  return join(folder, 'node_modules', name);
}

/** Takes the steps of the Dockerfile one after the other, each stage in a folder of its own; `node` is the folder of its Node. */
export function layOut(repository: string, folder: string, node: string): Image {
  const stages = stagesOf(dockerFile(repository, 'Dockerfile'));
  const roots = new Map<string, string>();
  let last = '';
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? String(index);
    last = join(folder, `stage-${name}`);
    roots.set(name, last);
    layOutStage(stage, { repository, root: last, roots, node });
  }
  const image = stages.at(-1)!;
  const [uid = 0, gid = 0] = lastOf(image, 'USER').split(':').map(Number);
  return {
    root: last,
    workdir: lastOf(image, 'WORKDIR'),
    environment: environmentOfSteps(image, node),
    user: { uid, gid },
    entrypoint: wordsOf(image, 'ENTRYPOINT'),
    command: wordsOf(image, 'CMD'),
    healthcheck: wordsOf(image, 'HEALTHCHECK'),
    volume: basename(lastOf(image, 'VOLUME')),
    port: Number(lastOf(image, 'EXPOSE')),
  };
}

interface Laying {
  readonly repository: string;
  readonly root: string;
  readonly roots: ReadonlyMap<string, string>;
  readonly node: string;
}

function layOutStage(stage: Stage, laying: Laying): void {
  const at = join(laying.root, lastOf(stage, 'WORKDIR'));
  mkdirSync(at, { recursive: true });
  for (const { keyword, flags, rest } of stage.steps) {
    if (keyword === 'RUN') run('sh', ['-ec', rest], environmentOfSteps(stage, laying.node), at);
    if (keyword !== 'COPY') continue;
    const words = rest.split(/\s+/);
    const target = words.pop()!;
    for (const source of words) {
      const from = join(flags['from'] === undefined ? laying.repository : laying.roots.get(flags['from'])!, source);
      const to = join(at, target, target.endsWith('/') ? basename(source) : '');
      cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.spec.ts') });
      if (flags['chown'] !== undefined) give(to, flags['chown']);
    }
  }
}

/** What a stage sets; the image's own Node is where it is here. */
function environmentOfSteps({ steps }: Stage, node: string): Environment {
  const said = steps.filter(({ keyword }) => keyword === 'ENV').flatMap(({ rest }) => rest.split(/\s+/));
  const set = said.map((one) => one.split('=') as [string, string]);
  return {
    PATH: [join(node, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    ...Object.fromEntries(set.map(([name, value]) => [name, value === NODE_OF_IMAGES ? node : value])),
  };
}

/** Only the superuser gives files away; for anybody else they are their own already. */
function give(path: string, owner: string): void {
  const [uid = 0, gid = 0] = owner.split(':').map(Number);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

function run(command: string, args: readonly string[], environment: Environment, cwd?: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
}

/** Packages of the image that are for development alone, by what the lock file says. */
export function packagesForDevelopment({ root, workdir }: Image, repository: string): readonly string[] {
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const at = join(root, workdir);
  return Object.entries(lock.packages).flatMap(([path, { dev }]) =>
    dev === true && statSync(join(at, path, 'package.json'), { throwIfNoEntry: false }) !== undefined ? [path] : [],
  );
}

/** Bytes of a folder. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}

/** A folder in which a container of the image starts: its files, which it can only read, and a volume of its own, or a copy of that in the folder `from`. */
export function mounted(image: Image, folder: string, from?: string): string {
  const at = join(image.root, image.workdir);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  mkdirSync(join(folder, image.volume));
  if (from !== undefined) cpSync(join(from, image.volume), join(folder, image.volume), { recursive: true });
  const own = [image.volume, 'tmp', ...readdirSync(join(folder, image.volume)).map((name) => join(image.volume, name))];
  for (const path of own) give(join(folder, path), `${image.user.uid}:${image.user.gid}`);
  for (const name of readdirSync(at)) if (name !== image.volume) symlinkSync(join(at, name), join(folder, name));
  return folder;
}
