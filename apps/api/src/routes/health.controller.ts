import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Billtrail } from '@billtrail/application';
import { ClockSuspect, StoreUnavailable } from '@billtrail/event-store';
import { VaultUnavailable } from '@billtrail/vault';
import { Public } from '../access/access-policy.js';

/** How far the read models may be behind the log and still count as ready. */
export const MAX_LAG = 10_000;

@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get('live')
  @ApiOperation({ summary: 'Check that the process answers' })
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Check log, vault, and that read models keep up' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { store, models } = this.billtrail;
    const damage = store.damage();
    const trouble = damage ?? this.billtrail.trouble();
    const readModels = models.status();
    const position = models.position();
    const head = damage === null ? await store.head() : null;
    // How many events that are is the log's own to say; here their numbers are a measure.
    const lag = head === null ? null : head.at - position.at;
    // Below zero: the log has lost events that the read models have read.
    const keepsUp =
      lag !== null && lag >= 0 && lag <= MAX_LAG && readModels.every((model) => model.state !== 'stopped');
    const vaultTrouble = this.billtrail.vaultTrouble();
    const vault = vaultTrouble && { cause: vaultTrouble.message };
    const ready = keepsUp && trouble === null && vault === null;
    void reply.status(ready ? 200 : 503);
    const log = trouble && { problem: problemOf(trouble), cause: trouble.message };
    return {
      status: ready ? 'ready' : 'not ready',
      log,
      vault,
      head,
      position,
      lag,
      readModels,
      notKnown: models.known.parkedStreams().items,
    };
  }
}

function problemOf(trouble: Error): string {
  if (trouble instanceof StoreUnavailable) return trouble.problem;
  if (trouble instanceof VaultUnavailable) return 'vault-unavailable';
  return trouble instanceof ClockSuspect ? 'clock-suspect' : 'outcome-unknown';
}
