// What every command of the README stands on: packages installed, sources built. Both are skipped when nothing changed.
// Uses Node alone, since it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './lock.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const INSTALL_STAMP = join(root, 'node_modules', '.billtrail-installed');
const BUILD_STAMP = join(root, 'dist', '.billtrail-built');
/** Beside what is installed and built, both of which are removed on the way. */
const LOCK = join(root, '.billtrail-preparing');
const BUILD_INPUTS = [
  'apps',
  'libs',
  'test',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const MINIMUM_NODE = [20, 19];

/** Prints to stderr, so that stdout stays the command's own (`--json` is piped). */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  say(
    `Billtrail needs Node ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

function run(command, args, { quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return { ok: result.status === 0, output: quiet ? `${result.stdout ?? ''}${result.stderr ?? ''}` : '' };
}

function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** One command at a time, and what another did meanwhile is not done again. */
function prepared(stamp, wantedNow, prepare) {
  if (isStamped(stamp, wantedNow())) return;
  alone(
    LOCK,
    () => {
      const wanted = wantedNow();
      if (!isStamped(stamp, wanted)) prepare(wanted);
    },
    (pid) =>
      say(
        `Another command is installing or building${pid === null ? '' : ` (process ${pid})`}; this one waits for it ...`,
      ),
  );
}

export function ensureInstalled() {
  checkNode();
  const wanted = () => hashOf(readFileSync(join(root, 'package-lock.json')) + process.versions.modules);
  prepared(INSTALL_STAMP, wanted, install);
}

function install(wanted) {
  say('Installing packages (once; about two minutes where the SQLite driver has to be compiled) ...');
  const started = Date.now();
  // Kept quiet unless it fails: warnings about newer Node versions would bury what matters.
  let installed = run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true });
  if (!installed.ok) {
    // A lock file written on another platform can lack this one's optional binaries; a plain install completes them.
    installed = run('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--no-package-lock'], { quiet: true });
  }
  if (!installed.ok) {
    say(installed.output);
    say(
      'Installing failed. Check that the npm registry can be reached and that python3, make and a C++ compiler are there, then run the command again.',
    );
    process.exit(1);
  }
  writeFileSync(INSTALL_STAMP, wanted);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function fingerprint() {
  const parts = [];
  const walk = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
    else if (!path.endsWith('.spec.ts')) parts.push(`${path.slice(root.length)}:${hashOf(readFileSync(path))}`);
  };
  for (const input of BUILD_INPUTS) walk(join(root, input));
  return hashOf(parts.join('\n'));
}

export function ensureBuilt() {
  prepared(BUILD_STAMP, fingerprint, build);
}

function build(wanted) {
  say('Building ...');
  const started = Date.now();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', 'api'], {
    quiet: true,
  });
  if (!built.ok) {
    say(built.output);
    say('Building failed: see the errors above.');
    process.exit(1);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(BUILD_STAMP, wanted);
  say(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
}

// Rating makes many small objects of which most live a moment: with more room for new ones (MB) a fifth more is rated in the same time.
const NODE_OPTIONS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** Runs a built entry with this process's arguments, standard streams and signals, and ends as it ends. */
export async function exec(entry, args) {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [...NODE_OPTIONS, join(root, 'dist', entry), ...args], {
    // A server learns through the channel that this process was killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
