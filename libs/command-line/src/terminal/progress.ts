import progress from 'cli-progress';
import { here } from './host.js';

export interface Progress {
  to(value: number, total: number): void;
  done(): void;
}

const SILENT: Progress = { to: () => undefined, done: () => undefined };

/** A progress bar on stderr for slow work; silent without a terminal or with `--json`. */
export function progressBar(label: string, json: boolean): Progress {
  if (json || here().node !== null || !process.stderr.isTTY) return SILENT;
  const bar = new progress.SingleBar(
    {
      format: `${label.padEnd(22)} {bar} {percentage}%  {value}/{total}  {duration_formatted}`,
      hideCursor: true,
      clearOnComplete: false,
      stream: process.stderr,
    },
    progress.Presets.rect,
  );
  let started = false;
  return {
    to: (value, total) => {
      if (!started) bar.start(total, 0);
      started = true;
      bar.setTotal(total);
      bar.update(value);
    },
    done: () => {
      if (started) bar.stop();
    },
  };
}
