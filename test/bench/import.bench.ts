import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.js';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../../samples/servicenow/incident_event_log_sample.csv', import.meta.url));

/** The import of a ServiceNow log as a person runs it: whole processes, from the start of Node to the end. */
export async function importBench(dir: string, log: string | null): Promise<BenchRow[]> {
  const file = log ?? SAMPLE;
  if (!existsSync(file)) throw new Error(`there is no ServiceNow log at ${file}`);
  const which = log === null ? 'shipped sample only: name the whole log with --servicenow FILE' : 'whole log';
  const data = join(dir, 'import');
  const person = ['person', 'add', 'Bench', '--role', 'admin', '--key-only'];
  process.env['BILLTRAIL_KEY'] = execFileSync(process.execPath, [CLI, '--data', data, ...person], {
    encoding: 'utf8',
  }).trim();
  const events = await timed(dir, ['--data', data, 'import', 'servicenow', file, '--time-zone', 'UTC', '--no-rate']);
  const models = await timed(dir, ['--data', data, 'rate']);
  const again = await timed(dir, ['--data', data, 'import', 'servicenow', file, '--time-zone', 'UTC', '--no-rate']);
  const row = (name: string, value: number, unit: string, target: string, note: string): BenchRow => ({
    name,
    value,
    unit,
    target,
    note,
  });
  return [
    row('import of the ServiceNow log, to events', events.seconds, 's', '<= 6 s', which),
    row('then to all read models and recorded gaps', models.seconds, 's', '<= 6 s', which),
    row('the same import again: nothing added', again.seconds, 's', '', which),
    row('memory at most, import', events.megabytes, 'MB', '<= 600 MB', 'peak resident set of the process'),
    row('memory at most, read models', models.megabytes, 'MB', '<= 600 MB', 'peak resident set of the process'),
  ];
}

/** Loaded into the measured process: leaves its own account of its peak memory, in kilobytes, as it ends. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  "import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));",
)}`;

function timed(
  dir: string,
  args: readonly string[],
): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const peakFile = join(dir, 'peak');
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', REPORT_MEMORY, '--enable-source-maps', CLI, '--json', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PEAK_FILE: peakFile },
    });
    child.on('exit', (code) =>
      code === 0
        ? resolve({
            seconds: (performance.now() - started) / 1000,
            megabytes: Number(readFileSync(peakFile, 'utf8')) / 1024,
          })
        : reject(new Error(`billtrail ${args.join(' ')} ended with ${code}`)),
    );
  });
}
